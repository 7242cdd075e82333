import { expect, test, vi } from 'vitest';
import { gongTask, MAYA, TASK_A, TASK_B } from './cast.ts';
import { answered, digestOf, press, pressOnly } from './press.ts';
import { findRow, fresh, patches, wordsOf } from './read.ts';
import { createWorld } from './world.ts';

const TASK_C = '9007199254740993003';

// contracts, rule 5: double clicks have one effect
test('two presses at once have one effect, and the rep hears no complaint', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  const deliveries = await Promise.all([
    pressOnly(world, digest, 'Whitfield 001', 'Done'),
    pressOnly(world, digest, 'Whitfield 001', 'Done'),
  ]);
  await world.idle();

  expect(deliveries.map(({ acked }) => acked)).toEqual([true, true]);
  expect(patches(world)).toHaveLength(1);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done');
});

test('a click that Slack delivers again, before and after the answer, has one effect', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await world.slack.redeliver();
  await world.idle();
  const { acked } = await world.slack.redeliver();
  await world.idle();

  expect(acked).toBe(true);
  expect(patches(world)).toHaveLength(1);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
});

test('a redelivered Undo and a redelivered verb after it change nothing more', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Done');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  await world.slack.redeliver();
  await world.idle();
  // The first button, still on the screen of a phone that was offline: its click is of an older version of the row.
  const late = await world.slack.deliver('interactive', {
    ...world.slack.sent.filter(({ kind }) => kind === 'interactive')[0]?.payload,
  });
  await world.idle();

  expect(late.acked).toBe(true);
  expect(patches(world).map(({ body }) => body)).toEqual([
    expect.objectContaining({ status: 'DONE' }),
    expect.objectContaining({ status: 'OPEN' }),
  ]);
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toContain('Done');
});

test('of two different verbs at once one wins, and the other is told that it changed nothing', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await Promise.all([
    pressOnly(world, digest, 'Whitfield 001', 'Done'),
    pressOnly(world, digest, 'Whitfield 001', 'Dismiss'),
  ]);
  await world.idle();

  expect(patches(world)).toHaveLength(1);
  const told = world.slack.messages(MAYA.id).filter(({ ephemeral }) => ephemeral);
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('Your click changed nothing')]);
  const words = findRow(fresh(world, digest), 'Whitfield 001').text;
  expect(words).toContain(world.gong.task(TASK_A)?.status === 'DONE' ? 'Marked done' : 'Dismissed');
});

test('two rows at once are both done', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await Promise.all([
    pressOnly(world, digest, 'Whitfield 001', 'Done'),
    pressOnly(world, digest, 'Whitfield 002', 'Dismiss'),
  ]);
  await world.idle();

  expect([TASK_A, TASK_B].map((id) => world.gong.task(id)?.status)).toEqual(['DONE', 'DISMISSED']);
  expect(wordsOf(fresh(world, digest))).toContain('All 2 settled');
});

test('many rows in a row: each outcome is shown, none is lost', async () => {
  const ids = [TASK_A, TASK_B, TASK_C];
  const world = await createWorld({ tasks: ids.map((id) => gongTask({ id })) });
  const digest = await digestOf(world);

  for (const id of ids) await pressOnly(world, fresh(world, digest), `Whitfield ${id.slice(-3)}`, 'Done');
  await world.idle();

  expect(ids.map((id) => world.gong.task(id)?.status)).toEqual(['DONE', 'DONE', 'DONE']);
  expect(wordsOf(fresh(world, digest))).toContain('All 3 settled');
});

// slack.md 1.1: no chat.update for a click
test('a fast provider: the outcome replaces the row in one edit', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  // Past Gong's pace, so that nothing of the digest is still counted.
  await new Promise((resolve) => setTimeout(resolve, 1_300));

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(fresh(world, digest).edits).toBe(1);
  expect(world.slack.calls.filter(({ method }) => method === 'chat.update')).toEqual([]);
});

test('a slow provider: first the row says that it is being done, without buttons; then the outcome', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });

  await pressOnly(world, digest, 'Whitfield 001', 'Done');

  await vi.waitFor(() => expect(wordsOf(fresh(world, digest))).toContain('Marking done in Gong …'), { timeout: 5_000 });
  expect(() => findRow(fresh(world, digest), 'Whitfield 001')).toThrow('no row');
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 002').controls)).toContain('Done');

  await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 5_000 });
  world.gong.release();
  await world.idle();

  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(fresh(world, digest).edits).toBe(2);
});

// slack.md 2.1: within three seconds
test('a click is acknowledged at once, however slow the provider is', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ how: { kind: 'hold' }, times: Number.POSITIVE_INFINITY });

  const { acked, ackMs } = await pressOnly(world, digest, 'Whitfield 001', 'Done');

  expect(acked).toBe(true);
  expect(ackMs).toBeLessThan(1_000);
  await vi.waitFor(() => expect(world.gong.requests.at(-1)?.status).toBe(0), { timeout: 5_000 });
  world.gong.clearFaults();
  world.gong.release();
  await world.idle();
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

// contracts, unknown G3: only an open task is moved
test('a task that was closed elsewhere: the row says so, and nothing is sent', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.put(gongTask({ id: TASK_A, status: 'DISMISSED' }));

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(patches(world)).toEqual([]);
  expect(world.gong.task(TASK_A)?.status).toBe('DISMISSED');
  expect(wordsOf(fresh(world, digest))).toContain('No longer open in Gong');
  expect(wordsOf(fresh(world, digest))).toContain('1 of 2 settled');
});

// contracts, unknown G4: someone else's task is left alone
test('a task that was given to someone else: the row says so, and nothing is sent', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.put(gongTask({ id: TASK_A, userId: '234599484848424' }));

  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');

  expect(patches(world)).toEqual([]);
  expect(wordsOf(fresh(world, digest))).toContain('given to someone else');
});

test('a link that is gone when the click comes: nothing is sent, and the rep hears what to do', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.putUser({
    id: '23459948484842312345',
    emailAddress: 'x@y.example',
    active: false,
    firstName: '',
    lastName: '',
  });
  // The daily look at who is who.
  await world.pass(24 * 3_600_000);
  const sent = patches(world).length;

  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Done'));

  expect(patches(world)).toHaveLength(sent);
  expect(world.slack.messages(MAYA.id).at(-1)?.text).toContain('Your Gong account is not linked');
});
