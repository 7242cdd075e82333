import { expect, test, vi } from 'vitest';
import { gongTask, MAYA, TASK_A } from './cast.ts';
import { digestOf, press, pressOnly, type } from './press.ts';
import { dueAt, findRow, fresh, patches, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const FOUR_VERBS = ['Done', 'Snooze', 'Reschedule', 'Dismiss'];

/** Lets the pauses between attempts pass. */
async function wait(world: World): Promise<void> {
  for (let time = 0; time < 3; time += 1) await world.pass(4_000);
}

/** Lets the quarter of an hour pass for which a click is tried. */
async function giveUp(world: World): Promise<void> {
  for (let minute = 0; minute < 17; minute += 1) await world.pass(60_000);
}

test('Gong fails twice and then works: done, with one effect, and the rep never sees a failure', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', times: 2, how: { kind: 'answer', status: 500 } });

  await press(world, digest, 'Whitfield 001', 'Done');
  await wait(world);

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(patches(world).map(({ status }) => status)).toEqual([500, 500, 200]);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('Gong keeps failing: the row says that Docket keeps trying, then offers Retry, which then works', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status: 500 } });

  await press(world, digest, 'Whitfield 001', 'Done');
  for (let second = 0; second < 9; second += 1) await world.pass(1_000);
  expect(wordsOf(fresh(world, digest))).toContain('Gong did not answer. Docket keeps trying until 09:1');
  await giveUp(world);

  // The fifth opens the circuit; then one call looks whenever it is time.
  expect(patches(world).length).toBeLessThan(30);
  const failed = findRow(fresh(world, digest), 'Whitfield 001');
  expect(failed.text).toContain('*Not confirmed.* Gong did not answer.');
  expect(failed.text).toContain('Retry is safe: it cannot happen twice.');
  expect(Object.keys(failed.controls)).toEqual(['Retry', 'Choose another action']);
  expect(wordsOf(fresh(world, digest))).toContain('0 of 2 settled');

  world.gong.clearFaults();
  await world.pass(60_000);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Retry');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('a click that waits for Gong and was not sent yet can be taken back', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await press(world, digest, 'Whitfield 001', 'Done');
  for (let second = 0; second < 9; second += 1) await world.pass(1_000);

  const waiting = findRow(fresh(world, digest), 'Whitfield 001');
  expect(Object.keys(waiting.controls)).toEqual(['Undo']);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  world.gong.clearFaults();
  await giveUp(world);

  expect(patches(world)).toEqual([]);
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toEqual(FOUR_VERBS);
});

test('while Gong is away the status says so, and says nothing of it once Gong is back', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 503 } });
  await press(world, digest, 'Whitfield 001', 'Done');
  for (let second = 0; second < 20; second += 1) await world.pass(1_000);

  expect(wordsOf(await type(world, 'status'))).toMatch(/\*Gong has not answered since 09:0\d\.\* Docket asks again/);
  world.gong.clearFaults();
  await world.pass(60_000);

  expect(wordsOf(await type(world, 'status'))).not.toContain('has not answered');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('a task that was moved in Gong since the digest is not snoozed over that: the row shows it, and a second press counts', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.put(gongTask({ id: TASK_A, dueDate: '2026-12-24T10:00:00Z' }));

  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');

  expect(patches(world)).toEqual([]);
  const row = findRow(fresh(world, digest), 'Whitfield 001');
  expect(row.text).toContain('Not snoozed: it was moved to Thu 24 Dec, 05:00 in Gong since this list was made.');
  expect(Object.keys(row.controls)).toEqual(FOUR_VERBS);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Snooze', 'Next week');
  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
});

test('what a failed row says can be found in the log, and Gong can find it too', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });

  await press(world, digest, 'Whitfield 001', 'Done');

  const { text } = findRow(fresh(world, digest), 'Whitfield 001');
  const [, action, theirs] = /Reference: action (\d+), (\w+)\)/.exec(text) ?? [];
  expect(theirs).toBe(patches(world)[0]?.requestId);
  const lines = world.lines.filter(({ message }) => message === 'action failed');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'error', fields: { action, err: { reference: theirs } } });
});

test('"Choose another action" puts the failure aside and brings all controls back', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Not snoozed.');

  await press(world, fresh(world, digest), 'Whitfield 001', 'Choose another action');

  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toEqual(FOUR_VERBS);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

// gong.md 5.3: each refusal is told in one clear sentence
test.each([
  [400, 'Gong refused this change. Choose another action'],
  [401, "Gong refused Docket's credentials. Ask your Docket admin"],
  [403, 'Gong does not let Docket change this task.'],
  [404, 'Gong no longer has this task for you: it was deleted'],
])('Gong answers %i: one clear sentence, and nothing is tried again', async (status, sentence) => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status } });

  await press(world, digest, 'Whitfield 001', 'Dismiss');
  await wait(world);

  expect(patches(world)).toHaveLength(1);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain(`Not dismissed.* ${sentence}`);
});

test('Gong asks us to wait: the click waits as long as asked, and is then done', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const headers = { 'Retry-After': '2' };
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 429, headers } });

  await press(world, digest, 'Whitfield 001', 'Done');
  const refusedAt = performance.now();
  expect(patches(world)).toHaveLength(1);
  await world.pass(1_900);
  expect(patches(world)).toHaveLength(1);
  await world.pass(400);

  expect(performance.now() - refusedAt).toBeGreaterThan(1_800);
  expect(patches(world).map(({ status }) => status)).toEqual([429, 200]);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('a busy Gong does not use up the attempts of a click', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', times: 4, how: { kind: 'answer', status: 429, headers: { 'Retry-After': '0' } } });

  await press(world, digest, 'Whitfield 001', 'Done');
  for (let time = 0; time < 6; time += 1) await world.pass(1_000);

  expect(patches(world).map(({ status }) => status)).toEqual([429, 429, 429, 429, 200]);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('an answer that got lost: exactly one effect, and the row says done', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });

  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  await wait(world);

  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Snoozed until Mon 30 Nov, 09:00');

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe(gongTask({ id: TASK_A }).dueDate);
});

test('an answer to Done that got lost: done, not "no longer open", and Undo opens it again', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });

  await press(world, digest, 'Whitfield 001', 'Done');
  await wait(world);

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
});

test('an answer to Done is lost and Gong stays away, then Retry: the row ends as Gong stands, and nothing else is touched', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await press(world, digest, 'Whitfield 001', 'Done');
  world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await giveUp(world);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Gong did not answer');
  world.gong.clearFaults();
  await world.pass(60_000);

  await press(world, fresh(world, digest), 'Whitfield 001', 'Retry');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toEqual(['Undo']);
});

// contracts, unknown G2: a task that cannot be opened again: the row says so
test('Undo that fails: the row stays settled, says that it was not undone, and Undo works later', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 001', 'Done');
  world.gong.fail({ on: 'PATCH', times: ALWAYS, how: { kind: 'answer', status: 500 } });

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  await giveUp(world);

  const row = findRow(fresh(world, digest), 'Whitfield 001');
  expect(row.text).toContain('Not undone.');
  expect(Object.keys(row.controls)).toEqual(['Undo']);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');

  world.gong.clearFaults();
  await world.pass(60_000);
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(Object.keys(findRow(fresh(world, digest), 'Whitfield 001').controls)).toEqual(FOUR_VERBS);
});

test('a retried click does not trample on what happened at Gong meanwhile', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'POST /v2/tasks', times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await press(world, digest, 'Whitfield 001', 'Done');
  await giveUp(world);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Not marked done.');
  world.gong.clearFaults();
  await world.pass(60_000);
  world.gong.put(gongTask({ id: TASK_A, status: 'DISMISSED' }));

  await press(world, fresh(world, digest), 'Whitfield 001', 'Retry');

  expect(patches(world)).toEqual([]);
  expect(world.gong.task(TASK_A)?.status).toBe('DISMISSED');
  expect(wordsOf(fresh(world, digest))).toContain('No longer open in Gong');
});

test('one rep in trouble does not keep the next click waiting', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: `PATCH /v2/tasks/${TASK_A}`, how: { kind: 'hold' } });

  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 5_000 });
  await pressOnly(world, fresh(world, digest), 'Whitfield 002', 'Done');

  await vi.waitFor(() => expect(findRow(fresh(world, digest), 'Whitfield 002').text).toContain('Marked done in Gong'), {
    timeout: 8_000,
  });
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  world.gong.release();
  await world.idle();
  expect(wordsOf(fresh(world, digest))).toContain('All 2 settled');
});
