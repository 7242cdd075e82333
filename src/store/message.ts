/** One stored message: written with its rows, read with what became of them. All functions run in the transactions of `messages.ts`. */
import type { Kysely, Selectable } from 'kysely';
import type { Action } from '../core/model/action.ts';
import type { RepKey } from '../core/model/keys.ts';
import type { ListSummary, LoadedMessage, Message } from '../core/model/message.ts';
import type { Messages } from '../core/ports/store.ts';
import { toChange } from './engine.ts';
import { actionsOf, countActions, hideItems, keyOf, placeTasks, toItem, visibleItems, writeItems } from './items.ts';
import { toAction } from './ledger.ts';
import type { MessageRow, StoreTables } from './schema.ts';
import { ofRep, repOf } from './values.ts';

export async function create(
  trx: Kysely<StoreTables>,
  message: Parameters<Messages['create']>[0],
  tasks: Parameters<Messages['create']>[1],
): Promise<LoadedMessage> {
  const { id } = await trx
    .insertInto('messages')
    .values({
      ...ofRep(message),
      kind: message.kind,
      channel: null,
      ts: null,
      summary: JSON.stringify(message.summary),
      created_at: message.createdAt,
      ahead_of: message.aheadOf ?? null,
      next_position: tasks.length,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeItems(
    trx,
    id,
    tasks.map((task, position) => ({ position, task })),
  );
  // Of a task without an action, a row shows what was just written.
  const latest = await latestActions(trx, id, message);
  const counts = latest.size === 0 ? undefined : await countActions(trx, id, message, message.summary.fetchedAt);
  const { teamId, userId, kind, summary, createdAt } = message;
  const items = tasks.map((task, position) => {
    return { position, task, seq: counts?.get(position) ?? 0, action: latest.get(keyOf(task.provider, task.id)) };
  });
  return { teamId, userId, id: String(id), kind, posted: undefined, summary, createdAt, items };
}

/** undefined: the message was pruned meanwhile. */
export async function replace(
  trx: Kysely<StoreTables>,
  id: number,
  summary: ListSummary,
  tasks: Parameters<Messages['replace']>[2],
): Promise<LoadedMessage | undefined> {
  const message = await holdMessage(trx, id);
  if (!message) return undefined;
  const { places, nextPosition } = await placeTasks(trx, message, tasks);
  await hideItems(trx, id);
  await writeItems(trx, id, places);
  await countActions(trx, id, repOf(message), summary.fetchedAt);
  await trx
    .updateTable('messages')
    .set({ summary: JSON.stringify(summary), next_position: nextPosition })
    .where('id', '=', id)
    .execute();
  return loadOrThrow(trx, id);
}

export async function turn(
  trx: Kysely<StoreTables>,
  id: number,
  starts: readonly number[],
  described: Parameters<Messages['turn']>[2],
): Promise<boolean> {
  const message = await holdMessage(trx, id);
  if (!message) return false;
  const summary: ListSummary = { ...JSON.parse(message.summary), starts };
  await trx
    .updateTable('messages')
    .set({ summary: JSON.stringify(summary) })
    .where('id', '=', id)
    .execute();
  for (const { position, task } of described) {
    await trx
      .updateTable('message_items')
      .set({ task: JSON.stringify(task) })
      .where('message_id', '=', id)
      .where('position', '=', position)
      // A position belongs to one task for ever, but the caller's may be of another message.
      .where('provider', '=', task.provider)
      .where('task_id', '=', task.id)
      .execute();
  }
  return true;
}

export async function revise(
  trx: Kysely<StoreTables>,
  id: number,
  next: Parameters<Messages['revise']>[1],
): Promise<boolean> {
  const message = await loadToChange(trx, id);
  const summary = message && next(message);
  if (!summary) return false;
  await trx
    .updateTable('messages')
    .set({ summary: JSON.stringify(summary) })
    .where('id', '=', id)
    .execute();
  return true;
}

/** Keeps others from changing the message until the transaction ends. */
function holdMessage(trx: Kysely<StoreTables>, id: number): Promise<Selectable<MessageRow> | undefined> {
  return trx.selectFrom('messages').selectAll().where('id', '=', id).$call(toChange(trx)).executeTakeFirst();
}

export async function loadToChange(trx: Kysely<StoreTables>, id: number): Promise<LoadedMessage | undefined> {
  const row = await holdMessage(trx, id);
  return row && withItems(trx, row);
}

async function loadOrThrow(trx: Kysely<StoreTables>, id: number): Promise<LoadedMessage> {
  const message = await load(trx, id);
  if (!message) throw new TypeError(`message ${id} was just written and is not there`);
  return message;
}

export async function load(trx: Kysely<StoreTables>, id: number): Promise<LoadedMessage | undefined> {
  const row = await trx.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst();
  return row && withItems(trx, row);
}

async function withItems(trx: Kysely<StoreTables>, row: Selectable<MessageRow>): Promise<LoadedMessage> {
  const message = toMessage(row);
  const items = await visibleItems(trx, row.id);
  const latest = await latestActions(trx, row.id, message);
  return {
    ...message,
    items: items.map((item) => ({ ...toItem(item), action: latest.get(keyOf(item.provider, item.task_id)) })),
  };
}

/** The last action on each task of the visible rows, by `keyOf`. */
async function latestActions(trx: Kysely<StoreTables>, id: number, rep: RepKey): Promise<ReadonlyMap<string, Action>> {
  // A later one of the same task replaces an earlier one.
  const rows = new Map(
    (await actionsOf(trx, id, rep)).map((action) => [keyOf(action.provider, action.task_id), action]),
  );
  return new Map([...rows].map(([key, row]) => [key, toAction(row)]));
}

function toMessage(row: Selectable<MessageRow>): Message {
  const summary: ListSummary = JSON.parse(row.summary);
  return { ...toPlace(row), summary };
}

export function toPlace(
  row: Omit<Selectable<MessageRow>, 'summary' | 'next_position' | 'retired' | 'ahead_of'>,
): Omit<Message, 'summary'> {
  const posted = row.channel === null || row.ts === null ? undefined : { channel: row.channel, ts: row.ts };
  return { ...repOf(row), id: String(row.id), kind: row.kind, posted, createdAt: row.created_at };
}
