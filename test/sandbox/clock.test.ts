/** The sandbox's clock, and the way to a later time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { createTravel } from '../../sandbox/travel.ts';

const MINUTE = 60_000;
const NINE = Date.UTC(2026, 10, 30, 14);

/** A clock beside a machine that takes no time by itself. */
function clockAt(startAt: number) {
  let machine = 5_000;
  return {
    clock: createClock(startAt, () => machine),
    pass(ms: number) {
      machine += ms;
    },
  };
}

describe('the clock', () => {
  test('runs as the machine does, stands while it is paused, and goes on from there', () => {
    const { clock, pass } = clockAt(NINE);
    pass(1_500);
    expect(clock.now()).toBe(NINE + 1_500);

    clock.pause();
    pass(10_000);
    expect([clock.now(), clock.isRunning()]).toEqual([NINE + 1_500, false]);

    clock.goOn();
    pass(500);
    expect([clock.now(), clock.isRunning()]).toEqual([NINE + 2_000, true]);
  });

  test.each(['running', 'paused'])('is set ahead while %s, and never back', (how) => {
    const { clock, pass } = clockAt(NINE);
    if (how === 'paused') clock.pause();
    clock.setAhead(NINE + MINUTE);
    pass(1_000);

    expect(clock.now()).toBe(NINE + MINUTE + (how === 'paused' ? 0 : 1_000));
    expect(() => clock.setAhead(NINE)).toThrow('only goes forward');
  });

  test('rate limits count on while it stands, and rest while uncounted work runs', async () => {
    const { clock, pass } = clockAt(NINE);
    clock.pause();
    pass(3_000);
    expect(clock.pace()).toBe(NINE + 3_000);

    clock.setAhead(NINE + MINUTE);
    await clock.uncounted(async () => expect(clock.pace()).toBeUndefined());
    expect(clock.pace()).toBe(NINE + MINUTE + 3_000);
  });
});

/** An app that has planned something for these times, and notes when it got to it. */
function travelTo(planned: readonly number[], happenings: readonly number[] = []) {
  const { clock } = clockAt(NINE);
  const left = new Set(planned);
  const came: { planned: number; at: number }[] = [];
  const happened: { planned: number; at: number }[] = [];
  const ticks: number[] = [];
  let toHappen = [...happenings];
  const travel = createTravel({
    clock,
    async tick() {
      ticks.push(clock.now());
    },
    async idle() {
      for (const at of left) {
        if (at > clock.now()) continue;
        left.delete(at);
        came.push({ planned: at, at: clock.now() });
      }
    },
    nextAt: async () => Math.min(...[...left].filter((at) => at > clock.now())),
    script: {
      happen(now) {
        for (const at of toHappen.filter((each) => each <= now)) happened.push({ planned: at, at: now });
        toHappen = toHappen.filter((at) => at > now);
      },
      nextAt: () => toHappen[0],
    },
  });
  return { clock, travel, came, happened, ticks };
}

describe('the way to a later time', () => {
  test('everything that is planned comes in its minute, in its order, and nothing else makes the way longer', async () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 3 * 24 * 60 * MINUTE }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(times, times, async (jobs, others) => {
        const after = (ms: number) => NINE + ms;
        const end = after(3 * 24 * 60 * MINUTE);
        const { travel, clock, came, happened, ticks } = travelTo(
          jobs.map(after).toSorted((a, b) => a - b),
          others.map(after).toSorted((a, b) => a - b),
        );

        expect(await travel.to(end)).toBe(true);
        expect(clock.now()).toBe(end);
        expect([came.length, happened.length]).toEqual([jobs.length, others.length]);
        for (const { planned, at } of [...came, ...happened]) {
          expect(at).toBeGreaterThanOrEqual(planned);
          expect(at - planned).toBeLessThan(MINUTE);
        }
        expect(ticks.length).toBeLessThanOrEqual(3 * 24 * 6 + jobs.length + others.length);
      }),
      { numRuns: 15 },
    );
  });

  test('the clock does not move on while a person does something', async () => {
    const { travel, clock } = travelTo([]);
    const way = travel.to(NINE + 24 * 60 * MINUTE);
    await travel.between(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const before = clock.now();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(clock.now()).toBe(before);
    });

    expect(await way).toBe(true);
  });

  test('it ends where it is stopped, a second one is refused meanwhile, and so is the past', async () => {
    const { travel, clock } = travelTo([]);
    const end = NINE + 300 * 24 * 60 * MINUTE;
    const way = travel.to(end);
    await expect(travel.to(end)).rejects.toThrow('on its way already');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await travel.stop();

    expect(await way).toBe(false);
    expect(clock.now()).toBeGreaterThan(NINE);
    expect(clock.now()).toBeLessThan(end);
    await expect(travel.to(NINE)).rejects.toThrow('only goes forward');
  });
});
