/** Docket as a process of its own, as `npm start` runs it, against the simulators of a world. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { freePort, type World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLOCK = pathToFileURL(fileURLToPath(new URL('./shift-clock.ts', import.meta.url))).href;

export interface DocketProcess {
  port: number;
  /** Standard output and standard error together. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  exit: Promise<number | null>;
  status(path: string): Promise<number | undefined>;
}

export async function startProcess(env: Record<string, string>, now?: number): Promise<DocketProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      ...(now !== undefined && { NODE_OPTIONS: `--import ${CLOCK}`, CLOCK_OFFSET_MS: String(now - Date.now()) }),
      ...env,
    },
  });
  const exit = exitOf(child);
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
    port,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    exit,
    async status(path) {
      try {
        return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      } catch {
        return undefined;
      }
    },
  };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, 'close');
  return code ?? null;
}

export function envOf(world: World): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: world.slack.botToken,
    SLACK_APP_TOKEN: world.slack.appToken,
    SLACK_API_URL: world.slack.apiUrl,
    DATABASE_URL: world.config.databaseUrl,
    GONG_ACCESS_KEY: world.gong.accessKey,
    GONG_ACCESS_KEY_SECRET: world.gong.accessKeySecret,
    GONG_API_URL: world.gong.url,
  };
}

/** Puts a process in the place of the world's own app, on the same database and at the same time of day. */
export async function takeOver(world: World, now = world.now()): Promise<DocketProcess> {
  await world.app.stop();
  return startReady(world, now);
}

export async function startReady(world: World, now: number): Promise<DocketProcess> {
  const docket = await startProcess(envOf(world), now);
  await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200));
  return docket;
}

export async function eventually(check: () => unknown, timeout = 20_000): Promise<void> {
  await vi.waitFor(check, { timeout, interval: 50 });
}
