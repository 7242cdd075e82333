/** An app in this process, on an empty database, and its rep: for what is told by how long a person waits. */
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
    install: undefined,
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
