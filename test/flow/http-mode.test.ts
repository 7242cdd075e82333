/** What only the mode changes; what is refused at the door: test/fuzz/forged.test.ts, test/http/server.test.ts. */
import { expect, test } from 'vitest';
import { MAYA, TASK_A } from './cast.ts';
import { pressOnly, submit, type } from './press.ts';
import { dueAt, patches } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

test('over HTTP: digest, click, Undo, window and command work as over a socket', async () => {
  const { world, digest } = await morning({ http: true });

  await digest.press('Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  await digest.press('Whitfield 001', 'Undo');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');

  await digest.open('Whitfield 001', 'Reschedule');
  await submit(world, { when_typed: { value: 'yesterday' } });
  expect(world.slack.modal(MAYA.id)?.errors?.when_typed).toContain('in the past');
  await submit(world, { when_typed: { value: '2026-12-01 15:00' } });
  expect(dueAt(world, TASK_A)).toBe('2026-12-01T20:00:00.000Z');

  expect((await type(world, 'help')).words()).toContain('/tasks digest');
});

test('until Slack has accepted the token the app is alive but not ready, and acknowledges no click, so the rep can press again', async () => {
  const { world, digest } = await morning({ http: true, allowUnexpected: true });
  const { port } = world.config;
  const status = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined))?.status;
  await world.app.stop();
  world.slack.failNext('auth.test', { error: 'internal_error' });
  const restarted = world.restart();
  await expect.poll(() => status('/healthz'), { timeout: 10_000 }).toBe(200);
  expect(await status('/readyz')).toBe(503);

  const early = await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await restarted;

  expect(early.acked).toBe(false);
  expect(await status('/readyz')).toBe(200);
  expect(patches(world)).toHaveLength(0);
  await digest.press('Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('in Socket Mode nobody can post clicks to the port', async () => {
  const world = await createWorld();

  expect(await world.status('/slack/events', { method: 'POST', body: 'payload={}' })).toBe(404);
});
