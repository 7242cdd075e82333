import type { Kysely, Selectable } from 'kysely';
import type { Recipient, Rep } from '../core/model/people.ts';
import type { Reps } from '../core/ports/store.ts';
import { toSchedule } from './schedules.ts';
import type { RepRow, ScheduleRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { inPages, ofRep, repOf } from './values.ts';

export function createReps(db: Kysely<StoreTables>): Reps {
  return {
    async save(profile, tx) {
      const { name, slackZone, email = null, locale = null } = profile;
      const columns = { name, email, zone: slackZone, locale, active: profile.active ? 1 : 0 };
      await on(db, tx)
        .insertInto('reps')
        .values({ ...ofRep(profile), ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doUpdateSet(columns))
        .execute();
    },

    async find(key) {
      const row = await repsWithZone(db)
        .where('reps.team_id', '=', key.teamId)
        .where('reps.user_id', '=', key.userId)
        .executeTakeFirst();
      return row && toRep(row);
    },

    async recipient(key) {
      const row = await repsWithZone(db)
        .select(['time', 'days', 'country', 'paused_until', 'choices', 'next_due_at'])
        .leftJoin('workspaces', 'workspaces.team_id', 'reps.team_id')
        .select('workspaces.off_at')
        .where('reps.team_id', '=', key.teamId)
        .where('reps.user_id', '=', key.userId)
        .executeTakeFirst();
      return row && { rep: toRep(row), schedule: scheduleIn(row), isSwitchedOff: row.off_at !== null };
    },

    async list(teamId) {
      const ofTeam = repsWithZone(db).where('reps.team_id', '=', teamId).orderBy('reps.user_id');
      return inPages<Rep>(async (limit, last) => {
        const rows = await ofTeam
          .where('reps.user_id', '>', last?.userId ?? '')
          .limit(limit)
          .execute();
        return rows.map(toRep);
      });
    },

    async markWelcomed(key, at, tx, posted) {
      const { numUpdatedRows } = await on(db, tx)
        .updateTable('reps')
        .set({ welcomed_at: at, welcome_channel: posted?.channel ?? null, welcome_ts: posted?.ts ?? null })
        .where((eb) => eb.and(ofRep(key)))
        .where('welcomed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async welcome(key) {
      const row = await db
        .selectFrom('reps')
        .select(['welcomed_at', 'welcome_channel', 'welcome_ts'])
        .where((eb) => eb.and(ofRep(key)))
        .executeTakeFirst();
      if (!row || row.welcomed_at === null) return undefined;
      const { welcomed_at: at, welcome_channel: channel, welcome_ts: ts } = row;
      return channel === null || ts === null ? { at } : { at, posted: { channel, ts } };
    },
  };
}

/** With the zone that each chose, if any. */
function repsWithZone(db: Kysely<StoreTables>) {
  return db
    .selectFrom('reps')
    .leftJoin('schedules', (join) =>
      join.onRef('schedules.team_id', '=', 'reps.team_id').onRef('schedules.user_id', '=', 'reps.user_id'),
    )
    .selectAll('reps')
    .select('schedules.own_zone');
}

/** Without a schedule its columns are null. */
type MaybeSchedule = { [Column in keyof Selectable<ScheduleRow>]: Selectable<ScheduleRow>[Column] | null };

function scheduleIn(row: MaybeSchedule & Pick<RepRow, 'team_id' | 'user_id'>): Recipient['schedule'] {
  const { time, days, choices, next_due_at } = row;
  if (time === null || days === null || choices === null || next_due_at === null) return undefined;
  return toSchedule({ ...row, time, days, choices, next_due_at });
}

function toRep(row: Selectable<RepRow> & { own_zone: string | null }): Rep {
  const { name, email, zone, locale, active, own_zone: ownZone } = row;
  const said = { name, email: email ?? undefined, slackZone: zone, locale: locale ?? undefined, active: active === 1 };
  return { ...repOf(row), ...said, zone: ownZone ?? zone };
}
