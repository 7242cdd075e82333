/** What the account speaks is found out, once (contracts, conflicts 1, 2; contracts, unknown R1). */

import { describe, expect, it } from 'vitest';
import type { ReplyRequest } from '../../../sandbox/reply/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import type { CallOptions } from '../../../src/core/ports/provider.ts';
import { accountOf, failureOf } from '../../contract/provider-harness.ts';
import { owner, replyPerTest, replyTask, stranger } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const start = replyPerTest();
const tasks = [replyTask({ id: '1' })];
const FILTER = 'POST /v3/tasks/filter';

/** Header, status asked for, and status of the answer. */
function askedIn(requests: readonly ReplyRequest[]): unknown[] {
  return requests.map(({ auth, body, status }) => [auth, (body as { status?: unknown } | undefined)?.status, status]);
}

describe('the dialect', () => {
  // contracts, conflict 1: X-API-Key and integers come first
  it('is at first that of the oldest documents', async () => {
    const { reply, provider } = await start({ tasks });
    expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
    expect(askedIn(reply.requests)).toEqual([['x-api-key', 0, 200]]);
  });

  // contracts, conflicts 1, 2
  it.for([
    [
      'current',
      [
        ['x-api-key', 0, 401],
        ['bearer', 0, 400],
        ['bearer', 'new', 200],
        ['bearer', 'new', 200],
      ],
    ],
    [
      'mixed',
      [
        ['x-api-key', 0, 400],
        ['x-api-key', 'new', 200],
        ['x-api-key', 'new', 200],
      ],
    ],
  ] as const)('is found out once and remembered: %s', async ([dialect, requests]) => {
    const { reply, provider } = await start({ tasks, simulator: { dialect } });
    for (let list = 0; list < 2; list += 1) expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
    expect(askedIn(reply.requests)).toEqual(requests);
  });

  // contracts, unknown R1: a vendor who moves the account is followed
  it('is found out anew when the vendor moves the account', async () => {
    const { reply, provider } = await start({ tasks });
    await provider.listTasks(owner, click);
    reply.setDialect('current');
    expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
    reply.setDialect('seed');
    expect((await provider.listTasks(owner, click)).tasks).toHaveLength(1);
    expect(reply.requests).toHaveLength(1 + 3 + 3);
  });

  it('is known from what a reading shows', async () => {
    const { reply, provider } = await start({ tasks, simulator: { dialect: 'mixed' } });
    await provider.readTask(owner, '1', click);
    await provider.listTasks(owner, click);
    expect(askedIn(reply.requests.slice(1))).toEqual([['x-api-key', 'new', 200]]);
  });

  it('is what Reply has taken, whatever a reading shows', async () => {
    const { reply, provider } = await start({ tasks });
    await provider.listTasks(owner, click);
    const body = JSON.stringify({ id: 1, taskType: 'call', status: 'new', assignedUserId: Number(owner.externalId) });
    reply.fail({ on: 'GET', how: { kind: 'answer', status: 200, body } });
    await provider.readTask(owner, '1', click);
    await provider.listTasks(owner, click);
    expect(askedIn(reply.requests.slice(2))).toEqual([['x-api-key', 0, 200]]);
  });

  it('does not flip between calls that find it out at the same time', async () => {
    const { reply, provider } = await start({ tasks, simulator: { dialect: 'current' } });
    const lists = await Promise.all([owner, owner, stranger].map((account) => provider.listTasks(account, click)));
    expect(lists.map((list) => list.tasks.length)).toEqual([1, 1, 0]);
    const before = reply.requests.length;
    await provider.listTasks(owner, click);
    expect(askedIn(reply.requests.slice(before))).toEqual([['bearer', 'new', 200]]);
  });
});

describe('a refusal', () => {
  // reply.md 5.2, 5.401
  it.for(['', '{"title":"Unauthorized","status":401,"detail":"Authentication credentials are missing or invalid."}'])(
    'of the key in both headers is about the key, and changes nothing: %j',
    async (body) => {
      const { reply, provider } = await start({ tasks });
      reply.fail({ on: FILTER, how: { kind: 'answer', status: 401, body }, times: 2 });
      expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'auth', status: 401 });
      await provider.listTasks(owner, click);
      expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer', 'x-api-key']);
    },
  );

  it('of the filter in both forms is about the filter, and changes nothing', async () => {
    const { reply, provider } = await start({ tasks });
    reply.fail({ on: FILTER, how: { kind: 'answer', status: 400, body: '' }, times: 2 });
    expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'invalid', status: 400 });
    await provider.listTasks(owner, click);
    expect(askedIn(reply.requests).map((each) => (each as unknown[])[1])).toEqual([0, 'new', 0]);
  });

  // reply.md 5.3; contracts, unknown R7
  it.for(['seed', 'current'] as const)(
    'of an acting user who is not there is not about the key: %s',
    async (dialect) => {
      const { reply, provider } = await start({ tasks, simulator: { dialect } });
      await provider.listTasks(owner, click);
      const before = reply.requests.length;
      const gone = accountOf('99', 'gone@example.com');
      expect(await failureOf(provider.listTasks(gone, click))).toMatchObject({ kind: 'forbidden', status: 401 });
      await provider.listTasks(owner, click);
      expect(reply.requests.slice(before).map(({ status }) => status)).toEqual([401, 200]);
    },
  );

  it('of an acting user who is not there tells that the key was let in', async () => {
    const { reply, provider } = await start({ tasks, simulator: { dialect: 'current' } });
    const gone = accountOf('99', 'gone@example.com');
    for (let list = 0; list < 2; list += 1) {
      expect(await failureOf(provider.listTasks(gone, click))).toMatchObject({ kind: 'forbidden' });
    }
    expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer', 'bearer']);
  });

  it('that the other way runs into says what it is', async () => {
    const { reply, provider } = await start({ tasks, simulator: { dialect: 'current' } });
    reply.fail({ on: FILTER, how: { kind: 'answer', status: 401 } });
    reply.fail({ on: FILTER, how: { kind: 'answer', status: 503 } });
    expect(await failureOf(provider.listTasks(owner, click))).toMatchObject({ kind: 'unavailable', status: 503 });
  });
});

describe('the result of a call', () => {
  it.for(['seed', 'current', 'mixed'] as const)('arrives: %s', async (dialect) => {
    const wanted = { positive: 'positive', to_call: 'toCall', negative: 'negative' } as const;
    for (const [ending, callResolution] of Object.entries(wanted)) {
      const { reply, provider } = await start({ tasks, simulator: { dialect } });
      const task = await provider.readTask(owner, '1', click);
      if (!isOpen(task)) throw new Error('not read');
      await provider.perform(owner, task, { verb: 'done', ending }, click);
      expect(reply.effects.completions).toMatchObject([
        { taskId: '1', callResolution, finishProspectInSequence: false },
      ]);
    }
  });

  // reply.md 4.10: the result of a call is an integer everywhere
  it('is sent as the integer that all documents give', async () => {
    const { reply, provider } = await start({ tasks });
    const task = await provider.readTask(owner, '1', click);
    if (!isOpen(task)) throw new Error('not read');
    await provider.perform(owner, task, { verb: 'done', ending: 'negative' }, click);
    expect(reply.requests.slice(1)).toMatchObject([{ path: '/v3/tasks/1/complete', body: { callResolution: 2 } }]);
  });
});
