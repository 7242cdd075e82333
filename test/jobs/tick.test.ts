import { expect, onTestFinished, test, vi } from 'vitest';
import { createTick } from '../../src/jobs/tick.ts';

const MINUTE = 60_000;

function arrange(work: () => Promise<void>, clock: () => number = Date.now) {
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const tick = createTick({ clock, log: { info: note, warn: note, error: note }, work });
  onTestFinished(() => tick.stop());
  return { tick, lines };
}

test('it ticks at once when it starts', async () => {
  const work = vi.fn(async () => undefined);
  const { tick } = arrange(work);

  tick.start();

  expect(work).toHaveBeenCalledTimes(1);
});

test('two ticks never run at the same time: the second joins the first', async () => {
  const first = Promise.withResolvers<void>();
  const work = vi.fn(async () => undefined).mockReturnValueOnce(first.promise.then(() => undefined));
  const { tick } = arrange(work);

  const both = Promise.all([tick.now(), tick.now()]);
  first.resolve();
  await both;
  expect(work).toHaveBeenCalledTimes(1);
  await tick.now();

  expect(work).toHaveBeenCalledTimes(2);
});

test('a tick that fails is noted, and the next one comes', async () => {
  const work = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('locked'));
  const { tick, lines } = arrange(work);

  await tick.now();
  await tick.now();

  expect(lines).toEqual(['tick failed']);
  expect(work).toHaveBeenCalledTimes(2);
});

test.each([
  ['a machine that slept', 10 * MINUTE],
  ['a clock that was set back', -10 * MINUTE],
])('%s: it ticks within a second or two, without waiting for the next minute', async (_, jump) => {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const work = vi.fn(async () => undefined);
  const { tick } = arrange(work, () => now);
  tick.start();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const before = work.mock.calls.length;

  now += jump;

  await vi.waitFor(() => expect(work.mock.calls.length).toBeGreaterThan(before), { timeout: 2_500 });
});

test('stopping waits for the tick that runs, and none comes after it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let ended = false;
  const work = vi.fn(async () => {
    await promise;
    ended = true;
  });
  const { tick } = arrange(work);
  tick.start();

  const stopped = tick.stop();
  setTimeout(resolve, 100);
  await stopped;

  expect(ended).toBe(true);
  expect(work).toHaveBeenCalledTimes(1);
});
