/** The rows of messages, shown and hidden. All functions run in the transactions of `messages.ts`. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Instant, RepKey, TaskKey } from '../core/model/keys.ts';
import { type MessageItem, type SeenChange, taskOf } from '../core/model/message.ts';
import type { Task } from '../core/model/task.ts';
import { toChange } from './engine.ts';
import type { ActionRow, MessageItemRow, StoreTables } from './schema.ts';
import { ofRep, readSeen, readTask } from './values.ts';

/** Rows per statement: nine columns each, far below the limits on parameters (SQLite 32,766, PostgreSQL 65,535). */
const CHUNK = 500;

export interface Place {
  position: number;
  task: Task;
}

/** Writes rows in display order. Rows with a known position are updated and shown again. */
export async function writeItems(trx: Kysely<StoreTables>, messageId: number, places: readonly Place[]): Promise<void> {
  for (let start = 0; start < places.length; start += CHUNK) {
    const rows = places.slice(start, start + CHUNK).map(({ position, task }, index) => ({
      message_id: messageId,
      position,
      ordinal: start + index,
      visible: 1,
      provider: task.provider,
      task_id: task.id,
      task: JSON.stringify(task),
      seq: 0,
      seen: null,
    }));
    await trx
      .insertInto('message_items')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['message_id', 'position']).doUpdateSet((eb) => ({
          ordinal: eb.ref('excluded.ordinal'),
          visible: eb.ref('excluded.visible'),
          task: eb.ref('excluded.task'),
          seen: eb.ref('excluded.seen'),
        })),
      )
      .execute();
  }
}

/** Sets each visible row's `seq` to the last action that was settled by `askedAt`; returns them by position. */
export async function countActions(
  trx: Kysely<StoreTables>,
  messageId: number,
  rep: RepKey,
  askedAt: Instant,
): Promise<ReadonlyMap<number, number>> {
  const rows = await trx
    .updateTable('message_items')
    .set((eb) => ({
      seq: eb.fn.coalesce(
        eb
          .selectFrom('actions')
          .select((action) => action.fn.max('actions.seq').as('seq'))
          .where('actions.team_id', '=', rep.teamId)
          .where('actions.user_id', '=', rep.userId)
          .where('actions.settled_at', '<=', askedAt)
          .where('actions.state', 'not in', ['queued', 'undoing'])
          .whereRef('actions.provider', '=', 'message_items.provider')
          .whereRef('actions.task_id', '=', 'message_items.task_id'),
        sql.lit(0),
      ),
    }))
    .where('message_id', '=', messageId)
    .where('visible', '=', 1)
    .returning(['position', 'seq'])
    .execute();
  return new Map(rows.map(({ position, seq }) => [position, seq]));
}

/**
 * Positions for the rows of a replaced message. A task keeps its position in this message, and a new task gets an
 * unused one, so that an old button never means another task.
 */
export async function placeTasks(
  trx: Kysely<StoreTables>,
  message: { id: number; next_position: number },
  tasks: readonly Task[],
): Promise<{ places: Place[]; nextPosition: number }> {
  const rows = await trx
    .selectFrom('message_items')
    .select(['position', 'provider', 'task_id'])
    .where('message_id', '=', message.id)
    .execute();
  const known = new Map(rows.map((row) => [keyOf(row.provider, row.task_id), row.position]));
  let nextPosition = message.next_position;
  const places = tasks.map((task) => {
    const key = keyOf(task.provider, task.id);
    const position = known.get(key) ?? nextPosition++;
    // A task that is listed twice gets two rows.
    known.delete(key);
    return { position, task };
  });
  return { places, nextPosition };
}

export async function hideItems(trx: Kysely<StoreTables>, messageId: number): Promise<void> {
  await trx.updateTable('message_items').set({ visible: 0 }).where('message_id', '=', messageId).execute();
}

/** The visible rows in display order. */
export async function visibleItems(trx: Kysely<StoreTables>, messageId: number): Promise<Selectable<MessageItemRow>[]> {
  return trx
    .selectFrom('message_items')
    .selectAll()
    .where('message_id', '=', messageId)
    .where('visible', '=', 1)
    .orderBy('ordinal')
    .execute();
}

/** All actions on the visible rows' tasks, each task's last one last. */
export async function actionsOf(
  trx: Kysely<StoreTables>,
  messageId: number,
  rep: RepKey,
): Promise<Selectable<ActionRow>[]> {
  return (
    trx
      .selectFrom('message_items as item')
      // Not an inner join: SQLite would go through all actions of the rep, of months, and look for the row of each.
      .crossJoin('actions')
      .selectAll('actions')
      .where('item.message_id', '=', messageId)
      .where('item.visible', '=', 1)
      .whereRef('actions.provider', '=', 'item.provider')
      .whereRef('actions.task_id', '=', 'item.task_id')
      .where('actions.team_id', '=', rep.teamId)
      .where('actions.user_id', '=', rep.userId)
      .orderBy('actions.seq')
      .execute()
  );
}

/** See `Messages.noteSeen`. */
export async function noteSeen(
  trx: Kysely<StoreTables>,
  key: TaskKey,
  seen: SeenChange,
  { since, ours = 0 }: { since: Instant; ours?: number | undefined },
): Promise<boolean> {
  const rows = await trx
    .selectFrom('message_items')
    .innerJoin('messages', 'messages.id', 'message_items.message_id')
    .select(['message_id', 'position', 'task', 'seq', 'seen'])
    .where('provider', '=', key.provider)
    .where('task_id', '=', key.taskId)
    .where('visible', '=', 1)
    .where((eb) => eb.and(ofRep(key)))
    .where('created_at', '>=', since)
    .where('seq', '>=', ours)
    .$call(toChange(trx))
    .execute();
  const changed = rows.filter((row) => isNews(toItem(row), seen));
  for (const { message_id, position } of changed) {
    await trx
      .updateTable('message_items')
      .set({ seen: JSON.stringify(seen) })
      .where('message_id', '=', message_id)
      .where('position', '=', position)
      .execute();
  }
  return changed.length > 0;
}

function isNews(item: MessageItem, seen: SeenChange): boolean {
  if (item.seen && item.seen.how !== 'changed') return false;
  return seen.how !== 'changed' || JSON.stringify(seen.task) !== JSON.stringify(taskOf(item));
}

export function toItem(row: Pick<Selectable<MessageItemRow>, 'position' | 'task' | 'seq' | 'seen'>): MessageItem {
  const seen = readSeen(row.seen);
  return { position: row.position, task: readTask(row.task), seq: row.seq, ...(seen && { seen }) };
}

/** The separator is in no provider's name. */
export function keyOf(provider: string, taskId: string): string {
  return `${provider}\n${taskId}`;
}
