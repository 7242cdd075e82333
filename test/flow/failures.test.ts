import { expect, test, vi } from 'vitest';
import { ALWAYS, gongTask, MAYA, MINUTE, TASK_A } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { dueAt, patches } from './read.ts';
import { morning } from './start.ts';
import type { World } from './world.ts';

const FOUR_VERBS = ['Done', 'Snooze', 'Reschedule', 'Dismiss'];
const ROW = 'Whitfield 001';
/** What these stories are about is not Gong's limit, which both sides count in real time. */
const UNHURRIED = { gongRateLimits: false };

function answers(world: World, status: number, on = 'PATCH', times = ALWAYS): void {
  world.gong.fail({ on, times, how: { kind: 'answer', status } });
}

/** Lets the quarter of an hour pass for which a click is tried. */
const giveUp = (world: World) => world.pass(MINUTE, 17);

async function isBack(world: World): Promise<void> {
  world.gong.clearFaults();
  await world.pass(MINUTE);
}

test('Gong fails twice and then works: done, with one effect, and the rep never sees a failure', async () => {
  const { world, digest } = await morning(UNHURRIED);
  answers(world, 500, 'PATCH', 2);

  await digest.press(ROW, 'Done');
  await world.pass(4_000, 3);

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(patches(world).map(({ status }) => status)).toEqual([500, 500, 200]);
  expect(digest.controls(ROW)).toEqual(['Undo']);
});

test('Gong keeps failing: the row says that Docket keeps trying, then offers Retry, which then works', async () => {
  const { world, digest } = await morning(UNHURRIED);
  answers(world, 500);

  await digest.press(ROW, 'Done');
  await world.pass(1_000, 9);
  expect(digest.words()).toContain('Docket keeps trying until 09:1');
  await giveUp(world);

  // The fifth opens the circuit; then one call looks whenever it is time.
  expect(patches(world).length).toBeLessThan(30);
  expect(digest.controls(ROW)).toEqual(['Retry', 'Choose another action']);
  expect(digest.words()).toContain('0 of 2 cleared');

  await isBack(world);
  await digest.press(ROW, 'Retry');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.controls(ROW)).toEqual(['Undo']);
});

test('while Gong is away the status says so, and a click that was not sent yet can be taken back', async () => {
  const { world, digest } = await morning(UNHURRIED);
  world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await digest.press(ROW, 'Done');
  await world.pass(1_000, 20);

  expect((await type(world, 'status')).words()).toMatch(/\*Gong has not answered since 09:0\d/);
  expect(digest.controls(ROW)).toEqual(['Undo']);
  await digest.press(ROW, 'Undo');
  await isBack(world);
  await type(world, '');
  expect((await type(world, 'status')).words()).not.toContain('has not answered');

  expect(patches(world)).toEqual([]);
  expect(digest.controls(ROW)).toEqual(FOUR_VERBS);
});

test('a task that was moved in Gong since the digest is not snoozed over that: the row shows it, and a second press counts', async () => {
  const { world, digest } = await morning();
  const moved = '2026-12-24T10:00:00.000Z';
  world.gong.put(gongTask({ id: TASK_A, dueDate: moved }));

  await digest.press(ROW, 'Snooze', 'Next week');

  expect(patches(world)).toEqual([]);
  expect(digest.row(ROW).text).toContain('it was moved to Thu 24 Dec, 05:00 in Gong');
  expect(digest.controls(ROW)).toEqual(FOUR_VERBS);
  await digest.press(ROW, 'Snooze', 'Next week');
  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
  // Back to what it was right before the click, not to what the morning knew.
  await digest.press(ROW, 'Undo');
  expect(dueAt(world, TASK_A)).toBe(moved);
});

test('what a failed row says can be found in the log and at Gong; another action puts it aside', async () => {
  const { world, digest } = await morning();
  answers(world, 400, 'PATCH', 1);

  await digest.press(ROW, 'Snooze', 'Next week');

  const [, action, theirs] = /Reference: action (\d+), (\w+)\)/.exec(digest.row(ROW).text) ?? [];
  expect(theirs).toBe(patches(world)[0]?.requestId);
  const lines = world.lines.filter(({ message }) => message === 'job failed');
  expect(lines).toMatchObject([{ level: 'error', fields: { action, err: { reference: theirs } } }]);

  await digest.press(ROW, 'Choose another action');
  expect(digest.controls(ROW)).toEqual(FOUR_VERBS);
  await digest.press(ROW, 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

// gong.md 5.3: each refusal is told in one clear sentence
test.each([
  [400, 'Gong refused this change'],
  [401, "Gong refused Docket's credentials"],
  [403, 'Gong does not let Docket change this task'],
  [404, 'Gong no longer has this task'],
])('Gong answers %i: one clear sentence, and nothing is tried again', async (status, sentence) => {
  const { world, digest } = await morning();
  answers(world, status);

  await digest.press(ROW, 'Dismiss');
  await world.pass(4_000, 3);

  expect(patches(world)).toHaveLength(1);
  expect(digest.row(ROW).text).toContain(`Not dismissed.* ${sentence}`);
  // The digest shows it, so no message tells it again.
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
});

test('Gong asks us to wait, again and again: the click waits as long as asked, and that uses up no attempt', async () => {
  const { world, digest } = await morning(UNHURRIED);
  const wait = (seconds: string) => ({ kind: 'answer', status: 429, headers: { 'Retry-After': seconds } }) as const;
  world.gong.fail({ on: 'PATCH', how: wait('2') });
  world.gong.fail({ on: 'PATCH', times: 3, how: wait('0') });

  await digest.press(ROW, 'Done');
  const refusedAt = performance.now();
  await world.pass(1_900);
  expect(patches(world)).toHaveLength(1);
  await world.pass(400);
  expect(performance.now() - refusedAt).toBeGreaterThan(1_800);
  await world.pass(1_000, 5);

  expect(patches(world).map(({ status }) => status)).toEqual([429, 429, 429, 429, 200]);
  expect(digest.controls(ROW)).toEqual(['Undo']);
});

test.each([
  ['snoozed', 'Snooze', 'Next week', ['OPEN', '2026-11-30T14:00:00.000Z']],
  ['done, not "no longer open"', 'Done', undefined, ['DONE', '2026-11-23T17:00:00.000Z']],
] as const)(
  'an answer that got lost: exactly one effect, the row says %s, and Undo takes it back',
  async (_, verb, choice, becomes) => {
    const { world, digest } = await morning(UNHURRIED);
    const now = () => [world.gong.task(TASK_A)?.status, dueAt(world, TASK_A)];
    const before = now();
    world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });

    await digest.press(ROW, verb, choice);
    await world.pass(4_000, 3);

    expect(now()).toEqual(becomes);
    expect(digest.controls(ROW)).toEqual(['Undo']);
    await digest.press(ROW, 'Undo');
    expect(now()).toEqual(before);
  },
);

test.each([
  ['Done', 'Done', undefined, 'OPEN'],
  ['a snooze', 'Snooze', 'Next week', 'OPEN'],
] as const)(
  'an answer to %s is lost and Gong stays away, then Retry: the row ends as Gong stands, and Undo goes back to before',
  async (_, verb, choice, status) => {
    const { world, digest } = await morning(UNHURRIED);
    const before = dueAt(world, TASK_A);
    world.gong.fail({ on: 'PATCH', how: { kind: 'lose' } });
    await digest.press(ROW, verb, choice);
    world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 500 } });
    await giveUp(world);
    expect(digest.controls(ROW)).toContain('Retry');
    const now = world.gong.task(TASK_A);
    await isBack(world);

    await digest.press(ROW, 'Retry');
    expect(world.gong.task(TASK_A)).toMatchObject({ status: now?.status, dueDate: now?.dueDate });
    expect(digest.controls(ROW)).toEqual(['Undo']);
    await digest.press(ROW, 'Undo');

    expect([world.gong.task(TASK_A)?.status, dueAt(world, TASK_A)]).toEqual([status, before]);
  },
);

// contracts, unknown G2: a task that cannot be opened again: the row says so
test('Undo that fails: the row stays settled, says that it was not undone, and Undo works later', async () => {
  const { world, digest } = await morning(UNHURRIED);
  await digest.press(ROW, 'Done');
  answers(world, 500);

  await digest.press(ROW, 'Undo');
  await giveUp(world);

  expect(digest.row(ROW).text).toContain('Not undone.');
  expect(digest.controls(ROW)).toEqual(['Undo']);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');

  await isBack(world);
  await digest.press(ROW, 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(digest.controls(ROW)).toEqual(FOUR_VERBS);
});

test('one rep in trouble does not keep the next click waiting', async () => {
  const { world, digest } = await morning(UNHURRIED);
  world.gong.fail({ on: `PATCH /v2/tasks/${TASK_A}`, how: { kind: 'hold' } });

  await pressOnly(world, digest, ROW, 'Done');
  await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 5_000 });
  await pressOnly(world, digest.now(), 'Whitfield 002', 'Done');

  await vi.waitFor(() => expect(digest.controls('Whitfield 002')).toEqual(['Undo']), { timeout: 8_000 });
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  world.gong.release();
  await world.idle();
  expect(digest.words()).toContain('All 2 cleared');
});
