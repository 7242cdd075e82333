/**
 * `npm run demo`: a local Slack workspace with a web page, the providers simulated, and the real app between them, on an
 * empty machine and without any account. `options.ts` says what it takes.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { createApp } from '../src/app.ts';
import { readManifest } from './manifest.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { DEMO_PEOPLE } from './people.ts';
import { closeSimulators, createSimulators, panelsOf, type Simulators, settingsOf } from './providers.ts';
import { signIn } from './sign-in.ts';
import { isObject, stringOf } from './slack/json.ts';
import type { SlackWorkspace } from './slack/types.ts';
import { createSlackWorkspace } from './slack/workspace.ts';
import { runTour } from './tour.ts';
import { createWeb, type Web } from './web.ts';

const PORT = 4747;
const DIGEST_TIME = '09:00';
/** Enough to sign in to Outreach, and to see the empty conversation before the digest arrives in it. */
const BEFORE_DIGEST_MS = 7_000;

const [maya, theo, ishani] = DEMO_PEOPLE;

/** The demo's clock runs as ours does, but starts just before nine on the first person's next working morning. */
function startOfDemo(): number {
  let date = Temporal.Now.zonedDateTimeISO(maya.zone).toPlainDate();
  while (date.dayOfWeek > 5) date = date.add({ days: 1 });
  const nine = date.toZonedDateTime({ timeZone: maya.zone, plainTime: DIGEST_TIME });
  return nine.epochMilliseconds - BEFORE_DIGEST_MS;
}

interface Stage {
  slack: SlackWorkspace;
  simulators: Simulators;
  clock: () => number;
  database: string;
  close(): Promise<void>;
}

async function createStage({ providers, tour }: DemoOptions): Promise<Stage> {
  const startedAt = performance.now();
  const base = startOfDemo();
  const clock = () => Math.floor(base + performance.now() - startedAt);
  const slack = await createSlackWorkspace({
    clock,
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
  const simulators = await createSimulators(providers, clock, () => lastPerson(slack));
  const folder = mkdtempSync(join(tmpdir(), 'docket-demo-'));
  const database = join(folder, 'docket.db');
  const port = await freePort();
  const app = createApp(
    {
      slack: { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      encryptionKeys: [randomBytes(32).toString('base64')],
      databaseUrl: `file:${database}`,
      providers: settingsOf(simulators),
      defaultDigestTime: DIGEST_TIME,
      // The tour waits for what is held back; a person has time to change their mind.
      undoWindowMs: tour ? 4_000 : 10_000,
      retentionMs: 90 * 86_400_000,
      ranking: {},
      logLevel: 'warn',
      proxied: false,
    },
    { info() {}, warn: say('warning'), error: say('error') },
    { clock },
  );
  await app.start();
  await app.idle();
  return {
    slack,
    simulators,
    clock,
    database,
    async close() {
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

async function openPage({ slack, simulators, clock }: Stage): Promise<Web> {
  const words = ['digest', 'history', ...(simulators.outreach ? ['connect'] : []), 'status', 'settings', 'help'];
  const options = {
    slack,
    clock,
    providers: panelsOf(simulators, clock),
    suggestions: ['/tasks', ...words.map((word) => `/tasks ${word}`)],
  };
  return createWeb({ ...options, port: PORT }).catch(() => createWeb(options));
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if ('problem' in options) {
    console.error(options.problem);
    process.exit(1);
  }
  console.log(`Starting Docket, a local Slack and the sales tools (${options.providers.join(', ')})…`);
  const stage = await createStage(options);
  const { slack, simulators } = stage;
  if (simulators.outreach) await signIn(slack, maya);
  if (options.tour) {
    const passed = await runTour(slack, simulators, maya);
    await stage.close();
    process.exit(passed ? 0 : 1);
  }
  if (simulators.outreach) await signIn(slack, theo);
  const web = await openPage(stage);
  console.log(`Docket is up. Open ${web.url}`);
  console.log(`Its database, until it stops: ${stage.database}`);
  console.log(`It is nine in the morning for ${maya.realName}: watch the digest arrive. Stop with Ctrl+C.`);
  if (simulators.outreach) {
    console.log(
      `${ishani.realName} has not signed in to Outreach yet: switch to her, type /tasks connect, and allow it.`,
    );
    console.log('Choose somebody else on the page of Outreach to see what becomes of a link that was forwarded.');
  }
  // Their mornings are over when the first person's begins, so they ask for their digests.
  for (const person of [theo, ishani]) await slack.command(person.slackId, '/tasks', 'digest');
  const stop = async () => {
    await web.close();
    await stage.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

await main();
