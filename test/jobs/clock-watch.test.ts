import { afterEach, expect, test, vi } from 'vitest';
import { MINUTE } from '../../src/core/model/time.ts';
import { createClockWatch } from '../../src/jobs/clock-watch.ts';

afterEach(() => void vi.useRealTimers());

/** A machine whose clock differs from the database's by `offMs`, and a database that takes `roundTripMs` to answer. */
function machine({ offMs = 0, roundTripMs = 0, fails = false } = {}) {
  const world = { now: 1_000_000, offMs, roundTripMs, fails };
  const lines: string[] = [];
  const write = (level: string) => (_: object, what: string) => void lines.push(`${level} ${what}`);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const watch = createClockWatch({
    clock: () => world.now + world.offMs,
    async databaseClock() {
      if (world.fails) throw new Error('no answer');
      const theirs = world.now + world.roundTripMs;
      world.now += world.roundTripMs;
      return theirs;
    },
    log,
  });
  return { world, watch, lines };
}

test.each([
  [0, 0, true],
  [2_000, 0, true],
  [-2_000, 0, true],
  [2_001, 0, false],
  [-2_001, 0, false],
  [300_000, 0, false],
  // The answer came at once, or took the whole time: nobody knows.
  [3_000, 2_500, true],
  [-4_000, 2_500, false],
])('a clock that is off by %i ms, by an answer that took %i ms: right is %s', async (offMs, roundTripMs, right) => {
  const { watch, lines } = machine({ offMs, roundTripMs });
  await watch.look();

  expect(watch.isRight()).toBe(right);
  expect(lines).toEqual(right ? [] : ['error the clock of this machine is wrong, so it takes no work']);
});

test('a clock that was wrong is right once it is, and a database that does not answer says nothing of it', async () => {
  const { world, watch, lines } = machine({ offMs: 5_000 });
  await watch.look();
  world.fails = true;
  await watch.look();
  expect(watch.isRight()).toBe(false);
  Object.assign(world, { fails: false, offMs: 10 });
  await watch.look();

  expect(watch.isRight()).toBe(true);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'warn', 'info']);
});

test('it is looked at once a minute, until the end', async () => {
  vi.useFakeTimers();
  const { world, watch } = machine();
  await watch.start();
  world.offMs = 9_000;
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(watch.isRight()).toBe(false);

  watch.stop();
  world.offMs = 0;
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(watch.isRight()).toBe(false);
});

test('where all processes are on one machine, no clock is wrong', async () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const watch = createClockWatch({ databaseClock: undefined, clock: Date.now, log });
  await watch.start();
  expect(watch.isRight()).toBe(true);
  watch.stop();
});
