import { expect, test } from 'vitest';
import { gongTask, MAYA, MAYA_GONG, manyTasks, TASK_A, THEO_GONG } from './cast.ts';
import { digestOf, openHome, pressOnly, type } from './press.ts';
import { lastMessage } from './read.ts';
import { createWorld } from './world.ts';

test('Home shows the open tasks, who is linked to what and when the next digest comes; its buttons ask again and open the settings', async () => {
  const world = await createWorld();

  const home = await openHome(world);

  expect(home.rows()).toHaveLength(2);
  expect(home.words()).toContain('*Gong*: linked by your address maya@northlight.example');
  expect(home.words()).toContain('Next digest: Mon 23 Nov, 09:00.');
  world.gong.put(gongTask({ id: '9007199254740993333', title: 'Brand new' }));
  await home.button('Refresh');
  expect(home.words()).toContain('Brand new');
  await home.button('Digest settings');
  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('rep_settings');
});

// slack.md 7.4
test('the clock and the order of day and month follow the language of their Slack: in Home, lists, Snooze and answers', async () => {
  const world = await createWorld({ users: [{ ...MAYA, locale: 'en-US' }] });

  const home = await openHome(world);
  const list = await type(world, '');

  expect(home.words()).toContain('Next digest: Mon, Nov 23, 9:00 AM.');
  expect(home.rows()[0]?.text).toContain('(Mon, Nov 23, 12:00 PM)');
  await list.press('Whitfield 001', 'Snooze', 'Tomorrow, Tue 9:00 AM');
  expect(list.words()).toContain('Tue, Nov 24, 9:00 AM');
  expect((await type(world, 'history')).words()).toMatch(/Today, Monday, November 23\*\n\d:\d\d AM {2}\*Snoozed\*/);
  for (const word of ['status', 'pause until 2026-12-01', 'resume']) {
    await type(world, word);
    expect(JSON.stringify(lastMessage(world))).toMatch(/Next digest: \w{3}, \w{3} \d+, 9:00 AM\./);
  }
  await world.slack.setUser({ ...MAYA, locale: 'de-DE', realName: 'Maya L.', said: { tz: null } });
  await world.idle();
  expect((await type(world, '')).rows()[0]?.text).toContain('(Mon 23 Nov, 12:00)');
});

test('the verbs work in Home, which the digest shows, and Home follows what is done in the digest', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const home = await openHome(world);

  await home.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  for (const screen of [home, digest]) expect(screen.controls('Whitfield 001')).toEqual(['Undo']);
  await home.press('Whitfield 001', 'Undo');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  for (const screen of [home, digest]) expect(screen.controls('Whitfield 001')).toContain('Done');
  await digest.press('Whitfield 001', 'Dismiss');
  expect(home.controls('Whitfield 001')).toEqual(['Undo']);
});

test('a refused click in Home is explained in a message', async () => {
  const world = await createWorld();
  await openHome(world);
  await Promise.all(['Done', 'Dismiss'].map((verb) => pressOnly(world, 'home', 'Whitfield 001', verb)));
  await world.idle();

  expect(lastMessage(world)?.text).toContain('Your click changed nothing');
});

test("a stranger's Home says what Docket is and what to do, and looks again when asked", async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });

  const home = await openHome(world);
  expect(home.words()).toContain('You are not linked yet.');
  world.gong.putUser(MAYA_GONG);
  await home.button('Look again');

  expect(home.rows()).toHaveLength(2);
});

test('Home of a Gong that is away says so, and Retry brings the tasks', async () => {
  const world = await createWorld();
  world.gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 500 } });

  const home = await openHome(world);
  expect(home.words()).toContain('Gong could not be reached');
  await home.button('Retry');

  expect(home.rows()).toHaveLength(2);
});

test('thirty tasks and more: Home pages through all of them', async () => {
  const world = await createWorld({ tasks: manyTasks(33) });

  const home = await openHome(world);
  const first = home.rows().map(({ text }) => text);
  await home.button('Show the rest');

  expect(new Set([...first, ...home.rows().map(({ text }) => text)]).size).toBe(33);
});

test('only the Home tab is answered, not the messages tab', async () => {
  const world = await createWorld();
  await openHome(world);
  const before = world.gong.requests.length;

  await world.slack.event({ type: 'app_home_opened', user: MAYA.id, channel: 'D1', tab: 'messages', event_ts: '1.1' });
  await world.idle();

  expect(world.gong.requests).toHaveLength(before);
});
