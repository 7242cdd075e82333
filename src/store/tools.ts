import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ProviderId } from '../core/model/keys.ts';
import type { Tools } from '../core/ports/tools.ts';
import type { StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import type { Vault } from './vault.ts';

export function createTools(db: Kysely<StoreTables>, vault: Vault): Tools {
  return {
    async save({ teamId, provider, settings, by, at }, tx) {
      const columns = { sealed: await vault.seal(settings, toolName(teamId, provider)), set_by: by, set_at: at };
      await on(db, tx)
        .insertInto('tools')
        .values({ team_id: teamId, provider, ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'provider']).doUpdateSet(columns))
        .execute();
    },

    async list(teamId, tx) {
      const rows = await on(db, tx)
        .selectFrom('tools')
        .selectAll()
        .$if(teamId !== undefined, (query) => query.where('team_id', '=', teamId ?? ''))
        .execute();
      return rows.map((row) => ({
        teamId: row.team_id,
        provider: row.provider,
        by: row.set_by,
        at: row.set_at,
        // A sealed text differs each time.
        version: createHash('sha256').update(row.sealed).digest('base64url'),
      }));
    },

    async settings(teamId, provider) {
      const row = await db
        .selectFrom('tools')
        .select('sealed')
        .where((eb) => eb.and({ team_id: teamId, provider }))
        .executeTakeFirst();
      // We encrypted it, so its shape is known.
      const opened = row && vault.open(row.sealed, toolName(teamId, provider)).catch(() => undefined);
      return (await opened) as Readonly<Record<string, string>> | undefined;
    },

    async reseal(teamId) {
      const rows = await db.selectFrom('tools').selectAll().where('team_id', '=', teamId).execute();
      for (const { provider, sealed } of rows.filter((row) => !vault.isNewest(row.sealed))) {
        const name = toolName(teamId, provider);
        const again = await vault.seal(await vault.open(sealed, name), name);
        // Unless an admin has set another one meanwhile.
        await db
          .updateTable('tools')
          .set({ sealed: again })
          .where((eb) => eb.and({ team_id: teamId, provider, sealed }))
          .execute();
      }
    },

    async end({ teamId, provider, by, at }, tx) {
      const queries = on(db, tx);
      const theirs = { team_id: teamId, provider };
      await queries
        .insertInto('link_events')
        .columns(['team_id', 'user_id', 'provider', 'event', 'by', 'external_id', 'origin', 'at'])
        .expression((eb) =>
          eb
            .selectFrom('links')
            .select(['team_id', 'user_id', 'provider'])
            .select([sql<'removed'>`'removed'`.as('event'), sql<string>`${by}`.as('by')])
            .select(['external_id', 'origin', sql<number>`cast(${at} as bigint)`.as('at')])
            .where((link) => link.and(theirs)),
        )
        .execute();
      const { numDeletedRows } = await queries
        .deleteFrom('links')
        .where((eb) => eb.and(theirs))
        .executeTakeFirstOrThrow();
      for (const table of REACHED) {
        await queries.deleteFrom(table).where('team_id', '=', teamId).where('provider', '=', provider).execute();
      }
      return Number(numDeletedRows);
    },
  };
}

/** A workspace's data of a tool, besides links. A sign-in that is under way comes to nothing. */
const REACHED = [
  ...(['tools', 'connections', 'consents', 'unconfirmed_grants', 'suggestions'] as const),
  ...(['link_problems', 'link_doubts', 'hooks', 'credentials'] as const),
] as const;

export function toolName(teamId: string, provider: ProviderId): string {
  return `tool:${provider}:${teamId}`;
}
