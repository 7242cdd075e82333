import { expect, test } from 'vitest';
import { COMMAND_RULES, TERMS, VERB_RULES } from '../../src/core/ask/grammar.ts';
import { DAY, gongTask, HOUR, MAYA, MAYA_GONG, MONDAY_NINE, manyTasks, STRANGER, TASK_A } from './cast.ts';
import { answered, digestOf, submit, type } from './press.ts';
import { mustBe, posted } from './read.ts';
import { morning } from './start.ts';
import { windowWords } from './windows.ts';
import { createWorld } from './world.ts';

const due = (days: number) => new Date(MONDAY_NINE + days * DAY + 2 * HOUR).toISOString();
const OF_THE_WEEK = [
  gongTask({ id: '9007199254740993101', dueDate: due(-3), title: 'Late renewal' }),
  gongTask({ id: '9007199254740993102', dueDate: due(0), title: 'Send the quote', account: { name: 'Café Zürich' } }),
  gongTask({ id: '9007199254740993103', dueDate: due(3), title: 'Check in' }),
  gongTask({ id: '9007199254740993104', dueDate: due(20), title: 'Far away' }),
];

test('/tasks answers with a list that only the rep sees, and its verbs work there', async () => {
  const world = await createWorld();

  const list = await type(world, '');
  expect(list.ephemeral).toBe(true);
  await list.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(list.controls('Whitfield 001')).toEqual(['Undo']);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);

  await list.press('Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(list.controls('Whitfield 001')).toContain('Done');
  expect(world.slack.calls.map(({ method }) => method)).not.toContain('chat.update');
});

test('the same task in the digest and in a list: what is done or undone in the one is shown in the other', async () => {
  const { world, digest } = await morning();
  await digest.press('Whitfield 001', 'Snooze', 'Next week');
  const list = await type(world, '');
  expect(list.row('Whitfield 001').text).toContain('Mon 30 Nov');

  await digest.press('Whitfield 001', 'Undo');
  await list.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
  expect(digest.words()).toContain('1 of 2 cleared');
  // The list was clicked on, so for half an hour it can be kept true as well.
  await digest.press('Whitfield 002', 'Dismiss');
  expect(list.controls('Whitfield 002')).toEqual(['Undo']);
});

test('/tasks lists what was asked for, soonest first', async () => {
  const world = await createWorld({ now: MONDAY_NINE, tasks: OF_THE_WEEK, gongRateLimits: false });

  for (const [text, titles] of [
    ['overdue', ['Late renewal']],
    ['  OVERDUE ', ['Late renewal']],
    ['today', ['Send the quote']],
    ['week', ['Send the quote', 'Check in']],
    ['', ['Late renewal', 'Send the quote', 'Check in', 'Far away']],
    ['cafe zur', ['Send the quote']],
    ['the quote', ['Send the quote']],
    ["what's due this week at café zürich?", ['Send the quote']],
    ['show me everything', ['Late renewal', 'Send the quote', 'Check in', 'Far away']],
    ['before friday', ['Late renewal', 'Send the quote', 'Check in']],
  ] as const) {
    const rows = (await type(world, text)).rows().map((row) => row.text);
    expect(rows, text).toEqual(titles.map((title) => expect.stringContaining(title)));
  }
});

test('a text that no task holds, and a filter that nothing meets, are answered as just that', async () => {
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A, dueDate: '2026-12-20T10:00:00Z' })] });

  const answer = await type(world, 'frobnicate a<b');
  expect(answer.text).toContain('No open task contains “frobnicate a&lt;b”');
  expect(answer.text.split('\n')).toHaveLength(1);
  expect((await type(world, 'today')).words()).toContain('You have no tasks due today in Gong.');
});

test('help alone shows what can be typed; what asks for nothing is answered with one line', async () => {
  const world = await createWorld();

  const help = (await type(world, 'help')).words();
  for (const { words } of TERMS) expect(help).toContain(`\`${words[0]}\``);
  for (const { examples } of VERB_RULES) expect(help).toContain(`/tasks ${examples[0]}`);
  for (const { word } of COMMAND_RULES) expect(help).toContain(`/tasks ${word}`);
  for (const text of ['?', '!!!', 'hi', 'what can you do', 'x'.repeat(400)]) {
    const { text: answer } = await type(world, text);
    expect(answer, text).toContain('`help` shows all');
    expect(answer.length, text).toBeLessThan(300);
  }
});

test('/tasks status: linked accounts, when Gong was reached, last and next digest', async () => {
  const world = await createWorld();
  expect((await type(world, 'status')).words()).toContain('Last digest: none yet.');
  await digestOf(world);
  await world.pass(HOUR / 2);

  const words = (await type(world, 'status')).words();

  for (const said of [
    'linked by your address maya@northlight.example, last reached 30 minutes ago',
    'Last digest: Mon 23 Nov, 09:00.',
    'Next digest: Tue 24 Nov, 09:00.',
    'America/New_York',
  ]) {
    expect(words).toContain(said);
  }
});

test('/tasks settings: a saved hour and days move the next digest, and the window shows them', async () => {
  const world = await createWorld();
  const open = () => answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));

  await open();
  const days = ['2', '6'].map((value) => ({ value }));
  await submit(world, { settings_time: { selected_time: '16:30' }, settings_days: { selected_options: days } });
  expect(windowWords(world)).toBe('*Saved.* Next digest: Tue 24 Nov, 16:30.');
  await open();
  const shown = JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);
  expect(shown).toContain('"initial_time":"16:30"');
  expect(shown).toContain('America/New_York');

  await world.pass(8 * HOUR);
  expect(posted(world)).toEqual([]);
  await world.passTo(Date.parse('2026-11-24T21:30:00Z'));
  expect(posted(world)).toHaveLength(1);
  await world.passTo(Date.parse('2026-11-28T21:30:00Z'));
  expect(posted(world)).toHaveLength(2);
});

test('someone whom Gong does not know is told what to do, and is found as soon as they are added', async () => {
  const world = await createWorld({ users: [MAYA, STRANGER] });

  for (const text of ['', 'overdue', 'digest', 'settings', 'pause', 'acme']) {
    const refusal = (await type(world, text, STRANGER)).text;
    expect(refusal, text).toContain('You are not linked yet.');
    expect(refusal).toContain('No active user in Gong has your Slack address ida@northlight.example');
    expect(refusal).toContain('/tasks connect');
  }
  expect((await type(world, 'help', STRANGER)).words()).toContain('/tasks digest');
  expect((await type(world, 'done 2', STRANGER)).text).toContain('You are not linked yet.');
  expect((await type(world, 'status', STRANGER)).words()).toContain('Gong*: not linked');

  const task = '9007199254740993888';
  world.gong.putUser({ ...MAYA_GONG, id: '77', emailAddress: 'IDA@northlight.example' });
  world.gong.put(gongTask({ id: task, userId: '77' }));

  await (await type(world, '', STRANGER)).press('Whitfield 888', 'Done');
  expect(world.gong.task(task)?.status).toBe('DONE');
});

test('a Gong that cannot be asked who someone is: that is said, and not that they are unknown', async () => {
  const world = await createWorld({ users: [MAYA, STRANGER] });
  await world.pass(DAY);
  world.gong.fail({ on: 'GET /v2/users', times: 9, how: { kind: 'answer', status: 500 } });

  const { text } = await type(world, '', STRANGER);

  expect(text).toContain('Gong could not be reached');
  expect(text).not.toContain('not linked yet');
});

test('more than fits: paging shows every task once, in the same message', async () => {
  const world = await createWorld({ tasks: manyTasks(60) });

  const list = await type(world, '');
  const seen: string[] = [];
  for (;;) {
    seen.push(...list.rows().map(({ text }) => mustBe(/Task number \d+;/.exec(text)?.[0])));
    expect(list.words()).toContain(` to ${seen.length} of 60.`);
    if (seen.length === 60) break;
    await list.button('Next');
  }

  expect(new Set(seen).size).toBe(60);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  await list.button('Previous');
  expect(list.words()).toContain('Task number 1;');
}, 60_000);

test('the next page of a digest has verbs that work, and what was cleared before is counted', async () => {
  const tasks = manyTasks(40);
  const { world, digest } = await morning({ tasks });
  const count = digest.rows().length;
  await digest.press('Task number 1;', 'Done');

  await digest.button('Next');

  expect(digest.words()).toContain('1 of 40 cleared');
  const titles = digest.rows().map(({ text }) => /Task number \d+;/.exec(text)?.[0]);
  expect(titles).toEqual(tasks.slice(count).map(({ title }) => title));
  await digest.press('Task number 40;', 'Done');
  expect(world.gong.task(mustBe(tasks.at(-1)).id)?.status).toBe('DONE');
  expect(digest.words()).toContain('2 of 40 cleared');
});

test('a command that breaks inside is explained with a reference, and the log has it', async () => {
  const world = await createWorld({ allowUnexpected: true, users: [MAYA, STRANGER] });
  world.slack.failNext('users.info', { error: 'invalid_arguments' }, 9);

  const { text } = await type(world, '', STRANGER);

  const reference = mustBe(/reference: (\S+)\./.exec(text)?.[1]);
  const lines = world.lines.filter(({ message }) => message === 'could not answer');
  expect(lines).toMatchObject([{ fields: { reference } }]);
});
