/** A whole Docket against simulators: real Bolt, real HTTP, real SQLite; only time and randomness are ours. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { createApp, type DocketApp, type Overrides } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Log } from '../../src/core/ports/runtime.ts';
import { createMetrics } from '../../src/metrics.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { queueMigrations } from '../../src/queue/migrations.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { storeMigrations } from '../../src/store/migrations.ts';
import { MINUTE, MONDAY_NINE } from './cast.ts';
import {
  freePort,
  type SimulatorOptions,
  type Simulators,
  secretsOf,
  settingsOf,
  startSimulators,
} from './simulators.ts';
import { soundAlikeIn } from './spoken.ts';

export interface World extends Simulators {
  app: DocketApp;
  config: Config;
  /** Where browsers and webhooks reach the app; nowhere without a port of its own. */
  publicUrl: string;
  /** What the app wrote to its log, newest last. */
  lines: { level: string; fields: object; message: string }[];
  now(): number;
  /** Lets time pass for the app and the simulators, then lets the app do what became due; `times` over. */
  pass(ms: number, times?: number): Promise<void>;
  /** The same, until that moment. */
  passTo(at: number): Promise<void>;
  /** Stops the app, and starts another on the same database after so long. */
  restart(afterMs?: number, config?: Config): Promise<void>;
  /** Resolves when nothing is waiting or running in the app. */
  idle(): Promise<void>;
  /** Asks the app over HTTP, and returns the status. */
  status(path: string, request?: RequestInit): Promise<number>;
}

export interface WorldOptions extends SimulatorOptions {
  /** Default: five minutes before nine on a Monday. */
  now?: number;
  env?: Record<string, string>;
  overrides?: Overrides;
  /** Requests that a test provokes on purpose. */
  allowUnexpected?: boolean;
  /** Nobody has been welcomed yet; default: everyone has. */
  strangers?: boolean;
  /** Leave the app to the test. */
  start?: boolean;
  /** Takes what clears up, for a world that outlives its test; default: the test that is running, which does so at its end. */
  atEnd?: (clear: () => Promise<void>) => void;
}

/** Lines that mean that something of ours broke, whatever the test was about. */
const BROKEN = new Set([
  'a listener failed',
  'command failed',
  'could not claim a digest run',
  'could not look for work',
  'could not render a message',
  'could not show a change',
  'job ended with an error',
  'tick failed',
]);

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  let now = options.now ?? MONDAY_NINE - 5 * MINUTE;
  const clock = () => now;
  const folder = mkdtempSync(join(tmpdir(), 'docket-'));
  const port = options.http || options.tools === 'all' ? await freePort() : 0;
  const publicUrl = `http://127.0.0.1:${port}`;
  const simulators = await startSimulators(options, clock, publicUrl);
  const config = configOf({
    ...settingsOf(simulators, options, publicUrl),
    PORT: String(port),
    DATABASE_URL: `file:${join(folder, 'docket.db')}`,
    ...options.env,
  });
  if (!options.strangers) await welcomeAll(config.databaseUrl);
  const lines: World['lines'] = [];
  const metrics = config.metrics && createMetrics();
  const overrides = { clock, random: () => 0.5, metrics, ...options.overrides };
  let app = createApp(config, recordingLog(lines), overrides);
  const world: World = {
    ...simulators,
    get app() {
      return app;
    },
    config,
    publicUrl,
    lines,
    now: clock,
    async pass(ms, times = 1) {
      for (let time = 0; time < times; time += 1) {
        now += ms;
        await app.tick();
        await app.idle();
      }
    },
    passTo: (at) => world.pass(at - now),
    async restart(afterMs = 0, settings = config) {
      await app.stop();
      // A process of its own begins with Gong's limit used up; this one lets the second of the calls before it pass.
      const left = (simulators.gong.requests.at(-1)?.at ?? 0) + 1_000 - Date.now();
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      now += afterMs;
      app = createApp(settings, recordingLog(lines), overrides);
      await app.start();
      await app.tick();
      await app.idle();
    },
    idle: () => app.idle(),
    status: async (path, request) => (await fetch(`http://127.0.0.1:${app.port}${path}`, request)).status,
  };
  (options.atEnd ?? onTestFinished)(async () => {
    const alike = soundAlikeIn(world);
    await app.stop();
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
    rmSync(folder, { recursive: true, force: true });
    expectNoSecrets(world);
    expect(alike).toEqual([]);
    if (options.allowUnexpected) return;
    expect(Object.values(simulators).flatMap(({ unexpected }) => unexpected)).toEqual([]);
    expect(lines.filter(({ message }) => BROKEN.has(message))).toEqual([]);
  });
  if (options.start !== false) {
    await app.start();
    await app.idle();
  }
  return world;
}

/** Reps are stored as if they had been welcomed before. */
async function welcomeAll(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl);
  await migrate(db, { ...storeMigrations, ...queueMigrations });
  if (databaseUrl.startsWith('file:')) {
    await sql`create trigger welcomed after insert on reps begin
      update reps set welcomed_at = 1 where team_id = new.team_id and user_id = new.user_id; end`.execute(db);
  } else {
    await sql`create function welcome() returns trigger language plpgsql
      as 'begin new.welcomed_at := 1; return new; end'`.execute(db);
    await sql`create trigger welcomed before insert on reps for each row execute function welcome()`.execute(db);
  }
  await db.destroy();
}

let renewals = 0;

/** As if an admin had renewed the keys. The simulators know only these, so it is the addresses that are written differently. */
export function withOtherKeys(config: Config): Config {
  renewals += 1;
  const providers = [...config.providers].map(([id, values]) => {
    const written = Object.entries(values).map(([name, value]) => [
      name,
      name.endsWith('_URL') ? value + '/'.repeat(renewals) : value,
    ]);
    return [id, Object.fromEntries(written)] as const;
  });
  return { ...config, providers: new Map(providers) };
}

function configOf(env: Record<string, string>): Config {
  const result = readConfig(env, PROVIDERS);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.config;
}

function recordingLog(lines: World['lines']): Log {
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** What the reps see, what Slack was told and what the log says: no secret is in any of it. */
function expectNoSecrets(world: World): void {
  const { slack, lines } = world;
  const said = JSON.stringify([
    lines.map(({ level, fields, message }) => [level, message, inspect(fields, { depth: 12 })]),
    slack.users.map(({ id }) => slack.messages(id)),
    slack.calls.map(({ args }) => args),
  ]);
  expect(secretsOf(world).filter((secret) => said.includes(secret))).toEqual([]);
}
