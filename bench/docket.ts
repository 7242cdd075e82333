/** What the benchmarks share: an app on an empty database, its rep, and how times are told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlackWorkspace } from '../sandbox/slack/types.ts';
import { createApp, type DocketApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';

export const REP = { id: 'U0BENCH', name: 'bench', realName: 'Bench', email: 'bench@northlight.example', tz: 'UTC' };
const quiet = { info() {}, warn() {}, error() {} };

type Settings = Partial<Pick<Config, 'providers' | 'undoWindowMs'>>;

/** A started app; `stop` ends it and deletes its database. */
export async function startDocket(
  slack: SlackWorkspace,
  settings: Settings,
  parts?: Parameters<typeof createApp>[2],
): Promise<{ app: DocketApp; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-bench-'));
  const config = {
    slack: { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
    port: 0,
    publicUrl: undefined,
    databaseUrl: `file:${join(folder, 'docket.db')}`,
    providers: new Map(),
    encryptionKeys: [Buffer.alloc(32, 1).toString('base64')],
    defaultDigestTime: '09:00',
    undoWindowMs: 0,
    retentionMs: 90 * 86_400_000,
    ranking: {},
    pilot: undefined,
    admins: undefined,
    logLevel: 'silent',
    metrics: undefined,
    proxied: false,
    ...settings,
  } satisfies Config;
  const app = createApp(config, quiet, parts);
  await app.start();
  await app.idle();
  return {
    app,
    async stop() {
      await app.stop(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Prints the times, in milliseconds, and returns their median. */
export function report(name: string, times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  console.log(`${name.padEnd(34)} median ${at(0.5).toFixed(2)} ms   p95 ${at(0.95).toFixed(2)} ms   n ${times.length}`);
  return at(0.5);
}

/** Looks again every 10 ms, for a minute at most. */
export async function until<T>(look: () => T | undefined): Promise<T> {
  for (let n = 0; n < 6_000; n += 1) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('waited too long');
}
