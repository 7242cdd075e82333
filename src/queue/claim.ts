import { type CompiledQuery, type Selectable, sql } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { ClaimOptions, Job, JobPayload, Queue } from '../core/ports/queue.ts';
import { isPostgres, passingBy } from './engine.ts';
import type { JobRow, Queries } from './schema.ts';

/** The values that differ from look to look. */
interface Look {
  now: Instant;
  leaseUntil: Instant;
  limit: number;
  lowest: number;
  highest: number;
}

/** Stand for those values where a statement is built. No value of a statement is a fraction. */
const MARKS = { now: 0.1, leaseUntil: 0.2, limit: 0.3, lowest: 0.4, highest: 0.5 } as const satisfies Look;
const NAMES = ['now', 'leaseUntil', 'limit', 'lowest', 'highest'] as const satisfies (keyof Look)[];

/**
 * Each shape of statement is built once: to build it takes ten times as long as to run it, and the worker looks after every
 * job.
 */
export function createClaim(db: Queries): Queue['claim'] {
  const statements = new Map<string, Statement>();

  function statementOf(shape: Shape): Statement {
    const key = `${shape.only} ${shape.kinds?.join()}`;
    const known = statements.get(key);
    if (known) return known;
    const query = claiming(db, shape).compile();
    const marked = query.parameters.map((value) => NAMES.find((name) => MARKS[name] === value));
    statements.set(key, { query, marked });
    return { query, marked };
  }

  return async (now, options) => {
    const { only, kinds, limit, leaseMs } = options;
    if (kinds?.length === 0) return [];
    const { query, marked } = statementOf(options);
    const { minPriority: lowest = Number.MIN_SAFE_INTEGER, maxPriority: highest = Number.MAX_SAFE_INTEGER } = options;
    const look: Look = { now, leaseUntil: now + leaseMs, limit, lowest, highest };
    const parameters = query.parameters.map((value, index) => {
      const name = marked[index];
      return name === undefined ? value : look[name];
    });
    const { rows } = await db.executeQuery<Selectable<JobRow>>({ ...query, parameters });
    // `returning` does not keep the subquery's order.
    const lapsesOf = (row: Selectable<JobRow>) => (only === 'lapsed' ? row.lapses : 0);
    rows.sort((a, b) => lapsesOf(a) - lapsesOf(b) || b.priority - a.priority || a.run_at - b.run_at || a.id - b.id);
    return rows.map(toJob);
  };
}

type Shape = Pick<ClaimOptions, 'only' | 'kinds'>;

interface Statement {
  query: CompiledQuery;
  /** For each parameter: the value of the look that it stands for, if it does. */
  marked: (keyof Look | undefined)[];
}

/**
 * One statement, so that no other process can claim the same jobs. PostgreSQL locks those that it finds, and finds them
 * once: within the update's `in` it might look for them again.
 */
function claiming(db: Queries, shape: Shape) {
  return db
    .with(
      (cte) => cte('due').materialized(),
      () => dueOf(db, shape),
    )
    .updateTable('jobs')
    .set((eb) => ({
      state: 'held',
      lease_until: MARKS.leaseUntil,
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
    .returningAll();
}

/** The ids of the jobs to claim. */
function dueOf(db: Queries, shape: Shape) {
  if (shape.only === 'lapsed') return lapsed(db, shape);
  return isPostgres(db) ? claimable(db, shape) : ranked(shape);
}

/** Least lapsed first. The state stands in the words of the index (`migration-lapsed.ts`). */
function lapsed(db: Queries, { kinds }: Shape) {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('state', '=', sql.lit('held'))
    .where('lease_until', '<=', MARKS.now)
    .where('priority', '>=', MARKS.lowest)
    .where('priority', '<=', MARKS.highest)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .orderBy('lapses')
    .orderBy('priority', 'desc')
    .orderBy('run_at')
    .orderBy('id')
    .limit(MARKS.limit)
    .$call(passingBy(db));
}

function claimable(db: Queries, { only, kinds }: Shape) {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('due_at', '<=', MARKS.now)
    .$if(only !== undefined, (query) => query.where('state', '=', 'waiting'))
    .where('priority', '>=', MARKS.lowest)
    .where('priority', '<=', MARKS.highest)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .orderBy('priority', 'desc')
    .orderBy('run_at')
    .orderBy('id')
    .limit(MARKS.limit)
    .$call(passingBy(db));
}

/**
 * The same on SQLite, which knows no way to the first ones by priority: it would look at everything that is due, or at
 * everything that waits for later. So each priority is looked at by itself, from the highest one on.
 */
function ranked({ only, kinds }: Shape) {
  const [lowest, highest, limit] = [MARKS.lowest, MARKS.highest, MARKS.limit];
  const state = only === undefined ? sql`` : sql`and state = 'waiting'`;
  const kind = kinds === undefined ? sql`` : sql`and kind in (${sql.join(kinds)})`;
  // A job that waits is due when it runs, and that order is in the index.
  const inOrder = only === undefined ? sql`run_at, id` : sql`due_at, id`;
  return sql<{ id: number }>`
    (with recursive ranks (rank) as (
      select max(priority) from jobs where due_at is not null and priority >= ${lowest} and priority <= ${highest}
      union all
      select (select max(priority) from jobs where due_at is not null and priority >= ${lowest} and priority < rank)
        from ranks where rank is not null)
    select jobs.id from ranks join jobs on jobs.id in (
      select id from jobs where due_at is not null and priority = rank and due_at <= ${MARKS.now} ${state} ${kind}
        order by ${inOrder} limit ${limit})
    order by priority desc, run_at, id limit ${limit})`;
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
