/** A PostgreSQL server of a test's own, with settings that the one that all tests share has not, and a pooler before it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { freePort } from '../flow/simulators.ts';
import { PGBOUNCER, POSTGRES_PROGRAMS } from './programs.ts';

/** PostgreSQL and PgBouncer refuse to run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const STARTED_WITHIN_MS = 30_000;

export interface PrivateServer {
  port: number;
  /** Certificate, files, data. It is removed with the server. */
  folder: string;
  /** Of user and database `docket`; `search` as behind a question mark. */
  url(search?: string, host?: string): string;
}

/** Takes connections over TLS, with the certificate `server.crt` that it gave itself for localhost; others where `plain`. */
export async function startPrivateServer({ plain }: { plain: boolean }): Promise<PrivateServer> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  own(folder);
  const data = join(folder, 'data');
  const programs = POSTGRES_PROGRAMS ?? '';
  const options = { cwd: folder, stdio: 'pipe', ...NOBODY } as const;
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'docket', '-A', 'trust', '-E', 'UTF8', '-N'], options);
  makeCertificate(folder);
  for (const file of ['server.crt', 'server.key']) own(join(folder, file));
  writeFileSync(join(data, 'pg_hba.conf'), `${plain ? 'host' : 'hostssl'} all all all trust\n`);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: 'localhost',
    unix_socket_directories: folder,
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: join(folder, 'server.crt'),
    ssl_key_file: join(folder, 'server.key'),
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  stopAtEnd(spawn(join(programs, 'postgres'), ['-D', data, ...given], options), 'SIGQUIT');
  const url = (search = '', host = 'localhost') => `postgres://docket@${host}:${port}/docket${search}`;
  await createDatabase(`postgres://docket@localhost:${port}/postgres?sslmode=no-verify`);
  return { port, folder, url };
}

/** PgBouncer before it. Returns the address of the same database. */
export async function startPooler(
  { port: server, folder }: PrivateServer,
  mode: 'session' | 'transaction' | 'statement',
): Promise<string> {
  const port = await freePort();
  const file = join(folder, `${mode}.ini`);
  const settings = [
    '[databases]',
    `docket = host=127.0.0.1 port=${server} dbname=docket user=docket`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    'default_pool_size = 40',
  ];
  writeFileSync(file, settings.join('\n'));
  stopAtEnd(spawn(PGBOUNCER ?? '', [file], { cwd: folder, stdio: 'pipe', ...NOBODY }), 'SIGTERM');
  const url = `postgres://docket@127.0.0.1:${port}/docket`;
  await untilItAnswers(url);
  return url;
}

function own(path: string): void {
  if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid);
}

function makeCertificate(folder: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', 'server.key'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', 'server.crt', '-days', '2', ...name], {
    cwd: folder,
    stdio: 'pipe',
  });
}

function stopAtEnd(child: ChildProcess, signal: NodeJS.Signals): void {
  const ended = once(child, 'exit');
  child.stdout?.resume();
  child.stderr?.resume();
  onTestFinished(async () => {
    child.kill(signal);
    await ended;
  });
}

async function createDatabase(url: string): Promise<void> {
  await untilItAnswers(url);
  await onServer(url, 'create database docket');
}

async function untilItAnswers(url: string): Promise<void> {
  const until = Date.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      return await onServer(url, 'select 1');
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
  }
}
