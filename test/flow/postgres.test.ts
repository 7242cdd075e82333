/** The whole app on a PostgreSQL database. */
import { type Kysely, sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { MAYA, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { claimingNothing } from './claiming-nothing.ts';
import { pressOnly } from './press.ts';
import { fresh, patches, posted, rowsOf } from './read.ts';
import { morning } from './start.ts';
import { connectGong, createTooled } from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import { createWorld } from './world.ts';

const SILENT = { info() {}, warn() {}, error() {} };

async function onPostgres(): Promise<{ env: { DATABASE_URL: string } }> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  return { env: { DATABASE_URL: url } };
}

/** The same database, for a process that finds its clock wrong: it takes clicks, and does no work. */
async function fiveMinutesOff(url: string): Promise<string> {
  const away = new URL(url);
  away.searchParams.set('options', `${away.searchParams.get('options')},pg_catalog`);
  const db = openDatabase(away.href);
  await sql`create function clock_timestamp() returns timestamptz language sql
    as $$ select pg_catalog.clock_timestamp() + interval '5 minutes' $$`.execute(db);
  await db.destroy();
  return away.href;
}

/** The session of the next row of that table ends before its commit; a sequence counts on all the same. */
async function cutOnce(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`create sequence cuts`.execute(db);
  await sql`create function cut() returns trigger language plpgsql as $$ begin
    if nextval('cuts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
    return new;
  end $$`.execute(db);
  await sql`create trigger cut before insert on ${sql.table(table)} for each row execute function cut()`.execute(db);
}

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  takeTurnsOnServer();
  test('a digest comes once, a click on it is done at the tool and shown, and Undo takes it back', async () => {
    const { world, digest } = await morning(await onPostgres());
    expect(posted(world)).toHaveLength(1);

    await digest.press('Whitfield 001', 'Done');
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    expect(digest.row('Whitfield 001').text).toContain('Marked done');
    await digest.press('Whitfield 001', 'Undo');
    expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
    await world.restart();
    await digest.press('Whitfield 002', 'Dismiss');

    expect(world.gong.task(TASK_B)?.status).toBe('DISMISSED');
    expect(posted(world)).toHaveLength(1);
    expect(await world.status('/readyz')).toBe(200);
  });

  test('a click whose session is cut while it is recorded is recorded on another, and done once', async () => {
    const { world, digest } = await morning(await onPostgres());
    await inStore(world, ({ db }) => cutOnce(db, 'actions'));

    await digest.press('Whitfield 002', 'Dismiss');

    expect(world.gong.task(TASK_B)?.status).toBe('DISMISSED');
    expect(patches(world)).toHaveLength(1);
    expect(world.lines.filter(({ message }) => message === 'could not record')).toEqual([]);
    const { rows } = await inStore(world, ({ db }) =>
      sql<{ cuts: string }>`select last_value as cuts from cuts`.execute(db),
    );
    expect(Number(rows[0]?.cuts)).toBeGreaterThan(1);
  });

  test('two workspaces share none of the limits that Slack has for each', async () => {
    const { world, other } = await createTooled(await onPostgres());
    await connectGong(other);
    await world.passTo(MONDAY_NINE);
    expect([posted(world).length, posted(other).length].every((count) => count > 0)).toBe(true);

    const { rows } = await inStore(world, ({ db }) =>
      sql<{ name: string }>`select name from shared_notes where name like 'slack posts%' order by name`.execute(db),
    );

    expect(rows.map(({ name }) => name)).toEqual(['slack posts', `slack posts ${OTHER_TEAM}`]);
  });

  test('two processes: one digest, and one effect for each click, whichever of them gets it', async () => {
    const world = await createWorld(await onPostgres());
    const second = createApp(world.config, SILENT, { clock: world.now, random: () => 0.5 });
    onTestFinished(() => second.stop());
    await second.start();
    await second.idle();

    await Promise.all([world.passTo(MONDAY_NINE), second.tick()]);
    await second.idle();
    expect(posted(world)).toHaveLength(1);
    const [digest] = posted(world);
    if (!digest) throw new Error('no digest');

    await pressOnly(world, digest, 'Whitfield 001', 'Done');
    await world.slack.redeliver();
    await Promise.all([1, 2, 3].map(() => pressOnly(world, digest, 'Whitfield 002', 'Dismiss')));
    const done = async () => {
      await world.pass(3_000);
      await second.idle();
      return [TASK_A, TASK_B].map((id) => world.gong.task(id)?.status);
    };
    await expect.poll(done, { timeout: 15_000, interval: 300 }).toEqual(['DONE', 'DISMISSED']);

    expect(patches(world).filter(({ status }) => status === 200)).toHaveLength(2);
    expect(world.gong.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(fresh(world, digest).edits).toBeGreaterThan(0);
    expect(world.slack.messages(MAYA.id).filter(({ ephemeral }) => !ephemeral)).toHaveLength(1);
  });

  test('a click that one process took and another did shows its outcome, in a list that only the first can edit too', async () => {
    const { env } = await onPostgres();
    const world = await createWorld({ env: { DATABASE_URL: await claimingNothing(env.DATABASE_URL) } });
    const worker = createApp({ ...world.config, databaseUrl: env.DATABASE_URL }, SILENT, {
      clock: world.now,
      random: () => 0.5,
    });
    onTestFinished(() => worker.stop());
    await worker.start();
    await worker.idle();
    await world.slack.command(MAYA.id, '/tasks', '');
    const list = await vi.waitUntil(() => world.slack.messages(MAYA.id).find(({ ephemeral }) => ephemeral));

    // Slack's connections are used in turn, so each process takes one of them.
    for (const title of ['Whitfield 001', 'Whitfield 002']) await pressOnly(world, list, title, 'Done');
    const rows = () => rowsOf(fresh(world, list).blocks).map(({ text }) => text.includes('Marked done'));
    await expect.poll(rows, { timeout: 10_000 }).toEqual([true, true]);
    expect(patches(world)).toHaveLength(2);
  });

  test('a machine whose clock is five minutes off is not ready, says so, and takes no work', async () => {
    const { env } = await onPostgres();
    const away = await fiveMinutesOff(env.DATABASE_URL);
    const world = await createWorld({ env: { DATABASE_URL: away } });
    await world.passTo(MONDAY_NINE);

    expect(await world.status('/healthz')).toBe(200);
    expect(await world.status('/readyz')).toBe(503);
    expect(posted(world)).toHaveLength(0);
    expect(world.lines).toContainEqual({
      level: 'error',
      fields: { offMs: expect.closeTo(-300_000, -3) },
      message: 'the clock of this machine is wrong, so it takes no work',
    });
  });
});
