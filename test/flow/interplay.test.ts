/** Things that happen at the same time, or in an order that nobody had in mind. */
import { expect, test } from 'vitest';
import { MAYA, TASK_A } from './cast.ts';
import { homeScreen, pressOnly } from './press.ts';
import { dueAt, mustBe, patches } from './read.ts';
import { morning } from './start.ts';

test('a list that is made while a click is under way shows the task as the click leaves it', async () => {
  const { world, digest } = await morning();
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await expect.poll(() => patches(world).length, { timeout: 10_000 }).toBe(1);
  const home = homeScreen(world);
  await world.slack.openHome(MAYA.id);
  await expect.poll(() => home.words(), { timeout: 10_000 }).toContain('Marking done');

  world.gong.release();
  await world.idle();

  expect(home.row('Whitfield 001').text).toContain('Marked done in Gong');
  expect(home.controls('Whitfield 001')).toEqual(['Undo']);
});

test.each([
  ['done', { status: 'DONE' }, 'No longer open in Gong'],
  ['moved', { dueDate: '2026-12-24T10:00:00.000Z' }, 'Not undone.'],
] as const)('a snoozed task that was %s in Gong since is left alone by Undo, which says so', async (_, by, says) => {
  const { world, digest } = await morning();
  await digest.press('Whitfield 001', 'Snooze', 'Next week');
  world.gong.put({ ...mustBe(world.gong.task(TASK_A)), ...by });
  const before = [world.gong.task(TASK_A)?.status, dueAt(world, TASK_A)];

  await digest.press('Whitfield 001', 'Undo');

  expect(patches(world)).toHaveLength(1);
  expect([world.gong.task(TASK_A)?.status, dueAt(world, TASK_A)]).toEqual(before);
  expect(digest.words()).toContain(says);
});
