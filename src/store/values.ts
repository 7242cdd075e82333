/** Conversions between values and columns. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { ProviderId, RepKey } from '../core/model/keys.ts';
import type { SeenChange } from '../core/model/message.ts';
import type { Task } from '../core/model/task.ts';
import type { StoreTables } from './schema.ts';

/** For `where`: Kysely compares every column of the object. */
export function ofRep(key: RepKey): { team_id: string; user_id: string } {
  return { team_id: key.teamId, user_id: key.userId };
}

/** Deletes a rep's row about a provider. */
export async function removeRow(
  queries: Kysely<StoreTables>,
  table: 'links' | 'connections' | 'declined_links' | 'suggestions',
  rep: RepKey,
  provider: ProviderId,
): Promise<void> {
  const { team_id, user_id } = ofRep(rep);
  const row = queries.deleteFrom(table).where('team_id', '=', team_id).where('user_id', '=', user_id);
  await row.where('provider', '=', provider).execute();
}

/** Rows read at once. */
const PAGE = 500;

/**
 * All rows of a company, with a turn of the event loop after each page: SQLite gives it none. `read` returns the rows
 * behind one in its order.
 */
export async function inPages<Row>(read: (limit: number, last: Row | undefined) => Promise<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const page = await read(PAGE, all.at(-1));
    all.push(...page);
    if (page.length < PAGE) return all;
    await turn();
  }
}

/** Rows deleted at once: with their own rows, a few thousand. */
const BATCH = 100;

/** Deletes until nothing is left to delete, with a turn of the event loop after each few rows. Returns how many were. */
export async function inBatches(remove: (limit: number) => Promise<{ numDeletedRows: bigint }>): Promise<number> {
  let all = 0;
  for (;;) {
    const { numDeletedRows } = await remove(BATCH);
    all += Number(numDeletedRows);
    if (numDeletedRows < BATCH) return all;
    await turn();
  }
}

export function repOf(row: { team_id: string; user_id: string }): RepKey {
  return { teamId: row.team_id, userId: row.user_id };
}

/** Ids come back from buttons: an invalid one becomes 0, which no row has. */
export function rowId(id: string): number {
  return /^[1-9][0-9]{0,14}$/.test(id) ? Number(id) : 0;
}

/** JSON drops `undefined`, so a missing due date is added back. */
export function readTask(json: string): Task {
  const task: Omit<Task, 'dueAt'> & { dueAt?: number } = JSON.parse(json);
  return { ...task, dueAt: task.dueAt };
}

export function readSeen(json: string | null): SeenChange | undefined {
  if (json === null) return undefined;
  const seen: SeenChange = JSON.parse(json);
  return seen.how === 'changed' ? { ...seen, task: { ...seen.task, dueAt: seen.task.dueAt } } : seen;
}
