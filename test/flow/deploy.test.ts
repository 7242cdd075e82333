/** What `docs/deploy.md` offers: held against the code that it names, and its commands run as they stand there. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { INSTALL_PATH, INSTALLED_PATH } from '../../src/http/install.ts';
import { consentPath, hookPath, SLACK_EVENTS_PATH, startPath } from '../../src/http/server.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ROOT } from '../source-files.ts';
import { createSchema, hasPostgres } from '../store/postgres.ts';
import { envOf, eventually, makeBundle, run, START_WITHIN } from './process.ts';
import { freePort } from './simulators.ts';
import { createWorld } from './world.ts';

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const linesOf = (text: string, begin: string) =>
  text.split('\n').flatMap((line) => (line.startsWith(begin) ? [line.slice(begin.length).trim()] : []));

const dockerfile = textOf('Dockerfile');
const unit = textOf('deploy/docket.service');
const { services, volumes } = parse(textOf('compose.yaml'), { merge: true });
const compose = services.docket;
const { dependencies, scripts } = JSON.parse(textOf('package.json'));

/** The last moment of a stop (`src/main.ts`). */
const hardStop = Number(/HARD_STOP_MS = ([\d_]+)/.exec(textOf('src/main.ts'))?.[1]?.replaceAll('_', ''));

/** `["node", "dist/main.js"]` */
function commandOf(instruction: string): string[] {
  const [written = ''] = linesOf(dockerfile.replaceAll('\\\n', ''), `${instruction} `).slice(-1);
  return JSON.parse(written.slice(written.indexOf('[')));
}

interface Ran {
  output(): string;
  exit: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

function runCommand([file = '', ...args]: readonly string[], env: Record<string, string>): Ran {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { output: () => output, exit, kill: (signal) => void child.kill(signal) };
}

beforeAll(makeBundle);

const health = (port: string) => runCommand(commandOf('HEALTHCHECK'), { PORT: port });

const of = (name: string) => linesOf(unit, `${name}=`);

describe('the unit', () => {
  test('starts Docket with the command that stands in it, and SIGTERM stops it in time', async () => {
    const world = await createWorld({ start: false });
    const folder = mkdtempSync(join(tmpdir(), 'docket-unit-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const set = of('Environment').map((line) => line.replace('/var/lib/docket', folder).split(/=(.*)/s));
    const port = String(await freePort());
    const { DATABASE_URL: _, ...settings } = envOf(world);
    const [command = ''] = of('ExecStart');
    const docket = runCommand(command.replaceAll('/opt/docket', ROOT.replace(/\/$/, '')).split(' '), {
      ...settings,
      PORT: port,
      METRICS: 'on',
      ...Object.fromEntries(set.map(([name, value]) => [name, value])),
    });
    const status = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined))?.status;
    await eventually(async () => expect(await status('/readyz'), docket.output()).toBe(200), START_WITHIN);
    expect(await status('/metrics')).toBe(200);
    expect(statSync(join(folder, 'docket.db')).mode & 0o777).toBe(0o600);
    expect(await health(port).exit).toBe(0);

    const at = Date.now();
    docket.kill('SIGTERM');
    expect(await docket.exit, docket.output()).toBe(0);
    expect(Date.now() - at).toBeLessThan(Number(of('TimeoutStopSec')[0]) * 1_000);
    expect(await health(port).exit).toBe(1);
  }, 120_000);

  test('gives Docket the time that a stop takes, its state folder and no more', () => {
    expect(Number(of('TimeoutStopSec')[0]) * 1_000).toBeGreaterThan(hardStop);
    expect(of('Environment').at(-1)).toBe(`DATABASE_URL=file:/var/lib/${of('StateDirectory')[0]}/docket.db`);
    expect(of('ProtectSystem')).toEqual(['strict']);
    expect(of('User')).toEqual(['docket']);
    // Node needs it off.
    expect(of('MemoryDenyWriteExecute')).toEqual([]);
  });
});

describe('the image', () => {
  test('has the Node of package.json, and copies what exists', () => {
    expect(linesOf(dockerfile, 'FROM ')).toEqual([
      `node:${dependencies.node}-bookworm-slim AS bundle`,
      `node:${dependencies.node}-bookworm-slim`,
    ]);
    const copied = linesOf(dockerfile, 'COPY ').filter((line) => !line.startsWith('--from'));
    const sources = copied.flatMap((line) => line.split(' ').slice(0, -1));
    const letIn = linesOf(textOf('.dockerignore'), '!');
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.toSorted()).toEqual(letIn.toSorted().concat('package.json').toSorted());
  });

  test('has what the bundle needs, and no more: the commands of the document run in a folder of that alone', async () => {
    const world = await createWorld();
    const image = mkdtempSync(join(tmpdir(), 'docket-image-'));
    onTestFinished(() => rmSync(image, { recursive: true, force: true }));
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    for (const line of linesOf(last, 'COPY ')) {
      const [from = '', to = ''] = line.replace('--from=bundle /app/', '').split(' ');
      const target = join(image, to.endsWith('/') ? join(to, basename(from)) : to);
      cpSync(join(ROOT, from), target, { recursive: true, dereference: true });
    }
    const written = textOf('docs/deploy.md').replaceAll('/data/', `${image}/data-`);
    const commands = linesOf(written, 'docker compose exec docket node ');
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['dist/backup.js', 'dist/report.js']);
    for (const command of commands) {
      const [script = '', ...args] = command.split(' ');
      const ran = await run(join(image, script), args, { DATABASE_URL: world.config.databaseUrl });
      expect(ran, script).toMatchObject({ code: 0, error: '' });
    }
    expect(existsSync(`${image}/data-copy.db`)).toBe(true);
    if (hasPostgres) {
      const { url, drop } = await createSchema();
      onTestFinished(drop);
      const args = ['--from', world.config.databaseUrl, '--to', url, '--dry-run'];
      expect(await run(join(image, 'dist/move.js'), args, {})).toMatchObject({ code: 0, error: '' });
    }
    expect(readdirSync(join(image, 'node_modules'))).toEqual(['better-sqlite3']);
  });

  test('runs what npm start and the unit run, with the same settings of memory, as a user who is not root', () => {
    const [program, ...rest] = commandOf('CMD');
    const [flags, script = ''] = [rest.slice(0, -1).join(' '), rest.at(-1)];
    const arenas = 'MALLOC_ARENA_MAX=1';

    expect(program).toBe('node');
    expect(flags).toMatch(/^--max-semi-space-size=\d+ --max-old-space-size=\d+$/);
    expect(scripts.start).toContain(`${arenas} exec node ${flags} --env-file-if-exists=.env ${script}; else`);
    expect(of('ExecStart')[0]?.endsWith(`node ${flags} ${script}`)).toBe(true);
    expect(of('Environment')).toContain(arenas);
    expect(linesOf(dockerfile, 'ENV ').at(-1)).toContain(arenas);
    expect(existsSync(join(ROOT, script))).toBe(true);
    expect(linesOf(dockerfile, 'USER ')).toEqual(['node']);
  });
});

describe('compose', () => {
  test('writes to its volume alone, and waits for the stop', () => {
    const [volume = ''] = compose.volumes;

    expect(compose).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    expect(compose.environment.DATABASE_URL).toBe(`file:${volume.split(':')[1]}/docket.db`);
    expect(dockerfile).toContain(`DATABASE_URL=${compose.environment.DATABASE_URL}`);
    expect(Number.parseInt(compose.stop_grace_period, 10) * 1_000).toBeGreaterThan(hardStop);
    expect(compose.ports).toEqual([`127.0.0.1:${compose.environment.PORT}:${compose.environment.PORT}`]);
    expect(existsSync(join(ROOT, '.env.example'))).toBe(true);
  });

  test('names a database that Docket takes', () => {
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      DATABASE_URL: compose.environment.DATABASE_URL,
    };

    expect(readConfig(env, PROVIDERS)).toMatchObject({ config: { databaseUrl: 'file:/data/docket.db' } });
  });
});

describe('the profile of compose with PostgreSQL', () => {
  const processes = [services['docket-a'], services['docket-b']];
  const { postgres } = services;

  test('has two processes that are as the one, but for the database, the port outside and what they wait for', () => {
    for (const { profiles, depends_on, environment, volumes: own, ports, ...same } of processes) {
      const { environment: _, volumes: __, ports: ___, ...one } = compose;
      expect(same).toEqual(one);
      expect({ profiles, volumes: own, depends_on }).toEqual({
        ...{ profiles: ['postgres'], volumes: [] },
        depends_on: { postgres: { condition: 'service_healthy' } },
      });
      expect(environment.PORT).toBe(compose.environment.PORT);
      expect(ports).toEqual([expect.stringMatching(`^127\\.0\\.0\\.1:\\d+:${environment.PORT}$`)]);
    }
    expect(new Set([compose, ...processes].flatMap(({ ports }) => ports)).size).toBe(3);
    expect([compose.profiles, postgres.profiles]).toEqual([undefined, ['postgres']]);
  });

  test('names a database that Docket takes, with the user and the password of the server, which is shown to nobody outside', () => {
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password } = postgres.environment;
    for (const { environment } of processes) {
      expect(environment.DATABASE_URL).toBe(`postgres://${user}:${password}@postgres:5432/${user}`);
      const DATABASE_URL = environment.DATABASE_URL.replace(password, 'abc123');
      const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', DATABASE_URL };
      expect(readConfig(env, PROVIDERS)).toMatchObject({ config: { databaseUrl: DATABASE_URL } });
    }
    // Empty where it is not set, or compose would refuse the default too.
    expect(password).toMatch(/^\$\{POSTGRES_PASSWORD:-\}$/);
    expect(postgres.ports).toBeUndefined();
    expect(Object.keys(volumes)).toEqual([compose, postgres].map((service) => service.volumes[0].split(':')[0]));
  });

  test('is started and moved to by the commands of the document', () => {
    const commands = linesOf(textOf('docs/scale.md'), 'docker compose ');
    const started = commands.flatMap((command) => / up (?:-\S+ )+(.+)$/.exec(command)?.[1]?.split(' ') ?? []);

    expect(started.toSorted()).toEqual(['docket-a', 'docket-b', 'postgres']);
    expect(commands.find((command) => command.includes('dist/move.js'))).toContain(
      `run --rm docket node dist/move.js --from ${compose.environment.DATABASE_URL} --to postgres://docket:`,
    );
  });
});

describe('nginx', () => {
  const nginx = textOf('deploy/nginx.conf');
  const locations = [...nginx.matchAll(/location (=)? ?(\S+) \{ proxy_pass/g)].map(([, isExact, path = '']) => ({
    isExact,
    path,
  }));
  const lets = (path: string) =>
    locations.some(({ isExact, path: own }) => (isExact ? path === own : path.startsWith(own)));

  test('lets in what Slack, browsers and Outreach ask for, and nothing of the operator', () => {
    const tools = [startPath('outreach'), consentPath('outreach'), hookPath('outreach')];
    const outside = [SLACK_EVENTS_PATH, INSTALL_PATH, `${INSTALL_PATH}/start`, INSTALLED_PATH, ...tools];

    expect(outside.filter((path) => !lets(path))).toEqual([]);
    expect(['/metrics', '/healthz', '/readyz', '/'].filter(lets)).toEqual([]);
    expect(nginx).toContain('location / { return 404; }');
  });

  test('lets connections go before Docket does, takes its port, and its largest body', () => {
    const kept = Number(/keepAliveTimeout: ([\d_]+)/.exec(textOf('src/http/server.ts'))?.[1]?.replaceAll('_', ''));

    expect(Number(/keepalive_timeout (\d+)s/.exec(nginx)?.[1]) * 1_000).toBeLessThan(kept);
    expect(nginx).toContain(`server 127.0.0.1:${compose.environment.PORT};`);
    expect(textOf('src/http/admission.ts')).toContain('MOST_BODY_BYTES = 1_048_576');
    expect(nginx).toContain('client_max_body_size 1m;');
  });
});

test('commands in the documents are scripts that exist', () => {
  const documents = ['docs/deploy.md', 'docs/scale.md', 'docs/upgrade.md', 'docs/running.md', 'docs/metrics/README.md']
    .map(textOf)
    .join('\n');
  const named = [...documents.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  const files = [...documents.matchAll(/node (?:-\S+ )*((?:src|dist)\/[\w/]+\.[jt]s)/g)].map(([, path = '']) => path);

  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
