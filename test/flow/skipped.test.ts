/** Outreach skips a task by itself (`autoskipAt`): the row says when, and a time at or beyond it is asked about first. */
import { expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { MAYA, MAYA_OUTREACH } from './cast.ts';
import { answered, digestOf, press, pressOnly } from './press.ts';
import { findRow, fresh } from './read.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

/** Wednesday, 25 November, 09:00 in New York. */
const SKIPPED_AT = '2026-11-25T14:00:00.000Z';
const WHO = 'Bo Tanaka';

async function arrange(): Promise<{ world: World; digest: SandboxMessage; taskId: string }> {
  const world = await createThree();
  const before = world.outreach.tasks(MAYA_OUTREACH).find(({ prospectId }) => prospectId === '42');
  if (!before) throw new Error('no task about Bo');
  world.outreach.put({ ...before, autoskipAt: SKIPPED_AT });
  return { world, digest: await digestOf(world), taskId: before.id };
}

const dueOf = (world: World, id: string) => world.outreach.tasks(MAYA_OUTREACH).find((task) => task.id === id)?.dueAt;
const modal = (world: World) => JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);
const typed = (value: string) => ({ when_typed: { when_typed: { value } } });

test('the row says when the task is skipped, and a time before that is taken at once', async () => {
  const { world, digest, taskId } = await arrange();
  expect(findRow(digest, WHO).text).toContain('Outreach skips it by itself on Wed 25 Nov, 09:00');

  await press(world, digest, WHO, 'Snooze', 'Tomorrow');

  expect(dueOf(world, taskId)).toMatch(/^2026-11-24T14:00:00/);
});

// outreach.md 2.12: a time beyond autoskipAt is asked about
test('a preset beyond it opens the window with that time and the sentence; sent, it names both times and asks; then it is done', async () => {
  const { world, digest, taskId } = await arrange();
  const due = dueOf(world, taskId);

  await answered(world, () => pressOnly(world, digest, WHO, 'Snooze', 'Next week'));
  expect(modal(world)).toContain('Outreach skips it by itself on Wed 25 Nov, 09:00');
  expect(modal(world)).toContain(`"initial_date_time":${Date.parse('2026-11-30T14:00:00Z') / 1_000}`);
  expect(dueOf(world, taskId)).toBe(due);

  await world.slack.submit(MAYA.id, {});
  await world.idle();
  expect(modal(world)).toContain('on Wed 25 Nov, 09:00, before the time that you chose (Mon 30 Nov, 09:00)');
  expect(dueOf(world, taskId)).toBe(due);

  await world.slack.submit(MAYA.id, {});
  await world.idle();
  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(dueOf(world, taskId)).toMatch(/^2026-11-30T14:00:00/);
  expect(findRow(fresh(world, digest), WHO).text).toContain('Snoozed until Mon 30 Nov, 09:00');
});

test('a typed time at the very moment is asked about too, and a question that is closed changes nothing', async () => {
  const { world, digest, taskId } = await arrange();
  const due = dueOf(world, taskId);
  await answered(world, () => pressOnly(world, digest, WHO, 'Reschedule'));

  await world.slack.submit(MAYA.id, typed('2026-11-25 09:00'));
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.submit)).toContain('Reschedule anyway');
  world.slack.closeModal(MAYA.id);
  await world.idle();

  expect(dueOf(world, taskId)).toBe(due);
});

test('a question that was overtaken says so, and changes nothing more', async () => {
  const { world, digest, taskId } = await arrange();
  await answered(world, () => pressOnly(world, digest, WHO, 'Reschedule'));
  await world.slack.submit(MAYA.id, typed('2026-12-01 10:00'));
  await press(world, digest, WHO, 'Snooze', 'Tomorrow');

  await world.slack.submit(MAYA.id, {});
  await world.idle();

  expect(modal(world)).toContain('You already snoozed this task');
  expect(dueOf(world, taskId)).toMatch(/^2026-11-24T14:00:00/);
});
