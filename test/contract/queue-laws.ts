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

type Step =
  | { do: 'enqueue'; key: string; priority: number; delay: number }
  | { do: 'claim'; limit: number; leaseMs: number; only: 'waiting' | 'lapsed' | undefined }
  | { do: 'pass'; ms: number }
  | { do: 'complete'; job: number }
  | { do: 'retry'; job: number; delay: number; free: boolean; waitsFor: 'gong' | 'reply' | undefined }
  | { do: 'hasten'; provider: 'gong' | 'reply' }
  | { do: 'giveUp'; job: number }
  | { do: 'extend'; job: number; ms: number }
  | { do: 'cancel'; key: string };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const job = fc.nat({ max: 30 });
const ms = fc.nat({ max: 40 });
const only = fc.constantFrom('waiting' as const, 'lapsed' as const, undefined, undefined);
const provider = fc.constantFrom('gong' as const, 'reply' as const);
const waitsFor = fc.option(provider, { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enqueue' as const), key, priority: fc.nat(2), delay: ms }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.nat(3), leaseMs: ms, only }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('complete' as const), job }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('retry' as const), job, delay: ms, free: fc.boolean(), waitsFor }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hasten' as const), provider }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('giveUp' as const), job }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), job, ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), key }) },
);

interface Expected {
  key: string;
  priority: number;
  runAt: number;
  state: 'waiting' | 'held' | 'done' | 'cancelled';
  leaseUntil: number;
  attempts: number;
  failingSince: number | undefined;
  waitsFor: string | undefined;
  lapses: number;
  age: number;
  /** The newest token, if it was not used up. */
  token: number | undefined;
}

export function queueLaws(open: (clock: Clock) => Promise<OpenQueue>, runs: number): void {
  it('does as the model does, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        let now = 1_000;
        const { queue, close } = await open(() => now);
        try {
          const world = new World(queue);
          for (const each of steps) {
            if (each.do === 'pass') now += each.ms;
            else await world.take(each, now);
          }
          await world.drain();
        } finally {
          await close();
        }
      }),
      { numRuns: runs },
    );
  });
}

class World {
  readonly #queue: Queue;
  readonly #model = new Map<string, Expected>();
  readonly #claimed: Job[] = [];
  readonly #performed = new Map<string, number>();

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async take(each: Exclude<Step, { do: 'pass' }>, now: number): Promise<void> {
    if (each.do === 'enqueue') return this.#enqueue(each, now);
    if (each.do === 'claim') return this.#claim(each, now);
    if (each.do === 'cancel') return this.#cancel(each.key);
    if (each.do === 'hasten') return this.#hasten(each.provider, now);
    const job = this.#claimed[each.job % Math.max(1, this.#claimed.length)];
    if (!job) return;
    if (each.do === 'complete') return this.#complete(job);
    const owner = this.#owner(job);
    if (each.do === 'giveUp') {
      expect(await this.#queue.giveUp(job, 'no')).toBe(owner !== undefined);
      if (owner) Object.assign(owner, { state: 'cancelled', token: undefined });
      return;
    }
    if (each.do === 'extend') {
      expect(await this.#queue.extend(job, now + each.ms)).toBe(owner !== undefined);
      if (owner) owner.leaseUntil = Math.max(owner.leaseUntil, now + each.ms);
      return;
    }
    const { waitsFor } = each;
    const again = { runAt: now + each.delay, free: each.free, error: 'again', ...(waitsFor && { waitsFor }) };
    expect(await this.#queue.retry(job, again)).toBe(owner !== undefined);
    if (!owner) return;
    Object.assign(owner, { state: 'waiting', runAt: again.runAt, token: undefined, lapses: 0, waitsFor });
    if (!each.free) owner.failingSince ??= now;
    else if (owner.failingSince !== undefined) owner.failingSince += each.delay;
    if (each.free) owner.attempts -= 1;
  }

  /** Nothing is lost: whatever is neither done nor withdrawn can still be claimed, and then done, exactly once. */
  async drain(): Promise<void> {
    const open = [...this.#model.values()].filter((each) => each.state === 'waiting' || each.state === 'held');
    expect(await this.#queue.open()).toBe(open.length);
    await this.#claim({ do: 'claim', limit: 100, leaseMs: 0, only: undefined }, FOREVER);
    for (const job of this.#claimed) await this.#complete(job);
    expect(await this.#queue.open()).toBe(0);
    for (const each of this.#model.values()) {
      expect(this.#performed.get(each.key) ?? 0).toBe(each.state === 'cancelled' ? 0 : 1);
    }
  }

  async #enqueue(each: Extract<Step, { do: 'enqueue' }>, now: number): Promise<void> {
    const { key, priority } = each;
    const runAt = now + each.delay;
    const isNew = !this.#model.has(key);
    expect(await this.#queue.enqueue({ key, payload: { kind: 'link', teamId: key }, priority, runAt })).toBe(isNew);
    if (!isNew) return;
    const age = this.#model.size;
    const fresh = {
      state: 'waiting',
      leaseUntil: 0,
      attempts: 0,
      failingSince: undefined,
      token: undefined,
      waitsFor: undefined,
      lapses: 0,
    } as const;
    this.#model.set(key, { key, priority, runAt, age, ...fresh });
  }

  async #hasten(provider: string, now: number): Promise<void> {
    const waiting = [...this.#model.values()].filter(
      (each) => each.state === 'waiting' && each.waitsFor === provider && each.runAt > now,
    );
    expect(await this.#queue.hasten(provider, now)).toBe(waiting.length);
    for (const each of waiting) each.runAt = now;
  }

  async #claim({ limit, leaseMs, only }: Extract<Step, { do: 'claim' }>, now: number): Promise<void> {
    const due = [...this.#model.values()]
      .filter(
        (each) =>
          (only !== 'lapsed' && each.state === 'waiting' && each.runAt <= now) ||
          (only !== 'waiting' && each.state === 'held' && each.leaseUntil <= now),
      )
      .sort(
        (a, b) =>
          (only === 'lapsed' ? a.lapses - b.lapses : 0) ||
          b.priority - a.priority ||
          a.runAt - b.runAt ||
          a.age - b.age,
      )
      .slice(0, limit);
    const jobs = await this.#queue.claim(now, { limit, leaseMs, ...(only && { only }) });
    expect(jobs.map((job) => job.key)).toEqual(due.map((each) => each.key));
    for (const job of jobs) {
      const each = this.#model.get(job.key);
      if (!each) throw new Error(`${job.key} was never enqueued`);
      const before = this.#claimed.filter((earlier) => earlier.key === job.key).map((earlier) => earlier.token);
      expect(job.token).toBeGreaterThan(Math.max(-1, ...before));
      each.lapses = each.state === 'held' ? each.lapses + 1 : 0;
      Object.assign(each, {
        waitsFor: undefined,
        state: 'held',
        leaseUntil: now + leaseMs,
        attempts: each.attempts + 1,
        token: job.token,
      });
      expect(job.attempt).toBe(each.attempts);
      expect(job.failingSince).toBe(each.failingSince);
      expect(job.lapses).toBe(each.lapses);
      this.#claimed.push(job);
    }
  }

  async #complete(job: Job): Promise<void> {
    const owner = this.#owner(job);
    const completed = await this.#queue.complete(job);
    expect(completed).toBe(owner !== undefined);
    if (!owner) return;
    Object.assign(owner, { state: 'done', token: undefined });
    this.#performed.set(job.key, (this.#performed.get(job.key) ?? 0) + 1);
  }

  async #cancel(key: string): Promise<void> {
    const each = this.#model.get(key);
    const withdraws = each?.state === 'waiting';
    expect(await this.#queue.cancel(key)).toBe(withdraws);
    if (withdraws) each.state = 'cancelled';
  }

  #owner(job: Job): Expected | undefined {
    const each = this.#model.get(job.key);
    return each?.state === 'held' && each.token === job.token ? each : undefined;
  }
}
