import { describe, expect, it } from 'vitest';
import type { ReplySimulator } from '../../../sandbox/reply/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { BOSS, OWNER, owner, pathsOf, replyTask, replyUser, type Setup, STRANGER, start } from './harness.ts';

const DUE = Date.UTC(2026, 10, 27, 10, 30);
const task = { provider: 'reply', id: '1', title: 'Call', dueAt: DUE };
const ITEM = { id: 1, taskType: 2, status: 0, assignedUserId: Number(OWNER), dueTo: '2026-11-27T10:30:00Z' };

/** Reply with so many tasks. */
async function open(count: number, setup: Setup = {}) {
  const tasks = Array.from({ length: count }, (_, index) => replyTask({ id: String(index + 1) }));
  const started = await start({ tasks, ...setup });
  const list = () => started.provider.listTasks(owner, click);
  const ids = async () => (await list()).tasks.map(({ id }) => id);
  return { ...started, list, ids };
}

/** What is made of an answer with these elements. */
async function listOf(items: unknown[]) {
  const { reply, list } = await open(0);
  reply.fail({ how: answer({ items, hasMore: false }) });
  const { tasks, unreadable } = await list();
  return [tasks.map(({ id }) => id).join(), unreadable];
}

/** Answers the requests of a list one by one; `between` is called before each but the first. */
async function stepwise<T>(reply: ReplySimulator, call: () => Promise<T>, between: (page: number) => void): Promise<T> {
  const before = reply.requests.length;
  reply.fail({ on: 'POST /v3/tasks/filter', how: { kind: 'hold' }, times: Number.POSITIVE_INFINITY });
  let isDone = false;
  const result = call().finally(() => {
    isDone = true;
  });
  for (let page = 0; !isDone; page += 1) {
    while (!isDone && reply.requests.length <= before + page) await new Promise(setImmediate);
    if (page > 0 && !isDone) between(page);
    reply.release();
  }
  reply.clearFaults();
  return result;
}

describe('Reply is asked for a list', () => {
  // reply.md 3.1: asked by status and assignee, up to a thousand at once
  it('as the rep, for what is new and theirs, in one page of a thousand', async () => {
    const { reply, list } = await open(1);
    await list();
    const body = { status: 0, assignedUserId: Number(OWNER), to: '2100-01-01T00:00:00Z' };
    const asked = { method: 'POST', path: '/v3/tasks/filter?top=1000&skip=0', body };
    expect(reply.requests).toMatchObject([{ ...asked, actingUser: owner.email, actingUserId: OWNER }]);
  });

  // reply.md 2.1: no task call without the name of the rep, or it would act as the owner
  it.for([undefined, '', 'nobody', 'a@example.com\r\nX-User-Id: 1', 'a b@example.com'])(
    'never without the name of the rep: %j',
    async (email) => {
      const { reply, provider } = await open(1);
      const account = { ...owner, email };
      const calls = [
        provider.listTasks(account, click),
        provider.readTask(account, '1', click),
        provider.perform(account, task, { verb: 'done' }, click),
        provider.perform(account, task, { verb: 'dismiss' }, click),
        provider.perform(account, task, { verb: 'snooze', dueAt: DUE + 1_000 }, click),
        provider.undo(account, task, 'snooze', click),
      ];
      for (const call of calls) await fails(call, 'forbidden');
      expect(await provider.describe?.(account, [task], click)).toEqual([task]);
      expect(reply.requests).toEqual([]);
    },
  );

  // reply.md 3.2: the window ends a year from now unless it is named
  it('and shows tasks that start years from now', async () => {
    const far = { startAt: '2031-01-01T09:00:00Z', dueTo: '2031-01-01T10:00:00Z' };
    const { ids } = await open(0, { tasks: [replyTask({ id: '1', ...far })] });
    expect(await ids()).toEqual(['1']);
  });

  // contracts, conflict 3: an account without the task API is said to be so
  it.for([
    [404, 'current'],
    [501, 'current'],
    [404, 'seed'],
  ] as const)('and says so when this account has no task API: %i, %s', async ([status, dialect]) => {
    const { provider, list } = await open(0, { simulator: { notEnabled: status, dialect } });
    await fails(list(), 'not_enabled', { status });
    if (dialect === 'seed') return;
    await fails(provider.readTask(owner, '1', click), 'not_enabled', { status });
    await fails(provider.perform(owner, task, { verb: 'dismiss' }, click), 'not_enabled', { status });
  });
});

describe('a list of Reply', () => {
  it("leaves out what is someone else's, and counts what cannot be read", async () => {
    const theirs = { ...ITEM, id: 2, assignedUserId: Number(STRANGER) };
    const bad = [{ id: 'x' }, { id: 3, dueTo: 'soon' }, { id: 4, status: [0] }, { id: 5, assignedUserId: 'me' }];
    expect(await listOf([ITEM, theirs, ...bad.map((more) => ({ ...ITEM, ...more })), 'task'])).toEqual(['1', 5]);
  });

  it.for([
    ['shows', ['New', ' NEW ', '0', null, undefined], ['1', 0]],
    ['leaves out', [1, 'Finished', '3', 'Canceled', 4, 'SequenceDetached'], ['', 0]],
    // Nobody can tell whether these are open.
    ['counts', ['inProgress', 2, 'unknown2', '__proto__', {}], ['', 1]],
  ] as const)('%s a task with the status %j', async ([, statuses, expected]) => {
    for (const status of statuses) expect(await listOf([{ ...ITEM, status }]), String(status)).toEqual(expected);
  });

  it('that does not say whose a task is means the one who was asked for', async () => {
    for (const assignedUserId of [undefined, null]) {
      expect(await listOf([{ ...ITEM, assignedUserId }])).toEqual(['1', 0]);
      const { reply, provider } = await open(0);
      reply.fail({ on: 'GET /v3/tasks/1', how: answer({ ...ITEM, assignedUserId }) });
      expect(isOpen(await provider.readTask(owner, '1', click))).toBe(true);
    }
  });

  // contracts, unknown R9: a time without an offset is UTC
  it.for(['seed', 'current'] as const)('reads dates without an offset as UTC: %s', async (dialect) => {
    const { provider, list } = await open(1, { simulator: { looseDates: true, dialect } });
    expect(await list()).toMatchObject({ tasks: [{ dueAt: DUE }] });
    expect(await provider.readTask(owner, '1', click)).toMatchObject({ dueAt: DUE });
  });

  it('that writes its words as the task page names them has the same tasks, and the same changes', async () => {
    const { reply, provider, list } = await open(2, { simulator: { dialect: 'mixed', capitals: true } });
    const { tasks, unreadable } = await list();
    expect([tasks.map(({ facts }) => facts?.kind), unreadable]).toEqual([['call', 'call'], 0]);
    await provider.perform(owner, task, { verb: 'snooze', dueAt: DUE + 60_000 }, click);
    expect(Date.parse(reply.task('1')?.dueTo ?? '')).toBe(DUE + 60_000);
    await provider.perform(owner, task, { verb: 'done' }, click);
    expect(reply.task('1')?.status).toBe('finished');
  });

  // reply.md 3.3: a role may see teammates' tasks: they are left out
  it("is a rep's own, also for one who may see the tasks of teammates", async () => {
    const users = [replyUser({ id: BOSS }), replyUser({ id: OWNER, role: 'manager' }), replyUser({ id: STRANGER })];
    const tasks = [replyTask({ id: '1' }), replyTask({ id: '2', assignedUserId: STRANGER })];
    const { provider, ids } = await open(0, { users, tasks });
    expect(await ids()).toEqual(['1']);
    expect(await provider.readTask(owner, '2', click)).toBeUndefined();
  });
});

describe('a list of several pages', () => {
  // reply.md 3.6: each task once
  it('is read to its end, each task once', async () => {
    const { reply, ids } = await open(10, { simulator: { pageMax: 4 } });
    expect((await ids()).map(Number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(pathsOf(reply.requests).map((path) => path.split('skip=')[1])).toEqual(['0', '3', '6']);
  });

  // reply.md 3.4: skipping shifts when tasks close: pages overlap
  it.for([
    ['a task closes between two pages, so that none slips through', 5, 1],
    ['the page after it has become empty', 4, 2],
  ] as const)('is read again when %s', async ([, count, closed]) => {
    const { reply, ids } = await open(count, { simulator: { pageMax: 3 } });
    const order = await ids();
    const read = await stepwise(reply, ids, (page) => {
      if (page === 1) for (const id of order.slice(0, closed)) reply.remove(id);
    });
    expect(read.sort()).toEqual(order.slice(closed).sort());
  });

  it('that never stands still is shown as everything that was seen of it', async () => {
    const { reply, ids } = await open(8, { simulator: { pageMax: 5 } });
    const order = await ids();
    const read = await stepwise(reply, ids, (page) => {
      if (page % 2 === 1) reply.remove(order[(page - 1) / 2] ?? '');
    });
    expect(reply.tasks()).toHaveLength(5);
    expect(read).toEqual(expect.arrayContaining(order.slice(3)));
    expect(new Set(read).size).toBe(read.length);
    expect(reply.requests).toHaveLength(2 + 3 * 2);
  });

  // reply.md 3.5: a list that says that there is more without end fails
  it('is not read for ever by a server that does not page', async () => {
    const { reply, list } = await open(0);
    const items = [1, 2, 3].map((id) => ({ ...ITEM, id }));
    for (const same of [items, []]) {
      reply.fail({ how: answer({ items: same, hasMore: true }), times: Number.POSITIVE_INFINITY });
      await fails(list(), 'unreadable');
      reply.clearFaults();
    }
    expect(reply.requests.length).toBeLessThan(10);
  });
});
