/** What a document allows an answer to leave out, or to write in another way, is read all the same. */
import { describe, expect, it } from 'vitest';
import { isOpen } from '../../src/core/clicks/target.ts';
import type { CallOptions } from '../../src/core/ports/provider.ts';
import { accountOf, failureOf } from '../contract/provider-harness.ts';
import { OWNER as GONG_OWNER, gongPerTest, gongTask } from './gong/harness.ts';
import { OWNER, outreachPerTest, outreachTask, readOpen, STRANGER } from './outreach/harness.ts';
import { owner, OWNER as REPLY_OWNER, replyPerTest, replyTask } from './reply/harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const LATER = Date.UTC(2026, 11, 1, 15, 0);

// outreach.md 2.11: an owner as links is not another user
describe('Outreach with relations as links only', () => {
  const start = outreachPerTest();
  const linked = (...tasks: Parameters<typeof outreachTask>[0][]) =>
    start({ simulator: { relationsAsLinks: true, tasks: tasks.map(outreachTask) } });

  it("lists the rep's tasks, and each is open for them", async () => {
    const started = await linked({ id: '1' }, { id: '2', state: 'complete', completedAt: '2026-11-20T09:00:00Z' });
    expect(await started.provider.listTasks(OWNER, click)).toMatchObject({ tasks: [{ id: '1' }], unreadable: 0 });
    expect(isOpen(await started.provider.readTask(OWNER, '1', click))).toBe(true);
    const doneAt = Date.parse('2026-11-20T09:00:00Z');
    expect(await started.provider.readTask(OWNER, '2', click)).toEqual({ doneAt });
    expect(await started.provider.editing?.read(OWNER, '1', click)).toMatchObject({ note: '' });
  });

  it.for([
    [{ verb: 'done' }, { state: 'complete' }],
    [{ verb: 'snooze', dueAt: LATER }, { dueAt: '2026-12-01T15:00:00.000Z' }],
    [{ verb: 'reassign', to: { externalId: STRANGER.externalId, name: 'Theo' } }, { ownerId: STRANGER.externalId }],
  ] as const)('does what is asked: %j', async ([change, outcome]) => {
    const started = await linked({ id: '1' });
    const task = await readOpen(started, '1');
    await started.provider.perform(OWNER, task, change, click);
    expect(started.outreach.task('1')).toMatchObject(outcome);
  });

  it('shows nothing of a task that says it is of another user', async () => {
    const started = await start({ simulator: { tasks: [outreachTask({ id: '1', ownerId: STRANGER.externalId })] } });
    started.consent(STRANGER, 60_000);
    expect(await started.provider.readTask(OWNER, '1', click)).toBeUndefined();
  });
});

describe('Outreach that does not say the state of a task', () => {
  const start = outreachPerTest();

  it.for([
    [{}, true],
    [{ state: null }, true],
    [{ state: ' Incomplete ' }, true],
    [{ state: ['incomplete'] }, true],
    [{ completed: true }, false],
    [{ completedAt: '2026-11-20T09:00:00Z' }, false],
    [{ state: 'pending' }, false],
    [{ state: 'something new' }, false],
  ] as const)('is believed where nothing else speaks against it: %j', async ([attributes, open]) => {
    const { outreach, provider } = await start();
    const body = JSON.stringify({ data: { type: 'task', id: 1, attributes } });
    outreach.fail({ on: 'GET /api/v2/tasks/1', how: { kind: 'answer', status: 200, body } });
    expect(isOpen(await provider.readTask(OWNER, '1', click))).toBe(open);
  });
});

describe('Gong', () => {
  const start = gongPerTest();

  it('that writes statuses in arrays has the same tasks, and the same changes', async () => {
    const { gong, provider } = await start({
      tasks: [gongTask({ id: '1' }), gongTask({ id: '2', status: 'DONE' })],
      simulator: { statusInArray: true },
    });
    const account = accountOf(GONG_OWNER);
    const { tasks, unreadable } = await provider.listTasks(account, click);
    expect([tasks.map(({ id }) => id), unreadable]).toEqual([['1'], 0]);
    await provider.perform(account, { ...(tasks[0] ?? expect.fail()) }, { verb: 'done' }, click);
    expect(gong.task('1')?.status).toBe('DONE');
  });

  it.for([
    ['Open', 1, 0],
    [null, 1, 0],
    [[], 1, 0],
    [['OPEN', 'DONE'], 0, 1],
    [['DONE'], 0, 1],
    ['WAITING', 0, 1],
    [7, 0, 1],
    [{}, 0, 1],
  ] as const)('with the status %j: %i shown, %i counted', async ([status, shown, counted]) => {
    const { gong, provider } = await start();
    const body = JSON.stringify({ requestId: 'r', tasks: [{ id: 1, status }] });
    gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 200, body } });
    const { tasks, unreadable } = await provider.listTasks(accountOf(GONG_OWNER), click);
    expect([tasks.length, unreadable]).toEqual([shown, counted]);
  });

  // gong.md 5.1: a 404 of its own is an empty list
  it('that says in its own words that it found nothing has an empty list', async () => {
    const { provider } = await start({ simulator: { nothingFoundIs404: true } });
    expect(await provider.listTasks(accountOf(GONG_OWNER), click)).toEqual({ tasks: [], unreadable: 0 });
    expect(await provider.readTask(accountOf(GONG_OWNER), '1', click)).toBeUndefined();
  });

  // gong.md 5.1: any other 404 is a failure
  it.for(['', '{}', '<html>not here</html>', '{"errors":["no"]}', '{"requestId":""}', '{"requestId":7}'])(
    'whose 404 is not its own has no list: %j',
    async (body) => {
      const { gong, provider } = await start();
      gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 404, body } });
      expect(await failureOf(provider.listTasks(accountOf(GONG_OWNER), click))).toMatchObject({ kind: 'not_found' });
    },
  );
});

describe('Reply', () => {
  const start = replyPerTest();

  it('that writes its words as the task page names them has the same tasks, and the same changes', async () => {
    const tasks = ['1', '2'].map((id) => replyTask({ id, taskType: 'call' }));
    const { reply, provider } = await start({ tasks, simulator: { dialect: 'mixed', capitals: true } });
    const listed = await provider.listTasks(owner, click);
    expect(listed).toMatchObject({ unreadable: 0, tasks: [{ facts: { kind: 'call' } }, { facts: { kind: 'call' } }] });
    const read = await provider.readTask(owner, '1', click);
    if (!isOpen(read)) return expect.fail();
    await provider.perform(owner, read, { verb: 'snooze', dueAt: LATER }, click);
    expect(Date.parse(reply.task('1')?.dueTo ?? '')).toBe(LATER);
    await provider.perform(owner, read, { verb: 'done' }, click);
    expect(reply.task('1')?.status).toBe('finished');
  });

  it.for([
    ['New', 1, 0],
    [' NEW ', 1, 0],
    ['0', 1, 0],
    [null, 1, 0],
    [undefined, 1, 0],
    ['Finished', 0, 0],
    ['3', 0, 0],
    ['Canceled', 0, 0],
    ['SequenceDetached', 0, 0],
    ['inProgress', 0, 1],
    [2, 0, 1],
    ['__proto__', 0, 1],
    [{}, 0, 1],
  ] as const)('with the status %j: %i shown, %i counted', async ([status, shown, counted]) => {
    const { reply, provider } = await start();
    const item = { id: 1, taskType: 2, assignedUserId: Number(REPLY_OWNER), dueTo: '2026-11-27T10:30:00Z', status };
    const body = JSON.stringify({ items: [item], hasMore: false });
    reply.fail({ how: { kind: 'answer', status: 200, body } });
    const { tasks, unreadable } = await provider.listTasks(owner, click);
    expect([tasks.length, unreadable]).toEqual([shown, counted]);
  });

  it('with an unknown status is not said to be gone', async () => {
    const { provider } = await start({ tasks: [replyTask({ id: '1', status: 6 })] });
    expect(await failureOf(provider.readTask(owner, '1', click))).toMatchObject({ kind: 'unreadable' });
  });

  it('that does not say whose a task is means the one who was asked for', async () => {
    const { reply, provider } = await start();
    for (const assignedUserId of [undefined, null]) {
      const item = { id: 1, taskType: 2, status: 0, assignedUserId, dueTo: '2026-11-27T10:30:00Z' };
      const body = JSON.stringify({ items: [item], hasMore: false });
      reply.fail({ on: 'POST /v3/tasks/filter', how: { kind: 'answer', status: 200, body } });
      expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
      reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 200, body: JSON.stringify(item) } });
      expect(isOpen(await provider.readTask(owner, '1', click))).toBe(true);
    }
  });

  it.for(['template', 'body'] as const)('without a %s has no times to choose, only ends', async (without) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', without })] });
    const task = await provider.readTask(owner, '1', click);
    if (!isOpen(task)) return expect.fail();
    expect(Object.keys(provider.capabilities.of(task).verbs)).toEqual(['done', 'dismiss']);
    const [listed = expect.fail()] = (await provider.listTasks(owner, click)).tasks;
    // A list does not say, so it is tried, and nothing is sent.
    const moved = provider.perform(owner, listed, { verb: 'snooze', dueAt: LATER }, click);
    expect(await failureOf(moved)).toMatchObject({ kind: 'immovable' });
    expect(reply.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    const [described = expect.fail()] = (await provider.describe?.(owner, [listed], click)) ?? [];
    expect(Object.keys(provider.capabilities.of(described).verbs)).toEqual(['done', 'dismiss']);
  });

  it('whose list says that a task starts when it is due, or later, offers no other time', async () => {
    const dueTo = '2026-11-27T10:30:00Z';
    const tasks = ['2026-11-27T10:29:59Z', dueTo, '2026-11-28T10:30:00Z'].map((startAt, index) =>
      replyTask({ id: String(index + 1), startAt, dueTo }),
    );
    const { provider } = await start({ tasks });
    const listed = (await provider.listTasks(owner, click)).tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const movable = listed.map((task) => 'snooze' in provider.capabilities.of(task).verbs);
    expect(movable).toEqual([true, false, false]);
  });
});
