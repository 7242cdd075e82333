/** Outreach skips a task by itself (`autoskipAt`): the row says when, and a time at or beyond it is asked about first. */
import { expect, test } from 'vitest';
import { MANUAL_TASK, MAYA } from './cast.ts';
import { digestOf, submit } from './press.ts';
import { modalOf, mustBe } from './read.ts';
import { createThree } from './start.ts';

/** Wednesday, 25 November, 09:00 in New York. */
const SKIPPED_AT = '2026-11-25T14:00:00.000Z';
const WHO = 'Bo Tanaka';

async function arrange() {
  const world = await createThree();
  world.outreach.put({ ...mustBe(world.outreach.task(MANUAL_TASK)), autoskipAt: SKIPPED_AT });
  return {
    world,
    digest: await digestOf(world),
    due: () => world.outreach.task(MANUAL_TASK)?.dueAt,
    modal: () => JSON.stringify(modalOf(world)),
  };
}

test('the row says when the task is skipped, and a time before that is taken at once', async () => {
  const { digest, due } = await arrange();
  expect(digest.row(WHO).text).toContain('Outreach skips it by itself on Wed 25 Nov, 09:00');

  await digest.press(WHO, 'Snooze', 'Tomorrow');

  expect(due()).toMatch(/^2026-11-24T14:00:00/);
});

// outreach.md 2.12: a time beyond autoskipAt is asked about
test('a preset beyond it opens the window with that time and the sentence; sent, it names both times and asks; then it is done', async () => {
  const { world, digest, due, modal } = await arrange();
  const before = due();

  await digest.open(WHO, 'Snooze', 'Next week');
  expect(modal()).toContain('Outreach skips it by itself on Wed 25 Nov, 09:00');
  expect(modal()).toContain(`"initial_date_time":${Date.parse('2026-11-30T14:00:00Z') / 1_000}`);
  expect(due()).toBe(before);

  await submit(world, {});
  expect(modal()).toContain('on Wed 25 Nov, 09:00, before the time that you chose (Mon 30 Nov, 09:00)');
  expect(due()).toBe(before);

  await submit(world, {});
  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(due()).toMatch(/^2026-11-30T14:00:00/);
  expect(digest.controls(WHO)).toEqual(['Undo']);
});

test('a typed time at the very moment is asked about too; closed, or overtaken by another click, the question changes nothing', async () => {
  const { world, digest, due, modal } = await arrange();
  const before = due();
  await digest.open(WHO, 'Reschedule');
  await submit(world, { when_typed: { value: '2026-11-25 09:00' } });
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.submit)).toContain('Reschedule anyway');
  world.slack.closeModal(MAYA.id);
  await world.idle();
  expect(due()).toBe(before);

  await digest.open(WHO, 'Reschedule');
  await submit(world, { when_typed: { value: '2026-12-01 10:00' } });
  await digest.press(WHO, 'Snooze', 'Tomorrow');
  await submit(world, {});

  expect(modal()).toContain('You already snoozed this task');
  expect(due()).toMatch(/^2026-11-24T14:00:00/);
});
