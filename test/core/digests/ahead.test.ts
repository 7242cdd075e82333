/** A full minute: lists are read over the minutes before it, and a digest is nonetheless what it would be at its time. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createAhead } from '../../../src/core/digests/ahead.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { link } from '../../store/fixtures.ts';
import { ANN, addRep, createDocket, type Docket, HOUR } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, task } from '../provider.ts';

const MINUTE = 60_000;
const MONDAY = '2026-11-23';
const repOf = (index: number): RepKey => ({ ...ANN, userId: `U${String(index).padStart(4, '0')}` });

let docket: Docket;
let planAhead: () => Promise<void>;

async function arrange(reps: number, options: Parameters<typeof createDocket>[0] = {}): Promise<void> {
  docket = await createDocket({ empty: true, ...options });
  for (let index = 0; index < reps; index += 1) await addRep(docket, repOf(index), `${index}`);
  planAhead = createAhead(docket.deps);
}

const lists = () => docket.provider.calls.filter((call) => call.startsWith('list ')).length;

/** Minutes pass, as ticks see them; returns how many lists were read in each. */
async function minutes(from: number, until: number): Promise<number[]> {
  const read: number[] = [];
  for (let minute = from; minute < until; minute += 1) {
    const before = lists();
    docket.at(MONDAY_NINE + minute * MINUTE);
    await planAhead();
    // What a worker does in that minute.
    docket.at(MONDAY_NINE + (minute + 1) * MINUTE - 1);
    await docket.work();
    read.push(lists() - before);
  }
  return read;
}

async function nine(at = MONDAY_NINE): Promise<void> {
  docket.at(at);
  await claimDueDigests(docket.deps);
  await docket.work();
}

describe('a full minute', () => {
  beforeEach(() => arrange(300));

  test('has all its lists read before, evenly, and only posts at its time', async () => {
    // One a second, and none in the last five seconds.
    expect(await minutes(-7, 0)).toEqual([0, 5, 60, 60, 60, 60, 55]);
    await nine();
    expect(lists()).toBe(300);
    expect(docket.screen.posted).toHaveLength(300);
    expect(new Set(docket.screen.posted).size).toBe(300);
  });
});

test('after a downtime, what was not read before is read at its time', async () => {
  await arrange(450);
  await minutes(-3, 0);
  // With the minute before that, whose turns are just over.
  expect(lists()).toBe(235);
  await nine();
  expect(lists()).toBe(450);
  expect(docket.screen.posted).toHaveLength(450);
});

test('a minute of a thousand reps begins fifteen minutes before, and its lists come a little faster', async () => {
  await arrange(1_000);
  docket.at(MONDAY_NINE - 16 * MINUTE);
  await planAhead();
  expect(await docket.deps.queue.backlog(MONDAY_NINE)).toEqual([]);
  docket.at(MONDAY_NINE - 15 * MINUTE);
  await planAhead();
  const [planned] = await docket.deps.queue.backlog(MONDAY_NINE - 14 * MINUTE);
  expect(planned).toMatchObject({ kind: 'ahead', jobs: 68, oldestAt: MONDAY_NINE - 15 * MINUTE });
});

test('of two workspaces whose reps have the same ids, each rep has a turn', async () => {
  await arrange(20);
  const there = Array.from({ length: 20 }, (_, index) => ({ ...repOf(index), teamId: 'T2' }));
  for (const [index, rep] of there.entries()) await addRep(docket, rep, `${index} elsewhere`);

  await minutes(-10, 0);

  const users = docket.provider.calls.map((call) => call.replace(/^list /, ''));
  const wanted = there.flatMap((_, index) => [`${index}`, `${index} elsewhere`]);
  expect(users.toSorted()).toEqual(wanted.toSorted());
});

test('a minute of few reps is read at its time', async () => {
  await arrange(19);
  expect(await minutes(-10, 0)).toEqual(Array.from({ length: 10 }, () => 0));
  await nine();
  expect(docket.screen.posted).toHaveLength(19);
});

describe('what was read before', () => {
  const REP = repOf(3);
  const made = async () => {
    const [id] = await docket.deps.store.messages.digestsSince(REP, 0);
    return id === undefined ? undefined : docket.deps.store.messages.load(id);
  };

  beforeEach(async () => {
    await arrange(20);
    docket.provider.open.set('3', [
      task('1', { dueAt: MONDAY_NINE - 1_000 * 60 * 6 }),
      task('2', { dueAt: MONDAY_NINE + HOUR }),
    ]);
  });

  test('is told apart as of the digest, and is as old as the digest', async () => {
    // The task that is due at six to nine is not late yet.
    docket.at(MONDAY_NINE - 9 * MINUTE);
    await docket.enqueue({ kind: 'ahead', ...REP, dueAt: MONDAY_NINE });
    await docket.work();
    await nine();
    const message = await made();
    expect(message?.summary.counts).toMatchObject({ overdue: 1, today: 1 });
    expect(message?.summary.asOf).toBe(MONDAY_NINE);
    expect(message?.createdAt).toBe(MONDAY_NINE);
    expect((await docket.deps.store.runs.find(REP, MONDAY))?.overdue).toMatchObject({ tasks: 1 });
    expect(message?.summary.fetchedAt).toBeLessThan(MONDAY_NINE);
  });

  test('is read anew if the rep has cleared something since', async () => {
    await minutes(-10, 0);
    const key = { ...REP, provider: 'fake', taskId: '1' };
    await docket.deps.store.ledger.record({
      ...key,
      seq: 1,
      change: { verb: 'done' },
      externalId: '3',
      task: task('1'),
      sentAt: undefined,
      attempts: 0,
      reference: undefined,
      createdAt: docket.deps.clock(),
      state: 'queued',
    });
    docket.provider.open.set('3', [task('2')]);
    await nine();
    expect(lists()).toBe(21);
    expect((await made())?.items.map((item) => item.task.id)).toEqual(['2']);
  });

  test('is read anew if a tool did not answer, so that nobody is told so who need not be', async () => {
    docket.provider.listTrouble.push({ kind: 'unavailable' });
    await minutes(-10, 0);
    await nine();
    expect(lists()).toBe(21);
    for (const rep of Array.from({ length: 20 }, (_, index) => repOf(index))) {
      const [id = ''] = await docket.deps.store.messages.digestsSince(rep, 0);
      expect((await docket.deps.store.messages.load(id))?.summary.reports[0]?.state).toBe('listed');
    }
  });

  test('is read anew for a digest that comes much later', async () => {
    await minutes(-10, 0);
    await nine(MONDAY_NINE + 30 * MINUTE);
    expect(lists()).toBe(40);
  });

  test('is not sent to a rep who chose another time meanwhile, and not used at that time either if it is later', async () => {
    await minutes(-10, 0);
    const schedule = await docket.deps.store.schedules.find(REP);
    if (!schedule) throw new Error('no schedule');
    await docket.deps.store.schedules.save({ ...schedule, time: '10:00', nextDueAt: MONDAY_NINE + HOUR });
    await nine();
    expect(docket.screen.posted).toHaveLength(19);
    expect(await made()).toBeUndefined();
    await nine(MONDAY_NINE + HOUR);
    expect(docket.screen.posted).toHaveLength(20);
    expect(lists()).toBe(21);
  });

  test('is made once, though the job runs again after a crash', async () => {
    docket.at(MONDAY_NINE - MINUTE);
    for (const _ of [1, 2]) await docket.enqueue({ kind: 'ahead', ...REP, dueAt: MONDAY_NINE });
    await docket.work();
    expect(lists()).toBe(1);
    await nine();
    expect(docket.screen.posted).toHaveLength(20);
    expect(lists()).toBe(20);
  });

  test('is not there for a rep who has paused, and none is read for them', async () => {
    const schedule = await docket.deps.store.schedules.find(REP);
    if (!schedule) throw new Error('no schedule');
    await docket.deps.store.schedules.save({ ...schedule, pausedUntil: MONDAY_NINE + 1 });
    await minutes(-10, 0);
    expect(lists()).toBe(19);
  });

  test('is posted once, also if a digest is asked for meanwhile', async () => {
    await minutes(-10, 0);
    const rep = await docket.deps.store.reps.find(REP);
    if (!rep) throw new Error('no rep');
    await docket.digests.sendNow(rep);
    await nine();
    const ids = await docket.deps.store.messages.digestsSince(REP, 0);
    expect(new Set(ids).size).toBe(2);
    expect(docket.screen.posted).toHaveLength(21);
    expect(await docket.deps.store.messages.aheadOf(REP, MONDAY)).toBeUndefined();
  });
});

test('a tool that the rep has signed in to since is read as well', async () => {
  const other = fakeProvider('other');
  await arrange(20, { providers: [fakeProvider(), other] });
  const REP = repOf(5);
  other.open.set('5', [{ ...task('9'), provider: 'other' }]);
  await minutes(-10, 0);
  await docket.deps.store.links.save(link(REP, { provider: 'other', externalId: '5', linkedAt: 2 }));
  await nine();
  const [id = ''] = await docket.deps.store.messages.digestsSince(REP, 0);
  const providers = (await docket.deps.store.messages.load(id))?.items.map((item) => item.task.provider);
  expect(providers).toContain('other');
});
