import { type Selectable, sql } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { ClaimOptions, Job, JobPayload } from '../core/ports/queue.ts';
import { isPostgres, passingBy } from './engine.ts';
import type { JobRow, Queries } from './schema.ts';

/**
 * One statement, so that no other process can claim the same jobs. PostgreSQL locks those that it finds, and finds them
 * once: within the update's `in` it might look for them again.
 */
export async function claim(db: Queries, now: Instant, options: ClaimOptions): Promise<Job[]> {
  const { only, leaseMs, kinds } = options;
  if (kinds?.length === 0) return [];
  const rows = await db
    .with(
      (cte) => cte('due').materialized(),
      () => (isPostgres(db) ? claimable(db, now, options) : ranked(now, options)),
    )
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
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
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
    .where('due_at', '<=', now)
    .$if(only !== undefined, (query) => query.where('state', '=', only === 'lapsed' ? 'held' : 'waiting'))
    .where('priority', '>=', minPriority ?? Number.MIN_SAFE_INTEGER)
    .where('priority', '<=', maxPriority ?? Number.MAX_SAFE_INTEGER)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .$if(only === 'lapsed', (query) => query.orderBy('lapses'))
    .orderBy('priority', 'desc')
    .orderBy('run_at')
    .orderBy('id')
    .limit(limit)
    .$call(passingBy(db));
}

/**
 * The same on SQLite, which knows no way to the first ones by priority: it would look at everything that is due, or at
 * everything that waits for later. So each priority is looked at by itself, from the highest one on.
 */
function ranked(now: Instant, { only, kinds, limit, minPriority, maxPriority }: ClaimOptions) {
  const lowest = minPriority ?? Number.MIN_SAFE_INTEGER;
  const highest = maxPriority ?? Number.MAX_SAFE_INTEGER;
  const state = only === undefined ? sql`` : sql`and state = ${only === 'lapsed' ? 'held' : 'waiting'}`;
  const kind = kinds === undefined ? sql`` : sql`and kind in (${sql.join(kinds)})`;
  // A job that waits is due when it runs, and that order is in the index.
  const inOrder = only === 'waiting' ? sql`due_at, id` : sql`${lapses(only)} run_at, id`;
  return sql<{ id: number }>`
    (with recursive ranks (rank) as (
      select max(priority) from jobs where due_at is not null and priority >= ${lowest} and priority <= ${highest}
      union all
      select (select max(priority) from jobs where due_at is not null and priority >= ${lowest} and priority < rank)
        from ranks where rank is not null)
    select jobs.id from ranks join jobs on jobs.id in (
      select id from jobs where due_at is not null and priority = rank and due_at <= ${now} ${state} ${kind}
        order by ${inOrder} limit ${limit})
    order by ${lapses(only)} priority desc, run_at, id limit ${limit})`;
}

/** Lapsed ones come least lapsed first. */
function lapses(only: ClaimOptions['only']) {
  return only === 'lapsed' ? sql`lapses,` : sql``;
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
