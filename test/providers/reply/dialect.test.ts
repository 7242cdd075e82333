/** What the account speaks is found out, once (contracts, conflicts 1, 2; contracts, unknown R1). */

import { describe, expect, it } from 'vitest';
import type { ReplyDialect, ReplyRequest } from '../../../sandbox/reply/types.ts';
import { accountOf, answer, click, fails } from '../../contract/provider-harness.ts';
import { owner, readOpen, replyTask, start, stranger } from './harness.ts';

const FILTER = 'POST /v3/tasks/filter';
const GONE = accountOf('99', 'gone@example.com');

/** Reply with one task. */
async function open(dialect: ReplyDialect = 'seed') {
  const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })], simulator: { dialect } });
  return { reply, provider, list: (account = owner) => provider.listTasks(account, click) };
}

/** Header, status asked for, and status of the answer. */
function askedIn(requests: readonly ReplyRequest[]): string[] {
  return requests.map(({ auth, body, status }) => `${auth} ${(body as { status: unknown }).status} ${status}`);
}

describe('the dialect', () => {
  // contracts, conflict 1: X-API-Key and integers come first
  it('is at first that of the oldest documents', async () => {
    const { reply, list } = await open();
    expect((await list()).tasks).toHaveLength(1);
    expect(askedIn(reply.requests)).toEqual(['x-api-key 0 200']);
  });

  // contracts, conflicts 1, 2
  it.for([
    ['current', ['x-api-key 0 401', 'bearer 0 400', 'bearer new 200', 'bearer new 200']],
    ['mixed', ['x-api-key 0 400', 'x-api-key new 200', 'x-api-key new 200']],
  ] as const)('is found out once and remembered: %s', async ([dialect, requests]) => {
    const { reply, list } = await open(dialect);
    for (let round = 0; round < 2; round += 1) expect((await list()).tasks).toHaveLength(1);
    expect(askedIn(reply.requests)).toEqual(requests);
  });

  // contracts, unknown R1: a vendor who moves the account is followed
  it('is found out anew when the vendor moves the account', async () => {
    const { reply, list } = await open();
    await list();
    reply.setDialect('current');
    expect((await list()).tasks).toHaveLength(1);
    reply.setDialect('seed');
    expect((await list()).tasks).toHaveLength(1);
    expect(reply.requests).toHaveLength(1 + 3 + 3);
  });

  it('is known from what a reading shows', async () => {
    const { reply, provider, list } = await open('mixed');
    await provider.readTask(owner, '1', click);
    await list();
    expect(askedIn(reply.requests.slice(1))).toEqual(['x-api-key new 200']);
  });

  it('is what Reply has taken, whatever a reading shows', async () => {
    const { reply, provider, list } = await open();
    await list();
    const read = { id: 1, taskType: 'call', status: 'new', assignedUserId: Number(owner.externalId) };
    reply.fail({ on: 'GET', how: answer(read) });
    await provider.readTask(owner, '1', click);
    await list();
    expect(askedIn(reply.requests.slice(2))).toEqual(['x-api-key 0 200']);
  });

  it('does not flip between calls that find it out at the same time', async () => {
    const { reply, list } = await open('current');
    const lists = await Promise.all([owner, owner, stranger].map((account) => list(account)));
    expect(lists.map((list) => list.tasks.length)).toEqual([1, 1, 0]);
    const before = reply.requests.length;
    await list();
    expect(askedIn(reply.requests.slice(before))).toEqual(['bearer new 200']);
  });
});

describe('a refusal', () => {
  // reply.md 5.2, 5.401
  it.for(['', '{"title":"Unauthorized","status":401,"detail":"Authentication credentials are missing or invalid."}'])(
    'of the key in both headers is about the key, and changes nothing: %j',
    async (body) => {
      const { reply, list } = await open();
      reply.fail({ on: FILTER, how: { kind: 'answer', status: 401, body }, times: 2 });
      await fails(list(), 'auth', { status: 401 });
      await list();
      expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer', 'x-api-key']);
    },
  );

  it('of the filter in both forms is about the filter, and changes nothing', async () => {
    const { reply, list } = await open();
    reply.fail({ on: FILTER, how: answer('', 400), times: 2 });
    await fails(list(), 'invalid', { status: 400 });
    await list();
    expect(askedIn(reply.requests)).toEqual(['x-api-key 0 400', 'x-api-key new 400', 'x-api-key 0 200']);
  });

  // reply.md 5.3; contracts, unknown R7
  it.for(['seed', 'current'] as const)(
    'of an acting user who is not there is not about the key: %s',
    async (dialect) => {
      const { reply, list } = await open(dialect);
      await list();
      const before = reply.requests.length;
      await fails(list(GONE), 'forbidden', { status: 401 });
      await list();
      expect(reply.requests.slice(before).map(({ status }) => status)).toEqual([401, 200]);
    },
  );

  it('of an acting user who is not there tells that the key was let in', async () => {
    const { reply, list } = await open('current');
    for (let round = 0; round < 2; round += 1) await fails(list(GONE), 'forbidden');
    expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer', 'bearer']);
  });

  it('that the other way runs into says what it is', async () => {
    const { reply, list } = await open('current');
    reply.fail({ on: FILTER, how: { kind: 'answer', status: 401 } });
    reply.fail({ on: FILTER, how: { kind: 'answer', status: 503 } });
    await fails(list(), 'unavailable', { status: 503 });
  });
});

// reply.md 4.10: the result of a call is an integer everywhere
it.for(['seed', 'current', 'mixed'] as const)(
  'the result of a call is sent as the integer that all documents give, and arrives: %s',
  async (dialect) => {
    const wanted = { positive: 'positive', to_call: 'toCall', negative: 'negative' } as const;
    for (const [code, [ending, callResolution]] of Object.entries(wanted).entries()) {
      const { reply, provider } = await open(dialect);
      await provider.perform(owner, await readOpen(provider), { verb: 'done', ending }, click);
      expect(reply.requests.at(-1)).toMatchObject({ path: '/v3/tasks/1/complete', body: { callResolution: code } });
      const arrived = { taskId: '1', callResolution };
      expect(reply.effects.completions).toMatchObject([arrived]);
    }
  },
);
