/**
 * The durable job queue.
 *
 *     waiting -> held -> done            held -> waiting (retry, or the lease ran out and another worker claims it)
 *     waiting -> cancelled                held -> cancelled (given up: `last_error` says why)
 *
 * A finished job stays until it is pruned, so that its key stays known. Every claim makes a new token, and only its
 * owner can change the job.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type ExpressionBuilder,
  type Kysely,
  sql,
  type Transaction,
  type UpdateQueryBuilder,
  type UpdateResult,
} from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { Backlog, Job, Queue } from '../core/ports/queue.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { Tx } from '../core/ports/transaction.ts';
import { createClaim } from './claim.ts';
import { isPostgres, JOBS_CHANNEL, passingBy } from './engine.ts';
import type { JobRow, Queries, QueueTables } from './schema.ts';

/**
 * `clock` dates failures and ends. Due times are compared with the caller's `now`. `unsynced` runs what a power cut may undo:
 * a lost claim or lease is claimed anew. `hear`: calls back when another process has sent a signal on `JOBS_CHANNEL`.
 */
export function createQueue(
  database: Kysely<unknown>,
  clock: Clock = Date.now,
  unsynced: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  hear?: (listener: () => void) => void,
): Queue {
  const db = database.$extendTables<QueueTables>();
  const listeners: ((priority?: number) => void)[] = [];
  const claim = createClaim(db);
  return {
    onEnqueued(listener) {
      // Whoever enqueues may be in a transaction: the listener is not.
      const outside = AsyncLocalStorage.bind(listener);
      listeners.push(outside);
      hear?.(outside);
    },

    claim: (now, options) => unsynced(() => claim(now, options)),

    async enqueue(job, tx) {
      const isSoon = job.runAt - clock() < SOON_MS;
      // Whoever listens gets it with the commit.
      const signal = isSoon && isPostgres(db) ? sql`pg_notify(${JOBS_CHANNEL}, current_schema())` : sql.ref('id');
      const row = await on(db, tx)
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
        .returning(signal.as('signal'))
        .executeTakeFirst();
      // PostgreSQL tells this process too, and not before the job is there.
      if (!row || !isSoon || isPostgres(db)) return row !== undefined;
      // A job that is due in a moment needs its time planned, and no look now: a signal without a priority does that.
      const priority = job.runAt > clock() ? undefined : job.priority;
      for (const listener of listeners) listener(priority);
      return true;
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
              // A value in the text would make each a statement of its own.
              .else(eb.val(leaseUntil))
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

    async hasten(provider, now, teamId) {
      const { numUpdatedRows } = await db
        .with(
          (cte) => cte('late').materialized(),
          () =>
            db
              .selectFrom('jobs')
              .select('id')
              .where(isWaiting)
              .where('waits_for', '=', provider)
              .where('due_at', '>', now)
              .$if(teamId !== undefined, (late) => late.where('payload', 'like', naming(teamId ?? '')))
              .$call(passingBy(db)),
        )
        .updateTable('jobs')
        .set({ run_at: now })
        .where('id', 'in', (eb) => eb.selectFrom('late').select('late.id'))
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
        .select((eb) => eb.fn.min<Instant | null>('due_at').as('at'))
        .where(isWaiting)
        .where('due_at', '>', now)
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
          // A lease ends later.
          .where('due_at', '<=', state === 'waiting' ? now : Number.MAX_SAFE_INTEGER)
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
      const { jobs } = await count(db).where(isOpen).executeTakeFirstOrThrow();
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
      const rows = await db.selectFrom('jobs').select('kind').distinct().where(isOpen).execute();
      return rows.map(({ kind }) => kind);
    },

    async forget(teamId) {
      for (let last = 0; ; ) {
        const page = await db
          .selectFrom('jobs')
          .select('id')
          .where('id', '>', last)
          .orderBy('id')
          .limit(MOST_PRUNED)
          .execute();
        const end = page.at(-1)?.id;
        if (end === undefined) return;
        await db
          .deleteFrom('jobs')
          .where('id', '>', last)
          .where('id', '<=', end)
          .where('payload', 'like', naming(teamId))
          .execute();
        last = end;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },

    async prune(before) {
      const old = db
        .selectFrom('jobs')
        .select('id')
        .where('finished_at', '<', before)
        .limit(MOST_PRUNED)
        .$call(passingBy(db));
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
/** What is due later is found in time by those who look for work anyway. */
const SOON_MS = 1_000;

/** As every payload that names a workspace has been written. */
function naming(teamId: string): string {
  return `%"teamId":${JSON.stringify(teamId).replace(/[%_\\]/g, '')}%`;
}

type Jobs = ExpressionBuilder<QueueTables, 'jobs'>;

/** In the words of the indexes (`migration-due.ts`): a job that has ended is due at no time. */
const isOpen = (job: Jobs) => job('due_at', '<=', Number.MAX_SAFE_INTEGER);
const isWaiting = (job: Jobs) => job('state', '=', 'waiting');

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
