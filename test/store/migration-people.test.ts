/** 003 on a database that was made, and filled, before it. */
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueMigrations } from '../../src/queue/migrations.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { storeMigrations } from '../../src/store/migrations.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN, action, BEN, OTHER_ANN, task } from './fixtures.ts';
import { allMigrations, KEY, MEMORY } from './open.ts';

const before = { '001_store': storeMigrations['001_store'], '002_queue': queueMigrations['002_queue'] };

describe('a database that was made before there were several providers', () => {
  let db: Kysely<unknown>;
  beforeEach(async () => {
    db = openDatabase(MEMORY);
    await migrate(db, before);
    await fill(db);
  });
  afterEach(() => db.destroy());

  it('is brought up to date, once', async () => {
    const newer = Object.keys(allMigrations).filter((name) => name >= '003');
    expect(await migrate(db, allMigrations)).toEqual(newer.toSorted());
    expect(await migrate(db, allMigrations)).toEqual([]);
    const { rows } = await sql`pragma foreign_key_check`.execute(db);
    expect(rows).toEqual([]);
  });

  it('keeps its links: made by address, and long told', async () => {
    await migrate(db, allMigrations);
    const { links } = createStore(db, createVault([KEY]));

    const common = { provider: 'gong', origin: 'address' };
    expect(await links.list('T1')).toStrictEqual([
      {
        ...ANN,
        ...common,
        externalId: '7',
        email: 'ann@x.example',
        linkedAt: 100,
        lastListedAt: 900,
        announcedAt: 100,
      },
      {
        ...BEN,
        ...common,
        externalId: '8',
        email: undefined,
        linkedAt: 200,
        lastListedAt: undefined,
        announcedAt: 200,
      },
    ]);
    // The same user id in another team has an address of its own.
    expect(await links.of(OTHER_ANN)).toMatchObject([{ externalId: '9', email: 'another@x.example' }]);
  });

  it('keeps its actions with their ids, every field, and the next id still grows', async () => {
    await migrate(db, allMigrations);
    const { ledger } = createStore(db, createVault([KEY]));

    expect(await ledger.find('3')).toStrictEqual({
      ...action(ANN, task('1', { dueAt: undefined }), 2, {
        // Nobody noted then as whom it was asked for.
        externalId: undefined,
        verb: 'snooze',
        dueAt: 5_000,
        state: 'failed',
        sentAt: 20,
        attempts: 2,
        failure: 'unavailable',
        reference: 'request 4',
        createdAt: 30,
        settledAt: 40,
      }),
      id: '3',
    });
    expect(await ledger.latest({ ...ANN, provider: 'gong', taskId: '1' })).toMatchObject({ id: '3' });
    expect(await ledger.find('1')).toMatchObject({ change: { verb: 'done' }, state: 'queued' });

    // Jobs name their action by id, so an id is never given twice, not even that of a row that is gone.
    const edit = { verb: 'note', note: 'x' } as const;
    expect(await ledger.record(action(BEN, task('2'), 1, edit))).toMatchObject({ id: '42' });
    await sql`delete from actions where id >= 41`.execute(db);
    expect(await ledger.record(action(BEN, task('2'), 1, edit))).toMatchObject({ id: '43' });
    expect(await ledger.record(action(ANN, task('1'), 2))).toBeUndefined();
  });

  it('keeps its messages: nothing was seen of their tasks yet', async () => {
    await migrate(db, allMigrations);
    const { messages } = createStore(db, createVault([KEY]));

    expect((await messages.load('5'))?.items).toMatchObject([{ position: 0, seq: 1, action: { id: '3' } }]);
    expect((await messages.load('5'))?.items[0]).not.toHaveProperty('seen');
    const gone = { how: 'gone', at: 9 } as const;
    expect(await messages.noteSeen({ ...ANN, provider: 'gong', taskId: '1' }, gone, 0)).toBe(true);
  });

  it('refuses in the new tables what it refused in the old ones', async () => {
    await migrate(db, allMigrations);
    const { ledger } = createStore(db, createVault([KEY]));

    const nobody = { teamId: 'T1', userId: 'nobody' };
    const wrong = [action(nobody, task('1'), 1), action(ANN, task('1'), 0)];
    for (const each of wrong) await expect(ledger.record(each)).rejects.toThrow();
  });
});

/** Rows as 001 had them. */
async function fill(db: Kysely<unknown>): Promise<void> {
  await sql`insert into reps (team_id, user_id, name, email, zone, active) values
    ('T1', 'UANN', 'Ann Ab', 'ann@x.example', 'UTC', 1),
    ('T1', 'UBEN', 'Ben', null, 'UTC', 1),
    ('T2', 'UANN', 'Another Ann', 'another@x.example', 'UTC', 1)`.execute(db);
  await sql`insert into links (team_id, user_id, provider, external_id, linked_at, last_listed_at) values
    ('T1', 'UANN', 'gong', '7', 100, 900), ('T1', 'UBEN', 'gong', '8', 200, null),
    ('T2', 'UANN', 'gong', '9', 300, null)`.execute(db);
  const snapshot = JSON.stringify(task('1', { dueAt: undefined }));
  await sql`insert into actions (id, team_id, user_id, provider, task_id, seq, verb, due_at, task, state, held_until,
      sent_at, attempts, failure, undo_failure, reference, created_at, settled_at) values
    (1, 'T1', 'UANN', 'gong', '1', 1, 'done', null, ${snapshot}, 'queued', null, null, 0, null, null, null, 1, null),
    (3, 'T1', 'UANN', 'gong', '1', 2, 'snooze', 5000, ${snapshot}, 'failed', 10, 20, 2, 'unavailable', 'conflict',
      'request 4', 30, 40),
    (41, 'T1', 'UBEN', 'gong', '1', 1, 'done', null, ${snapshot}, 'queued', null, null, 0, null, null, null, 1, null)
  `.execute(db);
  const summary = JSON.stringify({ filter: { by: 'all' }, counts: {}, offset: 0, remaining: 0, reports: [] });
  await sql`insert into messages (id, team_id, user_id, kind, summary, created_at, next_position)
    values (5, 'T1', 'UANN', 'digest', ${summary}, 50, 1)`.execute(db);
  await sql`insert into message_items (message_id, position, ordinal, visible, provider, task_id, task, seq)
    values (5, 0, 0, 1, 'gong', '1', ${snapshot}, 1)`.execute(db);
}
