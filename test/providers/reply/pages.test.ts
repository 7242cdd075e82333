import { describe, expect, it } from 'vitest';
import type { ReplySimulator, ReplyTask } from '../../../sandbox/reply/types.ts';
import type { CallOptions } from '../../../src/core/ports/provider.ts';
import { failureOf } from '../../contract/provider-harness.ts';
import { BOSS, OWNER, owner, pathsOf, replyPerTest, replyTask, replyUser, STRANGER } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const start = replyPerTest();

function tasksOf(count: number): ReplyTask[] {
  return Array.from({ length: count }, (_, index) => replyTask({ id: String(index + 1) }));
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
    const { reply, provider } = await start({ tasks: tasksOf(1) });
    await provider.listTasks(owner, click);
    expect(reply.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v3/tasks/filter?top=1000&skip=0',
        body: { status: 0, assignedUserId: Number(OWNER), to: '2100-01-01T00:00:00Z' },
        actingUser: owner.email,
        actingUserId: OWNER,
      },
    ]);
  });

  // reply.md 2.1: no task call without the name of the rep, or it would act as the owner
  it('never without the name of the rep', async () => {
    const { reply, provider } = await start({ tasks: tasksOf(1) });
    for (const email of [undefined, '', 'nobody', 'a@example.com\r\nX-User-Id: 1', 'a b@example.com']) {
      const account = { ...owner, email };
      const task = { provider: 'reply', id: '1', title: 'Call', dueAt: Date.UTC(2026, 10, 27, 10, 30) };
      const calls = [
        provider.listTasks(account, click),
        provider.readTask(account, '1', click),
        provider.perform(account, task, { verb: 'done' }, click),
        provider.perform(account, task, { verb: 'dismiss' }, click),
        provider.perform(account, task, { verb: 'snooze', dueAt: task.dueAt + 1_000 }, click),
        provider.undo(account, task, 'snooze', click),
      ];
      for (const error of await Promise.all(calls.map(failureOf))) expect(error).toMatchObject({ kind: 'forbidden' });
      expect(await provider.describe?.(account, [task], click)).toEqual([task]);
    }
    expect(reply.requests).toEqual([]);
  });

  // reply.md 3.2: the window ends a year from now unless it is named
  it('and shows tasks that start years from now', async () => {
    const { provider } = await start({
      tasks: [replyTask({ id: '1', startAt: '2031-01-01T09:00:00Z', dueTo: '2031-01-01T10:00:00Z' })],
    });
    expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
  });

  // contracts, conflict 3: an account without the task API is said to be so
  it('and says so when this account has no task API', async () => {
    for (const status of [404, 501] as const) {
      const { provider } = await start({ simulator: { notEnabled: status, dialect: 'current' } });
      const task = { provider: 'reply', id: '1', title: 'Call', dueAt: undefined };
      const calls = [
        provider.listTasks(owner, click),
        provider.readTask(owner, '1', click),
        provider.perform(owner, task, { verb: 'dismiss' }, click),
      ];
      for (const error of await Promise.all(calls.map(failureOf))) {
        expect(error).toMatchObject({ kind: 'not_enabled', status });
      }
    }
    const { provider } = await start({ simulator: { notEnabled: 404 } });
    expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'not_enabled' });
  });
});

describe('a list of Reply', () => {
  it("leaves out what is someone else's or not new, whatever the filter did", async () => {
    const { reply, provider } = await start();
    const item = { taskType: 2, status: 0, assignedUserId: Number(OWNER), dueTo: '2026-11-27T10:30:00Z' };
    const items = [
      { ...item, id: 1 },
      { ...item, id: 2, assignedUserId: Number(STRANGER) },
      ...[1, 2, 3, 4, 5, 'finished', 'unknown2'].map((status, index) => ({ ...item, id: 10 + index, status })),
    ];
    const body = JSON.stringify({ items, hasMore: false });
    reply.fail({ how: { kind: 'answer', status: 200, body } });
    const { tasks, unreadable } = await provider.listTasks(owner, click);
    expect(tasks.map(({ id }) => id)).toEqual(['1']);
    // Nobody can tell whether these are open.
    expect(unreadable).toBe(2);
  });

  it('counts what cannot be read', async () => {
    const { reply, provider } = await start();
    const item = { id: 1, taskType: 2, status: 0, assignedUserId: Number(OWNER), dueTo: '2026-11-27T10:30:00Z' };
    const bad = [
      { ...item, id: 'x' },
      { ...item, dueTo: 'soon' },
      { ...item, status: [0] },
      { ...item, assignedUserId: 'me' },
      'task',
    ];
    const body = JSON.stringify({ items: [item, ...bad], hasMore: false });
    reply.fail({ how: { kind: 'answer', status: 200, body } });
    expect(await provider.listTasks(owner, click)).toMatchObject({ tasks: [{ id: '1' }], unreadable: 5 });
  });

  // contracts, unknown R9: a time without an offset is UTC
  it.for(['seed', 'current'] as const)('reads dates without an offset as UTC: %s', async (dialect) => {
    const { provider } = await start({ tasks: tasksOf(1), simulator: { looseDates: true, dialect } });
    expect((await provider.listTasks(owner, click)).tasks[0]?.dueAt).toBe(Date.UTC(2026, 10, 27, 10, 30));
    expect(await provider.readTask(owner, '1', click)).toMatchObject({ dueAt: Date.UTC(2026, 10, 27, 10, 30) });
  });

  // reply.md 3.3: a role may see teammates' tasks: they are left out
  it("is a rep's own, also for one who may see the tasks of teammates", async () => {
    const users = [replyUser({ id: BOSS }), replyUser({ id: OWNER, role: 'manager' }), replyUser({ id: STRANGER })];
    const { provider } = await start({
      users,
      tasks: [replyTask({ id: '1' }), replyTask({ id: '2', assignedUserId: STRANGER })],
    });
    expect((await provider.listTasks(owner, click)).tasks.map(({ id }) => id)).toEqual(['1']);
    expect(await provider.readTask(owner, '2', click)).toBeUndefined();
  });
});

describe('a list of several pages', () => {
  // reply.md 3.6: each task once
  it('is read to its end, each task once', async () => {
    const { reply, provider } = await start({ tasks: tasksOf(10), simulator: { pageMax: 4 } });
    const { tasks } = await provider.listTasks(owner, click);
    expect(tasks.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(pathsOf(reply.requests).map((path) => path.split('skip=')[1])).toEqual(['0', '3', '6']);
  });

  // reply.md 3.4: skipping shifts when tasks close: pages overlap
  it('is read again when a task closes between two pages, so that none slips through', async () => {
    const { reply, provider } = await start({ tasks: tasksOf(5), simulator: { pageMax: 3 } });
    const order = (await provider.listTasks(owner, click)).tasks.map(({ id }) => id);
    const first = order[0] ?? '';
    const { tasks } = await stepwise(
      reply,
      () => provider.listTasks(owner, click),
      (page) => page === 1 && reply.remove(first),
    );
    expect(tasks.map(({ id }) => id).sort()).toEqual(order.slice(1).sort());
  });

  it('is read again when the page after it has become empty', async () => {
    const { reply, provider } = await start({ tasks: tasksOf(4), simulator: { pageMax: 3 } });
    const order = (await provider.listTasks(owner, click)).tasks.map(({ id }) => id);
    const { tasks } = await stepwise(
      reply,
      () => provider.listTasks(owner, click),
      (page) => {
        if (page === 1) for (const id of order.slice(0, 2)) reply.remove(id);
      },
    );
    expect(tasks.map(({ id }) => id).sort()).toEqual(order.slice(2).sort());
  });

  it('that never stands still is shown as everything that was seen of it', async () => {
    const { reply, provider } = await start({ tasks: tasksOf(8), simulator: { pageMax: 5 } });
    const order = (await provider.listTasks(owner, click)).tasks.map(({ id }) => id);
    const gone = order.slice(0, 3);
    const { tasks } = await stepwise(
      reply,
      () => provider.listTasks(owner, click),
      (page) => page % 2 === 1 && reply.remove(gone[(page - 1) / 2] ?? ''),
    );
    expect(reply.tasks()).toHaveLength(5);
    expect(tasks.map(({ id }) => id)).toEqual(expect.arrayContaining(order.slice(3)));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    expect(reply.requests).toHaveLength(2 + 3 * 2);
  });

  // reply.md 3.5: a list that says that there is more without end fails
  it('is not read for ever by a server that does not page', async () => {
    const { reply, provider } = await start();
    const items = [1, 2, 3].map((id) => ({
      id,
      taskType: 2,
      status: 0,
      assignedUserId: Number(OWNER),
      dueTo: '2026-11-27T10:30:00Z',
    }));
    const body = JSON.stringify({ items, hasMore: true });
    reply.fail({ how: { kind: 'answer', status: 200, body }, times: Number.POSITIVE_INFINITY });
    expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'unreadable' });
    reply.clearFaults();
    reply.fail({ how: { kind: 'answer', status: 200, body: '{"items":[],"hasMore":true}' } });
    expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'unreadable' });
    expect(reply.requests.length).toBeLessThan(10);
  });
});
