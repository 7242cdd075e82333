import { expect, test, vi } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import {
  answered,
  createWorld,
  digestOf,
  dueAt,
  findRow,
  fresh,
  gongTask,
  lastMessage,
  MAYA,
  patches,
  press,
  pressOnly,
  TASK_A,
  TASK_B,
  type World,
} from './world.ts';

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
