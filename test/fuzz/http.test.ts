/** Over HTTP: the app stays up, gives an answer that Slack accepts within its three seconds, and nothing changes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrange, doorOf, eachOf, expectUnharmed, recordOf, SLACK_WAITS, unhandled } from './harm.ts';
import { encode, garbage, payloads, SEED } from './payloads.ts';

/** Of each kind some dozens; nine thousand with MATRIX=all. */
const OVER_HTTP = process.env.MATRIX === 'all' ? 9_000 : 2_000;

test('thousands of signed payloads that Slack would not send: answered, and nothing changes', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const rejected = unhandled();
  const before = await recordOf(world);
  const mutated = fc
    .sample(payloads(templates, world.slack.teamId), { seed: SEED, numRuns: OVER_HTTP * 0.85 })
    .map(encode);
  const posts = [...mutated, ...fc.sample(garbage, { seed: SEED, numRuns: OVER_HTTP * 0.15 })];
  const wrong: string[] = [];
  const seen = new Map<number, number>();

  await eachOf(posts, 8, async (post) => {
    const { status, ms } = await door.post(post);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const accepted = status === 200 || (status >= 400 && status < 500);
    if (!accepted || ms > SLACK_WAITS)
      wrong.push(`${status} after ${Math.round(ms)} ms: ${String(post.body).slice(0, 2_000)}`);
  });

  expect(wrong).toEqual([]);
  expect(rejected).toEqual([]);
  // Both happened, and often: it was neither all refused at the door nor all taken.
  expect(seen.get(200)).toBeGreaterThan(OVER_HTTP / 4);
  expect(seen.get(400)).toBeGreaterThan(OVER_HTTP / 20);
  await expectUnharmed(world, before);
}, 300_000);
