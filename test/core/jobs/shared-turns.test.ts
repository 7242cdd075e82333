/** Turns that processes share, with ways, answers and asks of any length: time is a number here. */
import { expect, test } from 'vitest';
import type { Limit } from '../../../src/core/jobs/pace.ts';
import { type Ask, decideTurns, type SharedTurns } from '../../../src/core/jobs/shared-turns.ts';
import type { Priority } from '../../../src/core/ports/provider.ts';

const START = Date.UTC(2026, 10, 27, 12);
const LATE_MS = 250;
const GONG: readonly Limit[] = [
  { calls: 3, windowMs: 1_000, lateMs: LATE_MS, concurrency: 10 },
  { calls: 1, windowMs: 360, concurrency: 2, only: ['digest'] },
];

interface Call {
  id: string;
  process: number;
  priority: Priority;
  askedAt: number;
  arrivedAt?: number;
  sentAt?: number;
}

/** Processes that ask as the app's do, one after the other, in the order of time. */
function createTown(limits: readonly Limit[], random: () => number, slowMs: (process: number) => number = () => 0) {
  let now = START;
  let turns: SharedTurns | undefined;
  const events: { at: number; happen(): void }[] = [];
  const calls: Call[] = [];
  const waiting = new Map<number, Call[]>();
  const arrived = new Map<number, { id: string; at: number }[]>();
  const nextLook = new Map<number, number>();
  const plan = (at: number, happen: () => void) => void events.push({ at, happen });

  function look(process: number): void {
    const own = waiting.get(process) ?? [];
    const notes = arrived.get(process) ?? [];
    arrived.set(process, []);
    const ask: Ask = {
      by: `process ${process}`,
      calls: own.slice(0, 10),
      arrived: notes.map(({ id, at }) => ({ id, agoMs: now - at })),
      holdMs: 0,
      slackMs: 50,
    };
    const decision = decideTurns(JSON.parse(JSON.stringify(turns ?? null)) ?? undefined, limits, ask, now);
    turns = decision.turns;
    for (const call of own.filter(({ id }) => decision.given.includes(id))) send(call);
    const left = own.filter(({ id }) => !decision.given.includes(id));
    waiting.set(process, left);
    if (left.length === 0) return;
    const at = now + Math.ceil(decision.againMs) + slowMs(process);
    nextLook.set(process, at);
    plan(at, () => nextLook.get(process) === at && look(process));
  }

  function send(call: Call): void {
    call.sentAt = now;
    const wayMs = 50 * random() + LATE_MS * random() ** 4;
    const at = now + Math.floor(wayMs);
    plan(at, () => {
      call.arrivedAt = at;
    });
    const answeredAt = at + Math.floor(400 * random());
    plan(answeredAt, () => {
      arrived.set(call.process, [...(arrived.get(call.process) ?? []), { id: call.id, at: answeredAt }]);
      look(call.process);
    });
  }

  return {
    calls,
    call(process: number, priority: Priority, at = now): Call {
      const call: Call = { id: `${calls.length}`, process, priority, askedAt: at };
      calls.push(call);
      plan(at, () => {
        const own = [...(waiting.get(process) ?? []), call];
        const order = ['click', 'person', 'sweep', 'digest', 'spare'];
        waiting.set(
          process,
          own.toSorted((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority)),
        );
        look(process);
      });
      return call;
    },
    run(until = Number.POSITIVE_INFINITY): void {
      while (events.length > 0) {
        const next = events.reduce((first, each) => (each.at < first.at ? each : first));
        if (next.at > until) break;
        events.splice(events.indexOf(next), 1);
        now = next.at;
        next.happen();
      }
    },
    /** A process that takes no more part. */
    kill(process: number): void {
      waiting.set(process, []);
      nextLook.delete(process);
    },
    now: () => now,
  };
}

function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const PRIORITIES: readonly Priority[] = ['click', 'person', 'sweep', 'digest', 'spare'];

test.each([1, 2, 3, 4, 5, 6])(
  'no second sees a fourth arrival, whoever sends it, and all are sent with seed %i',
  (number) => {
    const random = seeded(number);
    const town = createTown(GONG, random);
    for (let n = 0; n < 80; n += 1) {
      const priority = PRIORITIES[Math.floor(random() * 5)] ?? 'click';
      town.call(Math.floor(random() * 4), priority, START + Math.floor(random() * 15_000));
    }
    town.run(START + 120_000);

    const times = town.calls.map(({ arrivedAt }) => arrivedAt ?? Number.NaN).toSorted((a, b) => a - b);
    expect(times.filter(Number.isNaN)).toEqual([]);
    for (const [index, at] of times.entries())
      expect((times[index + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(1_000);
  },
);

test('a click leaves before all that waits elsewhere', () => {
  const town = createTown(GONG, seeded(7));
  for (let n = 0; n < 60; n += 1) town.call(n % 3, 'person');
  const clicks = [6_000, 6_001, 9_500].map((ms) => town.call(3, 'click', START + ms));
  town.run(START + 60_000);
  for (const { sentAt = Number.NaN, askedAt } of clicks) {
    const before = town.calls.filter(
      (other) => other.priority === 'person' && (other.sentAt ?? Infinity) > askedAt && (other.sentAt ?? 0) < sentAt,
    );
    expect(before).toEqual([]);
  }
});

test('those who are alike are served in turn, however much one of them has, and however fast it asks', () => {
  const town = createTown(GONG, seeded(11), (process) => (process === 0 ? 0 : 5));
  for (let n = 0; n < 50; n += 1) town.call(0, 'digest');
  const few = [1, 2, 3].flatMap((process) => [0, 1].map(() => town.call(process, 'digest', START + 100)));
  town.run(START + 60_000);
  const order = town.calls.toSorted((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0));
  const last = Math.max(...few.map((call) => order.indexOf(call)));
  expect(last).toBeLessThan(12);
});

test('the place of a process that died is kept for two seconds and no longer', () => {
  const town = createTown([{ calls: 1, windowMs: 1_000, concurrency: 9 }], seeded(3));
  town.call(0, 'digest');
  town.call(1, 'click', START + 10);
  town.run(START + 20);
  town.kill(1);
  const list = town.call(2, 'digest', START + 30);
  town.run(START + 10_000);
  expect((list.sentAt ?? Infinity) - START).toBeGreaterThanOrEqual(2_000);
  expect((list.sentAt ?? Infinity) - START).toBeLessThan(2_500);
});

test('a hold is kept by all, and a shorter one ends no longer one', () => {
  const ask = { by: 'a', calls: [{ id: '1', priority: 'click' }], arrived: [], holdMs: 0, slackMs: 0 } satisfies Ask;
  const held = decideTurns(undefined, GONG, { ...ask, calls: [], holdMs: 30_000 }, START);
  const shorter = decideTurns(held.turns, GONG, { ...ask, by: 'b', holdMs: 1_000 }, START + 10);
  expect(shorter).toMatchObject({ given: [], heldMs: 29_990 });
  expect(decideTurns(shorter.turns, GONG, { ...ask, by: 'c' }, START + 30_001).given).toEqual(['1']);
});

test('many calls are counted by the sixtieth of their window, and never too few of them', () => {
  const limits: readonly Limit[] = [{ calls: 3_000, windowMs: 3_600_000, concurrency: 100 }];
  let turns: SharedTurns | undefined;
  const sent: number[] = [];
  const random = seeded(5);
  for (let now = START; now < START + 3 * 3_600_000; now += Math.floor(10_000 * random())) {
    const calls = Array.from({ length: Math.floor(20 * random()) }, (_, n) => ({
      id: `${n}`,
      priority: 'click' as const,
    }));
    const decision = decideTurns(turns, limits, { by: 'a', calls, arrived: [], holdMs: 0, slackMs: 0 }, now);
    turns = decision.turns;
    for (const _ of decision.given) sent.push(now);
  }
  for (const [index, at] of sent.entries()) {
    expect((sent[index + 3_000] ?? Infinity) - at).toBeGreaterThanOrEqual(3_600_000);
  }
  expect(sent.length).toBeGreaterThan(3 * 2_900);
  expect(JSON.stringify(turns).length).toBeLessThan(5_000);
});

test('a clock that was set back by an hour keeps nobody for longer than the window', () => {
  const ask = { by: 'a', arrived: [], holdMs: 0, slackMs: 50 };
  const calls = ['1', '2', '3', '4'].map((id) => ({ id, priority: 'click' as const }));
  const { turns, given } = decideTurns(undefined, GONG, { ...ask, calls }, START);
  expect(given).toHaveLength(3);
  const back = decideTurns(turns, GONG, { ...ask, calls: [] }, START - 3_600_000);
  const later = decideTurns(back.turns, GONG, { ...ask, calls: calls.slice(3) }, START - 3_600_000 + 4_000);
  expect(later.given).toEqual(['4']);
});
