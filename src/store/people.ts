/** Declined links, suggestions, problems, doubts and the links' audit log. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { LinkDoubt, LinkEvent, LinkProblem, Suggestion } from '../core/model/people.ts';
import type { People } from '../core/ports/people-store.ts';
import { lockName } from './engine.ts';
import type { LinkDoubtRow, LinkEventRow, LinkProblemRow, StoreTables, SuggestionRow } from './schema.ts';
import { on, transact } from './transaction.ts';
import { inBatches, ofRep, removeRow, repOf } from './values.ts';

/** Rows of a transaction: at most eight columns each, far below the limits on parameters. */
const CHUNK = 100;

export function createPeople(db: Kysely<StoreTables>): People {
  return {
    async decline(key, provider, at, tx) {
      await on(db, tx)
        .insertInto('declined_links')
        .values({ ...ofRep(key), provider, at })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'provider']).doUpdateSet({ at }))
        .execute();
    },

    undecline: (key, provider, tx) => removeRow(on(db, tx), 'declined_links', key, provider),

    async hasDeclined(key, provider, tx) {
      const row = await on(db, tx)
        .selectFrom('declined_links')
        .select('at')
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .executeTakeFirst();
      return row !== undefined;
    },

    async declined(teamId) {
      const rows = await db.selectFrom('declined_links').selectAll().where('team_id', '=', teamId).execute();
      return rows.map((row) => ({ ...repOf(row), provider: row.provider }));
    },

    async suggest(suggestion, tx) {
      const columns = {
        external_id: suggestion.externalId,
        email: suggestion.email ?? null,
        name: suggestion.name,
        suggested_by: suggestion.suggestedBy,
        suggested_at: suggestion.suggestedAt,
      };
      await on(db, tx)
        .insertInto('suggestions')
        .values({ ...ofRep(suggestion), provider: suggestion.provider, ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'provider']).doUpdateSet(columns))
        .execute();
    },

    async suggestions(key, tx) {
      const rows = await on(db, tx)
        .selectFrom('suggestions')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .orderBy('provider')
        .execute();
      return rows.map(toSuggestion);
    },

    dropSuggestion: (key, provider, tx) => removeRow(on(db, tx), 'suggestions', key, provider),

    noteProblems: (teamId, provider, problems) =>
      replaceAll(db, 'link_problems', {
        of: { team_id: teamId, provider },
        rows: problems.map(toProblemRow),
        insert: (trx, rows) => trx.insertInto('link_problems').values(rows).execute(),
      }),

    async noteProblem(problem, tx) {
      const { reason, name, email } = toProblemRow(problem);
      await on(db, tx)
        .insertInto('link_problems')
        .values(toProblemRow(problem))
        .onConflict((conflict) =>
          conflict.columns(['team_id', 'provider', 'user_id']).doUpdateSet({ reason, name, email }),
        )
        .execute();
    },

    async problems(teamId) {
      const rows = await db
        .selectFrom('link_problems')
        .selectAll()
        .where('team_id', '=', teamId)
        .orderBy('provider')
        .orderBy('name')
        .orderBy('user_id')
        .execute();
      return rows.map(toProblem);
    },

    noteDoubts: (teamId, provider, doubts) =>
      replaceAll(db, 'link_doubts', {
        of: { team_id: teamId, provider },
        rows: doubts.map(toDoubtRow),
        insert: (trx, rows) => trx.insertInto('link_doubts').values(rows).execute(),
      }),

    async doubts(teamId) {
      const rows = await db
        .selectFrom('link_doubts')
        .selectAll()
        .where('team_id', '=', teamId)
        .orderBy('provider')
        .orderBy('since')
        .orderBy('user_id')
        .execute();
      return rows.map(toDoubt);
    },

    async record(event, tx) {
      await on(db, tx)
        .insertInto('link_events')
        .values({
          ...ofRep(event),
          provider: event.provider,
          event: event.event,
          by: event.by,
          external_id: event.externalId ?? null,
          origin: event.origin ?? null,
          at: event.at,
        })
        .execute();
    },

    async events(teamId, { limit, userId }) {
      const rows = await db
        .selectFrom('link_events')
        .selectAll()
        .where('team_id', '=', teamId)
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },

    async pruneEvents(before) {
      const old = db.selectFrom('link_events').select('id').where('at', '<', before);
      return inBatches((limit) =>
        db.deleteFrom('link_events').where('id', 'in', old.limit(limit)).executeTakeFirstOrThrow(),
      );
    },
  };
}

function toSuggestion(row: Selectable<SuggestionRow>): Suggestion {
  return {
    ...repOf(row),
    provider: row.provider,
    externalId: row.external_id,
    email: row.email ?? undefined,
    name: row.name,
    suggestedBy: row.suggested_by,
    suggestedAt: row.suggested_at,
  };
}

interface Replacement<Row> {
  of: { team_id: string; provider: string };
  /** One for each rep. */
  rows: readonly Row[];
  insert(trx: Transaction<StoreTables>, rows: readonly Row[]): Promise<unknown>;
}

/** Writes only what differs: few rows on most days, in transactions that are short when everyone is concerned. */
async function replaceAll<Row extends { user_id: string }>(
  db: Kysely<StoreTables>,
  table: 'link_problems' | 'link_doubts',
  { of, rows, insert }: Replacement<Row>,
): Promise<void> {
  const ofProvider = (trx: Kysely<StoreTables>) =>
    trx.selectFrom(table).selectAll().where('team_id', '=', of.team_id).where('provider', '=', of.provider);
  const held = new Map((await ofProvider(db).execute()).map((row) => [row.user_id, textOf(row)]));
  const wanted = new Map(rows.map((row) => [row.user_id, row]));
  const changed = [...wanted.values()].filter((row) => held.get(row.user_id) !== textOf(row));
  const gone = [...held.keys()].filter((userId) => !wanted.has(userId));
  for (const ids of chunks([...gone, ...changed.map(({ user_id }) => user_id)])) {
    await transact(db, async (trx) => {
      await lockName(trx, `${table} ${of.team_id} ${of.provider}`);
      const before = trx.deleteFrom(table).where('team_id', '=', of.team_id).where('provider', '=', of.provider);
      await before.where('user_id', 'in', ids).execute();
      const again = ids.flatMap((id) => wanted.get(id) ?? []);
      if (again.length > 0) await insert(trx, again);
    });
    await turn();
  }
}

/** Whatever the order of the columns. */
function textOf(row: object): string {
  return JSON.stringify(Object.entries(row).sort());
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}

function toProblemRow({ provider, reason, name, email, ...key }: LinkProblem) {
  return { ...ofRep(key), provider, reason, name, email: email ?? null };
}

function toProblem(row: Selectable<LinkProblemRow>): LinkProblem {
  return { ...repOf(row), provider: row.provider, reason: row.reason, name: row.name, email: row.email ?? undefined };
}

function toDoubtRow({ provider, externalId, reason, since, looks, lastDay, ...key }: LinkDoubt) {
  return { ...ofRep(key), provider, external_id: externalId, reason, since, looks, last_day: lastDay };
}

function toDoubt(row: Selectable<LinkDoubtRow>): LinkDoubt {
  return {
    ...repOf(row),
    provider: row.provider,
    externalId: row.external_id,
    reason: row.reason,
    since: row.since,
    looks: row.looks,
    lastDay: row.last_day,
  };
}

function toEvent(row: Selectable<LinkEventRow>): LinkEvent {
  return {
    ...repOf(row),
    provider: row.provider,
    event: row.event,
    by: row.by,
    externalId: row.external_id ?? undefined,
    origin: row.origin ?? undefined,
    at: row.at,
  };
}
