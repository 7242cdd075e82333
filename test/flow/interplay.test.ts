/** Things that happen at the same time, or in an order that nobody had in mind. */
import { expect, test } from 'vitest';
import { DAY, gongTask, HOUR, MAYA, TASK_A } from './cast.ts';
import { digestOf, openHome, press, pressButton, pressOnly, type } from './press.ts';
import { dueAt, findRow, fresh, homeOf, lastMessage, mustBe, patches, posted, rowsOf, wordsOf } from './read.ts';
import { createWorld } from './world.ts';

const MANY = Array.from({ length: 15 }, (_, index) => `90071992547409931${String(index).padStart(2, '0')}`);

test('the rest of a digest is another message: what happens to its tasks never overwrites the digest', async () => {
  const world = await createWorld({
    tasks: MANY.map((id, index) => gongTask({ id, title: `Task number ${index + 1};` })),
  });
  const digest = await digestOf(world);
  await pressButton(world, digest, 'Show the rest');
  await openHome(world);

  await press(world, 'home', 'Task number 15;', 'Done');

  expect(wordsOf(fresh(world, digest))).toContain('Task number 1;');
  expect(wordsOf(fresh(world, digest))).toContain('Monday 23 November');
});

test('the rest of a digest holds every task that the digest did not show, also after some were done', async () => {
  const world = await createWorld({
    tasks: MANY.map((id, index) => gongTask({ id, title: `Task number ${index + 1};` })),
  });
  const digest = await digestOf(world);
  const shown = rowsOf(digest.blocks).length;
  await press(world, digest, 'Task number 1;', 'Done');
  world.gong.put({ ...mustBe(world.gong.task(mustBe(MANY[1]))), status: 'DISMISSED' });

  await pressButton(world, fresh(world, digest), 'Show the rest');

  const rest = rowsOf(mustBe(lastMessage(world)).blocks).map(({ text }) => /Task number \d+;/.exec(text)?.[0]);
  expect(rest).toEqual(MANY.slice(shown).map((_, index) => `Task number ${shown + index + 1};`));
});

test('a list that is made while a click is under way shows the task as the click leaves it', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await expect.poll(() => patches(world).length, { timeout: 10_000 }).toBe(1);
  await world.slack.openHome(MAYA.id);
  await expect.poll(() => wordsOf(homeOf(world)), { timeout: 10_000 }).toContain('Marking done');

  world.gong.release();
  await world.idle();

  const row = findRow(homeOf(world), 'Whitfield 001');
  expect(row.text).toContain('Marked done in Gong');
  expect(Object.keys(row.controls)).toEqual(['Undo']);
});

test('an answer to a snooze is lost and Gong stays away, then Retry: Undo still goes back to the date before the first try', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const before = dueAt(world, TASK_A);
  world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  world.gong.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 500 } });
  for (let minute = 0; minute < 17; minute += 1) await world.pass(60_000);
  expect(dueAt(world, TASK_A)).not.toBe(before);
  world.gong.clearFaults();
  await world.pass(60_000);

  await press(world, fresh(world, digest), 'Whitfield 001', 'Retry');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Snoozed until');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe(before);
});

test('a snoozed task that was done in Gong since is left alone by Undo, which says so', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  world.gong.put({ ...mustBe(world.gong.task(TASK_A)), status: 'DONE' });
  const sent = patches(world).length;

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(patches(world)).toHaveLength(sent);
  expect(wordsOf(fresh(world, digest))).toContain('No longer open in Gong');
});

test('a snoozed task that was moved in Gong since keeps its new date when Undo is pressed', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  world.gong.put({ ...mustBe(world.gong.task(TASK_A)), dueDate: '2026-12-24T10:00:00Z' });

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe('2026-12-24T10:00:00.000Z');
  expect(wordsOf(fresh(world, digest))).toContain('Not undone.');
});

test('a digest that Slack would not take for a day is not sent on top of the next one', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { error: 'fatal_error' }, 1);
  await world.pass(5 * 60_000);
  expect(posted(world)).toHaveLength(0);

  await world.pass(DAY);
  await world.pass(HOUR);

  expect(posted(world)).toHaveLength(1);
  expect(wordsOf(posted(world)[0])).toContain('Tuesday 24 November');
});

test('a later hour chosen after the digest came: status names the next working day, and that is what comes', async () => {
  const world = await createWorld();
  await digestOf(world);
  await world.slack.command(MAYA.id, '/tasks', 'settings');
  await expect.poll(() => world.slack.modal(MAYA.id)).toBeDefined();
  await world.slack.submit(MAYA.id, {
    settings_time: { settings_time: { type: 'timepicker', selected_time: '11:00' } },
  });
  await world.idle();

  expect(wordsOf(await type(world, 'status'))).toContain('Next digest: Tue 24 Nov, 11:00');
  await world.pass(3 * HOUR);
  expect(posted(world)).toHaveLength(1);
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(2);
});

test('a pause until a moment lets the digest before it go, and only that', async () => {
  const world = await createWorld();

  await type(world, 'pause until tomorrow at 3pm');
  await world.pass(10 * 60_000);
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(0);
  await world.pass(DAY);

  expect(posted(world)).toHaveLength(1);
});

test('a click that comes over HTTP before Slack has accepted the token is not acknowledged, so the rep can press again', async () => {
  const world = await createWorld({ http: true, allowUnexpected: true });
  const digest = await digestOf(world);
  await world.app.stop();
  world.slack.failNext('auth.test', { error: 'internal_error' });
  const restarted = world.restart();
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${world.config.port}/healthz`).catch(() => undefined))?.status, {
      timeout: 10_000,
    })
    .toBe(200);

  const early = await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await restarted;

  expect(early.acked).toBe(false);
  expect(patches(world)).toHaveLength(0);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(lastMessage(world)).toBeDefined();
});
