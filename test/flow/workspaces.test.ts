/** One process, two workspaces: Slack's requests, the tick and the worker, each to its own. */
import { expect, test } from 'vitest';
import { MAYA, TASK_A } from './cast.ts';
import { digestOf, openHome, type } from './press.ts';
import { createTwoWorkspaces } from './workspaces.ts';

test('each workspace is answered with its own bot and its own tools, though the people have the same ids', async () => {
  const { world, other } = await createTwoWorkspaces();
  const digest = await digestOf(world);
  await digest.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect((await type(world, 'status')).words()).toContain('Gong');
  expect(other.slack.messages(MAYA.id)).toEqual([]);

  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  expect((await type(other, 'status')).words()).not.toContain('Gong');
  expect(JSON.stringify(await openHome(other))).not.toContain('Whitfield');
  await other.pass(24 * 3_600_000);
  expect(other.slack.messages(MAYA.id).filter(({ ephemeral }) => !ephemeral)).toEqual([]);
  expect(other.slack.calls.some(({ method }) => method === 'users.list')).toBe(true);
  expect(other.slack.unexpected).toEqual([]);
});

test('the numbers of the list that a rep saw in one workspace name nothing in the other', async () => {
  const { world, other } = await createTwoWorkspaces();
  const digest = await digestOf(world);
  expect(digest.words()).toContain('Whitfield 001');

  const done = await type(other, 'done 1');

  expect(done.words()).not.toContain('Whitfield');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
});
