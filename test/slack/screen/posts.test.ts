/** A morning's posts: even, and quiet while Slack asks for it. */
import { beforeEach, expect, test, vi } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { createPosts } from '../../../src/slack/screen/posts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const at: number[] = [];
const post = async () => void at.push(Date.now());
beforeEach(() => void at.splice(0));

test('no second sees more than five posts', async () => {
  const posts = createPosts(() => true);
  const all = Array.from({ length: 23 }, () => posts.add(post));
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all(all);
  expect(at).toHaveLength(23);
  for (const [index, first] of at.entries()) {
    const sixth = at[index + 5];
    if (sixth !== undefined) expect(sixth - first).toBeGreaterThanOrEqual(1_000);
  }
});

test('after a refusal nothing is posted until the time that Slack named, and whoever was refused hears it', async () => {
  const posts = createPosts(() => true);
  const begin = Date.now();
  const refused = posts.add(() => Promise.reject(new DeliveryError('rate_limited', 'slow', { retryAfterMs: 30_000 })));
  await expect(refused).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 });
  const next = [posts.add(post), posts.add(post)];
  await vi.advanceTimersByTimeAsync(29_999);
  expect(at).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(next);
  expect(at.every((time) => time >= begin + 30_000)).toBe(true);
});

test('another trouble holds nobody else', async () => {
  const posts = createPosts(() => true);
  await expect(posts.add(() => Promise.reject(new DeliveryError('permanent', 'gone', {})))).rejects.toThrow('gone');
  await posts.add(post);
  expect(at).toHaveLength(1);
});

test('while the clock is ahead of the machine’s, all go at once', async () => {
  const posts = createPosts(() => false);
  await Promise.all(Array.from({ length: 50 }, () => posts.add(post)));
  expect(at).toHaveLength(50);
});
