import type { Kysely } from 'kysely';
import type { Installs } from '../core/ports/installs.ts';
import type { StoreTables } from './schema.ts';
import { inBatches } from './values.ts';
import type { Vault } from './vault.ts';

export function createInstalls(db: Kysely<StoreTables>, vault: Vault): Installs {
  return {
    async save({ teamId, token, botId, botUserId, by, at }) {
      const columns = {
        sealed: await vault.seal(token, about(teamId)),
        bot_id: botId,
        bot_user_id: botUserId,
        installed_by: by,
        installed_at: at,
      };
      await db
        .insertInto('installs')
        .values({ team_id: teamId, ...columns })
        .onConflict((conflict) => conflict.column('team_id').doUpdateSet(columns))
        .execute();
    },

    async find(teamId) {
      const row = await db.selectFrom('installs').selectAll().where('team_id', '=', teamId).executeTakeFirst();
      const token = row && (await vault.open(row.sealed, about(teamId)).catch(() => undefined));
      if (!row || token === undefined) return undefined;
      const { bot_id: botId, bot_user_id: botUserId, installed_by: by, installed_at: at } = row;
      return { teamId, token: String(token), botId, botUserId, by, at };
    },

    async list() {
      const rows = await db.selectFrom('installs').select(['team_id', 'installed_at']).execute();
      return rows.map((row) => ({ teamId: row.team_id, at: row.installed_at }));
    },

    forget: (teamId) => forget(db, teamId),
  };
}

function about(teamId: string): string {
  return `install:${teamId}`;
}

/** The many first, and each before what it points to; the install last, so that a deletion that was cut short is found. */
async function forget(db: Kysely<StoreTables>, teamId: string): Promise<void> {
  await db.deleteFrom('runs').where('team_id', '=', teamId).execute();
  for (const table of ['messages', 'actions', 'sweeps', 'link_events'] as const) {
    await inBatches((limit) =>
      db
        .deleteFrom(table)
        .where('id', 'in', (eb) => eb.selectFrom(table).select('id').where('team_id', '=', teamId).limit(limit))
        .executeTakeFirstOrThrow(),
    );
  }
  await db.deleteFrom('rollups').where('team_id', '=', teamId).execute();
  for (const table of OF_REPS) await db.deleteFrom(table).where('team_id', '=', teamId).execute();
  for (const table of OF_TEAM) await db.deleteFrom(table).where('team_id', '=', teamId).execute();
}

/** Few rows for each rep. */
const OF_REPS = [
  ...(['returns', 'connections', 'consents', 'unconfirmed_grants', 'suggestions', 'declined_links'] as const),
  ...(['link_problems', 'link_doubts', 'links', 'schedules', 'reps'] as const),
];
const OF_TEAM = ['hooks', 'credentials', 'tools', 'workspaces', 'installs'] as const;
