/** What a rep asks Home and lists for by their controls. */
import { expect, test } from 'vitest';
import { gongTask, MAYA, MONDAY_NINE, manyTasks } from './cast.ts';
import { openHome, submit, type } from './press.ts';
import { lastMessage } from './read.ts';
import { createWorld } from './world.ts';

const DAY = 24 * 3_600_000;
/** Twelve of which one is due tomorrow. */
const TASKS = [
  ...manyTasks(11),
  gongTask({ id: '9007199254740993999', title: 'Task for later;', dueDate: new Date(MONDAY_NINE + DAY).toISOString() }),
];

const named = (home: { rows(): { text: string }[] }) => home.rows().map(({ text }) => text);

test('Home is narrowed by its menus and its search field, says by what, and drops it with one button', async () => {
  const world = await createWorld({ tasks: TASKS });
  const home = await openHome(world);

  await home.choose('When they are due', 'Due today');
  expect(home.words()).toContain('Your tasks due today');
  expect(named(home)).toHaveLength(11);
  await home.choose('In which order', 'By account');
  expect(home.words()).toContain('Your tasks due today, by account');
  await home.search(' "NUMBER 3" ');
  expect(home.words()).toContain('Your tasks due today with “NUMBER 3”, by account');
  expect(named(home)).toHaveLength(1);
  await home.search('');
  expect(named(home)).toHaveLength(11);
  await home.button('Show all open tasks');
  expect(home.words()).toContain('Your open tasks, by account');
  expect(named(home)).toHaveLength(12);
});

test('what was chosen stays while a rep works, when Home is opened again and over a restart; the next day begins with all', async () => {
  const world = await createWorld({ tasks: manyTasks(3) });
  const home = await openHome(world);
  await home.search('"number 1"');
  expect(named(home)).toHaveLength(1);

  await home.press('Task number 1;', 'Done');
  expect(home.controls('Task number 1;')).toContain('Undo');
  expect(home.words()).toContain('with “number 1”');
  await home.press('Task number 1;', 'Undo');
  expect((await openHome(world)).words()).toContain('with “number 1”');
  await world.restart();
  await home.button('Refresh');
  expect(home.words()).toContain('with “number 1”');
  await world.pass(DAY);
  expect((await openHome(world)).words()).toContain('Your open tasks');
});

test('what is chosen in Home costs no call of the tool, and says how old the answer is; Refresh asks', async () => {
  const world = await createWorld();
  const home = await openHome(world);
  const lists = () => world.gong.requests.filter(({ method, path }) => `${method} ${path}` === 'POST /v2/tasks').length;
  const before = lists();

  await world.pass(5_000);
  await home.choose('When they are due', 'Overdue');
  await home.choose('What kind of task', 'Calls');
  expect(lists()).toBe(before);
  expect(home.words()).toMatch(/read \d+ seconds before you asked/);
  await home.button('Refresh');
  expect(lists()).toBe(before + 1);
  expect(home.words()).not.toContain('before you asked');
});

test('a list with many tasks is sorted in place', async () => {
  const world = await createWorld({ tasks: manyTasks(12) });
  const list = await type(world, '');
  const before = world.slack.messages(MAYA.id).length;

  await list.choose('In which order', 'By due date');

  expect(list.words()).toContain('Your open tasks, by due date');
  expect(list.rows()).toHaveLength(12);
  expect(world.slack.messages(MAYA.id)).toHaveLength(before);
});

test('an empty answer says in one line what was looked for and where, and offers everything', async () => {
  const world = await createWorld();
  const home = await openHome(world);

  await home.choose('What kind of task', 'Meetings');

  expect(home.words()).toContain('You have no open meetings in Gong.');
  await home.button('Show all open tasks');
  expect(home.rows()).toHaveLength(2);
});

test('Home follows what is changed elsewhere: the settings, an unlinked tool, a sweep', async () => {
  const world = await createWorld({ tasks: TASKS });
  const home = await openHome(world);

  await home.button('Digest settings');
  await submit(world, { settings_time: { type: 'timepicker', selected_time: '11:30' } });
  expect(home.words()).toContain('Next digest: Mon 23 Nov, 11:30.');
  const list = await type(world, '');
  await list.button('Act on many');
  await submit(world, {});
  await world.idle();
  expect(home.words()).toMatch(/[1-9]\d* of 12 cleared/);
  const accounts = await type(world, 'connect');
  await accounts.button('Unlink');
  expect(home.words()).toContain('You are not linked yet.');
});

test('the search field understands what `/tasks` does: a list is shown in Home, an action is done and answered in Messages', async () => {
  const world = await createWorld({ tasks: TASKS });
  const home = await openHome(world);

  await home.choose('What kind of task', 'Calls');
  await home.search("what's due tomorrow?");
  expect(home.words()).toContain('Your calls due tomorrow');
  expect(home.rows()).toHaveLength(1);
  await home.search('done 1');
  expect(world.gong.task('9007199254740993999')?.status).toBe('DONE');
  expect(home.controls('Task for later;')).toContain('Undo');
  expect(lastMessage(world)?.text).toContain('done');
});
