/** World providers in one digest, and what every verb does at each. */
import { expect, test } from 'vitest';
import { HOUR, MANUAL_TASK, MAYA, MONDAY_NINE, outreachTask, STEP_TASK, TASK_A, THEO, THEO_OUTREACH } from './cast.ts';
import { answered, digestOf, press, pressButton, pressOnly } from './press.ts';
import { actionsAt, changesAt, findRow, fresh, mustBe, rowsOf, wordsOf } from './read.ts';
import { afterWindow, createThree } from './start.ts';
import type { World } from './world.ts';

const TOMORROW_NINE = '2026-11-24T14:00:00Z';
const TYPED = '2026-12-01T20:00:00Z';

async function reschedule(world: World, digest: Parameters<typeof press>[1], words: string) {
  await answered(world, () => pressOnly(world, digest, words, 'Reschedule'));
  const typed = { when_typed: { when_typed: { type: 'plain_text_input', value: '2026-12-01 15:00' } } };
  expect((await world.slack.submit(MAYA.id, typed)).ackBody).toEqual({});
  await world.idle();
}

test('one digest holds the tasks of three providers, ranked together, each with its provider’s name', async () => {
  const world = await createThree();

  const digest = await digestOf(world);

  const rows = rowsOf(digest.blocks).map(({ text }) => text);
  expect(rows.map((text) => text.split('  ·  ').at(-1))).toEqual([
    'Outreach',
    'Outreach',
    'Reply.io',
    'Reply.io',
    'Gong',
  ]);
  expect(wordsOf(digest)).toContain('5 due today');
  expect(wordsOf(digest)).toContain('Gong call tasks, Outreach tasks, Reply.io tasks');
  expect(rows[0]).toContain('Ines Calder');
  expect(rows[0]).toContain('Winter outbound');
  expect(rows[1]).toContain('Ask Bo about the &lt;pilot&gt; &amp; terms');
});

test('a provider that is down costs its own rows only, and the digest says so with a Retry that brings them', async () => {
  const world = await createThree();
  world.reply.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 503 } });

  const digest = await digestOf(world);

  expect(rowsOf(digest.blocks)).toHaveLength(3);
  expect(wordsOf(digest)).toContain('*Reply.io could not be reached, so your Reply.io tasks are missing here.*');
  world.reply.clearFaults();
  await pressButton(world, digest, 'Retry');
  expect(rowsOf(fresh(world, digest).blocks)).toHaveLength(5);
  expect(wordsOf(fresh(world, digest))).not.toContain('could not be reached');
});

test('Done at Outreach counts at once, waits for the undo window, and completes the task once', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await press(world, digest, 'Ines Calder', 'Done');

  const row = findRow(fresh(world, digest), 'Ines Calder');
  expect(row.text).toContain('Done. Goes to Outreach in 10 seconds; until then you can undo it');
  expect(Object.keys(row.controls)).toEqual(['Undo']);
  expect(wordsOf(fresh(world, digest))).toContain('1 of 5 settled');
  expect(actionsAt(world)).toEqual([]);
  await afterWindow(world);
  expect(actionsAt(world)).toEqual([`POST /tasks/${STEP_TASK}/actions/markComplete`]);
  expect(world.outreach.effects).toMatchObject([{ kind: 'advanced', taskId: STEP_TASK }]);
  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Outreach');
  expect(rowsOf(fresh(world, digest).blocks)).toHaveLength(4);
});

test.each([
  ['Finish sequence, no reply', false],
  ['Finish sequence, replied', true],
])('the menu of a sequence step: %s', async (choice, replied) => {
  const world = await createThree();
  const digest = await digestOf(world);

  await press(world, digest, 'Ines Calder', 'more', choice);
  await afterWindow(world);

  expect(world.outreach.effects).toMatchObject([{ kind: 'finished', taskId: STEP_TASK, replied }]);
  expect(wordsOf(fresh(world, digest))).toMatch(/Marked done in Outreach, .*repl/);
});

test('Done with a note takes the note, and the way to be done, to Outreach', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await answered(world, () => pressOnly(world, digest, 'Ines Calder', 'more', 'Done with a note…'));
  const delivery = await world.slack.submit(MAYA.id, {
    edit_note: { edit_note: { type: 'plain_text_input', value: 'Spoke for 20 min & agreed' } },
    edit_ending: {
      edit_ending: {
        type: 'radio_buttons',
        selected_option: { text: { type: 'plain_text', text: 'Finish sequence, replied' }, value: 'finish_replied' },
      },
    },
  });
  expect(delivery.ackBody).toEqual({});
  await afterWindow(world);

  expect(world.outreach.effects).toContainEqual(
    expect.objectContaining({ kind: 'noted', note: 'Spoke for 20 min & agreed' }),
  );
  expect(world.outreach.effects).toContainEqual(expect.objectContaining({ kind: 'finished', replied: true }));
});

test('Dismiss at Outreach skips a step of a sequence, and deletes any other task; the dialogs say so', async () => {
  const world = await createThree();
  const digest = await digestOf(world);
  const asked = (words: string) => JSON.stringify(findRow(digest, words).controls.Dismiss?.element.confirm);
  expect(asked('Ines Calder')).toContain('Skips step 4');
  expect(asked('Ines Calder')).toContain('moves Ines Calder on');
  expect(asked('Bo Tanaka')).toContain('Deletes the task in Outreach');

  await press(world, digest, 'Ines Calder', 'Dismiss');
  await press(world, fresh(world, digest), 'Bo Tanaka', 'Dismiss');
  await afterWindow(world);

  expect(actionsAt(world).sort()).toEqual([`DELETE /tasks/${MANUAL_TASK}`, `POST /tasks/${STEP_TASK}/actions/advance`]);
  expect(world.outreach.effects).toMatchObject([{ kind: 'advanced', taskId: STEP_TASK }]);
});

test('a task that may not be deleted has no Dismiss', async () => {
  const world = await createThree({
    outreachOptions: { tasks: [outreachTask({ id: MANUAL_TASK, prospectId: '42', canDelete: false })] },
  });

  const digest = await digestOf(world);

  expect(Object.keys(findRow(digest, 'Bo Tanaka').controls)).toEqual(expect.arrayContaining(['Done', 'Reschedule']));
  expect(findRow(digest, 'Bo Tanaka').controls.Dismiss).toBeUndefined();
});

test('Snooze and Reschedule at Outreach go out at once with the time that Slack shows, and Undo restores the old one', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await press(world, digest, 'Ines Calder', 'Snooze', 'Tomorrow');
  await reschedule(world, fresh(world, digest), 'Bo Tanaka');

  expect(actionsAt(world)).toEqual([
    `POST /tasks/${STEP_TASK}/actions/snooze?actionParams[dueAt]=${TOMORROW_NINE}`,
    `POST /tasks/${MANUAL_TASK}/actions/reschedule?actionParams[dueAt]=${TYPED}`,
  ]);
  await press(world, fresh(world, digest), 'Ines Calder', 'Undo');
  await press(world, fresh(world, digest), 'Bo Tanaka', 'Undo');
  for (const id of [STEP_TASK, MANUAL_TASK]) {
    expect(Date.parse(mustBe(world.outreach.task(id)?.dueAt ?? undefined))).toBe(MONDAY_NINE + HOUR);
  }
});

test('a due date that was not there cannot be restored, so such a move is held back', async () => {
  const world = await createThree({
    outreachOptions: { tasks: [outreachTask({ id: MANUAL_TASK, prospectId: '42', dueAt: null })] },
  });
  const digest = await digestOf(world);

  await press(world, digest, 'Bo Tanaka', 'Snooze', 'Tomorrow');
  expect(actionsAt(world)).toEqual([]);
  await press(world, fresh(world, digest), 'Bo Tanaka', 'Undo');
  await afterWindow(world);

  expect(actionsAt(world)).toEqual([]);
  expect(world.outreach.task(MANUAL_TASK)?.dueAt).toBeNull();
});

test('the corner menu: a note is edited from what it is, a rule is chosen, a task is given to another linked rep', async () => {
  const world = await createThree({ signedIn: [MAYA, THEO] });
  const digest = await digestOf(world);

  await answered(world, () => pressOnly(world, digest, 'Bo Tanaka', 'edit', 'Edit note…'));
  await expect.poll(() => JSON.stringify(world.slack.modal(MAYA.id)?.view)).toContain('Ask Bo about the <pilot>');
  await world.slack.submit(MAYA.id, { edit_note: { edit_note: { type: 'plain_text_input', value: 'Ask Bo & Ida' } } });
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.note).toBe('Ask Bo & Ida');
  expect(findRow(fresh(world, digest), 'Bo Tanaka').text).toContain('Note changed in Outreach');

  await answered(world, () => pressOnly(world, fresh(world, digest), 'Bo Tanaka', 'edit', 'Opportunity rule…'));
  await expect.poll(() => JSON.stringify(world.slack.modal(MAYA.id)?.view)).toContain('radio_buttons');
  const noop = { text: { type: 'plain_text', text: 'No opportunity' }, value: 'noop' };
  await world.slack.submit(MAYA.id, { edit_rule: { edit_rule: { type: 'radio_buttons', selected_option: noop } } });
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.opportunityAssociation).toBe('noop');

  await answered(world, () => pressOnly(world, fresh(world, digest), 'Bo Tanaka', 'edit', 'Reassign…'));
  const owner = (id: string) => ({ edit_owner: { edit_owner: { type: 'users_select', selected_user: id } } });
  expect((await world.slack.submit(MAYA.id, owner(MAYA.id))).ackBody).toMatchObject({ response_action: 'errors' });
  expect((await world.slack.submit(MAYA.id, owner(THEO.id))).ackBody).toEqual({});
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.ownerId).toBe(THEO_OUTREACH);
  expect(wordsOf(fresh(world, digest))).toContain('Given to Theo Brandt in Outreach');
});

test('nobody is given a task whom Docket has not linked there', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await answered(world, () => pressOnly(world, digest, 'Bo Tanaka', 'edit', 'Reassign…'));
  const owner = { edit_owner: { edit_owner: { type: 'users_select', selected_user: THEO.id } } };
  const { ackBody } = await world.slack.submit(MAYA.id, owner);

  expect(JSON.stringify(ackBody)).toContain('Docket has not linked this person to Outreach');
  await afterWindow(world);
  expect(actionsAt(world)).toEqual([]);
});

test('Done at Reply.io completes, never executes; a call takes its result from the menu', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await press(world, digest, 'Priya Raman', 'more', 'Done, positive');
  await press(world, fresh(world, digest), 'Odd Lund', 'Done');
  expect(changesAt(world)).toEqual([]);
  await afterWindow(world);

  expect(changesAt(world).sort()).toEqual(['POST /tasks/9001/complete', 'POST /tasks/9002/complete']);
  expect(world.reply.effects.completions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ taskId: '9001', callResolution: 'positive' }),
      expect.not.objectContaining({ callResolution: expect.anything() }),
    ]),
  );
  expect(world.reply.effects.executions).toEqual([]);
  expect(findRow(digest, 'Odd Lund').controls.more).toBeUndefined();
  expect(world.reply.requests.every(({ actingUser, path }) => path.includes('whoami') || actingUser)).toBe(true);
});

test('Snooze at Reply.io moves start and due together and keeps the template; Undo restores both; Dismiss asks first', async () => {
  const world = await createThree();
  const digest = await digestOf(world);
  const before = mustBe(world.reply.task('9001'));
  expect(JSON.stringify(findRow(digest, 'Priya Raman').controls.Dismiss?.element.confirm)).toContain(
    'Deletes the task',
  );

  await press(world, digest, 'Priya Raman', 'Snooze', 'Tomorrow');

  const moved = mustBe(world.reply.task('9001'));
  expect(Date.parse(moved.dueTo)).toBe(Date.parse(TOMORROW_NINE));
  expect(Date.parse(moved.dueTo) - Date.parse(moved.startAt)).toBe(2 * HOUR);
  expect(moved.template).toEqual(before.template);
  await press(world, fresh(world, digest), 'Priya Raman', 'Undo');
  const back = mustBe(world.reply.task('9001'));
  expect([Date.parse(back.startAt), Date.parse(back.dueTo)]).toEqual([MONDAY_NINE, MONDAY_NINE + 2 * HOUR]);

  await press(world, fresh(world, digest), 'Odd Lund', 'Dismiss');
  await afterWindow(world);
  expect(changesAt(world).at(-1)).toBe('DELETE /tasks/9002');
});

test('today’s Reply.io dialect is found out without a setting, and every verb speaks it', async () => {
  const world = await createThree({ replyOptions: { dialect: 'current' } });
  const digest = await digestOf(world);
  expect(rowsOf(digest.blocks)).toHaveLength(5);

  await press(world, digest, 'Priya Raman', 'more', 'Done, positive');
  await press(world, fresh(world, digest), 'Odd Lund', 'Snooze', 'Tomorrow');
  await afterWindow(world);

  expect(world.reply.task('9001')?.status).toBe('finished');
  expect(Date.parse(mustBe(world.reply.task('9002')).dueTo)).toBe(Date.parse(TOMORROW_NINE));
});

test('an account without the task API is said to be so', async () => {
  const world = await createThree({ replyOptions: { notEnabled: true } });

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('The tasks API is not enabled for your Reply.io account');
  expect(rowsOf(digest.blocks)).toHaveLength(3);
});

test('what is held back is undone without a trace at the provider', async () => {
  const world = await createThree();
  const digest = await digestOf(world);

  await press(world, digest, 'Ines Calder', 'Done');
  await press(world, fresh(world, digest), 'Priya Raman', 'Dismiss');
  await press(world, fresh(world, digest), 'Ines Calder', 'Undo');
  await press(world, fresh(world, digest), 'Priya Raman', 'Undo');
  await afterWindow(world);

  expect([...actionsAt(world), ...changesAt(world)]).toEqual([]);
  expect(findRow(fresh(world, digest), 'Ines Calder').controls.Done).toBeDefined();
});

test('a restart inside the window neither loses nor repeats what was held back', async () => {
  const world = await createThree();
  const digest = await digestOf(world);
  await press(world, digest, 'Ines Calder', 'Done');
  await press(world, fresh(world, digest), 'Priya Raman', 'Done');

  await world.restart(3_000);
  expect([...actionsAt(world), ...changesAt(world)]).toEqual([]);
  await afterWindow(world);
  await world.restart();
  await afterWindow(world);

  expect(actionsAt(world)).toEqual([`POST /tasks/${STEP_TASK}/actions/markComplete`]);
  expect(changesAt(world)).toEqual(['POST /tasks/9001/complete']);
  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Outreach');
});

test('with a window of 0 it is sent at once, and no Undo is offered', async () => {
  const world = await createThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
  const digest = await digestOf(world);

  await press(world, digest, 'Ines Calder', 'Done');
  await press(world, fresh(world, digest), 'Dana', 'Done');

  expect(actionsAt(world)).toHaveLength(1);
  expect(rowsOf(fresh(world, digest).blocks).some(({ text }) => text.includes('Ines Calder'))).toBe(false);
  // What the provider can reverse is sent at once whatever the window is, and can be undone.
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Dana').controls.Undo).toBeDefined();
});

test('a lost answer to what cannot be repeated is found out by reading, and nothing happens twice', async () => {
  const world = await createThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
  const digest = await digestOf(world);
  world.outreach.fail({ on: `POST /api/v2/tasks/${STEP_TASK}`, how: { kind: 'lose' } });
  world.reply.fail({ on: 'DELETE /v3/tasks/9001', how: { kind: 'lose' } });

  await press(world, digest, 'Ines Calder', 'Done');
  await press(world, fresh(world, digest), 'Priya Raman', 'Dismiss');
  await world.pass(5_000);
  await world.pass(5_000);

  expect(actionsAt(world)).toHaveLength(1);
  expect(world.outreach.effects).toHaveLength(1);
  expect(changesAt(world)).toHaveLength(1);
  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Outreach');
  expect(wordsOf(fresh(world, digest))).toContain('Dismissed in Reply.io');
});
