/** How values are written into columns and read back, where the two differ. */
import type { RepKey } from '../core/model/keys.ts';
import type { SeenChange } from '../core/model/message.ts';
import type { Task } from '../core/model/task.ts';

/** For `where`: Kysely compares every column of the object. */
export function ofRep(key: RepKey): { team_id: string; user_id: string } {
  return { team_id: key.teamId, user_id: key.userId };
}

export function repOf(row: { team_id: string; user_id: string }): RepKey {
  return { teamId: row.team_id, userId: row.user_id };
}

/** The key of a row. Ids come back from buttons, so what was never an id of ours is 0, which no row has. */
export function rowId(id: string): number {
  return /^[1-9][0-9]{0,14}$/.test(id) ? Number(id) : 0;
}

/** JSON has no `undefined`: a task without a due date comes back with the field all the same. */
export function readTask(json: string): Task {
  const task: Omit<Task, 'dueAt'> & { dueAt?: number } = JSON.parse(json);
  return { ...task, dueAt: task.dueAt };
}

export function readSeen(json: string | null): SeenChange | undefined {
  if (json === null) return undefined;
  const seen: SeenChange = JSON.parse(json);
  return seen.how === 'changed' ? { ...seen, task: { ...seen.task, dueAt: seen.task.dueAt } } : seen;
}
