/** Three providers in one digest, and what every verb does at each. */
import { expect, test } from 'vitest';
import {
  ADMIN,
  ALWAYS,
  HOUR,
  MANUAL_TASK,
  MAYA,
  MONDAY_NINE,
  outreachTask,
  STEP_TASK,
  TASK_A,
  THEO,
  THEO_OUTREACH,
} from './cast.ts';
import { digestOf, type Shown, submit } from './press.ts';
import { actionsAt, changesAt, modalOf, mustBe, wordsOf } from './read.ts';
import { afterWindow, createThree, morningOfThree } from './start.ts';
import type { World } from './world.ts';

const TOMORROW_NINE = '2026-11-24T14:00:00Z';
const AT_ONCE = { env: { UNDO_WINDOW_SECONDS: '0' } };
const only = (...tasks: ReturnType<typeof outreachTask>[]) => ({ outreachOptions: { tasks } });
const asked = (digest: Shown, row: string) => JSON.stringify(digest.row(row).controls.Dismiss?.element.confirm);
const replyTimes = ({ reply }: World, id: string) => {
  const { startAt, dueTo } = mustBe(reply.task(id));
  return [Date.parse(startAt), Date.parse(dueTo)];
};

test('one digest holds the tasks of three providers, ranked together, each with its provider’s name', async () => {
  const { digest } = await morningOfThree();

  const rows = digest.rows().map(({ text }) => text);
  const of = ['Outreach', 'Outreach', 'Reply.io', 'Reply.io', 'Gong'];
  expect(rows.map((text) => text.match(/Outreach|Reply\.io|Gong/g)?.at(-1))).toEqual(of);
  expect(wordsOf(digest)).toContain('5 due today');
  expect(wordsOf(digest)).toContain('Gong call tasks, Outreach tasks, Reply.io tasks');
  expect(rows[0]).toMatch(/Ines Calder.*Winter outbound/s);
  expect(rows[1]).toContain('Ask Bo about the &lt;pilot&gt; &amp; terms');
});

test('a provider that is down costs its own rows only, and the digest says so with a Retry that brings them', async () => {
  const world = await createThree();
  world.reply.fail({ times: ALWAYS, how: { kind: 'answer', status: 503 } });

  const digest = await digestOf(world);

  expect(digest.rows()).toHaveLength(3);
  expect(wordsOf(digest)).toContain('*Reply.io could not be reached, so your Reply.io tasks are missing here.*');
  world.reply.clearFaults();
  await digest.button('Retry');
  expect(digest.rows()).toHaveLength(5);
  expect(digest.words()).not.toContain('could not be reached');
});

test('Done at Outreach counts at once, waits for the undo window, and completes the task once, over restarts too', async () => {
  const { world, digest } = await morningOfThree();

  await digest.press('Ines Calder', 'Done');
  await digest.press('Priya Raman', 'Done');

  expect(digest.row('Ines Calder').text).toContain('Goes to Outreach in 10 seconds; until then you can undo it');
  expect(digest.controls('Ines Calder')).toEqual(['Undo']);
  expect(digest.words()).toContain('2 of 5 cleared');
  await world.restart(3_000);
  expect([...actionsAt(world), ...changesAt(world)]).toEqual([]);
  await afterWindow(world);
  await world.restart();
  await afterWindow(world);

  expect(actionsAt(world)).toEqual([`POST /tasks/${STEP_TASK}/actions/markComplete`]);
  expect(changesAt(world)).toEqual(['POST /tasks/9001/complete']);
  expect(world.outreach.effects).toMatchObject([{ kind: 'advanced', taskId: STEP_TASK }]);
  expect(digest.words()).toContain('Marked done in Outreach');
  expect(digest.controls('Ines Calder')).toEqual([]);
});

test('what is held back is undone without a trace at the provider', async () => {
  const { world, digest } = await morningOfThree();

  for (const [row, verb] of [
    ['Ines Calder', 'Done'],
    ['Priya Raman', 'Dismiss'],
  ] as const) {
    await digest.press(row, verb);
    await digest.press(row, 'Undo');
  }
  await afterWindow(world);

  expect([...actionsAt(world), ...changesAt(world)]).toEqual([]);
  expect(digest.controls('Ines Calder')).toContain('Done');
});

test('with a window of 0 it is sent at once, and no Undo is offered', async () => {
  const { world, digest } = await morningOfThree(AT_ONCE);

  await digest.press('Ines Calder', 'Done');
  await digest.press('Dana', 'Done');

  expect(actionsAt(world)).toHaveLength(1);
  expect(digest.controls('Ines Calder')).toEqual([]);
  // What the provider can reverse is sent at once whatever the window is, and can be undone.
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.controls('Dana')).toEqual(['Undo']);
});

test('a lost answer to what cannot be repeated is found out by reading, and nothing happens twice', async () => {
  const { world, digest } = await morningOfThree(AT_ONCE);
  world.outreach.fail({ on: `POST /api/v2/tasks/${STEP_TASK}`, how: { kind: 'lose' } });
  world.reply.fail({ on: 'DELETE /v3/tasks/9001', how: { kind: 'lose' } });

  await digest.press('Ines Calder', 'Done');
  await digest.press('Priya Raman', 'Dismiss');
  await world.pass(5_000, 2);

  expect([actionsAt(world), world.outreach.effects, changesAt(world)].map(({ length }) => length)).toEqual([1, 1, 1]);
  expect(digest.words()).toContain('Marked done in Outreach');
  expect(digest.words()).toContain('Dismissed in Reply.io');
});

test.each([
  ['Finish sequence, no reply', false],
  ['Finish sequence, replied', true],
])('the menu of a sequence step: %s', async (choice, replied) => {
  const { world, digest } = await morningOfThree();

  await digest.press('Ines Calder', 'menu', choice);
  await afterWindow(world);

  expect(world.outreach.effects).toMatchObject([{ kind: 'finished', taskId: STEP_TASK, replied }]);
  expect(digest.words()).toMatch(/Marked done in Outreach, .*repl/);
});

test('Done with a note takes the note, and the way to be done, to Outreach', async () => {
  const { world, digest } = await morningOfThree();
  const note = 'Spoke for 20 min & agreed';

  await digest.open('Ines Calder', 'menu', 'Done with a note…');
  const ending = { text: { type: 'plain_text', text: 'Finish sequence, replied' }, value: 'finish_replied' };
  const { ackBody } = await submit(world, {
    edit_note: { type: 'plain_text_input', value: note },
    edit_ending: { type: 'radio_buttons', selected_option: ending },
  });
  expect(ackBody).toEqual({});
  await afterWindow(world);

  const effects = [expect.objectContaining({ kind: 'noted', note })];
  expect(world.outreach.effects).toEqual(expect.arrayContaining(effects));
  expect(world.outreach.effects).toContainEqual(expect.objectContaining({ kind: 'finished', replied: true }));
});

test('Dismiss at Outreach skips a step of a sequence, and deletes any other task; the dialogs say so', async () => {
  const { world, digest } = await morningOfThree();
  expect(asked(digest, 'Ines Calder')).toMatch(/Skips step 4.*moves Ines Calder on/);
  expect(asked(digest, 'Bo Tanaka')).toContain('Deletes the task in Outreach');

  await digest.press('Ines Calder', 'Dismiss');
  await digest.press('Bo Tanaka', 'Dismiss');
  await afterWindow(world);

  expect(actionsAt(world).sort()).toEqual([`DELETE /tasks/${MANUAL_TASK}`, `POST /tasks/${STEP_TASK}/actions/advance`]);
  expect(world.outreach.effects).toMatchObject([{ kind: 'advanced', taskId: STEP_TASK }]);
});

test('Snooze and Reschedule at Outreach go out at once with the time that Slack shows, and Undo restores the old one', async () => {
  const { world, digest } = await morningOfThree();

  await digest.press('Ines Calder', 'Snooze', 'Tomorrow');
  await digest.open('Bo Tanaka', 'Reschedule');
  await submit(world, { when_typed: { type: 'plain_text_input', value: '2026-12-01 15:00' } });

  expect(actionsAt(world)).toEqual([
    `POST /tasks/${STEP_TASK}/actions/snooze?actionParams[dueAt]=${TOMORROW_NINE}`,
    `POST /tasks/${MANUAL_TASK}/actions/reschedule?actionParams[dueAt]=2026-12-01T20:00:00Z`,
  ]);
  for (const [row, id] of [
    ['Ines Calder', STEP_TASK],
    ['Bo Tanaka', MANUAL_TASK],
  ] as const) {
    await digest.press(row, 'Undo');
    expect(Date.parse(mustBe(world.outreach.task(id)?.dueAt ?? undefined))).toBe(MONDAY_NINE + HOUR);
  }
});

test('a due date that was not there cannot be restored, so such a move is held back', async () => {
  const task = outreachTask({ id: MANUAL_TASK, prospectId: '42', dueAt: null });
  const { world, digest } = await morningOfThree(only(task));

  await digest.press('Bo Tanaka', 'Snooze', 'Tomorrow');
  expect(actionsAt(world)).toEqual([]);
  await digest.press('Bo Tanaka', 'Undo');
  await afterWindow(world);

  expect(actionsAt(world)).toEqual([]);
  expect(world.outreach.task(MANUAL_TASK)?.dueAt).toBeNull();
});

test('the corner menu: a note is edited from what it is, a rule is chosen, a task is given to another linked rep, and to nobody else', async () => {
  const { world, digest } = await morningOfThree({ users: [MAYA, THEO, ADMIN], signedIn: [MAYA, THEO] });
  const open = async (choice: string, shows: string) => {
    await digest.open('Bo Tanaka', 'menu', choice);
    await expect.poll(() => JSON.stringify(modalOf(world))).toContain(shows);
  };

  await open('Edit note…', 'Ask Bo about the <pilot>');
  await submit(world, { edit_note: { type: 'plain_text_input', value: 'Ask Bo & Ida' } });
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.note).toBe('Ask Bo & Ida');

  await open('Opportunity rule…', 'radio_buttons');
  const noop = { text: { type: 'plain_text', text: 'No opportunity' }, value: 'noop' };
  await submit(world, { edit_rule: { type: 'radio_buttons', selected_option: noop } });
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.opportunityAssociation).toBe('noop');

  await open('Reassign…', 'users_select');
  const give = async (id: string) =>
    (await submit(world, { edit_owner: { type: 'users_select', selected_user: id } })).ackBody;
  expect(await give(MAYA.id)).toMatchObject({ response_action: 'errors' });
  expect(JSON.stringify(await give(ADMIN.id))).toContain('has not linked this person to Outreach');
  expect(await give(THEO.id)).toEqual({});
  await afterWindow(world);
  expect(world.outreach.task(MANUAL_TASK)?.ownerId).toBe(THEO_OUTREACH);
  expect(digest.words()).toContain('Given to Theo Brandt in Outreach');
});

test('Done at Reply.io completes, never executes; a call takes its result from the menu', async () => {
  const { world, digest } = await morningOfThree();

  expect(digest.controls('Odd Lund')).toEqual(['Done', 'Snooze', 'Reschedule', 'Dismiss']);
  await digest.press('Priya Raman', 'menu', 'Done, positive');
  await digest.press('Odd Lund', 'Done');
  expect(changesAt(world)).toEqual([]);
  await afterWindow(world);

  expect(changesAt(world).sort()).toEqual(['POST /tasks/9001/complete', 'POST /tasks/9002/complete']);
  expect(world.reply.effects.completions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ taskId: '9001', callResolution: 'positive' }),
      expect.not.objectContaining({ callResolution: expect.anything() }),
    ]),
  );
  expect(world.reply.requests.every(({ actingUser, path }) => path.includes('whoami') || actingUser)).toBe(true);
});

test('Snooze at Reply.io moves start and due together and keeps the template; Undo restores both; Dismiss asks first', async () => {
  const { world, digest } = await morningOfThree();
  const { template } = mustBe(world.reply.task('9001'));
  expect(asked(digest, 'Priya Raman')).toContain('Deletes the task');

  await digest.press('Priya Raman', 'Snooze', 'Tomorrow');

  const due = Date.parse(TOMORROW_NINE);
  expect(replyTimes(world, '9001')).toEqual([due - 2 * HOUR, due]);
  expect(world.reply.task('9001')?.template).toEqual(template);
  await digest.press('Priya Raman', 'Undo');
  expect(replyTimes(world, '9001')).toEqual([MONDAY_NINE, MONDAY_NINE + 2 * HOUR]);

  // A compact row's menu cannot ask, so a window does.
  await digest.open('Odd Lund', 'Dismiss');
  expect(JSON.stringify(modalOf(world))).toContain('Deletes the task');
  expect(changesAt(world).at(-1)).not.toContain('DELETE');
  await submit(world, {});
  await afterWindow(world);
  expect(changesAt(world).at(-1)).toBe('DELETE /tasks/9002');
});

test('today’s Reply.io dialect is found out without a setting, and every verb speaks it', async () => {
  const { world, digest } = await morningOfThree({ replyOptions: { dialect: 'current' } });
  expect(digest.rows()).toHaveLength(5);

  await digest.press('Priya Raman', 'menu', 'Done, positive');
  await digest.press('Odd Lund', 'Snooze', 'Tomorrow');
  await afterWindow(world);

  expect(world.reply.task('9001')?.status).toBe('finished');
  expect(replyTimes(world, '9002')[1]).toBe(Date.parse(TOMORROW_NINE));
});
