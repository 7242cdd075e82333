/** What happens at a provider shows in the digest: Outreach tells of it, and a slow look finds what that loses. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { HOUR, MANUAL_TASK, MINUTE, outreachTask, STEP_TASK, TASK_A } from './cast.ts';
import { show, type } from './press.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { createThree, morningOfThree } from './start.ts';
import type { World } from './world.ts';

async function told(world: World): Promise<void> {
  await world.outreach.settled();
  await world.idle();
}

test('a sign-in has Outreach tell of changes, once, also after a restart and another sign-in', async () => {
  const world = await createThree();

  await world.restart();

  const hooks = world.outreach.webhooks();
  expect(hooks).toMatchObject([{ url: `${world.publicUrl}/webhooks/outreach`, active: true, payloadVersion: 2 }]);
  expect(mustBe(hooks[0]).secret.length).toBeGreaterThan(30);
});

// outreach.md 8.4: a delivery that comes twice is one look
test('the same delivery twice is one look at the task', async () => {
  const { world, digest } = await morningOfThree();
  world.outreach.complete(STEP_TASK);
  await told(world);
  expect(digest.words()).toContain('Done in Outreach by you (Mon 23 Nov, 09:00).');
  expect(digest.controls('Ines Calder')).toEqual([]);
  expect(digest.words()).toContain('1 of 5 cleared');
  const reads = () =>
    world.outreach.requests.filter(({ path }) => path.startsWith(`/api/v2/tasks/${STEP_TASK}`)).length;
  const before = reads();
  expect(before).toBeGreaterThan(0);

  world.outreach.redeliver(world.outreach.deliveries.length - 1);
  await told(world);

  expect(reads()).toBe(before);
  expect(world.outreach.deliveries.at(-1)?.status).toBe(200);
});

// outreach.md 8.7
test('a new task is read once as the rep who owns it, and the digest is edited, not sent again', async () => {
  const { world } = await morningOfThree();
  const isAbout = (id: string) => world.outreach.requests.filter(({ path }) => path.startsWith(`/api/v2/tasks/${id}`));
  const edits = () => world.slack.calls.filter(({ method }) => method === 'chat.update').length;
  const before = edits();

  world.outreach.put(outreachTask({ id: '77', note: 'Ask Bo for the signature' }));
  world.outreach.put(outreachTask({ id: '78', ownerId: '9007', note: 'Of nobody here' }));
  await told(world);

  expect(isAbout('77').map(({ method, status }) => [method, status])).toEqual([['GET', 200]]);
  expect(isAbout('78')).toEqual([]);
  await expect.poll(edits, { timeout: 5_000 }).toBe(before + 1);
  expect(posted(world)).toHaveLength(1);
});

test('a task that was deleted, and one that was moved, are shown as they are', async () => {
  const { world, digest } = await morningOfThree();

  world.outreach.remove(STEP_TASK);
  const task = mustBe(world.outreach.task(MANUAL_TASK));
  world.outreach.put({ ...task, dueAt: '2026-11-25T15:00:00Z', note: 'Ask Bo about the contract' });
  await told(world);

  expect(digest.words()).toContain('No longer open for you in Outreach');
  const { text, controls } = digest.row('Bo Tanaka');
  for (const said of ['Ask Bo about the contract', 'Wed 25 Nov, 10:00', 'Changed in Outreach since']) {
    expect(text).toContain(said);
  }
  expect(controls.Done).toBeDefined();
});

test('news that Outreach did not sign is refused, and changes nothing', async () => {
  const { world, digest } = await morningOfThree();
  const data = { type: 'task', id: STEP_TASK };
  const body = JSON.stringify({ data, meta: { eventName: 'task.destroyed', deliveredAt: 'x' } });
  const sign = (secret: string) => createHmac('sha256', secret).update(body).digest('hex');
  const { secret } = mustBe(world.outreach.webhooks()[0]);
  const post = (signature: string | undefined, sent = body) => {
    const headers = new Headers(signature === undefined ? [] : [['outreach-webhook-signature', signature]]);
    return world.status('/webhooks/outreach', { method: 'POST', body: sent, headers });
  };

  for (const signature of [undefined, '', sign('guessed'), sign(secret).slice(0, -2)]) {
    expect(await post(signature), signature).toBe(401);
  }
  expect(await post(sign(secret), `${body} `)).toBe(401);
  await world.idle();
  expect(digest.rows()).toHaveLength(5);
  expect(await post(sign(secret))).toBe(200);
  await world.idle();
  expect(digest.rows()).toHaveLength(4);
});

// outreach.md 8.5; reply.md 8.1
test('what a lost delivery would have told is found within three hours, at every provider', async () => {
  const { world, digest } = await morningOfThree();
  world.outreach.loseWebhooks(true);
  const task = mustBe(world.outreach.task(STEP_TASK));
  world.outreach.put({ ...task, state: 'complete', completerId: '9007' });
  world.gong.put({ ...mustBe(world.gong.task(TASK_A)), status: 'DONE' });
  world.reply.put({ ...mustBe(world.reply.task('9001')), status: 'finished' });
  expect(digest.rows()).toHaveLength(5);

  await world.pass(3 * HOUR + MINUTE);

  expect(digest.rows()).toHaveLength(2);
  // Gong alone cannot say what became of it.
  const theirs = 'Done in Outreach by someone else';
  for (const said of [theirs, 'No longer open for you in Gong', 'Done in Reply.io itself']) {
    expect(digest.words()).toContain(said);
  }
});

test('background corrections keep to their part of what Slack lets a workspace edit in a minute', async () => {
  const world = await createThree({ gongRateLimits: false });
  for (let number = 0; number < 8; number += 1) await type(world, 'digest');
  const edits = () => world.slack.calls.filter(({ method }) => method === 'chat.update').length;

  world.outreach.complete(STEP_TASK);
  await world.outreach.settled();
  await expect.poll(edits, { timeout: 5_000 }).toBe(5);
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  // Five in ten seconds are thirty a minute of fifty (slack.md 1); a person's own click does not wait for them.
  expect(edits()).toBe(5);
  await show(world, mustBe(posted(world).at(-1))).press('Bo Tanaka', 'Snooze', 'Tomorrow');
  for (const message of posted(world)) expect(wordsOf(message)).toContain('Done in Outreach by you');
});
