/** Open… on a row: one task with all that is known of it, its verbs, and its neighbours. */
import { expect, test } from 'vitest';
import { ALWAYS, gongTask, HOUR, MAYA, MONDAY_NINE, manyTasks, THEO } from './cast.ts';
import { submit } from './press.ts';
import { dueAt, fresh, modalOf, mustBe, patches, wordsOf } from './read.ts';
import { afterWindow, morning, morningOfThree } from './start.ts';
import {
  callsOf,
  openTaskWindow,
  pressInWindow,
  pressOnly,
  windowControls,
  windowTitle,
  windowWords,
} from './windows.ts';

const VERBS = ['Done', 'Snooze', 'Reschedule…', 'Dismiss'];

test('a verb pressed in the window changes the task, and the window and the message show it with Undo', async () => {
  const { world, digest } = await morning({ tasks: manyTasks(5) });
  await openTaskWindow(world, digest, 'Whitfield 103');
  expect(windowTitle(world)).toBe('Task 4 of 5');
  expect(windowWords(world)).toContain('Task number 4');
  expect(windowControls(world)).toEqual([...VERBS, 'Previous', 'Next']);
  const before = world.slack.calls.length;
  await pressInWindow(world, 'Done');
  expect(world.gong.task('9007199254740993103')?.status).toBe('DONE');
  expect(windowWords(world)).toContain('Marked done in Gong');
  expect(windowControls(world)).toEqual(['Undo', 'Previous', 'Next']);
  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Gong');
  // One when it is recorded, one when it has settled.
  expect(callsOf(world, 'views.update', before)).toBeLessThanOrEqual(2);

  await pressInWindow(world, 'Undo');
  expect(world.gong.task('9007199254740993103')?.status).toBe('OPEN');
  expect(windowControls(world)).toEqual([...VERBS, 'Previous', 'Next']);
});

test('Next and Previous show the neighbours, for one call each', async () => {
  const { world, digest } = await morning({ tasks: manyTasks(3) });
  await openTaskWindow(world, digest, 'Whitfield 101');
  const before = world.slack.calls.length;
  await pressInWindow(world, 'Next');
  expect([windowTitle(world), windowControls(world).at(-1)]).toEqual(['Task 3 of 3', 'Previous']);
  await pressInWindow(world, 'Previous');
  await pressInWindow(world, 'Previous');
  expect([windowTitle(world), windowControls(world).at(-1)]).toEqual(['Task 1 of 3', 'Next']);
  expect(world.slack.calls.slice(before).map(({ method }) => method)).toEqual(Array(3).fill('views.update'));
});

test('Reschedule opens its form on top, and the window shows the new time when it has closed', async () => {
  const { world, digest } = await morning();
  await openTaskWindow(world, digest, 'Whitfield 001');
  const window = mustBe(world.slack.modal(MAYA.id)).id;
  await pressInWindow(world, 'Reschedule…');
  expect(mustBe(world.slack.modal(MAYA.id)).view).toMatchObject({ callback_id: 'task_when', previous_view_id: window });
  await submit(world, { when_picker: { selected_date_time: MONDAY_NINE / 1_000 + 7_200 } });
  expect(mustBe(world.slack.modal(MAYA.id)).id).toBe(window);
  expect(dueAt(world, '9007199254740993001')).toBe(new Date(MONDAY_NINE + 2 * HOUR).toISOString());
  expect(windowWords(world)).toContain('Rescheduled to Mon 23 Nov, 11:00');
});

test('endings and edits are in one menu, and an edit that needs a form opens it on top', async () => {
  const { world, digest } = await morningOfThree();
  await openTaskWindow(world, digest, 'Ines');
  const more = mustBe(
    modalOf(world)
      .flatMap(({ elements }) => (elements ?? []) as { action_id?: string; options?: { text: { text: string } }[] }[])
      .find(({ action_id }) => action_id === 'window_more'),
  );
  const options = more.options?.map(({ text }) => text.text) ?? [];
  expect(options).toEqual(
    expect.arrayContaining(['Done with a note…', 'Edit note…', 'Reassign…', 'Opportunity rule…']),
  );
  await pressInWindow(world, 'More ways, and edits', 'Done with a note…');
  await submit(world, { edit_note: { value: 'Wants it in writing' } });
  expect(windowWords(world)).toContain('Done');
  expect(windowControls(world)).toContain('Undo');
  await afterWindow(world);
  expect(windowWords(world)).toContain('Marked done in Outreach, with your note');
  expect(windowControls(world)).not.toContain('Undo');
});

test('a press that comes too late changes nothing and is said in the window', async () => {
  const { world, digest } = await morning();
  await openTaskWindow(world, digest, 'Whitfield 001');
  const forms = mustBe(world.slack.modal(MAYA.id));
  await pressInWindow(world, 'Done');
  // The press of a second device, whose window still shows the verbs.
  const dismiss = forms.view.blocks as { block_id: string; elements?: { action_id: string }[] }[];
  const block = mustBe(
    dismiss.find(({ elements }) => elements?.some(({ action_id }) => action_id === 'window_dismiss')),
  );
  const element = mustBe(block.elements?.find(({ action_id }) => action_id === 'window_dismiss'));
  const last = mustBe(world.slack.sent.findLast(({ payload }) => payload.type === 'block_actions')).payload;
  await world.slack.deliver('interactive', { ...last, actions: [{ ...element, block_id: block.block_id }] });
  await world.idle();
  expect(windowWords(world)).toContain('You already marked this task done');
  expect(patches(world)).toHaveLength(1);
});

test('a failure is shown in the window with Retry', async () => {
  const { world, digest } = await morning({ allowUnexpected: true });
  await openTaskWindow(world, digest, 'Whitfield 001');
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status: 403 } });
  await pressInWindow(world, 'Done');
  expect(windowWords(world)).toContain('Not marked done.');
  expect(windowControls(world).slice(0, 2)).toEqual(['Retry', 'Choose another action']);
});

test("someone else's row shows nothing and changes nothing", async () => {
  const { world, digest } = await morning();
  await openTaskWindow(world, digest, 'Whitfield 001');
  await pressOnly(world, 'Next');
  await world.idle();
  const last = mustBe(world.slack.sent.at(-1)).payload;
  const before = windowWords(world);
  for (const action of [
    { action_id: 'window_done', block_id: '1.0.0', value: '!done' },
    { action_id: 'window_next', block_id: '1.0.0.t', value: '1.1.0' },
  ]) {
    const user = { ...(last.user as object), id: THEO.id };
    await world.slack.deliver('interactive', { ...last, user, actions: [action] });
    await world.idle();
  }
  expect(windowWords(world)).toBe(before);
  expect(patches(world)).toEqual([]);
  expect(JSON.stringify(world.slack.messages(THEO.id))).toContain("someone else's list");
});

test('a window that was closed is not drawn again', async () => {
  const { world, digest } = await morning({ tasks: [gongTask({ id: '9007199254740993100' })] });
  await openTaskWindow(world, digest, 'Whitfield 100');
  await world.slack.closeModal(MAYA.id);
  const before = world.slack.calls.length;
  await digest.press('Whitfield 100', 'Done');
  expect(callsOf(world, 'views.update', before)).toBe(0);
});
