/** Docket as a process of its own, as `npm start` runs it, against the simulators of a world. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { freePort } from './simulators.ts';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLOCK = new URL('./shift-clock.ts', import.meta.url);

/** A second or two, but for a machine that has much else to do. */
export const START_WITHIN = 45_000;

export interface DocketProcess {
  pid: number | undefined;
  port: number;
  /** Standard output and standard error together. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  exit: Promise<number | null>;
  /** The signal that ended it. */
  signal: Promise<NodeJS.Signals | null>;
  /** What its clock says, or said when the machine's said `at`. */
  now(at?: number): number;
  status(path: string): Promise<number | undefined>;
}

/** `preload`: modules that run in the process before the product does. */
export async function startProcess(
  env: Record<string, string>,
  now?: number,
  preload: readonly URL[] = [],
  how: 'node' | 'bundle' | 'npm start' = 'node',
): Promise<DocketProcess> {
  const port = Number(env.PORT) || (await freePort());
  const imports = [...(now === undefined ? [] : [CLOCK]), ...preload].map((module) => `--import ${module.href}`);
  const offset = now === undefined ? 0 : now - Date.now();
  if (how !== 'node') await makeBundle();
  const script = how === 'bundle' ? 'dist/main.js' : 'src/main.ts';
  const [command, args] = how === 'npm start' ? ['npm', ['start']] : [process.execPath, [script]];
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      // Compiled once for all processes of a run: each starts in two thirds of the time.
      NODE_COMPILE_CACHE: join(tmpdir(), 'docket-compile-cache'),
      PORT: String(port),
      ...(imports.length > 0 && { NODE_OPTIONS: imports.join(' ') }),
      ...(now !== undefined && { CLOCK_OFFSET_MS: String(offset) }),
      ...env,
    },
  });
  const end = endOf(child);
  const exit = end.then(({ code }) => code);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  return {
    pid: child.pid,
    port,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    exit,
    signal: end.then(({ signal }) => signal),
    now: (at = Date.now()) => at + offset,
    async status(path) {
      try {
        return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      } catch {
        return undefined;
      }
    },
  };
}

let bundling: Promise<unknown> | undefined;

/** As `npm start` does. All test files share it, so it is made once. */
export async function makeBundle(): Promise<void> {
  bundling ??= run('deploy/bundle.ts', [], {}).then((made) => expect(made).toEqual({ code: 0, out: '', error: '' }));
  await bundling;
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode };
}

/** What the world's own app was given. */
export function envOf({ slack, config }: World): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    DATABASE_URL: config.databaseUrl,
    ...(config.port > 0 && { PORT: String(config.port) }),
    ...(config.publicUrl !== undefined && { PUBLIC_URL: config.publicUrl }),
    ...(config.encryptionKeys.length > 0 && { ENCRYPTION_KEY: config.encryptionKeys.join(',') }),
    ...Object.assign({}, ...config.providers.values()),
  };
}

/** Puts a process in the place of the world's own app, on the same database and at the same time of day. */
export async function takeOver(world: World, now = world.now()): Promise<DocketProcess> {
  await world.app.stop();
  return startReady(world, now);
}

export async function startReady(
  world: World,
  now: number,
  env: Record<string, string> = {},
  preload: readonly URL[] = [],
): Promise<DocketProcess> {
  const docket = await startProcess({ ...envOf(world), ...env }, now, preload);
  await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200), START_WITHIN);
  return docket;
}

/** A script of `package.json` that ends by itself, without the `.env` of whoever tests. */
export async function run(script: string, args: readonly string[], env: Record<string, string>, now?: number) {
  const clock = now !== undefined && {
    NODE_OPTIONS: `--import ${CLOCK.href}`,
    CLOCK_OFFSET_MS: String(now - Date.now()),
  };
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...clock, ...env },
  });
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.error += String(chunk);
  });
  const { code } = await endOf(child);
  return { code, ...said };
}

export async function eventually(check: () => unknown, timeout = 20_000): Promise<void> {
  await vi.waitFor(check, { timeout, interval: 50 });
}
