import { expect, test, vi } from 'vitest';
import { gongTask, MAYA, manyTasks, TASK_A, TASK_B, THEO_GONG } from './cast.ts';
import { pressOnly } from './press.ts';
import { patches } from './read.ts';
import { morning } from './start.ts';

// contracts, rule 5: double clicks have one effect
test('two presses at once have one effect, and the rep hears no complaint', async () => {
  const { world, digest } = await morning();

  const twice = ['Done', 'Done'].map((verb) => pressOnly(world, digest, 'Whitfield 001', verb));
  const deliveries = await Promise.all(twice);
  await world.idle();

  expect(deliveries.map(({ acked }) => acked)).toEqual([true, true]);
  expect(patches(world)).toHaveLength(1);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  expect(digest.row('Whitfield 001').text).toContain('Marked done');
});

test('a click that Slack delivers again, before and after the answer, has one effect; and so has its Undo', async () => {
  const { world, digest } = await morning();
  const again = async () => {
    expect((await world.slack.redeliver()).acked).toBe(true);
    await world.idle();
  };

  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await again();
  await again();
  expect(patches(world)).toHaveLength(1);
  await digest.press('Whitfield 001', 'Undo');
  await again();
  // The first button, still on the screen of a phone that was offline: its click is of an older version of the row.
  const first = world.slack.sent.find(({ kind }) => kind === 'interactive');
  expect((await world.slack.deliver('interactive', { ...first?.payload })).acked).toBe(true);
  await world.idle();

  expect(patches(world)).toMatchObject([{ body: { status: 'DONE' } }, { body: { status: 'OPEN' } }]);
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(digest.controls('Whitfield 001')).toContain('Done');
});

test('of two different verbs at once one wins, and the other is told that it changed nothing', async () => {
  const { world, digest } = await morning();

  await Promise.all(['Done', 'Dismiss'].map((verb) => pressOnly(world, digest, 'Whitfield 001', verb)));
  await world.idle();

  expect(patches(world)).toHaveLength(1);
  const told = world.slack.messages(MAYA.id).filter(({ ephemeral }) => ephemeral);
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('Your click changed nothing')]);
  const is = world.gong.task(TASK_A)?.status === 'DONE' ? 'Marked done' : 'Dismissed';
  expect(digest.row('Whitfield 001').text).toContain(is);
});

test('many rows at once: each outcome is shown, none is lost', async () => {
  const { world, digest } = await morning({ tasks: manyTasks(4) });

  await Promise.all([100, 101].map((row) => pressOnly(world, digest, `Whitfield ${row}`, 'Dismiss')));
  for (const row of [102, 103]) await pressOnly(world, digest.now(), `Whitfield ${row}`, 'Done');
  await world.idle();

  const statuses = manyTasks(4).map(({ id }) => world.gong.task(id)?.status);
  expect(statuses).toEqual(['DISMISSED', 'DISMISSED', 'DONE', 'DONE']);
  expect(digest.words()).toContain('All 4 cleared');
});

// slack.md 1.1: no chat.update for a click
test('a fast provider: the outcome replaces the row in one edit', async () => {
  const { world, digest } = await morning();
  // Past Gong's pace, so that nothing of the digest is still counted.
  await new Promise((resolve) => setTimeout(resolve, 1_300));

  await digest.press('Whitfield 001', 'Done');

  expect(digest.now().edits).toBe(1);
  expect(world.slack.calls.filter(({ method }) => method === 'chat.update')).toEqual([]);
});

// slack.md 2.1: within three seconds
test('a slow provider: the click is acknowledged at once, the row says that it is being done, then the outcome', async () => {
  const { world, digest } = await morning();
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });

  const { acked, ackMs } = await pressOnly(world, digest, 'Whitfield 001', 'Done');

  expect(acked).toBe(true);
  expect(ackMs).toBeLessThan(1_000);
  await vi.waitFor(() => expect(digest.words()).toContain('Marking done in Gong …'), { timeout: 5_000 });
  expect(digest.controls('Whitfield 001')).toEqual([]);
  expect(digest.controls('Whitfield 002')).toContain('Done');
  await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 5_000 });
  world.gong.release();
  await world.idle();

  expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
  expect(digest.now().edits).toBe(2);
});

// contracts, unknown G3: only an open task is moved
// contracts, unknown G4: someone else's task is left alone
test.each([
  ['a task that was closed elsewhere: the row says so, and nothing is sent', { status: 'DISMISSED' }, 'No longer open'],
  [
    'a task that was given to someone else: the row says so, and nothing is sent',
    { userId: THEO_GONG.id },
    'given to someone else',
  ],
] as const)('%s', async (_name, by, says) => {
  const { world, digest } = await morning();
  world.gong.put(gongTask({ id: TASK_A, ...by }));

  await digest.press('Whitfield 001', 'Snooze', 'Next week');

  expect(patches(world)).toEqual([]);
  expect(world.gong.task(TASK_A)).toMatchObject(by);
  expect(digest.words()).toContain(says);
  expect(digest.words()).toContain('1 of 2 cleared');
  expect(world.gong.task(TASK_B)?.status).toBe('OPEN');
});
