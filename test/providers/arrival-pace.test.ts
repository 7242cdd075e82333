/** A pace by arrivals: whatever the way takes, the provider sees no more than its calls, and clicks are behind nobody. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Priority } from '../../src/core/ports/provider.ts';
import { createArrivalPace } from '../../src/providers/arrival-pace.ts';

const WINDOW = 200;

function paced(more: Partial<Parameters<typeof createArrivalPace>[0]> = {}) {
  const pace = createArrivalPace({ calls: 2, windowMs: WINDOW, lateMs: 80, concurrency: 9, clock: Date.now, ...more });
  const arrived: { label: string; at: number }[] = [];
  const run = (label: string, { priority = 'digest', wayMs = 0 }: { priority?: Priority; wayMs?: number } = {}) =>
    pace.run(
      async () => {
        if (wayMs > 0) await sleep(wayMs);
        arrived.push({ label, at: performance.now() });
        return label;
      },
      { priority },
    );
  return { pace, arrived, run, labels: () => arrived.map(({ label }) => label) };
}

it('lets no window of arrivals see more than its calls, however long each takes on its way', async () => {
  const { arrived, run } = paced();
  await Promise.all([70, 5, 5, 60, 5, 5, 75, 5, 5, 5].map((wayMs) => run('call', { wayMs })));
  const times = arrived.map(({ at }) => at).toSorted((a, b) => a - b);
  expect(times).toHaveLength(10);
  for (const [index, at] of times.entries()) {
    const third = times[index + 2];
    if (third !== undefined) expect(third - at).toBeGreaterThanOrEqual(WINDOW);
  }
});

it('lets a click leave before all that waits, however slow those before it were', async () => {
  const { run, labels } = paced();
  const digests = Array.from({ length: 8 }, (_, index) => run(`digest ${index}`, { wayMs: 60 }));
  await sleep(150);
  await run('click', { priority: 'click' });
  expect(labels().slice(0, 3)).toEqual(['digest 0', 'digest 1', 'click']);
  await Promise.all(digests);
});

it('waits no longer for an answer than a way is expected to take', async () => {
  const { run } = paced();
  const slow = [run('slow', { wayMs: 1_500 }), run('slow too', { wayMs: 1_500 })];
  const begin = performance.now();
  await run('next');
  expect(performance.now() - begin).toBeLessThan(1_400);
  await Promise.all(slow);
});

it('lets no more be under way than it may', async () => {
  const { pace } = paced({ calls: 50, concurrency: 3 });
  let now = 0;
  let most = 0;
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await sleep(20);
    now -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => pace.run(work, { priority: 'digest' })));
  expect(most).toBe(3);
});

it('starts nothing while it is held, and the most urgent first after it', async () => {
  const { pace, run, arrived, labels } = paced();
  pace.hold(150);
  const begin = performance.now();
  await Promise.all([run('digest'), run('click', { priority: 'click' })]);
  expect(labels()).toEqual(['click', 'digest']);
  for (const { at } of arrived) expect(at - begin).toBeGreaterThanOrEqual(149);
});

it('says so to whoever has a turn while it is held for long', async () => {
  const { pace, run } = paced({ longestPauseMs: 100 });
  pace.hold(60_000);
  await expect(run('click', { priority: 'click' })).rejects.toMatchObject({ name: 'Held' });
});

it('throws what the work throws, and goes on', async () => {
  const { pace, run } = paced();
  await expect(pace.run(() => Promise.reject(new Error('no')), { priority: 'click' })).rejects.toThrow('no');
  expect(await run('next')).toBe('next');
});

it('forgets a waiting call that is aborted', async () => {
  const { pace, run, labels } = paced();
  const first = [run('1'), run('2')];
  const stop = new AbortController();
  const stopped = pace.run(async () => 'never', { priority: 'digest', signal: stop.signal });
  stop.abort(new Error('gone'));
  await expect(stopped).rejects.toThrow('gone');
  await Promise.all([...first, run('3')]);
  expect(labels()).toEqual(['1', '2', '3']);
});

it('lets every call go at once while the clock is ahead of the machine’s', async () => {
  const { run } = paced({ isPaced: () => false, windowMs: 3_600_000 });
  expect(await Promise.all(Array.from({ length: 10 }, (_, index) => run(String(index))))).toHaveLength(10);
});
