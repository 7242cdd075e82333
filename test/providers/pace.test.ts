import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Priority } from '../../src/core/ports/provider.ts';
import { createPace } from '../../src/providers/pace.ts';

const WINDOW = 120;

function paced() {
  const pace = createPace({ calls: 2, windowMs: WINDOW, concurrency: 2, clock: Date.now });
  const started: { label: string; at: number }[] = [];
  const run = (label: string, priority: Priority = 'digest', signal?: AbortSignal) => {
    const work = async () => void started.push({ label, at: performance.now() });
    return pace.run(work, signal ? { priority, signal } : { priority });
  };
  return { pace, started, run, labels: () => started.map(({ label }) => label) };
}

// contracts, rule 7: calls are paced, the most urgent first
it('lets no window see more than its calls, however the calls come', async () => {
  const { started, run } = paced();
  const waits = [0, 0, 0, 70, 70, 70, 130, 300, 300, 300, 410].map((ms) => sleep(ms).then(() => run('call')));
  await Promise.all(waits);
  expect(started).toHaveLength(11);
  for (const [index, { at }] of started.entries()) {
    const third = started[index + 2];
    // A timer and Date.now differ by up to a millisecond or so.
    if (third) expect(third.at - at).toBeGreaterThan(WINDOW - 3);
  }
});

it('takes the most urgent first, and equals in their order', async () => {
  const { run, labels } = paced();
  const digests = ['first', 'second', 'digest 1', 'digest 2'].map((label) => run(label));
  const people = [run('sweep', 'sweep'), run('person', 'person'), run('click 1', 'click'), run('click 2', 'click')];
  await Promise.all([...digests, ...people]);
  expect(labels()).toEqual(['first', 'second', 'click 1', 'click 2', 'person', 'sweep', 'digest 1', 'digest 2']);
});

it('says so to whoever has a turn while it is held for long, so that nobody keeps a place', async () => {
  let now = 1_000_000;
  const pace = createPace({ calls: 2, windowMs: WINDOW, concurrency: 2, clock: () => now });
  const run = () => pace.run(async () => 'done', { priority: 'click' });
  pace.hold(600_000);
  pace.hold(60_000);

  const refused = await Promise.allSettled([run(), run(), run()]);
  now += 599_999;
  await expect(run()).rejects.toMatchObject({ name: 'Held', ms: 1 });
  now += 1;

  expect(refused).toMatchObject(Array.from({ length: 3 }, () => ({ reason: { name: 'Held', ms: 600_000 } })));
  expect(await run()).toBe('done');
});

it('starts nothing while it is held, also not what waits already', async () => {
  const { pace, started, run } = paced();
  const begin = performance.now();
  const calls = ['1', '2', '3'].map((label) => run(label));
  pace.hold(300);
  pace.hold(50);
  calls.push(run('urgent', 'click'));
  await Promise.all(calls);
  expect(started.map(({ label, at }) => [label, at - begin >= 299])).toEqual([
    ['1', false],
    ['2', false],
    ['urgent', true],
    ['3', true],
  ]);
});

it('forgets a waiting call that is aborted, and gives its place to the next', async () => {
  const { pace, run, labels } = paced();
  pace.hold(100);
  const stop = new AbortController();
  const stopped = run('stopped', 'click', stop.signal);
  const next = run('next');
  const reason = new Error('gone');
  stop.abort(reason);
  await expect(stopped).rejects.toBe(reason);
  await next;
  expect(labels()).toEqual(['next']);
});

it('keeps no process alive once its calls are done', async () => {
  const module = fileURLToPath(new URL('../../src/providers/pace.ts', import.meta.url));
  const script = `
    const { createPace } = await import(${JSON.stringify(module)});
    const pace = createPace({ calls: 1, windowMs: 60_000, concurrency: 1, clock: Date.now });
    await pace.run(async () => undefined, { priority: 'click' });
    pace.hold(60_000);
    const stop = new AbortController();
    pace.run(async () => undefined, { priority: 'click', signal: stop.signal }).catch(() => console.log('over'));
    stop.abort();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 10_000,
  });
  expect(stdout.trim()).toBe('over');
});

it('lets every call go at once while the clock is ahead of the machine, and is paced again afterwards', async () => {
  let isPaced = false;
  const pace = createPace({ calls: 2, windowMs: 3_600_000, concurrency: 2, clock: Date.now, isPaced: () => isPaced });
  const ask = () => pace.run(async () => 'answered', { priority: 'digest' });
  const hour = await Promise.all(Array.from({ length: 10 }, ask));
  isPaced = true;
  const third = [ask(), ask(), ask()][2];

  expect(new Set(hour)).toEqual(new Set(['answered']));
  expect(await Promise.race([third, sleep(50).then(() => 'waits')])).toBe('waits');
});
