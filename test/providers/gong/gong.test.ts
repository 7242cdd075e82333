import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GongRequest } from '../../../sandbox/gong/types.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { Priority, TaskProvider } from '../../../src/core/ports/provider.ts';
import { gongModule } from '../../../src/providers/gong/gong.ts';
import { accountOf, answer, click, fails } from '../../contract/provider-harness.ts';
import { gongTask, OWNER, owner, STRANGER, start } from './harness.ts';

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

// gong.md 2.10
const UNCOUNTED = {
  spend() {},
  take: async () => undefined,
  giveBack() {},
  isShort: () => true,
  left: () => 1,
  share: async () => 0,
};

it('says that a flow drops who waits too long only where it was told the days, and only of what is in a flow', () => {
  const dropsIn = (days: string, flow: boolean) => {
    const env = { GONG_ACCESS_KEY: 'k', GONG_ACCESS_KEY_SECRET: 's', GONG_API_URL: 'http://127.0.0.1:9' };
    const deps = { clock: Date.now, circuit: createCircuit(Date.now) };
    const { capabilities } = gongModule.create({ ...env, GONG_FLOW_DROP_DAYS: days }, deps);
    return capabilities.of({ ...task, ...(flow && { facts: { flow } }) }).ignored;
  };

  expect(dropsIn('90', true)).toEqual({ costs: 'dropped', afterDays: 90 });
  expect([dropsIn('90', false), dropsIn('', true)]).toEqual([undefined, undefined]);
});

describe('Gong is asked', () => {
  // contracts, conflicts 6, 7; contracts, unknown G7
  it('for open call tasks only, in the documented form', async () => {
    const { gong, provider } = await start();
    await provider.listTasks(owner, click);
    const filter = { userId: OWNER, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };
    expect(gong.requests).toMatchObject([{ method: 'POST', path: '/v2/tasks' }]);
    expect(gong.requests[0]?.body).toEqual({ filter });
  });

  // contracts, conflict 4; gong.md 3.1
  it('to change only what changes', async () => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID })], simulator: { rateLimits: false } });
    await provider.perform(owner, task, { verb: 'snooze', dueAt: Date.UTC(2026, 11, 1, 15, 0, 0, 999) }, click);
    await provider.undo(owner, task, 'snooze', click);
    await provider.perform(owner, task, { verb: 'dismiss' }, click);
    const receipt = await provider.undo(owner, task, 'dismiss', click);
    expect(new Set(gong.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set([`PATCH /v2/tasks/${ID}`]),
    );
    expect(gong.requests.map(({ body }) => body)).toEqual([
      { userId: OWNER, dueDate: '2026-12-01T15:00:00Z' },
      { userId: OWNER, dueDate: '2026-11-27T10:30:00.25Z' },
      { userId: OWNER, status: 'DISMISSED' },
      { userId: OWNER, status: 'OPEN' },
    ]);
    expect(receipt.reference).toMatch(/^\w{19}$/);
  });

  // gong.md 2.3: only calls can be seen, and Docket says so
  it('nothing but what is promised: call tasks, with verbs that can be taken back and repeated', async () => {
    const { gong, provider } = await start();
    const real = { reversible: true, repeatable: true };
    expect(provider.capabilities.noun).toBe('call tasks');
    expect(provider.capabilities.of(task).verbs).toEqual({ done: real, dismiss: real, snooze: real, reschedule: real });
    await fails(provider.perform(owner, task, { verb: 'note', note: 'x' }, click), 'invalid');
    expect(gong.requests).toEqual([]);
  });

  // gong.md 3.6: ids in a path are digits and nothing else
  it('nothing that makes no sense', async () => {
    const { gong, provider } = await start();
    await fails(provider.undo(owner, { ...task, dueAt: undefined }, 'reschedule', click), 'invalid');
    for (const id of ['../users', '', '1/2', '1?x', '١٢']) {
      await fails(provider.perform(owner, { ...task, id }, { verb: 'done' }, click), 'invalid');
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
    gong.fail({ on: 'PATCH', how: answer({ requestId: 'r-7', tasks }) });
    const told = { reference: 'r-7', operation: 'PATCH /v2/tasks/{id}' };
    await fails(provider.perform(owner, task, { verb: 'done' }, click), 'unreadable', told);
  });

  // gong.md 3.3: a due date has an offset or Z
  it.for([
    ['2026-11-27T12:30:00+02:00', true],
    ['2026-11-27T10:30:01Z', false],
    [undefined, false],
  ] as const)('that shows the due date %s: %s', async ([dueDate, success]) => {
    const { gong, provider } = await start();
    gong.fail({ on: 'PATCH', how: answer({ tasks: [{ id: ID, status: 'OPEN', dueDate }] }) });
    const call = provider.perform(owner, task, { verb: 'reschedule', dueAt: DUE }, click);
    if (success) expect(await call).toEqual({ reference: undefined });
    else await fails(call, 'unreadable');
  });

  // gong.md 5.2: every answer has a requestId, refusals too
  it('names its requestId in a refusal', async () => {
    const { provider } = await start({ tasks: [gongTask({ id: ID })] });
    const told = { status: 403, reference: expect.stringMatching(/^\w{19}$/) };
    await fails(provider.perform(accountOf(STRANGER), task, { verb: 'done' }, click), 'forbidden', told);
  });
});

describe('what Gong leaves open', () => {
  it('is read all the same: statuses in arrays', async () => {
    const tasks = [gongTask({ id: '1' }), gongTask({ id: '2', status: 'DONE' })];
    const { gong, provider } = await start({ tasks, simulator: { statusInArray: true } });
    const list = await provider.listTasks(owner, click);
    expect(list).toMatchObject({ tasks: [{ id: '1' }], unreadable: 0 });
    await provider.perform(owner, list.tasks[0] ?? expect.fail(), { verb: 'done' }, click);
    expect(gong.task('1')?.status).toBe('DONE');
  });

  // gong.md 5.1: a 404 of its own is an empty list
  it('is an empty list where it says in its own words that it found nothing', async () => {
    const { provider } = await start({ simulator: { nothingFoundIs404: true } });
    expect(await provider.listTasks(owner, click)).toEqual({ tasks: [], unreadable: 0 });
    expect(await provider.readTask(owner, '1', click)).toBeUndefined();
  });

  // gong.md 5.1: any other 404 is a failure
  it.for(['', '{}', '<html>not here</html>', '{"errors":["no"]}', '{"requestId":""}', '{"requestId":7}'])(
    'is no list where the 404 is not its own: %j',
    async (body) => {
      const { gong, provider } = await start();
      gong.fail({ on: 'POST /v2/tasks', how: answer(body, 404) });
      await fails(provider.listTasks(owner, click), 'not_found');
    },
  );
});

describe('Gong sees', () => {
  // gong.md 6.1: 3 calls a second for the whole company
  it('no more than 3 calls in any second, clicks ahead of people ahead of digests', async () => {
    const { gong, provider } = await start();
    const asked = { digest: [1, 2, 3, 4, 5, 6, 7], person: [11, 12], click: [21, 22] } as const;
    const calls = (['digest', 'person', 'click'] as const).flatMap((priority) =>
      asked[priority].map((user) => listAs(provider, user, priority)),
    );
    await Promise.all(calls);
    const order = usersOf(gong.requests);
    // Calls that leave together may arrive in any order.
    expect(order.slice(0, 3).toSorted((a, b) => a - b)).toEqual([1, 21, 22]);
    expect(order.slice(3, 5).toSorted((a, b) => a - b)).toEqual([11, 12]);
    expect(order.slice(5)).toEqual([2, 3, 4, 5, 6, 7]);
    for (const [index, { at, status }] of gong.requests.entries()) {
      expect(status).toBe(200);
      expect((gong.requests[index + 3]?.at ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(1000);
    }
  });

  it('digests evenly, and what nobody waits for yet so rarely that each second has a turn for a click', async () => {
    const { gong, provider } = await start();
    await listAs(provider, 1, 'spare');
    const spare = [2, 3, 4].map((user) => listAs(provider, user, 'spare'));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const asked = Date.now();
    await listAs(provider, 21, 'click');
    expect(Date.now() - asked).toBeLessThan(400);
    await Promise.all(spare);
    const times = gong.requests.filter(({ body }) => JSON.stringify(body).includes('"userId":"21"') === false);
    for (const [index, { at }] of times.entries()) {
      const next = times[index + 1];
      // Half a second as they leave, and digests 360 ms. On a busy machine some are longer on their way than the next one.
      if (next) expect(next.at - at).toBeGreaterThanOrEqual(430);
    }
    const [first, last] = [times[0], times.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3 * 480);
  });

  // gong.md 6.2: 429 stops everybody until its time
  it('nobody until Retry-After has passed', async () => {
    const { gong, provider } = await start();
    gong.fail({ how: { kind: 'answer', status: 429, headers: { 'Retry-After': '2' } } });
    const refused = fails(listAs(provider, 1, 'digest'), 'rate_limited', { retryAfterMs: 2000 });
    const others = [2, 3, 4].map((user) => listAs(provider, user, 'digest'));
    await refused;
    const refusedAt = Date.now();
    await Promise.all([...others, listAs(provider, 5, 'click')]);
    expect(usersOf(gong.requests).slice(1).sort()).toEqual([2, 3, 4, 5]);
    for (const { at } of gong.requests.slice(1)) expect(at).toBeGreaterThanOrEqual(refusedAt + 1_990);
  });

  // gong.md 6.3: 429 may not say how long
  it('nobody for a moment when a refusal does not say how long', async () => {
    const { gong, provider } = await start();
    gong.fail({ how: { kind: 'answer', status: 429 } });
    await fails(listAs(provider, 1, 'digest'), 'rate_limited', { retryAfterMs: undefined });
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
      const alive = setInterval(() => {}, 1_000);
      await createGong(settings).listTasks(${JSON.stringify(owner)}, { priority: 'click' });
      clearInterval(alive);`;
    const before = Date.now();
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 25_000 });
    // The process began after `before`, and a timer and Date.now differ by up to a millisecond or so.
    expect((gong.requests[0]?.at ?? 0) - before).toBeGreaterThanOrEqual(1_248);
    expect(gong.requests).toHaveLength(1);
  });
});

it.for<[string, object, boolean]>([
  ['is not known to be gone', { id: ID, dueDate: 'soon' }, true],
  ['is not known to be another', { dueDate: 'soon' }, true],
  ['says nothing of one that can', { id: '77', dueDate: 'soon' }, false],
])('a task that cannot be read %s', async ([, element, inDoubt]) => {
  const { gong, provider } = await start({ tasks: [gongTask({ id: ID })] });
  gong.fail({ on: 'POST /v2/tasks', how: answer({ requestId: 'r', tasks: [element] }) });
  const read = provider.readTask(owner, ID, click);
  if (inDoubt) await fails(read, 'unreadable');
  else expect(await read).toBeUndefined();
});

it('a task that comes twice, far apart in a long list, is the same task in the list and alone', async () => {
  const element = (id: string, dueDate: string) => ({ ...gongTask({ id }), dueDate });
  const others = Array.from({ length: 120 }, (_, index) => element(`9${index}`, '2026-11-24T09:00:00Z'));
  const tasks = [element(ID, '2026-11-23T09:00:00Z'), ...others, element(ID, '2026-11-25T09:00:00Z')];
  const { gong, provider } = await start({});
  gong.fail({ times: 2, on: 'POST /v2/tasks', how: answer({ requestId: 'r', tasks }) });

  const listed = (await provider.listTasks(owner, click)).tasks.filter(({ id }) => id === ID);
  expect(listed).toHaveLength(1);
  expect(await provider.readTask(owner, ID, click)).toEqual(listed[0]);
});

describe('quick clicks of one rep', () => {
  const other = '1695493301223590793';

  /** Gong when its next turn is a second away. */
  async function usedUp() {
    const started = await start({ tasks: [gongTask({ id: ID }), gongTask({ id: other })] });
    for (let call = 0; call < 3; call += 1) await started.provider.listTasks(owner, click);
    return started;
  }

  // gong.md 6.4: quick clicks share their readings
  it('share a reading that still waits for its turn, and never one that has begun', async () => {
    const { gong, provider } = await start({ tasks: [gongTask({ id: ID }), gongTask({ id: other })] });
    const first = Array.from({ length: 3 }, () => provider.readTask(owner, ID, click));

    const later = [ID, other, '1'].map((id) => provider.readTask(owner, id, click));
    const stranger = provider.readTask(accountOf(STRANGER), ID, click);

    expect(await Promise.all(first)).toMatchObject([{ id: ID }, { id: ID }, { id: ID }]);
    expect(await Promise.all(later)).toMatchObject([{ id: ID }, { id: other }, undefined]);
    expect(await stranger).toBeUndefined();
    // The first had its turn at once, all others waited together.
    expect(gong.requests).toHaveLength(1 + 1 + 1);
  });

  it('share no reading that one of them could abort', async () => {
    const { provider } = await usedUp();
    const stop = new AbortController();
    const leaving = fails(provider.readTask(owner, ID, { ...click, signal: stop.signal }), 'unavailable');
    const staying = provider.readTask(owner, ID, click);
    stop.abort();
    await leaving;
    expect(await staying).toMatchObject({ id: ID });
  });

  it('read again after a reading that failed', async () => {
    const { gong, provider } = await usedUp();
    gong.fail({ how: { kind: 'answer', status: 500 } });
    const failed = [1, 2].map(() => fails(provider.readTask(owner, ID, click), 'unavailable'));
    await Promise.all(failed);
    expect(await provider.readTask(owner, ID, click)).toMatchObject({ id: ID });
  });
});

describe('where little is left of the day', () => {
  const ids = [ID, '1695493301223590793', '1695493301223590794', '1695493301223590795'];
  const reads = (gong: { requests: readonly GongRequest[] }) =>
    gong.requests.filter(({ method }) => method === 'POST').length;

  async function startShort(isShort = true, isPaced = true) {
    let now = Date.UTC(2026, 10, 27, 12);
    const tasks = ids.map((id) => gongTask({ id }));
    const budget = {
      ...UNCOUNTED,
      isShort: () => isShort,
    };
    const started = await start({
      tasks,
      clock: () => now,
      budget,
      isPaced: () => isPaced,
      simulator: { rateLimits: false },
    });
    const pass = (ms: number) => {
      now += ms;
    };
    return { ...started, pass };
  }

  // gong.md 6: 10,000 calls a day
  it('a reading for a click counts for the rep’s clicks of the next minute', async () => {
    const { gong, provider, pass } = await startShort();
    for (const id of ids.slice(0, 3)) {
      expect(await provider.readTask(owner, id, click)).toMatchObject({ id });
      pass(20_000);
    }
    expect(reads(gong)).toBe(1);
    await provider.readTask(owner, ids[3] ?? '', click);
    expect(reads(gong)).toBe(2);
  });

  it('each task is read anew the second time, because the first click has changed it', async () => {
    const { gong, provider } = await startShort();
    await provider.readTask(owner, ID, click);
    await provider.readTask(owner, ids[1] ?? '', click);
    gong.put(gongTask({ id: ids[1] ?? '', status: 'DONE' }));
    expect(await provider.readTask(owner, ids[1] ?? '', click)).toBeUndefined();
  });

  it('nobody is answered with what was read for another, nor for what is no click', async () => {
    const { gong, provider } = await startShort();
    await provider.readTask(owner, ID, click);
    expect(await provider.readTask(accountOf(STRANGER), ids[1] ?? '', click)).toBeUndefined();
    await provider.readTask(owner, ids[1] ?? '', { priority: 'digest' });
    expect(reads(gong)).toBe(3);
  });

  // gong.md 6: three calls a second
  it('keeps no more lists than can be read in a minute: the oldest goes first', async () => {
    const { gong, provider } = await startShort(true, false);
    await provider.readTask(owner, ID, click);
    for (let n = 0; n < 180; n += 1) await provider.readTask(accountOf(String(9_000 + n)), ID, click);
    expect(reads(gong)).toBe(181);
    await provider.readTask(owner, ids[1] ?? '', click);
    expect(reads(gong)).toBe(182);
    await provider.readTask(owner, ids[2] ?? '', click);
    expect(reads(gong)).toBe(182);
  });

  it('and only there: else each click is read for by itself', async () => {
    const { gong, provider } = await startShort(false);
    for (const id of ids) await provider.readTask(owner, id, click);
    expect(reads(gong)).toBe(4);
  });
});

it('is not called for a list once the day is used up but for clicks, and says when it will be', async () => {
  const take = async (priority: Priority) => (priority === 'click' ? undefined : 3_600_000);
  const { gong, provider } = await start({ tasks: [gongTask({ id: ID })], budget: { ...UNCOUNTED, take } });
  const refused = await provider.listTasks(owner, { priority: 'digest' }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3_600_000 });
  expect(gong.requests).toEqual([]);
  expect(await provider.readTask(owner, ID, click)).toMatchObject({ id: ID });
});
