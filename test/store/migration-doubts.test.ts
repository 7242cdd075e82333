/** 006 on a database that was made, and filled, before it. */
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN } from './fixtures.ts';
import { allMigrations, KEY, MEMORY } from './open.ts';

let db: Kysely<unknown>;
beforeEach(async () => {
  db = openDatabase(MEMORY);
  await migrate(db, Object.fromEntries(Object.entries(allMigrations).filter(([name]) => name < '006')));
  await sql`insert into reps (team_id, user_id, name, email, zone, active) values
    ('T1', 'UANN', 'Ann', null, 'UTC', 1), ('T1', 'UBEN', 'Ben', null, 'UTC', 1), ('T1', 'UCAT', 'Cat', null, 'UTC', 1),
    ('T2', 'UCAT', 'Another', null, 'UTC', 1)`.execute(db);
  await sql`insert into schedules (team_id, user_id, time, days, next_due_at)
    select team_id, user_id, '09:00', '[1]', 5 from reps`.execute(db);
  await sql`insert into links (team_id, user_id, provider, external_id, linked_at) values
    ('T1', 'UANN', 'gong', '7', 1), ('T2', 'UCAT', 'gong', '8', 1)`.execute(db);
  await sql`insert into runs (team_id, user_id, local_date, state, claimed_at) values
    ('T1', 'UBEN', '2026-11-20', 'posted', 1), ('T1', 'UCAT', '2026-11-20', 'skipped', 1)`.execute(db);
  await migrate(db, allMigrations);
});
afterEach(() => db.destroy());

it('welcomes nobody who has a link or had a digest before there was a welcome', async () => {
  const { schedules } = createStore(db, createVault([KEY]));

  expect(await schedules.toWelcome(10, ['outreach'], 10)).toMatchObject([{ teamId: 'T1', userId: 'UCAT' }]);
});

it('has no doubts about the links that there are, and refuses what is none', async () => {
  const { people } = createStore(db, createVault([KEY]));
  const doubt = {
    ...ANN,
    provider: 'gong',
    externalId: '7',
    reason: 'unnamed',
    since: 1,
    lastDay: '2026-11-23',
  } as const;

  expect(await people.doubts('T1')).toEqual([]);
  await expect(people.noteDoubts('T1', 'gong', [{ ...doubt, looks: 0 }])).rejects.toThrow('CHECK');
});
