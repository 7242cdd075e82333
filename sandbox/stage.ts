/** Everything that the demo plays with: a local Slack, the sales tools, the real app between them, and their one clock. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { createClock, type SandboxClock } from './clock.ts';
import { readManifest } from './manifest.ts';
import type { ProviderPanel } from './panel.ts';
import { DEMO_PEOPLE } from './people.ts';
import {
  addressesOf,
  closeSimulators,
  createSimulators,
  type Provider,
  panelsOf,
  type Simulators,
  settingsOf,
} from './providers.ts';
import { createScript, type Script } from './script.ts';
import { isObject, stringOf } from './slack/json.ts';
import type { SlackWorkspace } from './slack/types.ts';
import { createSlackWorkspace } from './slack/workspace.ts';
import { createTravel, type Travel } from './travel.ts';

/** When reps get their digest, unless they choose another time. */
export const DIGEST_TIME = '09:00';

const [, theo] = DEMO_PEOPLE;

export interface StageOptions {
  providers: readonly Provider[];
  /** Where the clock starts, in milliseconds since the epoch. */
  startAt: number;
  undoWindowMs: number;
}

export interface Stage {
  slack: SlackWorkspace;
  simulators: Simulators;
  panels: readonly ProviderPanel[];
  clock: SandboxClock;
  travel: Travel;
  /** What happens at the tools on the way. */
  script: Script;
  database: string;
  close(): Promise<void>;
}

export async function createStage({ providers, startAt, undoWindowMs }: StageOptions): Promise<Stage> {
  const sandboxClock = createClock(startAt);
  const { now: clock, pace } = sandboxClock;
  const slack = await createSlackWorkspace({
    clock,
    pace,
    teamName: 'Northlight',
    ...readManifest(),
    users: DEMO_PEOPLE.map((person) => ({
      id: person.slackId,
      name: person.handle,
      realName: person.realName,
      email: person.email,
      tz: person.zone,
      locale: person.locale,
      isAdmin: person === theo,
    })),
  });
  slack.setChannel({ id: 'C07SALESLDS', name: 'sales-leads', hasApp: true });
  const simulators = await createSimulators(providers, { clock, pace }, () => lastPerson(slack));
  const folder = mkdtempSync(join(tmpdir(), 'docket-demo-'));
  const database = join(folder, 'docket.db');
  const port = await freePort();
  const app = createApp(
    {
      slack: { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      install: undefined,
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      encryptionKeys: [randomBytes(32).toString('base64')],
      databaseUrl: `file:${database}`,
      providers: settingsOf(simulators),
      defaultDigestTime: DIGEST_TIME,
      undoWindowMs,
      retentionMs: 90 * 86_400_000,
      ranking: {},
      pilot: undefined,
      admins: undefined,
      logLevel: 'warn',
      metrics: undefined,
      proxied: false,
    },
    { info() {}, warn: say('warning'), error: say('error') },
    { clock, isPaced: () => pace() !== undefined, addresses: addressesOf(simulators) },
  );
  await app.start();
  await app.idle();
  const panels = panelsOf(simulators, clock);
  const script = createScript(panels);
  const travel = createTravel({
    clock: sandboxClock,
    tick: app.tick,
    async idle() {
      // What Outreach tells makes jobs, and what a job changes is told.
      await simulators.outreach?.settled();
      await app.idle();
      await simulators.outreach?.settled();
    },
    nextAt: app.nextAt,
    script,
  });
  return {
    slack,
    simulators,
    panels,
    clock: sandboxClock,
    travel,
    script,
    database,
    async close() {
      await travel.stop();
      await app.stop();
      await slack.close();
      await closeSimulators(simulators);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last person who did something in Slack: they follow a link from there. */
function lastPerson({ sent }: SlackWorkspace): string | undefined {
  const payload = sent.at(-1)?.payload;
  const user = isObject(payload?.user) ? payload.user.id : payload?.user_id;
  return stringOf(user);
}

/** The consent's way back is part of the app's settings, so its port has to be known before it starts. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function say(level: string) {
  return (fields: object, message: string) => {
    const { err, ...ids }: { err?: unknown } = fields;
    const cause = err instanceof Error ? `: ${err.message}` : '';
    console.error(`[${level}] ${message}${cause} ${JSON.stringify(ids)}`);
  };
}
