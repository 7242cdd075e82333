/** 004 and 005 on a database that was made, and filled, before them. */
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, wait } from '../../src/core/model/transitions.ts';
import { queueMigrations } from '../../src/queue/migrations.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { storeMigrations } from '../../src/store/migrations.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN, action, BEN, task } from './fixtures.ts';
import { allMigrations, KEY, MEMORY } from './open.ts';

const before = {
  '001_store': storeMigrations['001_store'],
  '002_queue': queueMigrations['002_queue'],
  '003_people': storeMigrations['003_people'],
};

describe('a database that was made before actions said what they wait for and what undid them', () => {
  let db: Kysely<unknown>;
  const open = async () => {
    await migrate(db, allMigrations);
    return createStore(db, createVault([KEY]));
  };
  beforeEach(async () => {
    db = openDatabase(MEMORY);
    await migrate(db, before);
    await fill(db);
  });
  afterEach(() => db.destroy());

  it('is brought up to date, once', async () => {
    const newer = Object.keys(allMigrations).filter((name) => name >= '004');
    expect(await migrate(db, allMigrations)).toEqual(newer.toSorted());
    expect(await migrate(db, allMigrations)).toEqual([]);
    const { rows } = await sql`pragma foreign_key_check`.execute(db);
    expect(rows).toEqual([]);
  });

  it('keeps its actions, every field: of what nobody noted then, nothing is known', async () => {
    const { ledger } = await open();
    const undone = {
      ...action(ANN, task('1'), 2, {
        verb: 'reassign',
        to: { externalId: '8', name: 'Bo' },
        externalId: '7',
        state: 'undone',
        sentAt: 20,
        attempts: 2,
        reference: 'request 4',
        createdAt: 30,
        settledAt: 40,
      }),
      id: '3',
    };
    expect(await ledger.find('3')).toStrictEqual(undone);
    expect(await ledger.history(ANN, { since: 0, limit: 10 })).toStrictEqual([undone, await ledger.find('1')]);
    expect(await ledger.history(BEN, { since: 0, limit: 10 })).toMatchObject([
      { id: '4', state: 'stale', found: { how: 'gone' } },
    ]);
    expect(await ledger.failed({ teamId: 'T1', provider: 'gong' }, ['auth'], 0)).toEqual([]);
  });

  it('lets its actions go on: a new one gets the next id, an old one its new fields, and what is old can go', async () => {
    const { ledger } = await open();
    const waiting = { reason: 'unavailable', until: 99 } as const;

    expect(await ledger.record(action(ANN, task('1'), 3, { createdAt: 50 }))).toMatchObject({ id: '5' });
    const again = { attempts: 1, waiting, unsent: false };
    expect(await ledger.transition('1', (now) => wait(now, again))).toMatchObject({ seq: 1, waiting });
    expect(await ledger.prune(50)).toBe(0);
    await sql`delete from message_items`.execute(db);
    expect(await ledger.prune(50)).toBe(2);
    expect(await ledger.find('1')).toMatchObject({ state: 'queued', waiting });
  });

  it('keeps its messages: the digests of the last days lose their buttons in their turn', async () => {
    const { messages, ledger } = await open();

    expect((await messages.load('5'))?.items).toMatchObject([{ position: 0, seq: 1, action: { id: '3' } }]);
    await ledger.transition('1', (now) => fail(now, 'invalid', 60));
    expect(await messages.toRetire('T1', 1_000, 10)).toMatchObject([{ id: '5' }]);
    await messages.markRetired('5');
    expect(await messages.toRetire('T1', 1_000, 10)).toEqual([]);
  });

  it('keeps its audit, of which what is old can go', async () => {
    const { people } = await open();

    expect(await people.events('T1', { limit: 10 })).toHaveLength(2);
    expect(await people.pruneEvents(20)).toBe(1);
    expect(await people.events('T1', { limit: 10 })).toMatchObject([{ event: 'unlinked', at: 20 }]);
  });

  it('keeps its jobs, with their attempts: their trouble, if any, begins with the next failure', async () => {
    await open();
    const queue = createQueue(db, () => 500);
    const [job] = await queue.claim(500, { limit: 1, leaseMs: 1 });
    if (!job) throw new Error('the job is gone');

    expect(job).toMatchObject({ key: 'perform:1:0', attempt: 3, enqueuedAt: 100, failingSince: undefined });
    await queue.retry(job, { runAt: 600, free: false, error: 'again' });
    expect(await queue.claim(600, { limit: 1, leaseMs: 1 })).toMatchObject([{ attempt: 4, failingSince: 500 }]);
  });

  it('refuses in the new columns what is no value of theirs', async () => {
    await open();
    const refused = [
      sql`update messages set retired = 2`,
      sql`update messages set retired = null`,
      sql`update messages set retired = 'yes'`,
      sql`update jobs set failing_since = 'yesterday'`,
    ];
    for (const statement of refused) await expect(statement.execute(db)).rejects.toThrow(/CHECK|NOT NULL|cannot store/);
  });
});

/** Rows as 003 had them. */
async function fill(db: Kysely<unknown>): Promise<void> {
  await sql`insert into reps (team_id, user_id, name, email, zone, active) values
    ('T1', 'UANN', 'Ann Ab', 'ann@x.example', 'UTC', 1), ('T1', 'UBEN', 'Ben', null, 'UTC', 1)`.execute(db);
  const snapshot = JSON.stringify(task('1'));
  const to = JSON.stringify({ to: { externalId: '8', name: 'Bo' } });
  await sql`insert into actions (id, team_id, user_id, provider, task_id, seq, verb, due_at, details, external_id, task, state,
      held_until, sent_at, attempts, failure, undo_failure, reference, created_at, settled_at) values
    (1, 'T1', 'UANN', 'gong', '1', 1, 'done', null, null, '7', ${snapshot}, 'queued', null, null, 0, null, null, null, 1, null),
    (3, 'T1', 'UANN', 'gong', '1', 2, 'reassign', null, ${to}, '7', ${snapshot}, 'undone', 10, 20, 2, null, 'conflict',
      'request 4', 30, 40),
    (4, 'T1', 'UBEN', 'gong', '1', 1, 'done', null, null, null, ${snapshot}, 'stale', null, null, 1, null, null, null, 1, 2)
  `.execute(db);
  const summary = JSON.stringify({ filter: { by: 'all' }, counts: {}, offset: 0, remaining: 0, reports: [] });
  await sql`insert into messages (id, team_id, user_id, kind, channel, ts, summary, created_at, next_position)
    values (5, 'T1', 'UANN', 'digest', 'D1', '1.1', ${summary}, 50, 1)`.execute(db);
  await sql`insert into message_items (message_id, position, ordinal, visible, provider, task_id, task, seq)
    values (5, 0, 0, 1, 'gong', '1', ${snapshot}, 1)`.execute(db);
  await sql`insert into link_events (team_id, user_id, provider, event, "by", at) values
    ('T1', 'UANN', 'gong', 'linked', 'directory', 10), ('T1', 'UANN', 'gong', 'unlinked', 'UANN', 20)`.execute(db);
  await sql`insert into jobs (key, payload, priority, run_at, enqueued_at, state, token, attempts) values
    ('perform:1:0', '{"kind":"perform","actionId":"1"}', 10, 400, 100, 'waiting', 2, 2)`.execute(db);
}
