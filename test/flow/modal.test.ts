import { expect, test, vi } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { gongTask, MAYA, TASK_A, TASK_B } from './cast.ts';
import { answered, digestOf, press, pressOnly } from './press.ts';
import { dueAt, findRow, fresh, lastMessage, patches } from './read.ts';
import { createWorld, type World } from './world.ts';

const picked = (iso: string) => ({ when_picker: { when_picker: { selected_date_time: Date.parse(iso) / 1_000 } } });
const typed = (value: string) => ({ when_typed: { when_typed: { value } } });

async function openReschedule(world: World) {
  const digest = await digestOf(world);
  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Reschedule'));
  return digest;
}

async function submit(world: World, values: Record<string, Record<string, JsonObject>>) {
  const delivery = await world.slack.submit(MAYA.id, values);
  await world.idle();
  return delivery;
}

test('Reschedule opens a window, and the time picked there is the new due date; Undo brings the old one back', async () => {
  const world = await createWorld();
  const digest = await openReschedule(world);
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks)).toContain('Whitfield 001');

  await submit(world, picked('2026-12-03T20:15:00Z'));

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(dueAt(world, TASK_A)).toBe('2026-12-03T20:15:00.000Z');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Rescheduled to Thu 3 Dec, 15:15');

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe(gongTask({ id: TASK_A }).dueDate);
  expect(world.gong.task(TASK_B)?.updated).toBe('2026-11-01T10:00:00Z');
});

test.each([
  ['2026-12-01 15:00', '2026-12-01T20:00:00.000Z'],
  ['tomorrow at 3pm', '2026-11-24T20:00:00.000Z'],
])("a typed date (%s) wins over the picker, and is read in the rep's zone", async (text, at) => {
  const world = await createWorld();
  await openReschedule(world);

  await submit(world, { ...picked('2026-12-24T12:00:00Z'), ...typed(text) });

  expect(dueAt(world, TASK_A)).toBe(at);
});

// contracts, unknown G3: no due date in the past
test.each([
  ['the past, typed', typed('2026-11-20 10:00'), 'when_typed', 'in the past'],
  ['nonsense', typed('when pigs fly'), 'when_typed', 'did not understand'],
  ['the past, picked', picked('2026-11-20T10:00:00Z'), 'when_picker', 'in the past'],
])('%s is refused inside the window, next to its field, and the window stays', async (_, values, field, said) => {
  const world = await createWorld();
  await openReschedule(world);

  await submit(world, values);

  const errors = world.slack.modal(MAYA.id)?.errors ?? {};
  expect(Object.keys(errors)).toEqual([field]);
  expect(errors[field]).toContain(said);
  expect(patches(world)).toEqual([]);

  await submit(world, typed('2026-12-01 15:00'));

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(dueAt(world, TASK_A)).toBe('2026-12-01T20:00:00.000Z');
});

test('"Pick a time…" of Snooze opens the window, and what is chosen there is a snooze', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Snooze', 'Pick a time…'));
  expect(patches(world)).toEqual([]);
  await submit(world, typed('Friday 10:30'));

  expect(dueAt(world, TASK_A)).toBe('2026-11-27T15:30:00.000Z');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Snoozed until Fri 27 Nov, 10:30');
});

test('a window that is closed changes nothing', async () => {
  const world = await createWorld();
  const digest = await openReschedule(world);

  world.slack.closeModal(MAYA.id);
  await world.idle();

  expect(patches(world)).toEqual([]);
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toContain('Done');
});

test('a window that was overtaken by another click says so, and changes nothing', async () => {
  const world = await createWorld();
  const digest = await openReschedule(world);
  await press(world, digest, 'Whitfield 001', 'Done');

  await submit(world, typed('2026-12-01 15:00'));

  expect(world.slack.modal(MAYA.id)?.errors?.when_picker).toContain('already marked this task done');
  expect(patches(world).map(({ body }) => body)).toEqual([expect.objectContaining({ status: 'DONE' })]);
});

test('the same submission delivered twice moves the task once', async () => {
  const world = await createWorld();
  await openReschedule(world);

  await submit(world, typed('2026-12-01 15:00'));
  await world.slack.redeliver();
  await world.idle();

  expect(patches(world)).toHaveLength(1);
});

test('a window whose trigger ran out is explained, and the button works again', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('views.open', { error: 'expired_trigger_id' });

  await pressOnly(world, digest, 'Whitfield 001', 'Reschedule');
  await vi.waitFor(() => expect(lastMessage(world)?.text).toContain('Nothing was changed; press the button again'));
  await answered(world, () => pressOnly(world, fresh(world, digest), 'Whitfield 001', 'Reschedule'));

  expect(world.slack.modal(MAYA.id)).toBeDefined();
});

/** As Slack tells it while someone types. */
async function typeInto(world: World, value: string) {
  const action = { type: 'plain_text_input', action_id: 'when_typed', value };
  expect((await world.slack.act(MAYA.id, { modal: true }, 'when_typed', action)).acked).toBe(true);
}

const shown = (world: World) => JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);
const updates = (world: World) => world.slack.calls.filter(({ method }) => method === 'views.update');

test('while a date is typed, the window shows the time as it is read, or asks; and what was typed and picked stays', async () => {
  const world = await createWorld();
  await openReschedule(world);

  await typeInto(world, 'tomorrow at 3pm');
  await vi.waitFor(() => expect(shown(world)).toContain('= *Tue 24 Nov, 15:00*'));
  await typeInto(world, 'thursday at 4');
  await vi.waitFor(() => expect(shown(world)).toContain('Thu 26 Nov, 04:00 or Thu 26 Nov, 16:00'));
  await typeInto(world, 'thurs');
  await vi.waitFor(() => expect(shown(world)).toContain('= *Thu 26 Nov, 09:00*'));

  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.state)).toContain('"thurs"');
  expect(patches(world)).toEqual([]);
  await submit(world, typed('thursday 16:00'));
  expect(dueAt(world, TASK_A)).toBe('2026-11-26T21:00:00.000Z');
});

test("a preview that would say the same is not sent again, and one that Slack refuses is nobody else's trouble", async () => {
  const world = await createWorld();
  await openReschedule(world);
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

test('a date that can be read two ways is asked about beside the field, and each answer that it names is accepted', async () => {
  const world = await createWorld();
  await openReschedule(world);

  await submit(world, typed('wednesday at 6'));

  expect(world.slack.modal(MAYA.id)?.errors).toEqual({
    when_typed:
      'That can be Wed 25 Nov, 06:00 or Wed 25 Nov, 18:00. Type 2026-11-25 06:00 for Wed 25 Nov, 06:00, or 2026-11-25 18:00 for Wed 25 Nov, 18:00.',
  });
  expect(patches(world)).toEqual([]);
  await submit(world, typed('2026-11-25 18:00'));
  expect(dueAt(world, TASK_A)).toBe('2026-11-25T23:00:00.000Z');
});
