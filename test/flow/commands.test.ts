import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MAYA_GONG, MONDAY_NINE, TASK_A, TASK_B, THEO } from './cast.ts';
import { answered, digestOf, press, pressButton, type } from './press.ts';
import { findRow, fresh, lastMessage, mustBe, patches, posted, rowsOf, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const STRANGER: SandboxUser = {
  id: 'U0IDA',
  name: 'ida',
  realName: 'Ida Norrgard',
  email: 'ida@northlight.example',
  tz: 'Europe/Stockholm',
};

function tasksOfTheWeek() {
  const due = (days: number) => new Date(MONDAY_NINE + days * DAY + 2 * HOUR).toISOString();
  return [
    gongTask({ id: '9007199254740993101', dueDate: due(-3), title: 'Late renewal' }),
    gongTask({ id: '9007199254740993102', dueDate: due(0), title: 'Send the quote', account: { name: 'Café Zürich' } }),
    gongTask({ id: '9007199254740993103', dueDate: due(3), title: 'Check in' }),
    gongTask({ id: '9007199254740993104', dueDate: due(20), title: 'Far away' }),
  ];
}

test('/tasks answers with a list that only the rep sees, and its verbs work there', async () => {
  const world = await createWorld();

  const list = await type(world, '');
  expect(list.ephemeral).toBe(true);
  expect(wordsOf(list)).toContain('Your open tasks');
  await press(world, list, 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, list), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);

  await press(world, fresh(world, list), 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(Object.keys(findRow(fresh(world, list), 'Whitfield 001').controls)).toContain('Done');
  expect(world.slack.calls.map(({ method }) => method)).not.toContain('chat.update');
});

test('the same task in the digest and in a list: what is done in the one is shown in the other', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const list = await type(world, '');

  await press(world, list, 'Whitfield 001', 'Done');

  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(wordsOf(fresh(world, digest))).toContain('1 of 2 settled');

  // The list was clicked on, so for half an hour it can be kept true as well.
  await press(world, fresh(world, digest), 'Whitfield 002', 'Dismiss');

  expect(findRow(fresh(world, list), 'Whitfield 002').text).toContain('Dismissed in Gong');
});

test('an action taken in one place and taken back in another', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');

  const list = await type(world, '');
  expect(findRow(list, 'Whitfield 001').text).toContain('Mon 30 Nov');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  await press(world, list, 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test.each([
  ['overdue', ['Late renewal']],
  ['today', ['Send the quote']],
  ['week', ['Send the quote', 'Check in']],
  ['', ['Late renewal', 'Send the quote', 'Check in', 'Far away']],
  ['  OVERDUE ', ['Late renewal']],
  ['cafe zur', ['Send the quote']],
  ['the', ['Send the quote']],
])('/tasks %s lists what was asked for, soonest first', async (text, titles) => {
  const world = await createWorld({ now: MONDAY_NINE, tasks: tasksOfTheWeek() });

  const list = await type(world, text);

  const found = rowsOf(list.blocks).map(
    (row) => tasksOfTheWeek().find(({ title }) => row.text.includes(String(title)))?.title,
  );
  expect(found).toEqual(titles);
});

test('a text that no task holds is answered with what can be typed', async () => {
  const world = await createWorld();

  const answer = await type(world, 'frobnicate <!channel>');

  expect(answer.text).toContain('No open task contains “frobnicate &lt;!channel&gt;”');
  expect(answer.text).toContain('/tasks digest');
});

test('/tasks today without tasks for today says so, and does not claim that there are none at all', async () => {
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A, dueDate: '2026-12-20T10:00:00Z' })] });

  expect(wordsOf(await type(world, 'today'))).toContain('You have no tasks due today in Gong.');
});

test.each(['help', '?', '!!!'])('/tasks %s shows what can be typed', async (text) => {
  const world = await createWorld();

  const answer = await type(world, text);

  for (const word of [
    'overdue',
    'today',
    'week',
    'digest',
    'status',
    'settings',
    'connect',
    'pause',
    'resume',
    'help',
  ]) {
    expect(wordsOf(answer)).toContain(`/tasks ${word}`);
  }
});

test('/tasks status: linked accounts, when Gong was reached, last and next digest', async () => {
  const world = await createWorld();
  expect(wordsOf(await type(world, 'status'))).toContain('Last digest: none yet.');
  await digestOf(world);
  await world.pass(HOUR / 2);

  const words = wordsOf(await type(world, 'status'));

  expect(words).toContain('Gong*: linked by your address maya@northlight.example, last reached 30 minutes ago');
  expect(words).toContain('Last digest: Mon 23 Nov, 09:00.');
  expect(words).toContain('Next digest: Tue 24 Nov, 09:00.');
  expect(words).toContain('America/New_York');
});

const settingsOf = (time: string, days: string[]) => ({
  settings_time: { settings_time: { selected_time: time } },
  settings_days: { settings_days: { selected_options: days.map((value) => ({ value })) } },
});

test('/tasks settings: a saved hour and days move the next digest', async () => {
  const world = await createWorld();

  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  await world.slack.submit(MAYA.id, settingsOf('16:30', ['2', '6']));
  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  await world.pass(8 * HOUR);
  expect(posted(world)).toEqual([]);
  await world.pass(Date.parse('2026-11-24T21:30:00Z') - world.now());
  expect(posted(world)).toHaveLength(1);
  await world.pass(Date.parse('2026-11-28T21:30:00Z') - world.now());

  expect(posted(world)).toHaveLength(2);
});

test('the settings window shows what was saved', async () => {
  const world = await createWorld();
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  await world.slack.submit(MAYA.id, settingsOf('16:30', ['1']));

  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  const shown = JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);

  expect(shown).toContain('"initial_time":"16:30"');
  expect(shown).toContain('America/New_York');
});

test('someone whom Gong does not know is told what to do, and is found as soon as they are added', async () => {
  const world = await createWorld({ users: [MAYA, STRANGER] });

  const refusals = [];
  for (const text of ['', 'overdue', 'digest', 'settings', 'pause', 'acme'])
    refusals.push(await type(world, text, STRANGER));

  for (const { text } of refusals) expect(text).toContain('You are not linked yet.');
  expect(refusals[0]?.text).toContain('No active user in Gong has your Slack address ida@northlight.example');
  expect(refusals[0]?.text).toContain('/tasks connect');
  expect(wordsOf(await type(world, 'help', STRANGER))).toContain('/tasks digest');
  expect(wordsOf(await type(world, 'status', STRANGER))).toContain('Gong*: not linked');

  world.gong.putUser({ ...MAYA_GONG, id: '77', emailAddress: 'IDA@northlight.example' });
  world.gong.put(gongTask({ id: '9007199254740993888', userId: '77' }));

  expect(wordsOf(await type(world, 'connect', STRANGER))).toContain('Gong*: linked by your address');
  await press(world, await type(world, '', STRANGER), 'Whitfield 888', 'Done', undefined, STRANGER);
  expect(world.gong.task('9007199254740993888')?.status).toBe('DONE');
});

test('a user who was added to Gong after the start is found when they type /tasks', async () => {
  const world = await createWorld({ gongUsers: [] });
  await world.pass(DAY);
  world.gong.putUser(MAYA_GONG);

  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(2);
});

test('someone without an address in Slack, and one whose address two Gong users share, are linked to nobody', async () => {
  const nameless: SandboxUser = { id: 'U0ANON', name: 'anon', realName: 'Anon', tz: 'UTC' };
  const twin = { ...MAYA_GONG, id: '88', emailAliases: ['theo@northlight.example'] };
  const other = { ...MAYA_GONG, id: '89', emailAddress: 'theo@northlight.example' };
  const world = await createWorld({ users: [nameless, THEO], gongUsers: [twin, other] });

  expect((await type(world, '', nameless)).text).toContain('Slack shows Docket no e-mail address for you');
  expect((await type(world, '', THEO)).text).toContain('You are not linked yet');
});

test('a Gong that cannot be asked who someone is: that is said, and not that they are unknown', async () => {
  const world = await createWorld({ users: [MAYA, STRANGER] });
  await world.pass(DAY);
  world.gong.fail({ on: 'GET /v2/users', times: 9, how: { kind: 'answer', status: 500 } });

  const answer = await type(world, '', STRANGER);

  expect(answer.text).toContain('Gong could not be reached');
  expect(answer.text).not.toContain('not linked yet');
});

test('more than fits: how many more is said, and paging shows every task once', async () => {
  const ids = Array.from({ length: 34 }, (_, index) => `90071992547409931${String(index).padStart(2, '0')}`);
  const world = await createWorld({
    tasks: ids.map((id, index) => gongTask({ id, title: `Task number ${index + 1};` })),
  });

  const seen: string[] = [];
  const list = await type(world, '');
  for (let page = fresh(world, list); ; page = fresh(world, list)) {
    const titles = rowsOf(page.blocks).map(({ text }) => /Task number \d+;/.exec(text)?.[0] ?? text);
    seen.push(...titles);
    const left = ids.length - seen.length;
    if (left === 0) break;
    expect(wordsOf(page)).toContain(`${left} more task${left === 1 ? '' : 's'}*, not shown here`);
    await pressButton(world, page, left > titles.length ? 'Show the next ones' : 'Show the rest');
  }

  expect(seen).toHaveLength(34);
  expect(new Set(seen).size).toBe(34);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
}, 60_000);

test('the rest of a digest comes as a list beside it, whose verbs work', async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `90071992547409931${String(index).padStart(2, '0')}`);
  const world = await createWorld({
    tasks: ids.map((id, index) => gongTask({ id, title: `Task number ${index + 1};` })),
  });
  const digest = await digestOf(world);
  const rows = rowsOf(digest.blocks).length;

  await pressButton(world, digest, 'Show the rest');

  expect(fresh(world, digest).edits).toBe(0);
  const list = mustBe(lastMessage(world));
  expect(list.ephemeral).toBe(true);
  expect(rowsOf(list.blocks)).toHaveLength(15 - rows);
  await press(world, list, 'Task number 15;', 'Done');
  expect(patches(world)).toHaveLength(1);
  expect(world.gong.task(mustBe(ids.at(-1)))?.status).toBe('DONE');
});

test('a command that breaks inside is explained with a reference, and the log has it', async () => {
  const world = await createWorld({ allowUnexpected: true, users: [MAYA, STRANGER] });
  world.slack.failNext('users.info', { error: 'invalid_arguments' }, 9);

  const answer = await type(world, '', STRANGER);

  const reference = /reference: (\S+)\./.exec(answer.text)?.[1];
  expect(answer.text).toContain('Your tasks are as they were');
  expect(world.lines).toContainEqual(
    expect.objectContaining({ message: 'could not answer', fields: expect.objectContaining({ reference }) }),
  );
});

test('a rep is asked for nothing but their own tasks', async () => {
  const world: World = await createWorld({
    tasks: [gongTask({ id: TASK_A }), gongTask({ id: TASK_B, userId: '234599484848424' })],
  });

  expect(wordsOf(await type(world, ''))).not.toContain('Whitfield 002');
  expect(wordsOf(await type(world, 'whitfield', THEO))).not.toContain('Whitfield 001');
});
