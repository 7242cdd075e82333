/** Work through: one window, one task after another, a choice for each. */
import { expect, test } from 'vitest';
import { ALWAYS, HOUR, MANUAL_TASK, MAYA, MINUTE, MONDAY_NINE, manyTasks, THEO } from './cast.ts';
import { digestOf, openHome, press, type Shown, type } from './press.ts';
import { dueAt, fresh, modalOf, mustBe, patches, wordsOf } from './read.ts';
import { afterWindow, createThree, morning, morningOfThree } from './start.ts';
import {
  callsOf,
  choicesOf,
  chosenOf,
  errorsOf,
  openByButton,
  pressInWindow,
  step,
  windowControls,
  windowTitle,
  windowWords,
} from './windows.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const idOf = (number: number) => `9007199254740993${99 + number}`;
const statusOf = (world: World, number: number) => world.gong.task(idOf(number))?.status;

async function working(count: number, options: WorldOptions = {}): Promise<{ world: World; digest: Shown }> {
  const { world, digest } = await morning({ tasks: manyTasks(count), gongRateLimits: false, ...options });
  await openByButton(world, digest, 'Work through');
  return { world, digest };
}

const EDITS = new Set(['chat.update', 'response_url']);
const editsSince = (world: World, since: number) =>
  world.slack.calls.slice(since).filter(({ method }) => EDITS.has(method)).length;

test('twenty tasks are worked through without a Slack call of a step, and the message is right at the end', async () => {
  const { world, digest } = await working(20);
  expect([windowTitle(world), chosenOf(world)]).toEqual(['1 of 20', 'Done']);
  const before = world.slack.calls.length;
  const answers: unknown[] = [];
  for (let number = 1; number <= 20; number += 1) {
    expect(windowTitle(world)).toBe(`${number} of 20`);
    expect(windowWords(world)).toContain(`Task number ${number};`);
    const calls = world.slack.calls.length;
    const { ackBody } = await stepOf(world, number);
    answers.push(ackBody.response_action);
    // Nothing but an edit of the message now and then.
    const made = world.slack.calls.slice(calls).map(({ method }) => method);
    expect(made.filter((method) => !EDITS.has(method))).toEqual([]);
    await world.idle();
    await world.pass(2_000);
  }
  expect(answers).toEqual(Array(20).fill('update'));
  expect(editsSince(world, before)).toBeLessThanOrEqual(10);
  expect(windowTitle(world)).toBe('Worked through');
  expect(windowWords(world)).toContain('*12 done, 2 snoozed, 2 rescheduled, 2 dismissed*.');
  expect(windowWords(world)).toContain(
    '*2 open tasks left in this list*\n•  Dana Whitfield 105: Task number 6;\n•  Dana Whitfield 115: Task number 16;',
  );
  expect([1, 3, 4, 5, 6, 7].map((number) => statusOf(world, number))).toEqual([
    'DONE',
    'OPEN',
    'OPEN',
    'DISMISSED',
    'OPEN',
    'DONE',
  ]);
  expect(dueAt(world, idOf(3))).toBe('2026-11-24T14:00:00.000Z');
  expect(dueAt(world, idOf(4))).toBe(new Date(MONDAY_NINE + 5 * HOUR).toISOString());
  expect(wordsOf(fresh(world, digest))).toContain('18 of 20 cleared');
});

/** Mixed: mostly Done by Enter alone, and every other way twice. */
async function stepOf(world: World, number: number) {
  const kind = number % 10;
  if (kind === 3) return step(world, 'Snooze to tomorrow');
  if (kind === 4) return step(world, 'Reschedule', MONDAY_NINE + 5 * HOUR);
  if (kind === 5) return step(world, 'Dismiss');
  if (kind === 6) return step(world, 'Leave');
  return step(world);
}

test('the result of a step stands at the top of the next one', async () => {
  const { world } = await working(4);
  await step(world);
  expect(windowWords(world).split('\n')[0]).toBe('Done: Dana Whitfield 100: Task number 1;');
  await step(world, 'Snooze to tomorrow');
  expect(windowWords(world).split('\n')[0]).toBe('Snoozed until Tue 24 Nov, 09:00: Dana Whitfield 101: Task number 2;');
  await step(world, 'Leave');
  expect(windowWords(world).split('\n')[0]).toBe('Left open: Dana Whitfield 102: Task number 3;');
});

test('the actions of the steps edit the message once when the window is closed, and nothing is lost', async () => {
  const { world, digest } = await working(6);
  const before = world.slack.calls.length;
  for (let number = 1; number <= 3; number += 1) {
    await step(world);
    await world.pass(1_000);
  }
  expect([1, 2, 3, 4].map((number) => statusOf(world, number))).toEqual(['DONE', 'DONE', 'DONE', 'OPEN']);
  expect(editsSince(world, before)).toBe(0);
  expect((await world.slack.closeModal(MAYA.id))?.acked).toBe(true);
  await world.pass(2_000);
  expect(editsSince(world, before)).toBe(1);
  expect(wordsOf(fresh(world, digest))).toContain('3 of 6 cleared');
});

test('a window that nobody closes is followed by an edit a while after the last step', async () => {
  const { world, digest } = await working(6);
  const before = world.slack.calls.length;
  await step(world);
  await world.pass(40_000);
  await step(world);
  await world.pass(40_000);
  expect(editsSince(world, before)).toBe(0);
  await world.pass(30_000);
  expect(editsSince(world, before)).toBe(1);
  expect(wordsOf(fresh(world, digest))).toContain('2 of 6 cleared');
});

test('a step that is sent twice is recorded once, and the next step says so', async () => {
  const { world } = await working(3);
  await step(world);
  await world.slack.redeliver();
  await world.idle();
  expect(windowTitle(world)).toBe('2 of 3');
  expect(windowWords(world)).toContain('Done: Dana Whitfield 100: Task number 1; (sent twice, recorded once)');
  expect(patches(world)).toHaveLength(1);
  // And it goes on as one sweep.
  await step(world);
  await step(world);
  await world.pass(2_000);
  expect(windowWords(world)).toContain('*3 done*.');
});

test('the other choice of a second device changes nothing, and the next step says so', async () => {
  const { world } = await working(3);
  const first = modalOf(world);
  await step(world);
  await world.idle();
  const sent = mustBe(world.slack.sent.findLast(({ payload }) => payload.type === 'view_submission')).payload;
  const forged = JSON.parse(JSON.stringify(sent));
  const block = String(first.find(({ block_id }) => String(block_id).startsWith('focus_choice.'))?.block_id);
  forged.view.state.values[block][block].selected_option.value = '!dismiss';
  const { ackBody } = await world.slack.deliver('interactive', forged);
  expect(JSON.stringify(ackBody)).toContain(
    'Nothing changed for Dana Whitfield 100: Task number 1;. You already marked this task done',
  );
  await world.idle();
  expect(statusOf(world, 1)).toBe('DONE');
});

test('a task that was closed in Gong meanwhile is told in a later step, and nothing is sent', async () => {
  const { world } = await working(3);
  world.gong.put({ ...mustBe(world.gong.task(idOf(1))), status: 'DONE' });
  await step(world);
  await world.idle();
  await step(world);
  expect(windowWords(world)).toContain('*1 failed so far:* Dana Whitfield 100: Task number 1; (No longer open in Gong');
  await world.idle();
  expect(patches(world).map(({ path }) => path)).toEqual([`/v2/tasks/${idOf(2)}`]);
});

test('tasks that were settled from the message meanwhile are passed over, and that is said', async () => {
  const { world, digest } = await working(4);
  const { hash } = mustBe(world.slack.modal(MAYA.id));
  await press(world, digest, 'Task number 2;', 'Done');
  expect(mustBe(world.slack.modal(MAYA.id)).hash).toBe(hash);
  await step(world);
  expect(windowTitle(world)).toBe('3 of 4');
  expect(windowWords(world)).toContain('Passed over, closed meanwhile: Dana Whitfield 101: Task number 2;');
  expect(windowWords(world)).toContain('Task number 3;');
});

test('Reschedule without a time, or with a past one, is refused beside the field', async () => {
  const { world } = await working(2);
  await step(world, 'Reschedule');
  expect([errorsOf(world), windowTitle(world)]).toEqual([
    ['Pick the new time here, or choose something else.'],
    '1 of 2',
  ]);
  await step(world, 'Reschedule', MONDAY_NINE - HOUR);
  expect(errorsOf(world)).toEqual(['That is in the past. Choose a later time.']);
  expect(patches(world)).toEqual([]);
  await step(world, 'Reschedule', MONDAY_NINE + HOUR);
  expect(windowTitle(world)).toBe('2 of 2');
});

test('a time without Reschedule is asked about, and Enter takes the time', async () => {
  const { world } = await working(2);
  await step(world, 'Done', MONDAY_NINE + HOUR);
  expect(choicesOf(world)).toEqual([
    'Reschedule to Mon 23 Nov, 10:00',
    'Forget the time, keep my choice',
    'Choose something else',
  ]);
  await world.idle();
  expect(patches(world)).toEqual([]);
  await step(world, 'Choose something else');
  expect([windowTitle(world), chosenOf(world)]).toEqual(['1 of 2', 'Done']);
  await step(world, 'Done', MONDAY_NINE + HOUR);
  await step(world);
  await world.idle();
  expect(dueAt(world, idOf(1))).toBe(new Date(MONDAY_NINE + HOUR).toISOString());
  expect(windowTitle(world)).toBe('2 of 2');
});

test('a time whose moment has passed changes nothing, and the step shows new times', async () => {
  const { world } = await working(2);
  await world.pass(4 * HOUR);
  await step(world, 'Snooze to later today, 12:00');
  expect(windowWords(world)).toContain('That time has passed, so nothing was changed.');
  expect(choicesOf(world)).toContain('Snooze to later today, 16:00');
  expect(windowTitle(world)).toBe('1 of 2');
});

test('a failure is told in later steps and at the end, with its reason and Retry', async () => {
  const { world, digest } = await working(3, { allowUnexpected: true });
  world.gong.fail({ on: 'PATCH', times: 1, how: { kind: 'answer', status: 403 } });
  await step(world);
  await world.idle();
  await step(world);
  expect(windowWords(world)).toContain(
    '*1 failed so far:* Dana Whitfield 100: Task number 1; (Gong does not let Docket change this task.)',
  );
  await step(world);
  await world.pass(2_000, 2);
  expect(windowWords(world)).toContain('*2 done*, 1 failed.');
  expect(windowWords(world)).toContain('*Not marked done.* Gong does not let Docket change this task.');
  expect(wordsOf(fresh(world, digest))).toContain('Not marked done');
  await pressInWindow(world, 'Retry what failed');
  await world.pass(2_000, 3);
  expect(statusOf(world, 1)).toBe('DONE');
  expect(windowWords(world)).toContain('*3 done*.');
});

test('Undo all takes all steps back', async () => {
  const { world, digest } = await working(4);
  await step(world);
  await step(world, 'Dismiss');
  await step(world, 'Snooze to tomorrow');
  await step(world, 'Leave');
  await world.pass(2_000);
  const due = new Date(MONDAY_NINE + 3 * HOUR).toISOString();
  expect(windowControls(world)).toEqual(['Undo all']);
  await pressInWindow(world, 'Undo all');
  await world.pass(2_000, 3);
  expect([1, 2, 3].map((number) => statusOf(world, number))).toEqual(['OPEN', 'OPEN', 'OPEN']);
  expect(dueAt(world, idOf(3))).toBe(due);
  expect(windowWords(world)).toContain('3 taken back.');
  expect(windowControls(world)).toEqual([]);
  expect(wordsOf(fresh(world, digest))).toContain('0 of 4 cleared');
});

test('Undo all says what was sent already and cannot be taken back', async () => {
  const { world, digest } = await morningOfThree();
  await openByButton(world, digest, 'Work through');
  let steps = 0;
  while (windowTitle(world) !== 'Worked through') {
    await step(world, 'Done');
    steps += 1;
  }
  await afterWindow(world);
  await world.pass(2_000, 3);
  expect(windowWords(world)).toContain(`*${steps} done*.`);
  await pressInWindow(world, 'Undo all');
  await world.pass(2_000, 3);
  expect(windowWords(world)).toMatch(/\d tasks? were? sent already, and the tool cannot take that back\./u);
  expect(windowWords(world)).toContain('1 taken back.');
});

test('a time after the tool skips the task is asked about, and Enter confirms it', async () => {
  const world = await createThree();
  world.outreach.put({ ...mustBe(world.outreach.task(MANUAL_TASK)), autoskipAt: '2026-11-25T14:00:00.000Z' });
  await openByButton(world, await digestOf(world), 'Work through');
  while (!windowWords(world).includes('skips it by itself')) await step(world, 'Leave');
  const title = windowTitle(world);
  const before = world.outreach.task(MANUAL_TASK)?.dueAt;
  await step(world, 'Snooze to next week');
  await world.idle();
  expect(windowWords(world)).toContain(
    'Outreach skips this task by itself on Wed 25 Nov, 09:00, before the time that you chose',
  );
  expect([windowTitle(world), choicesOf(world)]).toEqual([
    title,
    ['Snooze until Mon 30 Nov, 09:00 anyway', 'Choose something else'],
  ]);
  expect(world.outreach.task(MANUAL_TASK)?.dueAt).toBe(before);
  await step(world);
  await world.idle();
  expect(windowWords(world)).toContain('Snoozed until Mon 30 Nov, 09:00: Bo Tanaka');
  expect(world.outreach.task(MANUAL_TASK)?.dueAt).toMatch(/^2026-11-30T14:00:00/);
});

test("someone else's list is refused", async () => {
  const { world, digest } = await morning({ tasks: manyTasks(3) });
  await openByButton(world, digest, 'Work through');
  const sent = mustBe(world.slack.sent.at(-1)).payload;
  await world.slack.deliver('interactive', { ...sent, user: { ...(sent.user as object), id: THEO.id } });
  await world.idle();
  expect(world.slack.modal(THEO.id)).toBeUndefined();

  await step(world, 'Leave');
  const submitted = mustBe(world.slack.sent.at(-1)).payload;
  const forged = JSON.parse(JSON.stringify(submitted).replaceAll('"!leave"', '"!done"'));
  const { ackBody } = await world.slack.deliver('interactive', { ...forged, user: { ...forged.user, id: THEO.id } });
  expect(JSON.stringify(ackBody)).toContain("someone else's list");
  await world.idle();
  expect(patches(world)).toEqual([]);
});

test('a restart in the middle loses nothing, and the window goes on', async () => {
  const { world, digest } = await working(3);
  await step(world);
  await world.restart();
  await step(world);
  await step(world);
  await world.pass(2_000, 2);
  expect([1, 2, 3].map((number) => statusOf(world, number))).toEqual(['DONE', 'DONE', 'DONE']);
  expect(windowWords(world)).toContain('*3 done*');
  expect(windowControls(world)).toEqual(['Undo all']);
  expect(wordsOf(fresh(world, digest))).toContain('All 3 cleared');
});

test('the end says what is under way, and is drawn again once when that has settled', async () => {
  const { world } = await working(2);
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status: 503 } });
  await step(world);
  await step(world);
  expect(windowWords(world)).toContain('2 tasks are still on the way to the tools.');
  const before = world.slack.calls.length;
  world.gong.clearFaults();
  await world.pass(MINUTE, 3);
  expect(windowWords(world)).toContain('*2 done*.');
  expect(windowWords(world)).not.toContain('on the way');
  expect(callsOf(world, 'views.update', before)).toBe(1);
});

test('a list that only the rep sees, and that takes few edits, is right at the end', async () => {
  const world = await createWorld({ tasks: manyTasks(22), gongRateLimits: false });
  const list = await type(world, '');
  await openByButton(world, list, 'Work through');
  for (let number = 1; number <= 22; number += 1) {
    await step(world);
    await world.idle();
  }
  await world.pass(2_000, 2);
  expect(wordsOf(fresh(world, list))).toContain('All 22 cleared');
});

test('two quick steps and a closed window are one edit', async () => {
  const { world, digest } = await working(4);
  const before = world.slack.calls.length;
  await step(world);
  await step(world);
  await world.slack.closeModal(MAYA.id);
  await world.idle();
  await world.pass(1_000, 3);
  expect(editsSince(world, before)).toBe(1);
  expect(wordsOf(fresh(world, digest))).toContain('2 of 4 cleared');
});

test('Home offers it too, and shows what was done when the window is closed', async () => {
  const { world } = await morning({ tasks: manyTasks(3), gongRateLimits: false });
  const home = await openHome(world);
  await openByButton(world, 'home', 'Work through');
  await step(world);
  await step(world, 'Dismiss');
  await world.idle();
  await world.slack.closeModal(MAYA.id);
  await world.pass(2_000, 2);
  expect([1, 2, 3].map((number) => statusOf(world, number))).toEqual(['DONE', 'DISMISSED', 'OPEN']);
  expect(home.words()).toContain('2 of 3 cleared');
});
