/** Declined links, suggestions, problems, doubts and the links' audit log. */
import type { Kysely, Selectable } from 'kysely';
import type { LinkDoubt, LinkEvent, LinkProblem, Suggestion } from '../core/model/people.ts';
import type { People } from '../core/ports/people-store.ts';
import type { LinkDoubtRow, LinkEventRow, LinkProblemRow, StoreTables, SuggestionRow } from './schema.ts';
import { on, transact } from './transaction.ts';
import { ofRep, removeRow, repOf } from './values.ts';

/** Rows per statement: at most eight columns each, far below the limits on parameters. */
const CHUNK = 500;

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

    async declined(teamId, tx) {
      const rows = await on(db, tx).selectFrom('declined_links').selectAll().where('team_id', '=', teamId).execute();
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
      transact(db, async (trx) => {
        await trx.deleteFrom('link_problems').where('team_id', '=', teamId).where('provider', '=', provider).execute();
        const rows = problems.map(toProblemRow);
        for (const chunk of chunks(rows)) await trx.insertInto('link_problems').values(chunk).execute();
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
      transact(db, async (trx) => {
        await trx.deleteFrom('link_doubts').where('team_id', '=', teamId).where('provider', '=', provider).execute();
        const rows = doubts.map(toDoubtRow);
        for (const chunk of chunks(rows)) await trx.insertInto('link_doubts').values(chunk).execute();
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
      const { numDeletedRows } = await db.deleteFrom('link_events').where('at', '<', before).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
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

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += CHUNK) yield rows.slice(start, start + CHUNK);
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
