import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import type { Action } from '../../src/core/model/action.ts';
import type { Rep } from '../../src/core/model/people.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { action, rep, task } from '../store/fixtures.ts';
import { openUrl } from '../store/open.ts';
import { ALWAYS, DAY, gongTask, HOUR, MAYA, MONDAY_NINE, STEP_TASK, STRANGER, TASK_A, TASK_B, THEO } from './cast.ts';
import { answered, pressButton, type } from './press.ts';
import { fresh, lastMessage, mustBe, patches, wordsOf } from './read.ts';
import { afterWindow, morning, morningOfThree } from './start.ts';
import { createWorld, type World } from './world.ts';

/** The app's own database, for what would take a rep weeks to do. */
async function ledgerOf(world: World): Promise<Store> {
  const { store, close } = await openUrl(world.config.databaseUrl);
  onTestFinished(close);
  return store;
}

/** So many actions, one a minute, the newest one a minute ago. */
async function didMany(world: World, store: Store, who: SandboxUser, count: number): Promise<string[]> {
  const key = { teamId: world.slack.teamId, userId: who.id };
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const recorded = await record(store, key, number, { createdAt: world.now() - (count + 1 - number) * 60_000 });
    ids.unshift(recorded.id);
  }
  return ids;
}

async function record(store: Store, key: Pick<Rep, 'teamId' | 'userId'>, number: number, more: Partial<Action>) {
  const of = task(`9007199254740994${number}`, { title: `Deal of ${key.userId}, number ${number};` });
  const settled = { state: 'succeeded', sentAt: more.createdAt, settledAt: more.createdAt } as const;
  return mustBe(await store.ledger.record(action(key, of, 1, { ...settled, ...more })));
}

/** Day headings, and each entry with its small words. */
function linesOf(message: SandboxMessage): string[] {
  return wordsOf(message).split('\n').slice(2);
}

function idsOn(message: SandboxMessage): string[] {
  return [...wordsOf(message).matchAll(/^(?:.* {2}· {2})?action (\d+)/gm)].map(([, id]) => mustBe(id));
}

function isMore(message: SandboxMessage): boolean {
  return JSON.stringify(message.blocks).includes('Show older');
}

test('/tasks history: what was done, what it changed, what undid it, with references, only for the rep to see', async () => {
  const { world, digest } = await morning();
  await digest.press('Whitfield 001', 'Done');
  await world.pass(60_000);
  await digest.press('Whitfield 001', 'Undo');
  await world.pass(60_000);
  await digest.press('Whitfield 002', 'Snooze', 'Next week');
  const [done, undo, snooze] = patches(world).map(({ requestId }) => requestId);

  const history = await type(world, 'history');

  expect(history.ephemeral).toBe(true);
  expect(wordsOf(history)).toContain('*2 actions*, newest first.');
  expect(linesOf(history)).toEqual([
    '*Today, Monday 23 November*',
    '09:02  *Snoozed*  Dana Whitfield 002: Call about 002  ·  Gong',
    `Due Mon 23 Nov, 12:00 → Mon 30 Nov, 09:00  ·  action 2, Gong ${snooze}`,
    '09:00  ~Done~  Dana Whitfield 001: Call about 001  ·  Gong',
    `Undone at 09:01  ·  action 1, Gong ${done}, undo ${undo}`,
  ]);
});

test('what failed and what was done elsewhere read as that', async () => {
  const { world, digest } = await morning();
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });
  await digest.press('Whitfield 001', 'Done');
  world.gong.put({ ...mustBe(world.gong.task(TASK_B)), status: 'DONE' });
  await digest.press('Whitfield 002', 'Done');

  const lines = linesOf(await type(world, 'history'));

  expect(lines).toEqual([
    '*Today, Monday 23 November*',
    '09:00  ~Done~  Dana Whitfield 002: Call about 002  ·  Gong',
    'Nothing sent: no longer open for you in Gong  ·  action 2',
    '09:00  ~Done~  Dana Whitfield 001: Call about 001  ·  Gong',
    `Not marked done: Gong refused this change  ·  action 1, Gong ${patches(world)[0]?.requestId}`,
  ]);
});

test('what waits for a provider says so, and then how it ended', async () => {
  const { world, digest } = await morning();
  // Before anything is sent the task is read: that is what does not work.
  world.gong.fail({ on: 'POST /v2/tasks', times: ALWAYS, how: { kind: 'answer', status: 500 } });
  await digest.press('Whitfield 001', 'Done');
  for (let seconds = 0; seconds < 20; seconds += 4) await world.pass(4_000);

  const [, line, small] = linesOf(await type(world, 'history'));

  expect(line).toBe('09:00  Done  Dana Whitfield 001: Call about 001  ·  Gong');
  expect(small).toMatch(/^Gong did not answer; Docket keeps trying until 09:15 \(tried \d times\) {2}· {2}action 1/);
  await world.pass(60_000, 16);
  expect(linesOf(await type(world, 'history'))[2]).toMatch(
    /^Not marked done: Gong did not answer \(tried \d\d times\) {2}· {2}action 1/,
  );
});

test('what is held back, taken back, and sent with another ending', async () => {
  const { world, digest } = await morningOfThree();
  const smallest = async () => linesOf(await type(world, 'history')).slice(1, 3);
  await digest.press('Ines Calder', 'Done');

  expect(await smallest()).toEqual([
    '09:00  Done  Ines Calder: Step 4: Call the COO  ·  Outreach',
    'Goes to Outreach once it can no longer be undone  ·  action 1',
  ]);

  await digest.press('Ines Calder', 'Undo');
  expect(await smallest()).toEqual([
    '09:00  ~Done~  Ines Calder: Step 4: Call the COO  ·  Outreach',
    'Taken back at 09:00, before it was sent  ·  action 1',
  ]);

  await digest.press('Ines Calder', 'more', 'Finish sequence, replied');
  await afterWindow(world);
  expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
  const [line, small] = await smallest();
  expect(line).toBe('09:00  *Done*  Ines Calder: Step 4: Call the COO  ·  Outreach');
  expect(small).toMatch(/^Sequence finished as replied {2}· {2}action 2/);
});

test.each([
  ['a socket', {}],
  ['HTTP', { http: true }],
])(
  'more than fits, over %s: Show older brings the next page in its place, until every action was shown once',
  async (_name, mode) => {
    const world = await createWorld(mode);
    const store = await ledgerOf(world);
    const [mine] = [await didMany(world, store, MAYA, 50), await didMany(world, store, THEO, 30)];

    const history = await type(world, 'history');
    const seen = idsOn(history);
    expect(wordsOf(history)).toContain(`*${50 - seen.length} more actions*, older than these.`);
    for (let page: SandboxMessage = history; isMore(page); page = fresh(world, history)) {
      await pressButton(world, page, 'Show older');
      seen.push(...idsOn(fresh(world, history)));
    }

    expect(seen).toEqual(mine);
    expect(world.slack.messages(MAYA.id)).toHaveLength(1);
    expect(history.words()).toContain('`/tasks history` shows the newest');
    expect(JSON.stringify(world.slack.messages(MAYA.id))).not.toContain(`Deal of ${THEO.id}`);
  },
);

test("a button with someone else's action leads nowhere, and neither does one with none", async () => {
  const world = await createWorld();
  const store = await ledgerOf(world);
  const mayas = await didMany(world, store, MAYA, 30);
  await didMany(world, store, THEO, 30);
  const history = await type(world, 'history', THEO);
  const before = fresh(world, history);
  const block = mustBe(history.blocks.at(-1));
  const [button] = block.elements as JsonObject[];

  for (const value of [mustBe(mayas[0]), '999999', '0', '', "1' or 1=1", 'x'.repeat(2_000)]) {
    const forged = { ...button, value };
    await answered(world, () => world.slack.act(THEO.id, { ts: history.ts }, String(block.block_id), forged));
    expect(lastMessage(world, THEO)?.text).toBe(
      'This page is too old to go on from. Type `/tasks history` for a fresh one.',
    );
  }

  expect(fresh(world, history)).toEqual(before);
  expect(JSON.stringify(world.slack.messages(THEO.id))).not.toContain(`Deal of ${MAYA.id}`);
});

test('only the last 30 days are shown, on every page', async () => {
  const world = await createWorld();
  const store = await ledgerOf(world);
  const key = { teamId: world.slack.teamId, userId: MAYA.id };
  await record(store, key, 91, { createdAt: world.now() - 30 * DAY - 1 });
  const last = await record(store, key, 92, { createdAt: world.now() - 30 * DAY });
  const newer = await didMany(world, store, MAYA, 30);

  const history = await type(world, 'history');
  const seen = idsOn(history);
  await history.button('Show older');
  seen.push(...idsOn(fresh(world, history)));

  expect(seen).toEqual([...newer, last.id]);
  expect(isMore(fresh(world, history))).toBe(false);
});

test('a rep without history, one whom no provider knows, and one whose link has ended', async () => {
  const world = await createWorld({ users: [MAYA, STRANGER] });
  expect((await type(world, 'history')).words()).toContain('Nothing yet.');
  expect((await type(world, 'history', STRANGER)).words()).toContain('Nothing yet.');
  const store = await ledgerOf(world);
  await didMany(world, store, STRANGER, 1);

  const history = await type(world, 'history', STRANGER);

  expect(wordsOf(history)).toContain(`*Done*  Deal of ${STRANGER.id}, number 1;  ·  Gong`);
  // In her own zone, six hours ahead of New York.
  expect(linesOf(history)[1]).toMatch(/^14:54 {2}/);
  expect((await type(world, 'help', STRANGER)).words()).toContain('`/tasks history`  what you did in the last 30 days');
});

test('after RETENTION_DAYS entries are gone for good, but for what is under way', async () => {
  const { world, digest } = await morning({ env: { RETENTION_DAYS: '2' }, tasks: [gongTask({ id: TASK_A })] });
  await digest.press('Whitfield 001', 'Done');
  const store = await ledgerOf(world);
  const key = { teamId: world.slack.teamId, userId: MAYA.id };
  const open = { createdAt: MONDAY_NINE, settledAt: undefined, attempts: 0 };
  await record(store, key, 1, { ...open, state: 'queued', sentAt: undefined });
  await record(store, key, 2, { ...open, state: 'undoing', undo: { how: 'reversed', askedAt: MONDAY_NINE } });
  await record(store, key, 3, { createdAt: MONDAY_NINE, state: 'failed', failure: 'auth' });

  await world.pass(2 * DAY - HOUR);
  expect(idsOn(await type(world, 'history'))).toEqual(['4', '3', '2', '1']);
  // The first tick of the next UTC day prunes.
  await world.pass(DAY);

  expect(idsOn(await type(world, 'history'))).toEqual(['3', '2']);
  expect(await store.ledger.find('1')).toBeUndefined();
  expect(await store.ledger.find('4')).toBeUndefined();
  expect(await store.reps.find(key)).toMatchObject(
    rep(key, { name: 'Maya Lindqvist', email: 'maya@northlight.example', zone: MAYA.tz }),
  );
});
