/**
 * The durable job queue on SQLite.
 *
 *     waiting -> held -> done            held -> waiting (retry, or the lease ran out and another worker claims it)
 *     waiting -> cancelled                held -> cancelled (given up: `last_error` says why)
 *
 * A finished job stays until it is pruned, so that its key stays known. Every claim makes a new token, and only its
 * owner can change the job.
 */
import type { Generated, Kysely, Selectable, Transaction, UpdateQueryBuilder, UpdateResult } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { Backlog, ClaimOptions, Job, JobPayload, Queue } from '../core/ports/queue.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { Tx } from '../core/ports/transaction.ts';

interface JobRow {
  id: Generated<number>;
  key: string;
  payload: string;
  /** The payload's kind. */
  kind: string;
  priority: number;
  run_at: Instant;
  /** The first `run_at`; retries do not change it. */
  enqueued_at: Instant;
  failing_since: Instant | null;
  /** The provider that it waits for. */
  waits_for: string | null;
  state: 'waiting' | 'held' | 'done' | 'cancelled';
  token: number;
  attempts: number;
  /** Claims in a row whose lease ran out. */
  lapses: number;
  lease_until: Instant | null;
  last_error: string | null;
  finished_at: Instant | null;
}

type QueueTables = { jobs: JobRow };

type Queries = Kysely<QueueTables>;

/**
 * `clock` dates failures and ends. Due times are compared with the caller's `now`. `unsynced` runs what a power cut may undo:
 * a lost claim or lease is claimed anew.
 */
export function createQueue(
  database: Kysely<unknown>,
  clock: Clock = Date.now,
  unsynced: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
): Queue {
  const db = database.$extendTables<QueueTables>();
  return {
    claim: (now, options) => unsynced(() => claim(db, now, options)),

    async enqueue(job, tx) {
      const { numInsertedOrUpdatedRows } = await on(db, tx)
        .insertInto('jobs')
        .values({
          key: job.key,
          payload: JSON.stringify(job.payload),
          kind: job.payload.kind,
          priority: job.priority,
          run_at: job.runAt,
          enqueued_at: job.runAt,
          state: 'waiting',
          token: 0,
          attempts: 0,
          lapses: 0,
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async knows(key, tx) {
      const known = await on(db, tx).selectFrom('jobs').select('id').where('key', '=', key).executeTakeFirst();
      return known !== undefined;
    },

    extend: (job, leaseUntil) =>
      unsynced(() =>
        isChanged(
          owned(db, job).set((eb) => ({
            lease_until: eb
              .case()
              .when('lease_until', '>', leaseUntil)
              .then(eb.ref('lease_until'))
              .else(leaseUntil)
              .end(),
          })),
        ),
      ),

    complete: (job, tx) =>
      isChanged(owned(on(db, tx), job).set({ state: 'done', lease_until: null, finished_at: clock() })),

    retry(job, { runAt, free, error, waitsFor }, tx) {
      const now = clock();
      return isChanged(
        owned(on(db, tx), job).set((eb) => ({
          state: 'waiting',
          failing_since: free ? eb('failing_since', '+', runAt - now) : eb.fn.coalesce('failing_since', eb.val(now)),
          run_at: runAt,
          waits_for: waitsFor ?? null,
          lease_until: null,
          lapses: 0,
          last_error: error,
          attempts: eb('attempts', '-', free ? 1 : 0),
        })),
      );
    },

    giveUp(job, reason, tx) {
      const ended = { state: 'cancelled', lease_until: null, finished_at: clock(), last_error: reason } as const;
      return isChanged(owned(on(db, tx), job).set(ended));
    },

    async hasten(provider, now) {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ run_at: now })
        .where('state', '=', 'waiting')
        .where('waits_for', '=', provider)
        .where('run_at', '>', now)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },

    // In a transaction it is synced with that.
    cancel: (key, tx) =>
      unsynced(() => {
        const waiting = on(db, tx).updateTable('jobs').where('key', '=', key).where('state', '=', 'waiting');
        return isChanged(waiting.set({ state: 'cancelled', finished_at: clock(), last_error: null }));
      }),

    async nextAfter(now) {
      const { at } = await db
        .selectFrom('jobs')
        .select((eb) => eb.fn.min<Instant | null>('run_at').as('at'))
        .where('state', '=', 'waiting')
        .where('run_at', '>', now)
        .executeTakeFirstOrThrow();
      return at ?? undefined;
    },

    async backlog(now) {
      const due = (state: JobRow['state']) =>
        db
          .selectFrom('jobs')
          .select((eb) => ['kind', eb.fn.countAll<number>().as('jobs'), eb.fn.min<Instant>('run_at').as('oldestAt')])
          .where('state', '=', state)
          .where('run_at', '<=', now)
          .groupBy('kind')
          .execute();
      const found = new Map<string, Backlog>();
      for (const { kind, jobs, oldestAt } of [...(await due('waiting')), ...(await due('held'))]) {
        const before = found.get(kind);
        const oldest = Math.min(oldestAt, before?.oldestAt ?? oldestAt);
        found.set(kind, { kind, jobs: jobs + (before?.jobs ?? 0), oldestAt: oldest });
      }
      return [...found.values()];
    },

    async open() {
      const { jobs } = await count(db).where('state', 'in', ['waiting', 'held']).executeTakeFirstOrThrow();
      return jobs;
    },

    async givenUp(since) {
      const { jobs } = await count(db)
        .where('state', '=', 'cancelled')
        .where('last_error', 'is not', null)
        .where('finished_at', '>=', since)
        .executeTakeFirstOrThrow();
      return jobs;
    },

    async openKinds() {
      const rows = await db
        .selectFrom('jobs')
        .select('kind')
        .distinct()
        .where('state', 'in', ['waiting', 'held'])
        .execute();
      return rows.map(({ kind }) => kind);
    },

    async prune(before) {
      const old = db
        .selectFrom('jobs')
        .select('id')
        .where('state', 'in', ['done', 'cancelled'])
        .where('finished_at', '<', before)
        .limit(MOST_PRUNED);
      let pruned = 0;
      for (;;) {
        const { numDeletedRows } = await db.deleteFrom('jobs').where('id', 'in', old).executeTakeFirstOrThrow();
        pruned += Number(numDeletedRows);
        if (numDeletedRows < MOST_PRUNED) return pruned;
        // SQLite gives the event loop no turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** In one statement. */
const MOST_PRUNED = 500;

/** The only cast in the queue: the store made `tx`, on the same database. */
function on(db: Queries, tx: Tx | undefined): Queries {
  return tx === undefined ? db : (tx as Transaction<QueueTables>);
}

async function isChanged(update: UpdateQueryBuilder<QueueTables, 'jobs', 'jobs', UpdateResult>): Promise<boolean> {
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

function count(db: Queries) {
  return db.selectFrom('jobs').select((eb) => eb.fn.countAll<number>().as('jobs'));
}

/** Changes a job only for the owner of its newest token. */
function owned(queries: Queries, job: Job) {
  return queries
    .updateTable('jobs')
    .where('id', '=', Number(job.id))
    .where('token', '=', job.token)
    .where('state', '=', 'held');
}

/** One statement, so that no other process can claim the same jobs. */
async function claim(db: Queries, now: Instant, options: ClaimOptions): Promise<Job[]> {
  const { only, leaseMs } = options;
  const rows = await db
    .updateTable('jobs')
    .set((eb) => ({
      state: 'held',
      lease_until: now + leaseMs,
      waits_for: null,
      token: eb('token', '+', 1),
      attempts: eb('attempts', '+', 1),
      lapses: eb
        .case()
        .when('state', '=', 'held')
        .then(eb('lapses', '+', 1))
        .else(0)
        .end(),
    }))
    .where('id', 'in', () => claimable(db, now, options))
    .returningAll()
    .execute();
  // `returning` does not keep the subquery's order.
  const lapsesOf = (row: Selectable<JobRow>) => (only === 'lapsed' ? row.lapses : 0);
  rows.sort((a, b) => lapsesOf(a) - lapsesOf(b) || b.priority - a.priority || a.run_at - b.run_at || a.id - b.id);
  return rows.map(toJob);
}

/** The ids of the jobs to claim. Lapsed ones come least lapsed first. */
function claimable(db: Queries, now: Instant, { only, kinds, limit, minPriority, maxPriority }: ClaimOptions) {
  return db
    .selectFrom('jobs')
    .select('id')
    .where((job) => {
      const waiting = job.and([job('state', '=', 'waiting'), job('run_at', '<=', now)]);
      const lapsed = job.and([job('state', '=', 'held'), job('lease_until', '<=', now)]);
      if (only === 'waiting') return waiting;
      return only === 'lapsed' ? lapsed : job.or([waiting, lapsed]);
    })
    .where('priority', '>=', minPriority ?? Number.MIN_SAFE_INTEGER)
    .where('priority', '<=', maxPriority ?? Number.MAX_SAFE_INTEGER)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .$if(only === 'lapsed', (query) => query.orderBy('lapses'))
    .orderBy('priority', 'desc')
    .orderBy('run_at')
    .orderBy('id')
    .limit(limit);
}

function toJob(row: Selectable<JobRow>): Job {
  return {
    id: String(row.id),
    key: row.key,
    payload: payloadOf(row),
    attempt: row.attempts,
    enqueuedAt: row.enqueued_at,
    failingSince: row.failing_since ?? undefined,
    token: row.token,
    priority: row.priority,
    lapses: row.lapses,
  };
}

/** An unreadable payload must not fail the whole claim. */
function payloadOf({ kind, payload }: Selectable<JobRow>): Job['payload'] {
  try {
    const parsed: JobPayload | null = JSON.parse(payload);
    if (parsed?.kind === kind) return parsed;
  } catch {}
  return { kind: 'unreadable' };
}
