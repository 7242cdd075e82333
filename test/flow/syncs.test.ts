/** A restart asks Slack and the tools for nobody, where everyone was read a moment ago. */
import { expect, test } from 'vitest';
import { MAYA, MINUTE } from './cast.ts';
import { createTwoWorkspaces } from './workspaces.ts';
import type { World } from './world.ts';

const read = ({ slack }: World) => slack.calls.filter(({ method }) => method === 'users.list').length;

test('a restart reads nobody again, in no workspace; other settings have the people of their own workspace read', async () => {
  const { world, other, restart } = await createTwoWorkspaces();
  await world.pass(MINUTE);
  const before = [read(world), read(other)];
  expect(Math.min(...before)).toBeGreaterThan(0);

  await restart();
  await world.idle();
  expect([read(world), read(other)]).toEqual(before);

  await restart({ pilot: { userIds: [MAYA.id], emails: [], groups: [] } });
  await world.idle();

  expect(read(world)).toBeGreaterThan(before[0] ?? 0);
  expect(read(other)).toBe(before[1]);
});
