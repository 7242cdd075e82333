import type { Kysely, Selectable } from 'kysely';
import type { RepOverview } from '../core/model/team.ts';
import type { Workspaces } from '../core/ports/store.ts';
import type { RunRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { repOf } from './values.ts';

export function createWorkspaces(db: Kysely<StoreTables>): Workspaces {
  return {
    async overview(teamId) {
      const lastRuns = db
        .selectFrom('runs')
        .select((eb) => ['user_id', eb.fn.max('local_date').as('latest')])
        .where('team_id', '=', teamId)
        .groupBy('user_id');
      const clicks = db
        .selectFrom('actions')
        .select((eb) => [
          'user_id',
          eb.fn.max('created_at').as('last_click_at'),
          eb.fn
            .sum<number>(eb.case().when('state', 'in', ['queued', 'undoing']).then(eb.lit(1)).else(eb.lit(0)).end())
            .as('waiting'),
        ])
        .where('team_id', '=', teamId)
        .groupBy('user_id');
      const rows = await db
        .selectFrom('reps')
        .leftJoin('schedules', (join) =>
          join.onRef('schedules.team_id', '=', 'reps.team_id').onRef('schedules.user_id', '=', 'reps.user_id'),
        )
        .leftJoin(lastRuns.as('last'), 'last.user_id', 'reps.user_id')
        .leftJoin('runs', (join) =>
          join
            .onRef('runs.team_id', '=', 'reps.team_id')
            .onRef('runs.user_id', '=', 'reps.user_id')
            .onRef('runs.local_date', '=', 'last.latest'),
        )
        .leftJoin(clicks.as('clicks'), 'clicks.user_id', 'reps.user_id')
        .select(['reps.team_id', 'reps.user_id', 'reps.name', 'reps.active', 'schedules.next_due_at'])
        .select(['runs.local_date', 'runs.state', 'runs.why', 'runs.posted_at'])
        .select(['clicks.last_click_at', 'clicks.waiting'])
        .where('reps.team_id', '=', teamId)
        .execute();
      return rows.map((row) => ({
        ...repOf(row),
        name: row.name,
        active: row.active === 1,
        nextDueAt: row.next_due_at ?? undefined,
        lastRun: runOf(row),
        lastClickAt: row.last_click_at ?? undefined,
        waiting: row.waiting ?? 0,
      }));
    },

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

    lastSync: (teamId) =>
      db.selectFrom('syncs').select(['at', 'mark']).where('team_id', '=', teamId).executeTakeFirst(),

    async known() {
      const rows = await db.selectFrom('syncs').select('team_id').orderBy('team_id').execute();
      return rows.map((row) => row.team_id);
    },

    async noteSync(teamId, { at, mark }, tx) {
      await on(db, tx)
        .insertInto('syncs')
        .values({ team_id: teamId, at, mark })
        .onConflict((conflict) => conflict.column('team_id').doUpdateSet({ at, mark }))
        .execute();
    },
  };
}

/** Without a run its columns are null. */
type MaybeRun = { [Column in 'local_date' | 'state' | 'why' | 'posted_at']: Selectable<RunRow>[Column] | null };

function runOf({ local_date: localDate, state, why, posted_at: postedAt }: MaybeRun): RepOverview['lastRun'] {
  if (localDate === null || state === null) return undefined;
  return { localDate, state, ...(why && { why }), postedAt: postedAt ?? undefined };
}
