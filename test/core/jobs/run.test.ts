/** How jobs end: poison among good ones, and a lease that was lost before the end. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { leaveHook } from '../../../src/core/digests/left-webhooks.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { type Attempt, type JobKind, KINDS, type PayloadOf } from '../../../src/core/jobs/kinds.ts';
import { enqueueNotice } from '../../../src/core/jobs/notices.ts';
import { ProviderError, type ProviderErrorKind } from '../../../src/core/model/errors.ts';
import type { Job } from '../../../src/core/ports/queue.ts';
import type { Worker } from '../../../src/jobs/worker.ts';
import { ANN, addRep, BEN, createDocket, type Docket, HOUR, ref } from '../docket.ts';
import { MONDAY_NINE, task } from '../provider.ts';

const DRAFT = { email: 'dana@x.example', kind: 'call', dueAt: MONDAY_NINE, note: '' };
const LEASE = 8_000;

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true, undoWindowMs: 0 });
  await addRep(docket, ANN, 'ann at fake');
});

async function click(): Promise<void> {
  await docket.show([task('1')]);
  await docket.change({ verb: 'done' });
}

async function undo(): Promise<void> {
  await click();
  await docket.work();
  await docket.undo();
}

/** Ben's, beside whatever goes wrong. */
const notice = { key: 'good', to: BEN, notice: { about: 'disconnected', provider: 'fake' } } as const;

/** One job of each kind, as it comes to be. */
const ONE: { [Kind in JobKind]: () => Promise<unknown> } = {
  perform: click,
  undo,
  sweep: async () => {
    const { id: sweepId } = await docket.sweeps.begin(ANN, { kind: 'sweep', messageId: '1', key: 'V1' });
    await docket.enqueue({ kind: 'sweep', sweepId, round: 0, turn: 0, pauseMs: 1_000 });
  },
  show: () => docket.enqueue({ kind: 'show', ...ANN, provider: 'fake', taskId: '1' }),
  create: () => docket.followUps.request({ ...ANN, provider: 'fake' }, DRAFT, 'V1'),
  notify: () => enqueueNotice(docket.deps, notice),
  digest: () => claimDueDigests(docket.deps),
  welcome: () => docket.enqueue({ kind: 'welcome', ...ANN }),
  return: () => docket.enqueue({ kind: 'return', ...ANN, dueAt: docket.deps.clock() }),
  close: () => docket.enqueue({ kind: 'close', ...ANN, localDate: '2026-11-23', at: docket.deps.clock() }),
  nudge: () => docket.enqueue({ kind: 'nudge', ...ANN, callAt: docket.deps.clock(), tools: ['fake'] }),
  post: () => docket.enqueue({ kind: 'post', messageId: docket.shown }),
  rollup: async () => {
    const about = { userIds: [ANN.userId], groups: [] };
    const choice = { about, to: 'C1', day: 1, time: '09:00', zone: 'UTC' };
    const rollup = { ...choice, teamId: 'T1', by: 'UADM', nextDueAt: docket.deps.clock() };
    const { store } = docket.deps;
    const made = await store.rollups.create(rollup);
    const rollupId = made.id;
    // Who is new is told by a job of its own.
    await store.transact((tx) => store.rollups.setMembers(made, [ANN.userId], tx));
    await docket.enqueue({ kind: 'rollup', teamId: 'T1', rollupId, dueAt: docket.deps.clock() });
  },
  link: () => docket.enqueue({ kind: 'link', teamId: 'T1' }),
  changed: () => docket.enqueue({ kind: 'changed', provider: 'fake', taskId: '1', what: 'updated' }),
  ahead: () => docket.enqueue({ kind: 'ahead', ...ANN, dueAt: MONDAY_NINE }),
  reconcile: () => docket.enqueue({ kind: 'reconcile', ...ANN }),
  hook: () => docket.enqueue({ kind: 'hook', provider: 'fake' }),
  unhook: async () => {
    const { store } = docket.deps;
    await store.hooks.save({ ...ANN, provider: 'fake', hookId: '1', url: 'https://docket.example', secret: 'secret' });
    await store.transact((tx) => leaveHook(docket.deps, { teamId: 'T1', provider: 'fake' }, tx));
  },
  renew: () => docket.enqueue({ kind: 'renew' }),
};

/** Changes what becomes of attempts at jobs of one kind. */
function around<Kind extends JobKind>(kind: Kind, change: (attempt: Attempt, job: Job) => Attempt): void {
  const real = docket.handlers[kind];
  const changed = async (payload: PayloadOf<Kind>, job: Job) => {
    const attempt = await real(payload, job);
    return change(attempt ?? { run: async () => ({}) }, job);
  };
  Object.assign(docket.handlers, { [kind]: changed });
}

/** Ann's click alone. */
function poison(change: Partial<Attempt>): void {
  around('perform', (attempt, { payload }) =>
    'actionId' in payload && payload.actionId === '1' ? { ...attempt, ...change } : attempt,
  );
}

const bug = () => {
  throw new TypeError('a bug');
};
const breaks = async (): Promise<never> => bug();

async function jobOf(kind: JobKind) {
  const job = sql<{ id: number }>`select id, state, last_error from jobs where kind = ${kind}`;
  return (await job.execute(docket.db)).rows[0];
}

describe('a job that cannot be done', () => {
  let worker: Worker;
  beforeEach(async () => {
    await addRep(docket, BEN, 'ben at fake');
    worker = docket.startWorker();
    await worker.idle();
  });

  /** Beside it a click and a notice of Ben's are done. */
  async function workBesideGoodOnes(): Promise<void> {
    const shown = await docket.show([task('2')], BEN);
    await docket.clicks.change(BEN, ref(shown), { verb: 'done' });
    await enqueueNotice(docket.deps, notice);
    await worker.idle();
    expect(await docket.latest('2', BEN)).toMatchObject({ state: 'succeeded' });
    expect(docket.screen.notices).toContainEqual(expect.objectContaining({ to: BEN }));
  }

  async function expectGivenUp(kind: JobKind, why: string): Promise<void> {
    const job = await jobOf(kind);
    expect(job).toMatchObject({ state: 'cancelled', last_error: expect.stringContaining(why) });
    const errors = docket.logged.filter(({ line }) => line === 'error job failed' || line === 'error job given up');
    expect(errors).toMatchObject([{ fields: { job: String(job?.id) } }]);
    expect(await docket.deps.queue.open()).toBe(0);
  }

  /** Until claims that come to nothing are enough. */
  async function lapse(): Promise<void> {
    for (let claim = 0; claim < 6; claim += 1) {
      docket.pass(LEASE + 1);
      await worker.idle();
    }
  }

  test('of a kind that only a newer version knows is left for it', async () => {
    await docket.enqueue({ kind: 'renew' });
    await sql`update jobs set kind = 'forecast', payload = '{"kind":"forecast"}'`.execute(docket.db);
    await workBesideGoodOnes();
    await lapse();

    expect(await docket.deps.queue.openKinds()).toEqual(['forecast']);
    expect(docket.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    await worker.stop(0);
    await docket.startWorker().idle();
    expect(docket.lines.filter((line) => !line.startsWith('info'))).toEqual([
      'warn jobs of unknown kinds are left for a version that knows them',
    ]);
  });

  const PAYLOADS = ['', '{"kind":"perf', '{"kind":"perform","actionId":"1"}', 'null', '[1]', '"renew"', '{}'];
  test.each(PAYLOADS)('because its payload is %j is given up at once', async (payload) => {
    await docket.enqueue({ kind: 'renew' });
    await sql`update jobs set payload = ${payload}`.execute(docket.db);
    await workBesideGoodOnes();

    await expectGivenUp('renew', 'its payload cannot be read');
  });

  test('because its payload cannot be read is given up at once, and the rep hears of a click', async () => {
    await click();
    await sql`update jobs set payload = '{"kind":"perf' where kind = 'perform'`.execute(docket.db);
    await workBesideGoodOnes();

    await expectGivenUp('perform', 'its payload cannot be read');
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unexpected' });
    expect(docket.screen.changed).toContainEqual(expect.objectContaining(ANN));
  });

  test('because its payload cannot be read is given up at once, and an undo leaves its action done', async () => {
    await click();
    await worker.idle();
    await docket.undo();
    await sql`update jobs set payload = '' where kind = 'undo'`.execute(docket.db);
    await worker.idle();

    await expectGivenUp('undo', 'its payload cannot be read');
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: { reason: 'unexpected' } });
  });

  test('because its handler breaks is given up at once where a rep waits, who hears of it', async () => {
    poison({ run: breaks });
    await click();
    await workBesideGoodOnes();

    const job = await jobOf('perform');
    expect(job).toMatchObject({ state: 'cancelled', last_error: 'a bug' });
    expect(docket.logged.filter(({ line }) => line.startsWith('error'))).toMatchObject([
      { line: 'error job failed', fields: { job: String(job?.id), action: '1' } },
    ]);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unexpected' });
    expect(docket.screen.changed).toContainEqual(expect.objectContaining(ANN));
  });

  test('because its handler breaks is tried again in the background, for as long as it is of use', async () => {
    around('reconcile', (attempt) => ({ ...attempt, run: breaks }));
    await docket.enqueue({ kind: 'reconcile', ...ANN });
    await workBesideGoodOnes();
    expect(await jobOf('reconcile')).toMatchObject({ state: 'waiting', last_error: 'a bug' });

    docket.pass(4 * HOUR);
    await worker.idle();

    await expectGivenUp('reconcile', 'a bug');
  });

  test.each([
    ['what it is about cannot be read', () => sql`update actions set task = '{"id":' where id = 1`.execute(docket.db)],
    ['nobody can be told', async () => poison({ run: breaks, giveUp: bug })],
    ['what they are told cannot be written', async () => poison({ run: breaks, giveUp: () => ({ write: breaks }) })],
  ])('and cannot even be ended as it should, because %s, ends all the same', async (_name, prepare) => {
    await click();
    await prepare();
    await workBesideGoodOnes();
    expect(await jobOf('perform')).toMatchObject({ state: 'held' });

    await lapse();

    const job = await jobOf('perform');
    expect(job).toMatchObject({ state: 'cancelled', last_error: 'given up: 5 claims in a row ended in nothing' });
    const told = { fields: { job: String(job?.id) } };
    expect(docket.logged.slice(-2)).toMatchObject([
      { line: 'error nobody could be told of a job that was given up', ...told },
      { line: 'error job given up', ...told },
    ]);
  });
});

/** Every row of every table, and what was seen in Slack. */
async function everything(): Promise<unknown> {
  const tables = sql<{ name: string }>`select name from sqlite_master where type = 'table'`;
  const stored: unknown[] = [];
  for (const { name } of (await tables.execute(docket.db)).rows)
    stored.push(name, (await sql`select * from ${sql.table(name)}`.execute(docket.db)).rows);
  const { posted, changed, later, notices } = docket.screen;
  return { stored, seen: structuredClone({ posted, changed, later, notices }) };
}

const LEFT = 'warn lease lost, the job is left to the worker that has it now';

/**
 * One worker is so slow that another takes its job over, and ends it. `other` and `late`: how they fail, if they do. Returns
 * what there was before the late one came to its end.
 */
async function overtake(
  kind: JobKind,
  { other, late }: Record<'other' | 'late', ProviderErrorKind | undefined>,
): Promise<unknown> {
  await ONE[kind]();
  const slow = await docket.claimOne();
  let before: unknown;
  const fail = (how: ProviderErrorKind | undefined) => {
    if (how) throw new ProviderError({ provider: 'fake', kind: how, operation: 'GET /x' });
  };
  around(kind, (attempt, job) => ({
    ...attempt,
    async run() {
      if (job.token !== slow.token) fail(other);
      const ended = await attempt.run();
      if (job.token !== slow.token) return ended;
      docket.pass(LEASE);
      await docket.run(await docket.claimOne());
      before = await everything();
      fail(late);
      return ended;
    },
  }));
  await docket.run(slow);
  const left = docket.logged.filter(({ line }) => line === LEFT);
  expect(left).toMatchObject([{ fields: { job: slow.id, kind } }]);
  return before;
}

describe.each(Object.keys(KINDS) as JobKind[])('a worker that lost its lease of a job to %s', (kind) => {
  test.each([
    ['is done', 'was done', {}],
    ['is done', 'will be tried again', { other: 'unavailable' }],
    ['is done', 'was given up', { other: 'invalid' }],
    ['fails for now', 'was done', { late: 'unavailable' }],
    ['fails for now', 'was given up', { late: 'unavailable', other: 'invalid' }],
    ['fails for good', 'was done', { late: 'invalid' }],
    ['fails for good', 'will be tried again', { late: 'invalid', other: 'unavailable' }],
  ] as const)('and %s writes nothing: the job %s by the other', async (_late, _other, how) => {
    const before = await overtake(kind, { other: undefined, late: undefined, ...how });

    expect(await everything()).toEqual(before);
  });
});

test.each([undefined, 'invalid'] as const)(
  'a digest that was posted under a lease that was lost (after it: %s) is noted where it landed, and not posted again',
  async (late) => {
    await overtake('digest', { other: undefined, late });

    expect(docket.screen.posted).toHaveLength(1);
    const run = await docket.deps.store.runs.find(ANN, '2026-11-23');
    expect(run).toMatchObject({ state: 'posted', messageId: docket.screen.posted[0] });
    expect(await docket.deps.store.messages.load(run?.messageId ?? '')).toMatchObject({ posted: { ts: '1.0' } });
  },
);
