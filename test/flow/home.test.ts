import { expect, test } from 'vitest';
import { gongTask, MAYA, MAYA_GONG, TASK_A, THEO_GONG } from './cast.ts';
import { answered, openHome, press, pressButton, pressOnly } from './press.ts';
import { findRow, homeOf, rowsOf, wordsOf } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

test('Home shows the open tasks, who is linked to what and when the next digest comes', async () => {
  const world = await createWorld();

  const home = await openHome(world);

  expect(rowsOf(home.blocks)).toHaveLength(2);
  expect(wordsOf(home)).toContain('*Gong*: linked by your address maya@northlight.example');
  expect(wordsOf(home)).toContain('Next digest: Mon 23 Nov, 09:00.');
});

test('the verbs work in Home, and the digest shows what was done there', async () => {
  const { world, digest } = await morning();
  await openHome(world);

  await press(world, 'home', 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(homeOf(world), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(digest.row('Whitfield 001').text).toContain('Marked done in Gong');

  await press(world, 'home', 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(Object.keys(findRow(homeOf(world), 'Whitfield 001').controls)).toContain('Done');
});

test('Home follows what is done in the digest', async () => {
  const { world, digest } = await morning();
  await openHome(world);

  await digest.press('Whitfield 001', 'Dismiss');

  expect(findRow(homeOf(world), 'Whitfield 001').text).toContain('Dismissed in Gong');
});

test('Refresh asks again: what is new at Gong appears', async () => {
  const world = await createWorld();
  await openHome(world);
  world.gong.put(gongTask({ id: '9007199254740993333', title: 'Brand new' }));

  await pressButton(world, 'home', 'Refresh');

  expect(wordsOf(homeOf(world))).toContain('Brand new');
});

test('a refused click in Home is explained in a message', async () => {
  const world = await createWorld();
  await openHome(world);
  await Promise.all([
    pressOnly(world, 'home', 'Whitfield 001', 'Done'),
    pressOnly(world, 'home', 'Whitfield 001', 'Dismiss'),
  ]);
  await world.idle();

  expect(world.slack.messages(MAYA.id).at(-1)?.text).toContain('Your click changed nothing');
});

test('the settings can be opened from Home', async () => {
  const world = await createWorld();
  await openHome(world);

  await pressButton(world, 'home', 'Digest settings');

  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('rep_settings');
});

test("a stranger's Home says what Docket is and what to do, and looks again when asked", async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });

  expect(wordsOf(await openHome(world))).toContain('You are not linked yet.');
  world.gong.putUser(MAYA_GONG);
  await pressButton(world, 'home', 'Look again');

  expect(rowsOf(homeOf(world).blocks)).toHaveLength(2);
});

test('Home of a Gong that is away says so, and Retry brings the tasks', async () => {
  const world = await createWorld();
  world.gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 500 } });

  expect(wordsOf(await openHome(world))).toContain('Gong could not be reached');
  await pressButton(world, 'home', 'Retry');

  expect(rowsOf(homeOf(world).blocks)).toHaveLength(2);
});

test('thirty tasks and more: Home pages through all of them', async () => {
  const ids = Array.from({ length: 33 }, (_, index) => `90071992547409931${String(index).padStart(2, '0')}`);
  const world = await createWorld({ tasks: ids.map((id) => gongTask({ id })) });

  const first = rowsOf((await openHome(world)).blocks).map(({ text }) => text);
  await pressButton(world, 'home', 'Show the rest');
  const second = rowsOf(homeOf(world).blocks).map(({ text }) => text);

  expect(new Set([...first, ...second]).size).toBe(33);
});

test('only the Home tab is answered, not the messages tab', async () => {
  const world = await createWorld();
  await answered(world, () => world.slack.openHome(MAYA.id));
  const before = world.gong.requests.length;

  await world.slack.event({ type: 'app_home_opened', user: MAYA.id, channel: 'D1', tab: 'messages', event_ts: '1.1' });
  await world.idle();

  expect(world.gong.requests).toHaveLength(before);
});
