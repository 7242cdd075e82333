/** Docket and the floors as processes, against a Slack and a tool that this process serves. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import {
  type Child,
  freePort,
  plainModule,
  preload,
  ROOT,
  startNode,
  temporaryFolder,
  untilReady,
} from './processes.ts';
import { SLACK, type SlackServer } from './slack-server.ts';

export interface Served extends Child {
  port: number;
  /** From the start of the process to its first 200 at /readyz. */
  readyMs: number;
}

function slackEnv(slack: SlackServer, port: number): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: SLACK.token,
    SLACK_SIGNING_SECRET: SLACK.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PORT: String(port),
  };
}

async function serve(args: readonly string[], port: number, env: Record<string, string>): Promise<Served> {
  const from = performance.now();
  const child = startNode({ args, env });
  return { ...child, port, readyMs: await untilReady(port, from) };
}

/** A Bolt app that only acknowledges, or writes a synced row before it does. */
export async function startBolt(slack: SlackServer, isDurable: boolean): Promise<Served> {
  const port = await freePort();
  const rows = isDurable && { ROWS_IN: join(temporaryFolder(), 'rows.db') };
  return serve(plainModule('./bolt.ts'), port, { ...slackEnv(slack, port), ...rows });
}

/** What production runs. */
export const PRODUCTION = 'dist/main.js';
execFileSync(process.execPath, ['deploy/bundle.ts'], { cwd: ROOT });

/** Answers more questions than the product does, and is bundled as `npm run build` bundles it. */
export const APP = await bundleApp();

async function bundleApp(): Promise<string> {
  const folder = temporaryFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const input = 'bench/app.ts';
  const build = await rolldown({ cwd: ROOT, input, platform: 'node', external: ['better-sqlite3'], logLevel: 'warn' });
  await build.write({ dir: folder, format: 'esm', minify: { mangle: { keepNames: true }, compress: true } });
  return join(folder, 'app.js');
}

/** How `npm start` starts node: environment and flags, but for the file of settings. */
const { start } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
const [, assignments = '', flags = ''] = /((?:\w+=\S+ )*)exec node ((?:--\S+ )*)dist\/main\.js/.exec(start) ?? [];
const ENVIRONMENT = Object.fromEntries(words(assignments).map((assignment) => assignment.split('=')));
const FLAGS = words(flags).filter((flag) => !flag.startsWith('--env-file'));

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** `script`: `PRODUCTION`, `src/main.ts` or `APP`. */
export async function startDocketProcess(
  slack: SlackServer,
  script: string,
  env: Record<string, string>,
): Promise<Served> {
  const port = await freePort();
  const database = { DATABASE_URL: `file:${join(temporaryFolder(), 'docket.db')}` };
  const probed = script === APP ? preload('./probe.ts') : [];
  const lapsed = env.LAPSE_FROM ? preload('./lapse.ts') : [];
  const args = [...FLAGS, ...probed, ...lapsed, script];
  return serve(args, port, { ...ENVIRONMENT, ...slackEnv(slack, port), ...database, ...env });
}

/** The settings of a tool that speaks as Gong does. */
export function gongEnv(url: string): Record<string, string> {
  return { GONG_API_URL: url, GONG_ACCESS_KEY: 'bench', GONG_ACCESS_KEY_SECRET: 'bench' };
}

/** A digest time that is half a day away: no digest comes into the middle. */
export function farDigestTime(now = new Date()): string {
  return `${String((now.getUTCHours() + 12) % 24).padStart(2, '0')}:00`;
}
