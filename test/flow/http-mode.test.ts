import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAYA, TASK_A } from './cast.ts';
import { answered, digestOf, press, pressOnly, type } from './press.ts';
import { dueAt, findRow, fresh, mustBe, patches, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

function url(world: World, path = '/slack/events'): string {
  return `http://127.0.0.1:${world.app.port}${path}`;
}

/** The Done of maya's first row, as Slack would send it. */
async function doneClick(world: World): Promise<string> {
  const digest = await digestOf(world);
  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Reschedule'));
  world.slack.closeModal(MAYA.id);
  const { payload } = mustBe(world.slack.sent.at(-1));
  const { value } = mustBe(findRow(digest, 'Whitfield 001').controls.Done).element;
  const done = { ...payload, actions: [{ type: 'button', block_id: 'b', action_id: 'done', action_ts: '1.1', value }] };
  return new URLSearchParams({ payload: JSON.stringify(done) }).toString();
}

async function post(world: World, body: string, secret: string, timestamp: number) {
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    connection: 'close',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': `v0=${signature}`,
  };
  const { status } = await fetch(url(world), { method: 'POST', headers, body });
  await world.idle();
  return status;
}

const seconds = () => Math.floor(Date.now() / 1_000);

test('over HTTP: digest, click, Undo, window and command work as over a socket', async () => {
  const world = await createWorld({ http: true });
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Done');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');

  await answered(world, () => pressOnly(world, fresh(world, digest), 'Whitfield 001', 'Reschedule'));
  await world.slack.submit(MAYA.id, { when_typed: { when_typed: { value: 'yesterday' } } });
  expect(world.slack.modal(MAYA.id)?.errors?.when_typed).toContain('in the past');
  await world.slack.submit(MAYA.id, { when_typed: { when_typed: { value: '2026-12-01 15:00' } } });
  await world.idle();
  expect(dueAt(world, TASK_A)).toBe('2026-12-01T20:00:00.000Z');

  expect(wordsOf(await type(world, 'help'))).toContain('/tasks digest');
});

test('a click with a bad signature, an old one and one without any are refused, and change nothing', async () => {
  const world = await createWorld({ http: true });
  const body = await doneClick(world);
  const secret = world.slack.signingSecret;

  expect(await post(world, body, 'a-secret-of-someone-else', seconds())).toBe(401);
  expect(await post(world, body, secret, seconds() - 10 * 60)).toBe(401);
  const bare = await fetch(url(world), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  expect(bare.status).toBe(401);
  await world.idle();
  expect(patches(world)).toEqual([]);
  expect(JSON.stringify(world.lines)).not.toContain(secret);

  expect(await post(world, body, secret, seconds())).toBe(200);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('what is no payload, is too large or is no POST is refused, and the app goes on', async () => {
  const world = await createWorld({ http: true, allowUnexpected: true });
  const secret = world.slack.signingSecret;
  const digest = await digestOf(world);

  expect(await post(world, 'payload=%7B', secret, seconds())).toBe(400);
  expect(await post(world, `x=${'y'.repeat(2_000_000)}`, secret, seconds()).catch(() => 413)).toBe(413);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    expect((await fetch(url(world), { method })).status, method).toBe(404);
  }

  await press(world, digest, 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('health and readiness answer, and nothing else does', async () => {
  const world = await createWorld({ http: true });

  const statuses = await Promise.all(
    ['/healthz', '/readyz', '/', '/slack/eventsX', '/metrics'].map(
      async (path) => (await fetch(url(world, path))).status,
    ),
  );

  expect(statuses).toEqual([200, 200, 404, 404, 404]);
  expect((await fetch(url(world, '/healthz'), { method: 'POST' })).status).toBe(404);
});

test('until Slack has accepted the token the app is alive but not ready', async () => {
  const world = await createWorld({ http: true, start: false });
  world.slack.failNext('auth.test', { error: 'internal_error' });

  const started = world.app.start();
  await expect.poll(async () => (await fetch(url(world, '/healthz')).catch(() => undefined))?.status).toBe(200);
  expect((await fetch(url(world, '/readyz'))).status).toBe(503);
  await started;

  expect((await fetch(url(world, '/readyz'))).status).toBe(200);
});

test('in Socket Mode nobody can post clicks to the port', async () => {
  const world = await createWorld();

  expect((await fetch(url(world), { method: 'POST', body: 'payload={}' })).status).toBe(404);
});
