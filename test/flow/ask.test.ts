/** Verbs on numbers, and questions about what was typed: behind /tasks and in the app's conversation. */
import { expect, test, vi } from 'vitest';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, manyTasks } from './cast.ts';
import { type Shown, show, type } from './press.ts';
import { actionsAt, lastMessage, mustBe, patches, posted } from './read.ts';
import { morning, morningOfThree } from './start.ts';
import { createWorld, type World } from './world.ts';

const NUMBERED = Array.from({ length: 5 }, (_, index) =>
  gongTask({
    id: `900719925474099400${index + 1}`,
    title: `Task of row ${index + 1};`,
    dueDate: new Date(MONDAY_NINE + (index + 1) * HOUR).toISOString(),
  }),
);

const idOf = (number: number) => mustBe(NUMBERED[number - 1]).id;
const statusOf = (world: World, number: number) => world.gong.task(idOf(number))?.status;
const dueOf = (world: World, number: number) => Date.parse(String(world.gong.task(idOf(number))?.dueDate));
const start = (options = {}) =>
  createWorld({ now: MONDAY_NINE, tasks: NUMBERED, gongRateLimits: false, slackRateLimits: false, ...options });

async function say(world: World, text: string): Promise<Shown> {
  const before = posted(world).length;
  await world.slack.say(MAYA.id, text);
  await vi.waitFor(() => expect(posted(world).length).toBeGreaterThan(before), { timeout: 15_000, interval: 10 });
  await world.idle();
  return show(world, mustBe(posted(world).at(-1)));
}

const PLACES = [
  ['/tasks', (world: World, text: string) => type(world, text)],
  ['the conversation', say],
] as const;

test.each(PLACES)('each verb acts on the row of its number, and the answer says to whom: %s', async (_, typeIn) => {
  const world = await start();
  await typeIn(world, 'show me everything');

  expect((await typeIn(world, 'done 2')).text).toMatch(/^2\. .*Task of row 2;.*Marked done in Gong/);
  expect((await typeIn(world, 'please dismiss #3')).text).toContain('Dismissed in Gong');
  expect((await typeIn(world, 'Reschedule 4 to 12 Dec 15:00')).text).toContain('Rescheduled to Sat 12 Dec, 15:00');
  expect((await typeIn(world, 'snooze 5')).text).toContain('Snoozed until Tue 24 Nov, 09:00');

  expect([1, 2, 3].map((number) => statusOf(world, number))).toEqual(['OPEN', 'DONE', 'DISMISSED']);
  expect(dueOf(world, 4)).toBe(Date.parse('2026-12-12T20:00:00Z'));
  expect(dueOf(world, 5)).toBe(MONDAY_NINE + DAY);

  expect((await typeIn(world, 'undo')).text).toContain('Task of row 5;');
  expect(dueOf(world, 5)).toBe(MONDAY_NINE + 5 * HOUR);
  expect((await typeIn(world, 'undo')).text).toContain('Task of row 4;');
  expect(dueOf(world, 4)).toBe(MONDAY_NINE + 4 * HOUR);
});

test('several numbers are one sweep with a message of its own, which undo takes back', async () => {
  const world = await start();
  const list = await say(world, 'today');

  const answer = await type(world, 'done 1-2, 4');
  expect(answer.text).toContain('Marking 3 tasks done');
  await world.pass(2_000, 3);
  expect([1, 2, 3, 4].map((number) => statusOf(world, number))).toEqual(['DONE', 'DONE', 'OPEN', 'DONE']);
  expect(list.controls('row 1;')).toEqual(['Undo']);

  expect((await type(world, 'undo')).text).toContain('Taking back 3 of 3 tasks');
  await world.pass(2_000, 3);
  expect([1, 2, 4].map((number) => statusOf(world, number))).toEqual(['OPEN', 'OPEN', 'OPEN']);
});

test('the answer has Undo, which takes back just that', async () => {
  const world = await start();
  await type(world, '');
  const answer = await type(world, 'done 2');

  await answer.button('Undo');
  await world.idle();

  expect(statusOf(world, 2)).toBe('OPEN');
});

test('a line that is not understood as a whole changes nothing and is answered with one line', async () => {
  const world = await start();
  await type(world, '');

  for (const [text, said] of [
    ['done', 'Say which tasks'],
    ['done everything', 'Say which tasks'],
    ['push everything to monday', 'Say which tasks'],
    ['done 2 acme', '“acme”'],
    ['done 99', 'has 5 rows, so it has no 99'],
    ['done 1-7', 'it has no 6, 7'],
    ['snooze 1-3 until blurb', '“blurb” is no time'],
    ['snooze 2 until tomorrow at 5', 'That can be'],
    ['reschedule 2', 'Say to when'],
    ['reschedule 2 to yesterday', 'in the past'],
    ['undo 2', 'stands alone'],
    ['2', 'A number alone'],
    ['undo', 'You did nothing'],
  ] as const) {
    const answer = await type(world, text);
    expect(answer.text, text).toContain(said);
    expect(answer.text.split('\n'), text).toHaveLength(1);
  }
  expect(patches(world)).toEqual([]);
});

test('numbers before any list mean nothing', async () => {
  const world = await createWorld({ tasks: NUMBERED });

  expect((await type(world, 'done 1')).text).toContain('You have no list yet');
  expect(patches(world)).toEqual([]);
});

test('a slip is asked about, and its button runs what was meant or searches for what was typed', async () => {
  const world = await start();
  await type(world, '');

  const slip = await type(world, 'dnoe 2');
  expect(slip.text).toBe('Did you mean `done 2`?');
  expect(patches(world)).toEqual([]);
  await slip.button('Yes, done 2');
  expect(statusOf(world, 2)).toBe('DONE');

  await (await say(world, 'toady')).button('Search for “toady”');
  expect(mustBe(lastMessage(world)).text).toContain('No open task contains “toady”');
});

test('numbers mean the digest, a list after it, and whatever came last before a restart', async () => {
  const { world, digest } = await morning({ tasks: NUMBERED, gongRateLimits: false });
  await type(world, 'done 1');
  expect(statusOf(world, 1)).toBe('DONE');
  expect(digest.controls('row 1;')).toEqual(['Undo']);

  const second = await type(world, '"row 3"');
  expect(second.rows()).toHaveLength(1);
  await world.restart();
  await type(world, 'done 1');

  expect(statusOf(world, 3)).toBe('DONE');
});

test('an answer without rows does not take the numbers away from the list before', async () => {
  const world = await start();
  await type(world, '');
  await type(world, 'frobnicate');

  await type(world, 'done 2');

  expect(statusOf(world, 2)).toBe('DONE');
});

test('the numbers of an old list, of a row that is not shown, and of a task that was changed are asked about', async () => {
  const world = await start({ tasks: [...NUMBERED, ...manyTasks(40)] });
  await type(world, '');

  const hidden = await type(world, 'done 45');
  expect(hidden.text).toContain('The list does not show that row');
  await world.pass(9 * HOUR);
  const before = patches(world).length;
  const old = await type(world, 'done 2');
  expect(old.text).toMatch(/^2 is \*.*Task of row 2;.*Your last list is of Mon 23 Nov, 09:00.*Mark it done\?/);
  expect(patches(world)).toHaveLength(before);

  await old.button('Mark done');
  expect(statusOf(world, 2)).toBe('DONE');
  expect((await type(world, 'done 2')).text).toContain('no longer open');

  const some = await type(world, 'done 3,4');
  const sent = patches(world).length;
  expect(some.text).toContain('Your last list is of');
  await some.button('Mark done 2');
  expect(show(world, some).words()).toContain('Marking 2 tasks done');
  await world.pass(2_000, 3);
  expect(patches(world)).toHaveLength(sent + 2);
});

test('a question in the conversation turns into its answer', async () => {
  const world = await start();
  await say(world, 'show me everything');
  await world.pass(9 * HOUR);
  const question = await say(world, 'done 2');

  await question.button('Mark done');
  await world.idle();

  expect(statusOf(world, 2)).toBe('DONE');
  expect(question.words()).toContain('Marked done in Gong');
  expect(question.words()).not.toContain('Mark it done?');
});

test('what its tool cannot take back is asked about first, with one button', async () => {
  const { world, digest } = await morningOfThree();
  const rows = digest.rows();
  const number = 1 + rows.findIndex(({ text }) => text.includes('Outreach'));
  expect(number).toBeGreaterThan(0);

  const question = await type(world, `done ${number}`);
  expect(question.text).toContain('Outreach cannot take this back');
  await world.pass(30_000);
  expect(actionsAt(world)).toEqual([]);

  await question.button('Mark done');
  expect(show(world, question).words()).toContain('until then you can undo it');
  expect((await type(world, 'undo')).text).toContain('Taken back before it went to Outreach');
});

test('undo asks when what it would take back is an hour old', async () => {
  const world = await start();
  await type(world, '');
  await type(world, 'done 2');
  await world.pass(2 * HOUR);

  const question = await type(world, 'undo');
  expect(question.text).toContain('The last thing that you did, at 09:00, was to mark done');
  expect(statusOf(world, 2)).toBe('DONE');

  await question.button('Undo');
  await world.idle();
  expect(statusOf(world, 2)).toBe('OPEN');
});

test.each(['done 2', 'done 2,3', 'undo'])(
  'a command that is delivered again acts once, after a restart too: %s',
  async (text) => {
    const world = await start();
    await type(world, '');
    await type(world, 'done 4');
    await type(world, 'done 5');
    await type(world, text);
    await world.pass(2_000, 2);
    const before = patches(world).length;

    for (const again of ['in the same process', 'after a restart']) {
      expect((await world.slack.redeliver()).acked, again).toBe(true);
      await world.idle();
      await vi.waitFor(() => expect(mustBe(lastMessage(world)).text).toContain('This was asked for before'));
      await world.restart();
    }

    expect(patches(world)).toHaveLength(before);
    expect(statusOf(world, 4)).toBe('DONE');
  },
);
