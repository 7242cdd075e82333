import type { Kysely } from 'kysely';
import type { Workspaces } from '../core/ports/store.ts';
import type { StoreTables } from './schema.ts';

export function createWorkspaces(db: Kysely<StoreTables>): Workspaces {
  return {
    async offSwitch(teamId) {
      const row = await db.selectFrom('workspaces').selectAll().where('team_id', '=', teamId).executeTakeFirst();
      return row && { by: row.off_by, at: row.off_at };
    },

    async switchDigests(teamId, off) {
      if (!off) return void (await db.deleteFrom('workspaces').where('team_id', '=', teamId).execute());
      const columns = { off_at: off.at, off_by: off.by };
      await db
        .insertInto('workspaces')
        .values({ team_id: teamId, ...columns })
        .onConflict((conflict) => conflict.column('team_id').doUpdateSet(columns))
        .execute();
    },
  };
}
