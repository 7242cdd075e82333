import { expect, test, vi } from 'vitest';
import { createRenderQueue } from '../../../src/slack/screen/render-queue.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('renders of one message never overlap, and what came meanwhile is one more render', async () => {
  const first = Promise.withResolvers<void>();
  let atWork = 0;
  let most = 0;
  const render = vi.fn(async () => {
    atWork += 1;
    most = Math.max(most, atWork);
    if (render.mock.calls.length === 1) await first.promise;
    atWork -= 1;
  });
  const queue = createRenderQueue(render, silent);

  for (let time = 0; time < 5; time += 1) queue.schedule('a', 0);
  first.resolve();
  await queue.idle();

  expect(render).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});

test('different messages are rendered side by side', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const queue = createRenderQueue(async (id) => {
    seen.push(id);
    await promise;
  }, silent);

  queue.schedule('a', 0);
  queue.schedule('b', 0);

  expect(seen).toEqual(['a', 'b']);
  resolve();
  await queue.idle();
});

test('a shorter delay replaces a longer one, and a longer one does not put off a shorter one', async () => {
  const render = vi.fn(async () => undefined);
  const queue = createRenderQueue(render, silent);
  const before = performance.now();

  queue.schedule('a', 5_000);
  queue.schedule('a', 50);
  queue.schedule('a', 5_000);
  await queue.idle();

  expect(performance.now() - before).toBeLessThan(1_000);
  expect(render).toHaveBeenCalledTimes(1);
});

test('a render that is due at once takes the place of one that waits', async () => {
  const render = vi.fn(async () => undefined);
  const queue = createRenderQueue(render, silent);

  queue.schedule('a', 100);
  queue.schedule('a', 0);
  await queue.idle();
  await new Promise((resolve) => setTimeout(resolve, 150));

  expect(render).toHaveBeenCalledTimes(1);
});

test('a render that fails is noted, and the next one is made', async () => {
  const error = vi.fn();
  const render = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('no such message'));
  const queue = createRenderQueue(render, { ...silent, error });

  queue.schedule('a', 0);
  await queue.idle();
  queue.schedule('a', 0);
  await queue.idle();

  expect(error).toHaveBeenCalledTimes(1);
  expect(render).toHaveBeenCalledTimes(2);
});

test('once closed it begins nothing, ends what waits, and is silent about what was under way', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const render = vi.fn(() => promise);
  const error = vi.fn();
  const queue = createRenderQueue(render, { ...silent, error });

  queue.schedule('under way', 0);
  queue.schedule('under way', 0);
  queue.schedule('waits', 10);
  queue.close();
  queue.schedule('new', 0);
  reject(new Error('the database is closed'));
  await queue.idle();
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(render.mock.calls).toEqual([['under way']]);
  expect(error).not.toHaveBeenCalled();
});
