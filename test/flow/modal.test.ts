import { expect, test, vi } from 'vitest';
import { gongTask, MAYA, TASK_A, TASK_B } from './cast.ts';
import { pressOnly, submit } from './press.ts';
import { dueAt, lastMessage, modalOf, patches } from './read.ts';
import { morning } from './start.ts';
import type { World } from './world.ts';

const ROW = 'Whitfield 001';
const picked = (iso: string) => ({ when_picker: { selected_date_time: Date.parse(iso) / 1_000 } });
const typed = (value: string) => ({ when_typed: { value } });

async function openReschedule() {
  const { world, digest } = await morning();
  await digest.open(ROW, 'Reschedule');
  return { world, digest };
}

test('Reschedule opens a window, and the time picked there is the new due date; Undo brings the old one back', async () => {
  const { world, digest } = await openReschedule();
  expect(JSON.stringify(modalOf(world))).toContain(ROW);

  await submit(world, picked('2026-12-03T20:15:00Z'));

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(dueAt(world, TASK_A)).toBe('2026-12-03T20:15:00.000Z');
  expect(digest.row(ROW).text).toContain('Rescheduled to Thu 3 Dec, 15:15');

  await digest.press(ROW, 'Undo');

  expect(dueAt(world, TASK_A)).toBe(gongTask({ id: TASK_A }).dueDate);
  expect(world.gong.task(TASK_B)?.updated).toBe('2026-11-01T10:00:00Z');
});

test("a typed date wins over the picker, and is read in the rep's zone", async () => {
  const { world } = await openReschedule();

  await submit(world, { ...picked('2026-12-24T12:00:00Z'), ...typed('tomorrow at 3pm') });

  expect(dueAt(world, TASK_A)).toBe('2026-11-24T20:00:00.000Z');
});

// contracts, unknown G3: no due date in the past
test('the past, nonsense and a date that can be read two ways are refused inside the window, next to the field, and it stays', async () => {
  const { world } = await openReschedule();

  for (const [values, field, said] of [
    [typed('2026-11-20 10:00'), 'when_typed', 'in the past'],
    [typed('when pigs fly'), 'when_typed', 'did not understand'],
    [{ ...typed(''), ...picked('2026-11-20T10:00:00Z') }, 'when_picker', 'in the past'],
    [typed('wednesday at 6'), 'when_typed', 'Type 2026-11-25 06:00 for Wed 25 Nov, 06:00, or 2026-11-25 18:00'],
  ] as const) {
    await submit(world, values);
    expect(world.slack.modal(MAYA.id)?.errors).toEqual({ [field]: expect.stringContaining(said) });
  }
  expect(patches(world)).toEqual([]);
  // One of the two answers that the last refusal names.
  await submit(world, typed('2026-11-25 18:00'));

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(dueAt(world, TASK_A)).toBe('2026-11-25T23:00:00.000Z');
});

test('"Pick a time…" of Snooze opens the window, and what is chosen there is a snooze, once, however often it is delivered', async () => {
  const { world, digest } = await morning();

  await digest.open(ROW, 'Snooze', 'Pick a time…');
  expect(patches(world)).toEqual([]);
  await submit(world, typed('Friday 10:30'));
  await world.slack.redeliver();
  await world.idle();

  expect(dueAt(world, TASK_A)).toBe('2026-11-27T15:30:00.000Z');
  expect(patches(world)).toHaveLength(1);
  expect(digest.row(ROW).text).toContain('Snoozed until Fri 27 Nov, 10:30');
});

test('a window that is closed changes nothing; one that was overtaken by another click says so, and changes nothing', async () => {
  const { world, digest } = await openReschedule();
  world.slack.closeModal(MAYA.id);
  await world.idle();
  expect(patches(world)).toEqual([]);
  expect(digest.controls(ROW)).toContain('Done');

  await digest.open(ROW, 'Reschedule');
  await digest.press(ROW, 'Done');
  await submit(world, typed('2026-12-01 15:00'));

  expect(world.slack.modal(MAYA.id)?.errors?.when_picker).toContain('already marked this task done');
  expect(patches(world)).toMatchObject([{ body: { status: 'DONE' } }]);
});

test('a window whose trigger ran out is explained, and the button works again', async () => {
  const { world, digest } = await morning();
  world.slack.failNext('views.open', { error: 'expired_trigger_id' });

  await pressOnly(world, digest, ROW, 'Reschedule');
  await vi.waitFor(() => expect(lastMessage(world)?.text).toContain('Nothing was changed; press the button again'));
  await digest.open(ROW, 'Reschedule');

  expect(world.slack.modal(MAYA.id)).toBeDefined();
});

/** As Slack tells it while someone types. */
async function typeInto(world: World, value: string) {
  const action = { type: 'plain_text_input', action_id: 'when_typed', value };
  expect((await world.slack.act(MAYA.id, { modal: true }, 'when_typed', action)).acked).toBe(true);
}

const updates = (world: World) => world.slack.calls.filter(({ method }) => method === 'views.update');

test('while a date is typed, the window shows the time as it is read, or asks; and what was typed and picked stays', async () => {
  const { world } = await openReschedule();

  for (const [text, shown] of [
    ['tomorrow at 3pm', '= *Tue 24 Nov, 15:00*'],
    ['thursday at 4', 'Thu 26 Nov, 04:00 or Thu 26 Nov, 16:00'],
    ['thurs', '= *Thu 26 Nov, 09:00*'],
  ] as const) {
    await typeInto(world, text);
    await vi.waitFor(() => expect(JSON.stringify(modalOf(world))).toContain(shown));
  }

  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.state)).toContain('"thurs"');
  expect(patches(world)).toEqual([]);
  await submit(world, typed('thursday 16:00'));
  expect(dueAt(world, TASK_A)).toBe('2026-11-26T21:00:00.000Z');
});

test("a preview that would say the same is not sent again, and one that Slack refuses is nobody else's trouble", async () => {
  const { world } = await openReschedule();
  await typeInto(world, 'friday');
  await vi.waitFor(() => expect(updates(world)).toHaveLength(1));

  await typeInto(world, 'friday ');
  await world.idle();
  expect(updates(world)).toHaveLength(1);

  const told = world.slack.messages(MAYA.id).length;
  world.slack.failNext('views.update', { error: 'hash_conflict' });
  await typeInto(world, 'friday 10:00');
  await vi.waitFor(() => expect(updates(world)).toHaveLength(2));
  await world.idle();
  expect(world.slack.messages(MAYA.id)).toHaveLength(told);
  await submit(world, typed('friday 10:00'));
  expect(dueAt(world, TASK_A)).toBe('2026-11-27T15:00:00.000Z');
});
