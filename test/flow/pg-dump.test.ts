/** The backup and the restore of PostgreSQL that docs/running.md shows, with PostgreSQL's own tools. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { ROOT } from '../source-files.ts';
import { ANN, grant, message, rep } from '../store/fixtures.ts';
import { openUrl } from '../store/open.ts';
import { hasPostgres } from '../store/postgres.ts';

/** A server refuses the tools of an older version. 0: they are not installed. */
const toolsVersion = Number(/\d+/.exec(String(spawnSync('pg_dump', ['--version']).stdout))?.[0] ?? 0);

/** A database of its own, because a restored one needs that. */
async function database(): Promise<string> {
  const { server, prefix } = inject('postgres');
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const db = openDatabase(server);
    await sql.raw(statement).execute(db);
    await db.destroy();
  };
  await run(`create database ${name} encoding 'UTF8' template template0`);
  // The server writes all that is in its memory to its disk first.
  onTestFinished(() => run(`drop database ${name} with (force)`), 120_000);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function serverVersion(): Promise<number> {
  const db = openDatabase(inject('postgres').server);
  const { rows } = await sql<{ number: string }>`select current_setting('server_version_num') as number`.execute(db);
  await db.destroy();
  return Math.floor(Number(rows[0]?.number) / 10_000);
}

test.skipIf(!hasPostgres || toolsVersion === 0)(
  'what pg_dump copies while Docket runs, pg_restore brings back whole',
  async ({ skip }) => {
    const version = await serverVersion();
    if (version > toolsVersion) skip(`pg_dump ${toolsVersion} is older than the server, PostgreSQL ${version}`);
    const [from, to] = [await database(), await database()];
    const folder = mkdtempSync(join(tmpdir(), 'docket-dump-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const commands = readFileSync(join(ROOT, 'docs/running.md'), 'utf8').match(/^.*\bpg_(dump|restore) -.*$/gm) ?? [];
    const running = await openUrl(from);
    onTestFinished(running.close);
    await running.store.reps.save(rep(ANN));
    await running.store.connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1_000 });
    const first = await running.store.messages.create(message(ANN), []);

    for (const command of commands) {
      execFileSync('sh', ['-c', command], {
        cwd: folder,
        env: { ...process.env, DATABASE_URL: from, RESTORED_URL: to },
      });
    }

    expect(commands).toHaveLength(2);
    expect(statSync(join(folder, 'docket.dump')).mode & 0o777).toBe(0o600);
    const restored = await openUrl(to);
    onTestFinished(restored.close);
    expect(await restored.store.reps.find(ANN)).toEqual(rep(ANN));
    expect(await restored.store.connections.find(ANN, 'outreach')).toMatchObject({ grant: grant() });
    expect(Number((await restored.store.messages.create(message(ANN), [])).id)).toBe(Number(first.id) + 1);
  },
);
