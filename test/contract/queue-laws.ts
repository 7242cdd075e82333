/**
 * Any interleaving of what workers and clicks do, against a plain model of the queue. A crash is a worker that never
 * comes back: time passes and its lease runs out; a slow worker is one that uses a token after that.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import type { Job, Queue } from '../../src/core/ports/queue.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';
import type { OpenQueue } from './queue.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
/** Which of the claimed jobs, from the last one back. */
const job = fc.nat({ max: 6 });
const ms = fc.nat({ max: 40 });
const kind = fc.constantFrom('link' as const, 'renew' as const);
const provider = fc.constantFrom('gong' as const, 'reply' as const);
/** Most claims ask for all. */
const all = Array.from({ length: 6 }, () => undefined);
const minPriority = fc.constantFrom(...all, 1, 2);
const kinds = fc.constantFrom<('link' | 'renew')[] | undefined>(...all, ['link'], ['renew'], []);
const only = fc.constantFrom('waiting' as const, 'lapsed' as const, undefined, undefined);

const claim = fc.record({ do: fc.constant('claim' as const), limit: fc.nat(3), leaseMs: ms, only, minPriority, kinds });
const enqueue = fc.record({ do: fc.constant('enqueue' as const), key, kind, priority: fc.nat(2), delay: ms });
const again = { delay: ms, free: fc.boolean(), waitsFor: fc.option(provider, { nil: undefined }) };
const step = fc.oneof(
  { weight: 4, arbitrary: claim },
  { weight: 3, arbitrary: enqueue },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('complete' as const), job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), job, ...again }) },
  fc.record({ do: fc.constant('hasten' as const), provider }),
  fc.record({ do: fc.constant('giveUp' as const), job }),
  fc.record({ do: fc.constant('extend' as const), job, ms }),
  fc.record({ do: fc.constant('cancel' as const), key }),
  fc.record({ do: fc.constant('prune' as const), ago: ms }),
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;
type StepTo<Name> = Extract<Step, { do: Name }>;

interface Expected {
  key: string;
  kind: string;
  priority: number;
  enqueuedAt: number;
  runAt: number;
  state: 'waiting' | 'held' | 'done' | 'cancelled';
  leaseUntil: number;
  finishedAt: number;
  attempts: number;
  failingSince: number | undefined;
  waitsFor: string | undefined;
  lapses: number;
  age: number;
  /** Of the newest claim. */
  id: string | undefined;
  token: number;
  performed: number;
}

export function queueLaws(open: (clock: Clock) => Promise<OpenQueue>, runs: number): void {
  it('does as the model does, whatever the order', async () => {
    let now = 0;
    let opened: OpenQueue | undefined;
    const close = async () => {
      await opened?.close();
      opened = undefined;
    };
    // Each run leaves the queue empty for the next one; one that failed leaves a new queue.
    const property = fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      now = 1_000;
      opened ??= await open(() => now);
      try {
        const world = new World(opened.queue);
        for (const each of steps) {
          if (each.do === 'pass') now += each.ms;
          else await world.take(each, now);
        }
        await world.drain(now);
      } catch (error) {
        await close();
        throw error;
      }
    });
    await fc.assert(property, { numRuns: runs }).finally(close);
  });
}

class World {
  readonly #queue: Queue;
  /** A key that was pruned may be enqueued again, and is another job then. */
  #model: Expected[] = [];
  #age = 0;
  readonly #claimed: Job[] = [];

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async take(each: Exclude<Step, { do: 'pass' }>, now: number): Promise<void> {
    if (each.do === 'enqueue') return this.#enqueue(each, now);
    if (each.do === 'claim') return this.#claim(each, now);
    if (each.do === 'cancel') return this.#cancel(each.key, now);
    if (each.do === 'hasten') return this.#hasten(each.provider, now);
    if (each.do === 'prune') return this.#prune(now - each.ago);
    const job = this.#claimed.at(-1 - each.job);
    if (job) await this.#act(each, job, now);
  }

  /** Nothing is lost: whatever is neither done nor withdrawn can still be claimed, and then done, exactly once. */
  async drain(now: number): Promise<void> {
    const open = this.#model.filter(isOpen);
    expect(await this.#queue.open()).toBe(open.length);
    expect((await this.#queue.openKinds()).toSorted()).toEqual([...new Set(open.map((each) => each.kind))].toSorted());
    const everything = { limit: 100, leaseMs: 0, only: undefined, minPriority: undefined, kinds: undefined };
    await this.#claim({ do: 'claim', ...everything }, FOREVER);
    for (const job of this.#claimed) await this.#act({ do: 'complete', job: 0 }, job, now);
    expect(await this.#queue.open()).toBe(0);
    for (const each of this.#model) expect(each.performed).toBe(each.state === 'cancelled' ? 0 : 1);
    await this.#prune(FOREVER);
    expect(this.#model).toEqual([]);
  }

  async #enqueue({ key, kind, priority, delay }: StepTo<'enqueue'>, now: number): Promise<void> {
    const runAt = now + delay;
    const isNew = this.#model.every((each) => each.key !== key);
    const payload = kind === 'link' ? { kind, teamId: key } : { kind };
    expect(await this.#queue.enqueue({ key, payload, priority, runAt })).toBe(isNew);
    if (!isNew) return;
    this.#age += 1;
    this.#model.push({
      ...{ key, kind, priority, runAt, enqueuedAt: runAt, age: this.#age, state: 'waiting', attempts: 0, lapses: 0 },
      ...{ leaseUntil: 0, finishedAt: 0, failingSince: undefined, waitsFor: undefined, id: undefined, token: 0 },
      performed: 0,
    });
  }

  async #claim({ limit, leaseMs, only, minPriority, kinds }: StepTo<'claim'>, now: number): Promise<void> {
    const isDue = ({ state, runAt, leaseUntil }: Expected) =>
      (only !== 'lapsed' && state === 'waiting' && runAt <= now) ||
      (only !== 'waiting' && state === 'held' && leaseUntil <= now);
    const due = this.#model
      .filter((each) => isDue(each) && each.priority >= (minPriority ?? 0))
      .filter((each) => !kinds || kinds.some((known) => known === each.kind))
      .sort(
        (a, b) =>
          (only === 'lapsed' ? a.lapses - b.lapses : 0) ||
          b.priority - a.priority ||
          a.runAt - b.runAt ||
          a.age - b.age,
      )
      .slice(0, limit);
    const options = { limit, leaseMs, ...(only && { only }), ...(kinds && { kinds }) };
    const jobs = await this.#queue.claim(now, { ...options, ...(minPriority !== undefined && { minPriority }) });
    expect(jobs.map(({ key }) => key)).toEqual(due.map(({ key }) => key));
    for (const [index, job] of jobs.entries()) {
      const each = due[index];
      if (!each) continue;
      expect(job.token).toBeGreaterThan(each.id === undefined ? -1 : each.token);
      if (each.id !== undefined) expect(job.id).toBe(each.id);
      const lapses = each.state === 'held' ? each.lapses + 1 : 0;
      const held = { state: 'held', leaseUntil: now + leaseMs, attempts: each.attempts + 1, lapses } as const;
      Object.assign(each, { ...held, waitsFor: undefined, id: job.id, token: job.token });
      const { enqueuedAt, failingSince } = each;
      expect(job).toMatchObject({ attempt: held.attempts, failingSince, lapses, enqueuedAt });
      expect(job.payload.kind).toBe(each.kind);
      this.#claimed.push(job);
    }
  }

  /** What a worker does to a job changes something only while it holds the newest token. */
  async #act(each: StepTo<'complete' | 'retry' | 'giveUp' | 'extend'>, job: Job, now: number): Promise<void> {
    const owner = this.#model.find(({ state, id, token }) => state === 'held' && id === job.id && token === job.token);
    expect(await this.#ask(each, job, now)).toBe(owner !== undefined);
    if (!owner) return;
    if (each.do === 'extend') owner.leaseUntil = Math.max(owner.leaseUntil, now + each.ms);
    else if (each.do === 'giveUp') Object.assign(owner, { state: 'cancelled', finishedAt: now });
    else if (each.do === 'complete') {
      Object.assign(owner, { state: 'done', finishedAt: now, performed: owner.performed + 1 });
    } else {
      const { free, delay, waitsFor } = each;
      Object.assign(owner, { state: 'waiting', runAt: now + delay, lapses: 0, waitsFor });
      if (!free) owner.failingSince ??= now;
      else if (owner.failingSince !== undefined) owner.failingSince += delay;
      if (free) owner.attempts -= 1;
    }
  }

  #ask(each: StepTo<'complete' | 'retry' | 'giveUp' | 'extend'>, job: Job, now: number): Promise<boolean> {
    if (each.do === 'complete') return this.#queue.complete(job);
    if (each.do === 'giveUp') return this.#queue.giveUp(job, 'no');
    if (each.do === 'extend') return this.#queue.extend(job, now + each.ms);
    const { free, delay, waitsFor } = each;
    return this.#queue.retry(job, { runAt: now + delay, free, error: 'again', ...(waitsFor && { waitsFor }) });
  }

  async #hasten(provider: string, now: number): Promise<void> {
    const waiting = this.#model.filter(
      ({ state, waitsFor, runAt }) => state === 'waiting' && waitsFor === provider && runAt > now,
    );
    expect(await this.#queue.hasten(provider, now)).toBe(waiting.length);
    for (const each of waiting) each.runAt = now;
  }

  async #cancel(key: string, now: number): Promise<void> {
    const waiting = this.#model.find((each) => each.key === key && each.state === 'waiting');
    expect(await this.#queue.cancel(key)).toBe(waiting !== undefined);
    if (waiting) Object.assign(waiting, { state: 'cancelled', finishedAt: now });
  }

  async #prune(before: number): Promise<void> {
    const kept = this.#model.filter((each) => isOpen(each) || each.finishedAt >= before);
    expect(await this.#queue.prune(before)).toBe(this.#model.length - kept.length);
    this.#model = kept;
  }
}

function isOpen({ state }: Expected): boolean {
  return state === 'waiting' || state === 'held';
}
