/**
 * A pace that several processes keep together (`src/core/jobs/shared-turns.ts`). Each orders its own waiting calls, and asks
 * for turns only while something waits. Nothing is sent without a turn: while none can be had, because the database is
 * away, whoever waits is told to come back.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Held,
  type Limit,
  LONGEST_PAUSE_MS,
  type Pace,
  type PaceMore,
  RANK,
  type SharePace,
} from './core/jobs/pace.ts';
import { type Ask, decideTurns, LONGEST_SLACK_MS, type SharedTurns } from './core/jobs/shared-turns.ts';
import type { Priority } from './core/ports/provider.ts';
import type { SharedNotes } from './core/ports/shared-notes.ts';

interface SharedPaceOptions extends PaceMore {
  notes: Pick<SharedNotes, 'read' | 'write'>;
  /** The same in all processes. */
  name: string;
  limits: readonly Limit[];
}

interface Call {
  id: string;
  priority: Priority;
  /** Sends it, if there is nothing that keeps it back. */
  start(failed?: Error): void;
}

type Noted = { id: string; at: number };

/** More than any limit of a moment lets go at once. */
const MOST_ASKED = 10;
/** Longer, and the database counts as away. */
const ANSWER_WITHIN_MS = 5_000;
const COME_BACK_MS = 2_000;
const LEAST_SLACK_MS = 50;
/** Others were faster. */
const MOST_TRIES = 100;

export function sharedPaces(notes: SharedPaceOptions['notes']): SharePace {
  return (name, limits, more) => createSharedPace({ notes, name, limits, ...more });
}

function createSharedPace({ notes, name, limits, isPaced, ...options }: SharedPaceOptions): Pace {
  const { longestPauseMs = LONGEST_PAUSE_MS } = options;
  const by = randomUUID();
  const countsArrivals = limits.some(({ lateMs }) => lateMs !== undefined);
  const underWay = limits.map(() => 0);
  let waiting: Call[] = [];
  let arrived: Noted[] = [];
  /** To be told. */
  let heldUntil = 0;
  let slackMs = LEAST_SLACK_MS;
  let asking = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  const limitsOf = (priority: Priority) =>
    limits.flatMap(({ only }, index) => (only === undefined || only.includes(priority) ? [index] : []));

  /** Those that this process may send now, most urgent first. */
  function sendable(): Call[] {
    const free = limits.map(({ concurrency }, index) => concurrency - (underWay[index] ?? 0));
    const found: Call[] = [];
    for (const call of waiting) {
      const own = limitsOf(call.priority);
      if (found.length >= MOST_ASKED || own.some((index) => (free[index] ?? 0) <= 0)) continue;
      for (const index of own) free[index] = (free[index] ?? 0) - 1;
      found.push(call);
    }
    return found;
  }

  async function decided(calls: readonly Call[], told: readonly Noted[]) {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const at = performance.now();
      const { note, version, now } = await notes.read(name);
      const ask: Ask = {
        by,
        calls: calls.map(({ id, priority }) => ({ id, priority })),
        arrived: told.map((each) => ({ id: each.id, agoMs: Math.floor(at - each.at) })),
        holdMs: Math.ceil(Math.max(0, heldUntil - at)),
        slackMs,
      };
      const known: SharedTurns | undefined = note === undefined ? undefined : JSON.parse(note);
      const decision = decideTurns(known, limits, ask, now);
      if (await notes.write(name, JSON.stringify(decision.turns), version)) return { ...decision, at };
    }
    throw new Error('others were always faster');
  }

  async function ask(): Promise<number | undefined> {
    const calls = sendable();
    const told = arrived;
    const until = heldUntil;
    if (calls.length === 0 && told.length === 0 && heldUntil <= performance.now()) return undefined;
    arrived = [];
    try {
      const { given, heldMs, againMs, at } = await within(ANSWER_WITHIN_MS, decided(calls, told));
      if (heldUntil === until) heldUntil = 0;
      const tookMs = performance.now() - at;
      // A turn that came late is not used: the tool might see the call when the turn is another's.
      const isLate = countsArrivals && tookMs > slackMs;
      slackMs = isLate ? Math.min(tookMs * 2, LONGEST_SLACK_MS) : Math.max(slackMs * 0.9, LEAST_SLACK_MS);
      if (isLate) return 0;
      for (const { id } of calls) if (given.includes(id)) leave(id);
      if (heldMs > longestPauseMs) refuseAll(new Held(heldMs));
      return againMs;
    } catch (error) {
      arrived = [...told, ...arrived].slice(-MOST_ASKED);
      refuseAll(new Held(COME_BACK_MS, error));
      return undefined;
    }
  }

  function leave(id: string, failed?: Error): void {
    const call = waiting.find((each) => each.id === id);
    waiting = waiting.filter((each) => each !== call);
    call?.start(failed);
  }

  function refuseAll(failed: Error): void {
    for (const { id } of waiting) leave(id, failed);
  }

  /** One asks at a time; what comes meanwhile is asked for right after. */
  async function look(): Promise<void> {
    clearTimeout(timer);
    again = true;
    if (asking) return;
    asking = true;
    let nextMs: number | undefined;
    while (again) {
      again = false;
      nextMs = await ask();
    }
    asking = false;
    if (waiting.length > 0 && nextMs !== undefined) timer = setTimeout(look, nextMs);
  }

  async function send<T>(work: () => Promise<T>, { id, priority }: Pick<Call, 'id' | 'priority'>): Promise<T> {
    const own = limitsOf(priority);
    for (const index of own) underWay[index] = (underWay[index] ?? 0) + 1;
    try {
      return await work();
    } finally {
      for (const index of own) underWay[index] = (underWay[index] ?? 0) - 1;
      if (countsArrivals) arrived.push({ id, at: performance.now() });
      if (countsArrivals || waiting.length > 0) void look();
    }
  }

  return {
    run(work, { priority, signal }) {
      if (isPaced?.() === false) return work();
      return new Promise((resolve, reject) => {
        if (signal?.aborted) throw signal.reason;
        const id = randomUUID().slice(0, 8);
        const abort = () => {
          waiting = waiting.filter((each) => each.id !== id);
          reject(signal?.reason);
        };
        const start = (failed?: Error) => {
          signal?.removeEventListener('abort', abort);
          if (failed) reject(failed);
          else send(work, { id, priority }).then(resolve, reject);
        };
        signal?.addEventListener('abort', abort, { once: true });
        const place = waiting.findIndex((each) => RANK[each.priority] < RANK[priority]);
        waiting.splice(place < 0 ? waiting.length : place, 0, { id, priority, start });
        void look();
      });
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, performance.now() + ms);
      void look();
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const limit = sleep(ms, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error('the database did not answer in time');
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    limit.catch(() => undefined);
    late.abort();
  }
}
