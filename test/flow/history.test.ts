import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, MAYA, MINUTE, ownReplyTask, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { answered, type } from './press.ts';
import { lastMessage, mustBe, patches, wordsOf } from './read.ts';
import { afterWindow, morning, morningOfThree } from './start.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** Day headings, and each entry with its small words. */
const linesOf = (message: SandboxMessage) => wordsOf(message).split('\n').slice(2);
const idsOn = (message: SandboxMessage) =>
  [...wordsOf(message).matchAll(/^(?:.* {2}· {2})?action (\d+)/gm)].map(([, id]) => mustBe(id));
const isMore = (message: SandboxMessage) => JSON.stringify(message.blocks).includes('Show older');

/** Maya and Theo have done a task each. */
async function bothDidOne(options: WorldOptions = {}): Promise<World> {
  const tasks = [gongTask({ id: TASK_A }), gongTask({ id: '9007199254740993777', userId: THEO_GONG.id })];
  const world = await createWorld({ tasks, gongRateLimits: false, ...options });
  await (await type(world, '')).press('Whitfield 001', 'Done');
  await (await type(world, '', THEO)).press('Whitfield 777', 'Done');
  return world;
}

/**
 * What would take a rep weeks to do: the one action of theirs over and over, a minute apart and the newest a minute ago, or
 * once at that time. Returns the ids, newest first.
 */
function didMany(world: World, who: SandboxUser, count: number, at?: number): string[] {
  const database = new Database(fileURLToPath(world.config.databaseUrl.replace('file:', 'file://')));
  try {
    const select = database.prepare('select * from actions where user_id = ? order by id limit 1');
    const { id: _, ...done } = select.get(who.id) as Record<string, unknown>;
    const names = Object.keys(done);
    const insert = database.prepare(
      `insert into actions (${names.join()}) values (${names.map((name) => `@${name}`).join()})`,
    );
    const ids: string[] = [];
    for (let number = 1; number <= count; number += 1) {
      const created_at = at ?? world.now() - (count + 1 - number) * MINUTE;
      const { lastInsertRowid } = insert.run({ ...done, task_id: `${created_at}${number}`, created_at });
      ids.unshift(String(lastInsertRowid));
    }
    return ids;
  } finally {
    database.close();
  }
}

test('/tasks history: what was done, undone, refused and found done elsewhere, with references, only for the rep to see', async () => {
  const { world, digest } = await morning();
  await digest.press('Whitfield 001', 'Done');
  await world.pass(MINUTE);
  await digest.press('Whitfield 001', 'Undo');
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });
  await digest.press('Whitfield 002', 'Snooze', 'Next week');
  world.gong.put(gongTask({ id: TASK_A, status: 'DONE' }));
  await digest.press('Whitfield 001', 'Dismiss');
  const [done, undo, snooze] = patches(world).map(({ requestId }) => requestId);

  const history = await type(world, 'history');

  expect(history.ephemeral).toBe(true);
  expect(linesOf(history)).toEqual([
    '*Today, Monday 23 November*',
    '09:01  ~Dismissed~  Dana Whitfield 001: Call about 001  ·  Gong',
    'Nothing sent: no longer open for you in Gong  ·  action 3',
    '09:01  ~Snoozed~  Dana Whitfield 002: Call about 002  ·  Gong',
    expect.stringContaining(`Not snoozed: Gong refused this change  ·  action 2, Gong ${snooze}`),
    '09:00  ~Done~  Dana Whitfield 001: Call about 001  ·  Gong',
    `Undone at 09:01  ·  action 1, Gong ${done}, undo ${undo}`,
  ]);
});

test.each([
  ['a socket', {}],
  ['HTTP', { http: true }],
])(
  'more than fits, over %s: Show older brings the next page in its place, until every action was shown once',
  async (_name, mode) => {
    const world = await bothDidOne(mode);
    const mine = [...didMany(world, MAYA, 49), '1'];
    didMany(world, THEO, 30);
    // The one that was really done is the newest.
    mine.unshift(mustBe(mine.pop()));

    const history = await type(world, 'history');
    const seen = idsOn(history);
    expect(wordsOf(history)).toContain(`*${50 - seen.length} more actions*, older than these.`);
    while (isMore(history.now())) {
      await history.button('Show older');
      seen.push(...idsOn(history.now()));
    }

    expect(seen).toEqual(mine);
    expect(lastMessage(world)?.ts).toBe(history.ts);
    expect(history.words()).toContain('`/tasks history` shows the newest');
    expect(JSON.stringify(world.slack.messages(MAYA.id))).not.toContain('Whitfield 777');
  },
);

test('a task of Reply.io is named as its row named it: with the variables of its template filled in', async () => {
  const tasks = [ownReplyTask({ id: '9001', taskType: 'sms', template: { body: 'Hi {{FirstName}}, a word' } })];
  const { world, digest } = await morningOfThree({ replyOptions: { tasks } });
  await digest.press('Hi Priya', 'Done');
  await afterWindow(world);
  const history = await type(world, 'history');

  expect(wordsOf(history)).toContain('SMS: Hi Priya, a word');
  expect(wordsOf(history)).not.toContain('{{');
});

test("a button with someone else's action leads nowhere, and neither does one with none", async () => {
  const world = await bothDidOne();
  const [mayas] = didMany(world, MAYA, 30);
  didMany(world, THEO, 30);
  const history = await type(world, 'history', THEO);
  const block = mustBe(history.blocks.at(-1));
  const [button] = block.elements as JsonObject[];

  for (const value of [mustBe(mayas), '999999', '0', '', "1' or 1=1", 'x'.repeat(2_000)]) {
    const forged = { ...button, value };
    await answered(world, () => world.slack.act(THEO.id, { ts: history.ts }, String(block.block_id), forged));
    expect(lastMessage(world, THEO)?.text).toContain('This page is too old to go on from');
  }

  expect(history.now().edits).toBe(0);
  expect(JSON.stringify(world.slack.messages(THEO.id))).not.toContain('Whitfield 001');
});

test('only the last 30 days are shown, on every page; after RETENTION_DAYS entries are gone for good', async () => {
  const world = await bothDidOne();
  didMany(world, MAYA, 1, world.now() - 30 * DAY - 1);
  const last = didMany(world, MAYA, 1, world.now() - 30 * DAY);
  const newer = didMany(world, MAYA, 30);

  const history = await type(world, 'history');
  const seen = idsOn(history);
  await history.button('Show older');
  seen.push(...idsOn(history.now()));

  expect(seen).toEqual(['1', ...newer, ...last]);
  expect(isMore(history.now())).toBe(false);
  // The first tick of the next UTC day prunes.
  const config = { ...world.config, retentionMs: 2 * DAY };
  await world.restart(2 * DAY, config);
  expect(idsOn(await type(world, 'history'))).toEqual(['1']);
  await world.pass(DAY);
  expect((await type(world, 'history')).words()).toContain('Nothing yet.');
});
