/** The whole app on a PostgreSQL that is reached over TLS, or through PgBouncer. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { StartError } from '../../src/core/model/errors.ts';
import { checkDatabase } from '../../src/store/check.ts';
import { openDatabase, openSignals } from '../../src/store/database.ts';
import { createSockets } from '../../src/store/postgres/sockets.ts';
import { startPooler, startPrivateServer } from '../store/private-server.ts';
import { PGBOUNCER, POSTGRES_PROGRAMS } from '../store/programs.ts';
import { MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { press, pressOnly } from './press.ts';
import { fresh, mustBe, posted } from './read.ts';
import { createWorld, type World } from './world.ts';

const SILENT = { info() {}, warn() {}, error() {} };
/** A server is made, and two apps are started. */
const TIMEOUT = 120_000;

/** Two processes: one digest, a click, Undo of it, and a word that one hears of the other. */
async function story(url: string): Promise<World> {
  const world = await createWorld({ env: { DATABASE_URL: url } });
  const second = createApp(world.config, SILENT, { clock: world.now, random: () => 0.5 });
  onTestFinished(() => second.stop());
  await second.start();
  await Promise.all([world.passTo(MONDAY_NINE), second.tick()]);
  await second.idle();
  expect(posted(world)).toHaveLength(1);

  const digest = mustBe(posted(world)[0]);
  for (const [label, status] of [
    ['Done', 'DONE'],
    ['Undo', 'OPEN'],
  ] as const) {
    await press(world, fresh(world, digest), 'Whitfield 001', label);
    await vi.waitFor(() => expect(world.gong.task(TASK_A)?.status).toBe(status), 10_000);
    await second.idle();
  }
  await expectHeard(url);
  return world;
}

async function expectHeard(url: string): Promise<void> {
  const open = () => openSignals({ url, channel: 'a_test', sockets: createSockets(), log: SILENT });
  const [saying, hearing] = [open(), open()];
  const words: string[] = [];
  hearing.onWord((word) => void words.push(word));
  for (const signals of [saying, hearing]) {
    onTestFinished(() => signals.stop());
    signals.start();
  }
  await vi.waitFor(() => expect(saying.isUp() && hearing.isUp()).toBe(true), 10_000);
  saying.tell('a key');
  await vi.waitFor(() => expect(words).toEqual(['a key']), 10_000);
}

describe.skipIf(!POSTGRES_PROGRAMS)('over TLS', () => {
  test(
    'every session is encrypted; a digest, clicks and signals go through, also after all sessions were lost',
    async () => {
      const server = await startPrivateServer({ plain: false });
      const url = server.url(`?sslmode=verify-full&sslrootcert=${join(server.folder, 'server.crt')}`);
      const world = await story(url);
      const db = openDatabase(url);
      onTestFinished(() => db.destroy());
      const others = sql`from pg_stat_ssl join pg_stat_activity using (pid)
      where backend_type = 'client backend' and pid <> pg_backend_pid()`;
      const { rows } = await sql<{ ssl: boolean }>`select ssl ${others}`.execute(db);
      expect(rows.length).toBeGreaterThanOrEqual(4);
      expect(rows.filter(({ ssl }) => !ssl)).toEqual([]);

      await sql`select pg_terminate_backend(pid) ${others}`.execute(db);
      await vi.waitFor(async () => expect(await world.status('/readyz')).toBe(200), 10_000);
      await pressOnly(world, fresh(world, mustBe(posted(world)[0])), 'Whitfield 002', 'Dismiss');
      await vi.waitFor(() => expect(world.gong.task(TASK_B)?.status).toBe('DISMISSED'), 10_000);
    },
    TIMEOUT,
  );

  test(
    'what does not work is said in one sentence, and require is as strict as verify-full',
    async () => {
      const warned = vi.spyOn(process, 'emitWarning');
      onTestFinished(() => warned.mockRestore());
      const server = await startPrivateServer({ plain: false });
      const authority = `sslrootcert=${join(server.folder, 'server.crt')}`;
      const said = async (search: string, host?: string) =>
        (await checkDatabase(server.url(search, host))).map(({ text }) => text.replace(/^.*\(DATABASE_URL\) /, ''));
      const untrusted = expect.stringMatching(/^has a certificate that this machine does not trust\. Add \?sslmode=/);

      expect(await said('?sslmode=verify-full')).toEqual([untrusted]);
      expect(await said('?sslmode=require')).toEqual([untrusted]);
      expect(await said(`?sslmode=require&${authority}`)).toEqual([
        expect.stringMatching(/^PostgreSQL \d+.* answers\.$/),
      ]);
      expect(await said('?sslmode=no-verify')).toEqual([expect.stringMatching(/^PostgreSQL \d+.* answers\.$/)]);
      expect(await said(`?sslmode=verify-full&${authority}`, '127.0.0.1')).toEqual([
        'has a certificate for another host name than the one in its address. (ERR_TLS_CERT_ALTNAME_INVALID)',
      ]);
      expect(await said('?sslmode=verify-full&sslrootcert=/no/such/ca.crt')).toEqual([
        expect.stringMatching(/^needs a file that cannot be read: sslrootcert, .* \(ENOENT\)$/),
      ]);
      expect(await said('')).toEqual([
        'refuses the user, or takes them only over TLS: add ?sslmode=verify-full. (28000)',
      ]);
      expect(warned).not.toHaveBeenCalled();
    },
    TIMEOUT,
  );
});

describe.skipIf(!POSTGRES_PROGRAMS || !PGBOUNCER)('behind PgBouncer', () => {
  test(
    'in session mode all goes as it does without',
    async () => {
      await story(await startPooler(await startPrivateServer({ plain: true }), 'session'));
    },
    TIMEOUT,
  );

  test(
    'in any other mode Docket does not start, and says what to set; a pooler without TLS, or one that knows no parameter, is named',
    async () => {
      const server = await startPrivateServer({ plain: true });
      for (const mode of ['transaction', 'statement'] as const) {
        const url = await startPooler(server, mode);
        const world = await createWorld({ start: false });
        const app = createApp({ ...world.config, databaseUrl: url }, SILENT);
        onTestFinished(() => app.stop());
        const refused = await app.start().catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(StartError);
        expect(String(refused)).toContain('Set pool_mode = session there, or connect to the server itself.');
      }
      const url = await startPooler(server, 'session');
      const [tls, options] = await Promise.all(
        ['?sslmode=verify-full', '?options=-c%20search_path%3Dpublic'].map((search) => checkDatabase(url + search)),
      );
      expect(tls?.[0]?.text).toContain('offers no TLS, and sslmode in its address asks for it. (NO_TLS)');
      expect(options?.[0]?.text).toContain('is behind a pooler that takes no “options” in the address.');
      // Nothing was made in the database.
      const db = openDatabase(server.url());
      onTestFinished(() => db.destroy());
      const { rows } = await sql`select 1 from pg_tables where schemaname = 'public'`.execute(db);
      expect(rows).toEqual([]);
    },
    TIMEOUT,
  );
});
