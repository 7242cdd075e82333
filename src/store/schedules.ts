import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import { type DayChoices, DEFAULT_CHOICES, FOREVER, type Schedule } from '../core/model/digest.ts';
import type { Instant } from '../core/model/keys.ts';
import type { Schedules } from '../core/ports/store.ts';
import type { ScheduleRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, repOf } from './values.ts';

export function createSchedules(db: Kysely<StoreTables>): Schedules {
  return {
    async save(schedule, tx) {
      const columns = {
        time: schedule.time,
        days: JSON.stringify(schedule.days),
        own_zone: schedule.ownZone ?? null,
        country: schedule.country ?? null,
        paused_until: schedule.pausedUntil ?? null,
        choices: JSON.stringify(schedule.choices),
        next_due_at: schedule.nextDueAt,
      };
      await on(db, tx)
        .insertInto('schedules')
        .values({ ...ofRep(schedule), ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doUpdateSet(columns))
        .execute();
    },

    async advance(key, { from, to }, tx) {
      const { numUpdatedRows } = await on(db, tx)
        .updateTable('schedules')
        .set({ next_due_at: to })
        .where((eb) => eb.and({ ...ofRep(key), next_due_at: from }))
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async find(key, tx) {
      const row = await on(db, tx)
        .selectFrom('schedules')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .executeTakeFirst();
      return row && toSchedule(row);
    },

    async countries() {
      const rows = await db.selectFrom('schedules').select('country').distinct().where('country', '>', '').execute();
      return rows.flatMap(({ country }) => country ?? []);
    },

    async nextAfter(now) {
      const { at } = await db
        .selectFrom('schedules')
        .select((eb) => eb.fn.min<Instant | null>('next_due_at').as('at'))
        .where('next_due_at', '>', now)
        .executeTakeFirstOrThrow();
      return at ?? undefined;
    },

    async expecting(teamId) {
      const rows = await db
        .selectFrom('reps')
        .innerJoin('schedules', (join) =>
          join.onRef('schedules.team_id', '=', 'reps.team_id').onRef('schedules.user_id', '=', 'reps.user_id'),
        )
        .select(['reps.team_id', 'reps.user_id', 'reps.email'])
        .where('reps.team_id', '=', teamId)
        .where('reps.active', '=', 1)
        .where('schedules.next_due_at', '<', FOREVER)
        .where((eb) => eb.exists(linksOfRep(eb)))
        .execute();
      return rows.map((row) => ({ ...repOf(row), email: row.email ?? undefined }));
    },

    async slots({ after, until }) {
      return await ofReaders(db)
        .where('schedules.next_due_at', '>', after)
        .where('schedules.next_due_at', '<=', until)
        .groupBy('schedules.next_due_at')
        .select((eb) => ['schedules.next_due_at as dueAt', eb.fn.countAll<number>().as('reps')])
        .execute();
    },

    async ofSlot(dueAt, { offset, limit }) {
      const rows = await ofReaders(db)
        .where('schedules.next_due_at', '=', dueAt)
        .orderBy('schedules.team_id')
        .orderBy('schedules.user_id')
        .select(['schedules.team_id', 'schedules.user_id'])
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(repOf);
    },

    async due(now, limit, teamId) {
      const rows = await ofReaders(db)
        .selectAll('schedules')
        .select(withZone)
        .where('schedules.next_due_at', '<=', now)
        .$if(teamId !== undefined, (due) => due.where('schedules.team_id', '=', teamId ?? ''))
        .orderBy('schedules.next_due_at')
        .orderBy('schedules.team_id')
        .orderBy('schedules.user_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...toSchedule(row), zone: row.zone }));
    },

    async withoutRun(localDate) {
      const rows = await ofActive(db)
        .selectAll('schedules')
        .select(withZone)
        .where('reps.welcomed_at', 'is not', null)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('runs')
                .select('runs.state')
                .whereRef('runs.team_id', '=', 'schedules.team_id')
                .whereRef('runs.user_id', '=', 'schedules.user_id')
                .where('runs.local_date', '=', localDate),
            ),
          ),
        )
        .select('reps.name')
        .select((eb) => eb.exists(linksOfRep(eb)).as('linked'))
        .execute();
      return rows.map((row) => ({ ...toSchedule(row), zone: row.zone, name: row.name, linked: Boolean(row.linked) }));
    },

    async unwelcomed(providers, { teamId, after, limit }) {
      const rows = await ofActive(db)
        .selectAll('schedules')
        .select(withZone)
        .select((eb) => [
          'reps.email',
          (providers.length === 0 ? eb.lit(0) : eb.exists(linksOfRep(eb).where('links.provider', 'in', providers))).as(
            'is_linked',
          ),
        ])
        .where('reps.welcomed_at', 'is', null)
        .$if(teamId !== undefined, (query) => query.where('reps.team_id', '=', teamId ?? ''))
        .$if(after !== undefined, (query) =>
          query.where((eb) =>
            eb(
              eb.refTuple('schedules.next_due_at', 'schedules.team_id', 'schedules.user_id'),
              '>',
              eb.tuple(after?.nextDueAt ?? 0, after?.teamId ?? '', after?.userId ?? ''),
            ),
          ),
        )
        .orderBy('schedules.next_due_at')
        .orderBy('schedules.team_id')
        .orderBy('schedules.user_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        ...toSchedule(row),
        zone: row.zone,
        email: row.email ?? undefined,
        isLinked: Boolean(row.is_linked),
      }));
    },
  };
}

/** Of active reps. */
function ofActive(db: Kysely<StoreTables>) {
  return db
    .selectFrom('schedules')
    .innerJoin('reps', (join) =>
      join
        .onRef('reps.team_id', '=', 'schedules.team_id')
        .onRef('reps.user_id', '=', 'schedules.user_id')
        .on('reps.active', '=', 1),
    );
}

/** Of active reps with a link who were welcomed. */
function ofReaders(db: Kysely<StoreTables>) {
  return ofActive(db)
    .where('reps.welcomed_at', 'is not', null)
    .where((eb) => eb.exists(linksOfRep(eb)));
}

/** With the zone in which it is read. */
function withZone(eb: ExpressionBuilder<StoreTables, 'schedules' | 'reps'>) {
  return eb.fn.coalesce('schedules.own_zone', 'reps.zone').as('zone');
}

function linksOfRep(eb: ExpressionBuilder<StoreTables, 'schedules' | 'reps'>) {
  return eb
    .selectFrom('links')
    .select('links.provider')
    .whereRef('links.team_id', '=', 'schedules.team_id')
    .whereRef('links.user_id', '=', 'schedules.user_id');
}

export function toSchedule(row: Selectable<ScheduleRow>): Schedule {
  const days: number[] = JSON.parse(row.days);
  const choices: Partial<DayChoices> = JSON.parse(row.choices);
  return {
    ...repOf(row),
    time: row.time,
    days,
    ownZone: row.own_zone ?? undefined,
    country: row.country ?? undefined,
    pausedUntil: row.paused_until ?? undefined,
    nextDueAt: row.next_due_at,
    choices: { ...DEFAULT_CHOICES, ...choices },
  };
}
