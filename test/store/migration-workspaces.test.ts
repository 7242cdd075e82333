/** 021 on what 020 held, on both engines. */
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN } from './fixtures.ts';
import { allMigrations, KEY, MEMORY } from './open.ts';
import { createSchema, hasPostgres } from './postgres.ts';

const BEFORE = Object.fromEntries(Object.entries(allMigrations).filter(([name]) => name < '021'));

async function kept(db: Kysely<unknown>): Promise<void> {
  const vault = createVault([KEY]);
  await migrate(db, BEFORE);
  const sealed = await vault.seal('shared-1', 'hook:outreach');
  await sql`insert into reps (team_id, user_id, name, zone, active) values ('T1', 'UANN', 'Ann', 'UTC', 1)`.execute(db);
  await sql`insert into hooks (provider, team_id, user_id, hook_id, url, sealed)
    values ('outreach', 'T1', 'UANN', '7', 'https://docket.example', ${sealed})`.execute(db);
  await sql`insert into credentials (provider, mark) values ('gong', 'mark 1')`.execute(db);

  expect(await migrate(db, allMigrations)).toEqual([
    '021_workspaces',
    '023_installs',
    '024_tools',
    '026_ranked',
    '027_organisations',
    '028_lapsed',
    '029_syncs',
    '030_left_hooks',
  ]);

  const { hooks, connections, installs } = createStore(db, vault);
  expect(await hooks.find('outreach', 'T1')).toMatchObject({ ...ANN, hookId: '7', secret: 'shared-1' });
  // Before Slack has said which workspace it is.
  expect(await hooks.find('outreach')).toMatchObject({ hookId: '7' });
  expect(await connections.noteCredential({ teamId: 'T1', provider: 'gong' }, 'mark 1')).toBe(false);
  expect(await connections.noteCredential({ teamId: 'T1', provider: 'gong' }, 'mark 2')).toBe(true);
  expect(await connections.noteCredential({ teamId: 'T2', provider: 'gong' }, 'mark 1')).toBe(false);
  expect(await installs.list()).toEqual([]);
  await db.destroy();
}

describe('a database of before there were several workspaces', () => {
  it("keeps its webhook subscription, and which credential it was called with: both are its workspace's", () =>
    kept(openDatabase(MEMORY)));

  it.skipIf(!hasPostgres)('keeps them on PostgreSQL', async () => {
    const { url, drop } = await createSchema();
    await kept(openDatabase(url)).finally(drop);
  });
});
