import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GongRequest } from '../../../sandbox/gong/types.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { CallOptions, Priority, TaskProvider } from '../../../src/core/ports/provider.ts';
import { PROVIDERS, type ProviderModule } from '../../../src/providers/index.ts';
import { accountOf, failureOf } from '../../contract/provider-harness.ts';
import { memoryGrants } from '../grants.ts';
import { gongPerTest, gongTask, OWNER, STRANGER } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const start = gongPerTest();
const ID = '1695493301223590792';
const DUE = Date.UTC(2026, 10, 27, 10, 30, 0, 250);
const task: Task = { provider: 'gong', id: ID, title: 'Call Dana', dueAt: DUE };

/** Lists tasks of a user who stands for the call. */
function listAs(provider: TaskProvider, userId: number, priority: Priority, signal?: AbortSignal) {
  return provider.listTasks(accountOf(String(userId)), signal ? { priority, signal } : { priority });
}

function usersOf(requests: readonly GongRequest[]): number[] {
  return requests.map(({ body }) => Number((body as { filter: { userId: string } }).filter.userId));
}

describe('Gong is asked', () => {
  // contracts, conflicts 6, 7; contracts, unknown G7
  it('for open call tasks only, in the documented form', async () => {
    const { gong, provider } = await start();
    await provider.listTasks(accountOf(OWNER), click);
    const filter = { userId: OWNER, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };
    expect(gong.requests).toMatchObject([{ method: 'POST', path: '/v2/tasks' }]);
    expect(gong.requests[0]?.body).toEqual({ filter });
  });

  // contracts, conflict 4; gong.md 3.1
  it('to change only what changes', async () => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID })], simulator: { rateLimits: false } });
    const due = Date.UTC(2026, 11, 1, 15, 0, 0, 999);
    await provider.perform(accountOf(OWNER), task, { verb: 'snooze', dueAt: due }, click);
    await provider.undo(accountOf(OWNER), task, 'snooze', click);
    await provider.perform(accountOf(OWNER), task, { verb: 'dismiss' }, click);
    const receipt = await provider.undo(accountOf(OWNER), task, 'dismiss', click);
    expect(gong.requests.map(({ method, path, body }) => [`${method} ${path}`, body])).toEqual([
      [`PATCH /v2/tasks/${ID}`, { userId: OWNER, dueDate: '2026-12-01T15:00:00Z' }],
      [`PATCH /v2/tasks/${ID}`, { userId: OWNER, dueDate: '2026-11-27T10:30:00.25Z' }],
      [`PATCH /v2/tasks/${ID}`, { userId: OWNER, status: 'DISMISSED' }],
      [`PATCH /v2/tasks/${ID}`, { userId: OWNER, status: 'OPEN' }],
    ]);
    expect(receipt.reference).toMatch(/^\w{19}$/);
  });

  // gong.md 2.3: only calls can be seen, and Docket says so
  it('nothing but what is promised: call tasks, with verbs that can be taken back and repeated', async () => {
    const { gong, provider } = await start();
    expect(provider.capabilities.noun).toBe('call tasks');
    const { verbs } = provider.capabilities.of(task);
    const real = { reversible: true, repeatable: true };
    expect(verbs).toEqual({ done: real, dismiss: real, snooze: real, reschedule: real });
    const call = provider.perform(accountOf(OWNER), task, { verb: 'note', note: 'x' }, click);
    expect(await failureOf(call)).toMatchObject({ kind: 'invalid' });
    expect(gong.requests).toEqual([]);
  });

  // gong.md 3.6: ids in a path are digits and nothing else
  it('nothing that makes no sense', async () => {
    const { gong, provider } = await start();
    const undated = { ...task, dueAt: undefined };
    expect(await failureOf(provider.undo(accountOf(OWNER), undated, 'reschedule', click))).toMatchObject({
      kind: 'invalid',
    });
    for (const id of ['../users', '', '1/2', '1?x', '١٢']) {
      const call = provider.perform(accountOf(OWNER), { ...task, id }, { verb: 'done' }, click);
      expect(await failureOf(call)).toMatchObject({ kind: 'invalid' });
    }
    expect(gong.requests).toEqual([]);
  });
});

describe('an answer of Gong', () => {
  // gong.md 3.2; contracts, rule 3
  it.for<[string, unknown]>([
    ['another task', [{ id: ID.replace(/2$/, '3'), status: 'DONE' }]],
    ['another status', [{ id: ID, status: 'OPEN' }]],
    ['no status', [{ id: ID }]],
    ['nothing', []],
  ])('that shows %s is no success', async ([, tasks]) => {
    const { gong, provider } = await start();
    const body = JSON.stringify({ requestId: 'r-7', tasks });
    gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 200, body } });
    const error = await failureOf(provider.perform(accountOf(OWNER), task, { verb: 'done' }, click));
    expect(error).toMatchObject({ kind: 'unreadable', reference: 'r-7', operation: 'PATCH /v2/tasks/{id}' });
  });

  // gong.md 3.3: a due date has an offset or Z
  it.for([
    ['2026-11-27T12:30:00+02:00', true],
    ['2026-11-27T10:30:01Z', false],
    [undefined, false],
  ] as const)('that shows the due date %s: %s', async ([dueDate, success]) => {
    const { gong, provider } = await start();
    const body = `{"tasks":[{"id":${ID},"status":"OPEN"${dueDate ? `,"dueDate":"${dueDate}"` : ''}}]}`;
    gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 200, body } });
    const call = provider.perform(accountOf(OWNER), task, { verb: 'reschedule', dueAt: DUE }, click);
    if (success) expect(await call).toEqual({ reference: undefined });
    else expect(await failureOf(call)).toMatchObject({ kind: 'unreadable' });
  });

  // gong.md 5.2: every answer has a requestId, refusals too
  it('names its requestId in a refusal', async () => {
    const { provider } = await start({ tasks: [gongTask({ id: ID })] });
    const error = await failureOf(provider.perform(accountOf(STRANGER), task, { verb: 'done' }, click));
    expect(error).toMatchObject({ kind: 'forbidden', status: 403, reference: expect.stringMatching(/^\w{19}$/) });
  });
});

describe('Gong sees', () => {
  // gong.md 6.1: 3 calls a second for the whole company
  it('no more than 3 calls in any second, clicks ahead of people ahead of digests', async () => {
    const { gong, provider } = await start();
    const digests = [1, 2, 3, 4, 5, 6, 7].map((user) => listAs(provider, user, 'digest'));
    const people = [11, 12].map((user) => listAs(provider, user, 'person'));
    const clicks = [21, 22].map((user) => listAs(provider, user, 'click'));
    await Promise.all([...digests, ...people, ...clicks]);
    const order = usersOf(gong.requests);
    const rounds = [order.slice(0, 3), order.slice(3, 6), order.slice(6, 9), order.slice(9)];
    // Calls that leave together may arrive in any order.
    expect(rounds.map((round) => round.sort((a, b) => a - b))).toEqual([
      [1, 2, 3],
      [11, 21, 22],
      [4, 5, 12],
      [6, 7],
    ]);
    for (const [index, { at, status }] of gong.requests.entries()) {
      expect(status).toBe(200);
      const fourth = gong.requests[index + 3];
      if (fourth) expect(fourth.at - at).toBeGreaterThanOrEqual(1000);
    }
  });

  // gong.md 6.2: 429 stops everybody until its time
  it('nobody until Retry-After has passed', async () => {
    const { gong, provider } = await start();
    gong.fail({ how: { kind: 'answer', status: 429, headers: { 'Retry-After': '2' } } });
    const refused = failureOf(listAs(provider, 1, 'digest'));
    const others = [2, 3, 4].map((user) => listAs(provider, user, 'digest'));
    expect(await refused).toMatchObject({ kind: 'rate_limited', retryAfterMs: 2000 });
    const refusedAt = Date.now();
    await Promise.all([...others, listAs(provider, 5, 'click')]);
    expect(usersOf(gong.requests).slice(3).sort()).toEqual([4, 5]);
    for (const { at } of gong.requests.slice(3)) expect(at).toBeGreaterThanOrEqual(refusedAt + 1_990);
  });

  // gong.md 6.3: 429 may not say how long
  it('nobody for a moment when a refusal does not say how long', async () => {
    const { gong, provider } = await start();
    gong.fail({ how: { kind: 'answer', status: 429 } });
    const refused = await failureOf(listAs(provider, 1, 'digest'));
    expect(refused).toMatchObject({ kind: 'rate_limited', retryAfterMs: undefined });
    const refusedAt = Date.now();
    await listAs(provider, 2, 'click');
    expect(gong.requests[1]?.at).toBeGreaterThanOrEqual(refusedAt + 900);
  });

  it("nothing of a new process before the calls of the one before it have left Gong's window", async () => {
    const { gong } = await start({ tasks: [gongTask({ id: ID })] });
    const module = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));
    const script = `
      const { createGong } = await import(${module('providers/gong/gong.ts')});
      const { createCircuit } = await import(${module('core/jobs/circuit.ts')});
      const [accessKey, accessKeySecret, apiUrl] = ${JSON.stringify([gong.accessKey, gong.accessKeySecret, gong.url])};
      const settings = { accessKey, accessKeySecret, apiUrl, clock: Date.now, circuit: createCircuit(Date.now) };
      const account = { teamId: 'T1', userId: 'U1', externalId: '${OWNER}', email: undefined };
      const alive = setInterval(() => {}, 1_000);
      await createGong(settings).listTasks(account, { priority: 'click' });
      clearInterval(alive);`;
    const before = Date.now();
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 25_000 });
    // The process began after `before`, and a timer and Date.now differ by up to a millisecond or so.
    expect((gong.requests[0]?.at ?? 0) - before).toBeGreaterThanOrEqual(1_248);
    expect(gong.requests).toHaveLength(1);
  });

  it('nothing of a call that was aborted before its turn', async () => {
    const { gong, provider } = await start();
    const first = [1, 2, 3].map((user) => listAs(provider, user, 'click'));
    const stop = new AbortController();
    const waiting = failureOf(listAs(provider, 4, 'click', stop.signal));
    const last = listAs(provider, 5, 'digest');
    stop.abort(new Error('gone'));
    expect(await waiting).toMatchObject({ kind: 'unavailable', cause: { message: 'gone' } });
    await Promise.all([...first, last]);
    expect(usersOf(gong.requests).sort()).toEqual([1, 2, 3, 5]);
  });
});

describe('the registry', () => {
  // gong.md 1.3: the company may have a base address of its own
  it.for(Object.entries<ProviderModule>(PROVIDERS))('makes %s under its own id from its variables', ([id, module]) => {
    const required = Object.fromEntries(module.required.map((name) => [name, 'x']));
    const provider = module.create(
      { ...required, ...module.optional },
      { clock: Date.now, circuit: createCircuit(Date.now), grants: memoryGrants(Date.now) },
    );
    expect(provider).toMatchObject({ id, name: module.name });
    expect(provider.consent !== undefined).toBe(module.consent === true);
  });
});

describe('a task that cannot be read', () => {
  const answer = (tasks: unknown[]) => ({
    on: 'POST /v2/tasks',
    how: { kind: 'answer', status: 200, body: JSON.stringify({ requestId: 'r', tasks }) } as const,
  });

  it.for([
    ['is not known to be gone', { id: ID, dueDate: 'soon' }],
    ['is not known to be another', { dueDate: 'soon' }],
  ] as const)('%s', async ([, element]) => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID })] });
    gong.fail(answer([element]));
    expect(await failureOf(provider.readTask(accountOf(OWNER), ID, click))).toMatchObject({ kind: 'unreadable' });
  });

  it('says nothing of one that can', async () => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID })] });
    gong.fail(answer([{ id: '77', dueDate: 'soon' }]));
    expect(await provider.readTask(accountOf(OWNER), ID, click)).toBeUndefined();
  });
});

describe('quick clicks of one rep', () => {
  // gong.md 6.4: quick clicks share their readings
  it('share a reading that still waits for its turn, and never one that has begun', async () => {
    const other = '1695493301223590793';
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID }), gongTask({ id: other })] });
    const first = Array.from({ length: 3 }, () => provider.readTask(accountOf(OWNER), ID, click));

    const later = [ID, other, '1'].map((id) => provider.readTask(accountOf(OWNER), id, click));
    const stranger = provider.readTask(accountOf(STRANGER), ID, click);

    expect(await Promise.all(first)).toMatchObject([{ id: ID }, { id: ID }, { id: ID }]);
    expect(await Promise.all(later)).toMatchObject([{ id: ID }, { id: other }, undefined]);
    expect(await stranger).toBeUndefined();
    expect(gong.requests).toHaveLength(3 + 1 + 1);
  });

  it('share no reading that one of them could abort', async () => {
    const { provider } = await start({ tasks: [gongTask({ id: ID })] });
    for (let call = 0; call < 3; call += 1) await provider.listTasks(accountOf(OWNER), click);
    const stop = new AbortController();
    const leaving = failureOf(provider.readTask(accountOf(OWNER), ID, { ...click, signal: stop.signal }));
    const staying = provider.readTask(accountOf(OWNER), ID, click);
    stop.abort();
    expect(await leaving).toMatchObject({ kind: 'unavailable' });
    expect(await staying).toMatchObject({ id: ID });
  });

  it('read again after a reading that failed', async () => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID })] });
    for (let call = 0; call < 3; call += 1) await provider.listTasks(accountOf(OWNER), click);
    gong.fail({ how: { kind: 'answer', status: 500 } });

    const failed = [provider.readTask(accountOf(OWNER), ID, click), provider.readTask(accountOf(OWNER), ID, click)].map(
      failureOf,
    );

    expect(await Promise.all(failed)).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
    expect(await provider.readTask(accountOf(OWNER), ID, click)).toMatchObject({ id: ID });
  });
});
