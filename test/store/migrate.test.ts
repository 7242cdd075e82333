import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { ANN, message, rep } from './fixtures.ts';
import { allMigrations, MEMORY, openUrl } from './open.ts';

const ALL = Object.keys(allMigrations).toSorted();

it('runs every migration once, in the order of their names', async () => {
  const db = openDatabase(MEMORY);
  expect(await migrate(db, allMigrations)).toEqual(ALL);
  expect(await migrate(db, allMigrations)).toEqual([]);

  const later = {
    '999_more': { up: (more: typeof db) => more.schema.createTable('more').addColumn('a', 'text').execute() },
  };
  expect(await migrate(db, { ...later, ...allMigrations })).toEqual(['999_more']);
  await db.destroy();
});

it('leaves nothing of a start that failed, says which one it was, and can be tried again', async () => {
  const db = openDatabase(MEMORY);
  const broken = { '999_broken': { up: () => Promise.reject(new Error('no such luck')) } };
  await expect(migrate(db, { ...allMigrations, ...broken })).rejects.toThrow('999_broken');

  const { rows } = await sql<{ name: string }>`select name from sqlite_master where name = 'reps'`.execute(db);
  expect(rows).toEqual([]);
  expect(await migrate(db, allMigrations)).toEqual(ALL);
  await db.destroy();
});

it('makes strict tables only', async () => {
  const db = openDatabase(MEMORY);
  await migrate(db, allMigrations);
  const { rows } = await sql<{ name: string; strict: number }>`select name, strict from pragma_table_list
    where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`.execute(db);

  const names =
    'actions connections consents credentials declined_links hooks install_states installs jobs left_hooks link_doubts link_events link_problems links ' +
    'message_items messages reps returns rollup_members rollups runs schedules shared_notes spending suggestions sweeps syncs tools unconfirmed_grants workspaces';
  expect(rows.map((row) => row.name).toSorted()).toEqual(names.split(' '));
  expect(rows.filter((row) => row.strict !== 1)).toEqual([]);
  await db.destroy();
});

it.each([
  'update messages set retired = 2',
  'update messages set retired = null',
  "update messages set retired = 'yes'",
  "update jobs set failing_since = 'yesterday'",
])('refuses what is no value of a column: %s', async (statement) => {
  const { db, store, queue, close } = await openUrl(MEMORY);
  await store.reps.save(rep(ANN));
  await store.messages.create(message(ANN), []);
  await queue.enqueue({ key: 'a', payload: { kind: 'renew' }, priority: 0, runAt: 0 });

  await expect(sql.raw(statement).execute(db)).rejects.toThrow(/CHECK|NOT NULL|cannot store/);
  await close();
});
