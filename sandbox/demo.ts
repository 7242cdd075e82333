/**
 * `npm run demo`: a local Slack workspace with a web page, the three providers simulated, and the real app between them, on
 * an empty machine and without any account. `npm run demo -- --tour` does the same without a browser and checks every
 * effect.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { createApp } from '../src/app.ts';
import { answerConsent } from './browser.ts';
import { readManifest } from './manifest.ts';
import { OUTREACH_USER_OF } from './outreach/seed.ts';
import { DEMO_PEOPLE, type DemoPerson } from './people.ts';
import { closeSimulators, createSimulators, panelsOf, type Simulators, settingsOf } from './providers.ts';
import { isObject, stringOf } from './slack/json.ts';
import type { JsonObject, SandboxMessage, SlackWorkspace } from './slack/types.ts';
import { createSlackWorkspace } from './slack/workspace.ts';
import { runTour } from './tour.ts';
import { createWeb, type Web } from './web.ts';

const PORT = 4747;
const DIGEST_TIME = '09:00';
/** Enough to sign in to Outreach, and to see the empty conversation before the digest arrives in it. */
const BEFORE_DIGEST_MS = 7_000;
const TOUR = process.argv.includes('--tour');

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
  close(): Promise<void>;
}

async function createStage(): Promise<Stage> {
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
      isAdmin: person === theo,
    })),
  });
  const simulators = await createSimulators(clock, () => lastPerson(slack));
  const folder = mkdtempSync(join(tmpdir(), 'docket-demo-'));
  const port = await freePort();
  const app = createApp(
    {
      slack: { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      encryptionKeys: [randomBytes(32).toString('base64')],
      databaseUrl: `file:${join(folder, 'docket.db')}`,
      providers: settingsOf(simulators),
      defaultDigestTime: DIGEST_TIME,
      // The tour waits for what is held back; a person has time to change their mind.
      undoWindowMs: TOUR ? 4_000 : 10_000,
      retentionMs: 90 * 86_400_000,
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
    const cause = 'err' in fields && fields.err instanceof Error ? `: ${fields.err.message}` : '';
    console.error(`[${level}] ${message}${cause}`);
  };
}

/** As the person would: types the command, presses the button, allows it in the browser. */
async function signIn({ slack }: Stage, person: DemoPerson): Promise<void> {
  await slack.command(person.slackId, '/tasks', 'connect');
  const found = await until(() => slack.messages(person.slackId).map(signInOf).find(Boolean));
  const user = OUTREACH_USER_OF.get(person.slackId);
  if (!found || user === undefined) throw new Error(`no link for ${person.realName} to sign in with`);
  await slack.act(person.slackId, { ts: found.ts }, found.blockId, found.button);
  await fetch(await answerConsent(String(found.button.url), user));
}

function signInOf({ ts, blocks }: SandboxMessage) {
  for (const block of blocks) {
    const button = block.accessory as JsonObject | undefined;
    if (typeof button?.url === 'string') return { ts, blockId: String(block.block_id), button };
  }
  return undefined;
}

async function until<T>(look: () => T | undefined): Promise<T | undefined> {
  for (let tries = 0; tries < 200; tries += 1) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

async function openPage({ slack, simulators, clock }: Stage): Promise<Web> {
  const options = {
    slack,
    clock,
    providers: panelsOf(simulators, clock),
    suggestions: [
      '/tasks',
      '/tasks digest',
      '/tasks history',
      '/tasks connect',
      '/tasks status',
      '/tasks settings',
      '/tasks help',
    ],
  };
  return createWeb({ ...options, port: PORT }).catch(() => createWeb(options));
}

async function main(): Promise<void> {
  console.log('Starting Docket, a local Slack and three sales tools…');
  const stage = await createStage();
  await signIn(stage, maya);
  if (TOUR) {
    const passed = await runTour(stage.slack, stage.simulators, maya);
    await stage.close();
    process.exit(passed ? 0 : 1);
  }
  await signIn(stage, theo);
  const web = await openPage(stage);
  console.log(`Docket is up. Open ${web.url}`);
  console.log(`It is nine in the morning for ${maya.realName}: watch the digest arrive. Stop with Ctrl+C.`);
  console.log(
    `${ishani.realName} has not signed in to Outreach yet: switch to her, type /tasks connect, and allow it.`,
  );
  console.log('Choose somebody else on the page of Outreach to see what becomes of a link that was forwarded.');
  // Their mornings are over when the first person's begins, so they ask for their digests.
  for (const person of [theo, ishani]) await stage.slack.command(person.slackId, '/tasks', 'digest');
  const stop = async () => {
    await web.close();
    await stage.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

await main();
