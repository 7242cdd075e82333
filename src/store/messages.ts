import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Instant, RepKey } from '../core/model/keys.ts';
import type { Messages } from '../core/ports/store.ts';
import { noteSeen, toItem } from './items.ts';
import { unsynced } from './manner.ts';
import { create, load, loadToChange, replace, revise, toPlace, turn } from './message.ts';
import type { StoreTables } from './schema.ts';
import { on, snapshot, type Together, transact } from './transaction.ts';
import { ofRep, repOf, rowId } from './values.ts';

export function createMessages(db: Kysely<StoreTables>, together: Together<StoreTables>): Messages {
  return {
    create: (message, tasks, tx) =>
      tx
        ? create(on(db, tx), message, tasks)
        : together((trx) => create(trx, message, tasks), { patient: message.kind === 'digest' }),
    load: (id, tx) => (tx ? loadToChange(on(db, tx), rowId(id)) : snapshot(db, (trx) => load(trx, rowId(id)))),
    replace: (id, summary, tasks) => transact(db, (trx) => replace(trx, rowId(id), summary, tasks)),
    turn: (id, starts, described) => transact(db, (trx) => turn(trx, rowId(id), starts, described)),

    revise: (id, next, tx) =>
      tx ? revise(on(db, tx), rowId(id), next) : transact(db, (trx) => revise(trx, rowId(id), next)),

    // The end of the job that posted it is synced right after.
    markPosted: (id, posted, tx) =>
      unsynced(async () => {
        await on(db, tx)
          .updateTable('messages')
          .set({ channel: posted.channel, ts: posted.ts })
          .where('id', '=', rowId(id))
          .execute();
      }),

    async row(id, position, tx) {
      // It comes back from a button.
      if (!Number.isSafeInteger(position)) return undefined;
      const row = await on(db, tx)
        .selectFrom('message_items')
        .innerJoin('messages', 'messages.id', 'message_items.message_id')
        .select(['position', 'task', 'seq', 'seen', 'team_id', 'user_id', 'kind'])
        .where('message_id', '=', rowId(id))
        .where('position', '=', position)
        .executeTakeFirst();
      return row && { ...toItem(row), rep: repOf(row), kind: row.kind };
    },

    async showing(task, since) {
      const rows = await newestFirst(db, task)
        .select(['team_id', 'user_id', 'kind', 'channel', 'ts', 'created_at'])
        .where('created_at', '>=', since)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('message_items')
            .select('message_id')
            .where('provider', '=', task.provider)
            .where('task_id', '=', task.taskId)
            .where('visible', '=', 1),
        )
        .execute();
      return rows.map(toPlace);
    },

    async watchers({ teamId, provider, taskId }, since) {
      const rows = await db
        .selectFrom('messages')
        .innerJoin('message_items', 'message_items.message_id', 'messages.id')
        .select(['messages.team_id', 'messages.user_id'])
        .distinct()
        .where('message_items.provider', '=', provider)
        .where('message_items.task_id', '=', taskId)
        .where('message_items.visible', '=', 1)
        .where('messages.created_at', '>=', since)
        .$if(teamId !== undefined, (query) => query.where('messages.team_id', '=', teamId ?? ''))
        .execute();
      return rows.map(repOf);
    },

    noteSeen: (key, seen, since, ours) => transact(db, (trx) => noteSeen(trx, key, seen, { since, ours })),

    async newestLists(key, limit) {
      const rows = await newestFirst(db, key)
        .where((eb) => eb.or([eb('kind', '=', 'list'), eb.and([eb('kind', '=', 'digest'), eb('ts', 'is not', null)])]))
        .limit(limit)
        .execute();
      return rows.map((row) => String(row.id));
    },

    async newest(key, kind) {
      const row = await newestFirst(db, key)
        .where('kind', '=', kind)
        .where('ahead_of', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row && String(row.id);
    },

    async digestsSince(key, since, before = Number.MAX_SAFE_INTEGER) {
      const rows = await newestFirst(db, key)
        .where('kind', '=', 'digest')
        .where('created_at', '>=', since)
        .where('created_at', '<', before)
        .where('ts', 'is not', null)
        .execute();
      return rows.map((row) => String(row.id));
    },

    async toRetire(teamId, before, limit) {
      const rows = await db
        .selectFrom('messages')
        .select(['id', 'created_at'])
        .where((eb) => eb.and({ team_id: teamId, kind: 'digest', retired: 0 }))
        .where('created_at', '<', before)
        .where('ts', 'is not', null)
        // A digest must not show "being done" for ever.
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('message_items as item')
                .innerJoin('actions', (join) =>
                  join
                    .onRef('actions.provider', '=', 'item.provider')
                    .onRef('actions.task_id', '=', 'item.task_id')
                    .onRef('actions.team_id', '=', 'messages.team_id')
                    .onRef('actions.user_id', '=', 'messages.user_id'),
                )
                .select('item.position')
                .whereRef('item.message_id', '=', 'messages.id')
                .where('actions.state', 'in', ['queued', 'undoing']),
            ),
          ),
        )
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ id: String(row.id), createdAt: row.created_at }));
    },

    async aheadOf(key, localDate) {
      const row = await newestFirst(db, key)
        .where('ahead_of', '=', localDate)
        .where('ts', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row && String(row.id);
    },

    // As `markPosted`.
    take: (id, at) =>
      unsynced(async () => {
        await db.updateTable('messages').set({ ahead_of: null, created_at: at }).where('id', '=', rowId(id)).execute();
      }),

    async markRetired(id) {
      await db.updateTable('messages').set({ retired: 1 }).where('id', '=', rowId(id)).execute();
    },

    prune: (before) => prune(db, before),
  };
}

/** Looked at in one statement. */
const PAGE = 200;

/** Most old messages are digests, which stay as long as their runs: a page of them is looked at, whether or not any goes. */
async function prune(db: Kysely<StoreTables>, before: Instant): Promise<number> {
  let deleted = 0;
  let last = { created_at: 0, id: 0 };
  for (;;) {
    const page = await db
      .selectFrom('messages')
      .select(['id', 'created_at'])
      .select((eb) =>
        eb.exists(eb.selectFrom('runs').select('runs.state').whereRef('message_id', '=', 'messages.id')).as('has_run'),
      )
      .where('created_at', '<', before)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(last.created_at, last.id)))
      .orderBy('created_at')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const free = page.flatMap(({ id, has_run }) => (has_run ? [] : [id]));
    if (free.length > 0) await db.deleteFrom('messages').where('id', 'in', free).execute();
    deleted += free.length;
    last = page.at(-1) ?? last;
    if (page.length < PAGE) return deleted;
    await nextTurn();
  }
}

function newestFirst(db: Kysely<StoreTables>, rep: RepKey) {
  return db
    .selectFrom('messages')
    .select('id')
    .where((eb) => eb.and(ofRep(rep)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
}
