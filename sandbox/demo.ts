/**
 * `npm run demo`: a local Slack workspace with a web page, a simulated Gong, and the real app against them, on an empty
 * machine and without any account. `npm run demo -- --tour` does the same without a browser and checks every effect.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { createApp } from '../src/app.ts';
import { seedGong } from './gong/seed.ts';
import { createGong } from './gong/simulator.ts';
import type { GongSimulator } from './gong/types.ts';
import { gongPanel } from './gong-panel.ts';
import { DEMO_PEOPLE } from './people.ts';
import type { SlackWorkspace } from './slack/types.ts';
import { createSlackWorkspace } from './slack/workspace.ts';
import { runTour } from './tour.ts';
import { createWeb, type Web } from './web.ts';

const PORT = 4747;
const DIGEST_TIME = '09:00';
/** Enough to see the empty conversation before the digest arrives in it. */
const BEFORE_DIGEST_MS = 4_000;

const [maya] = DEMO_PEOPLE;

/** The demo's clock runs as ours does, but starts just before nine on the first person's next working morning. */
function startOfDemo(): number {
  let date = Temporal.Now.zonedDateTimeISO(maya.zone).toPlainDate();
  while (date.dayOfWeek > 5) date = date.add({ days: 1 });
  const nine = date.toZonedDateTime({ timeZone: maya.zone, plainTime: DIGEST_TIME });
  return nine.epochMilliseconds - BEFORE_DIGEST_MS;
}

interface Stage {
  slack: SlackWorkspace;
  gong: GongSimulator;
  clock: () => number;
  close(): Promise<void>;
}

async function createStage(): Promise<Stage> {
  const startedAt = performance.now();
  const base = startOfDemo();
  const clock = () => Math.floor(base + performance.now() - startedAt);
  const gong = await createGong({ ...seedGong(clock()), clock });
  const slack = await createSlackWorkspace({
    clock,
    teamName: 'Northlight',
    users: DEMO_PEOPLE.map((person) => ({
      id: person.slackId,
      name: person.handle,
      realName: person.realName,
      email: person.email,
      tz: person.zone,
    })),
  });
  const folder = mkdtempSync(join(tmpdir(), 'docket-demo-'));
  const app = createApp(
    {
      slack: { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      port: 0,
      publicUrl: undefined,
      databaseUrl: `file:${join(folder, 'docket.db')}`,
      providers: new Map([
        [
          'gong',
          { GONG_ACCESS_KEY: gong.accessKey, GONG_ACCESS_KEY_SECRET: gong.accessKeySecret, GONG_API_URL: gong.url },
        ],
      ]),
      defaultDigestTime: DIGEST_TIME,
      undoWindowMs: 10_000,
      logLevel: 'warn',
    },
    { info() {}, warn: say('warning'), error: say('error') },
    { clock },
  );
  await app.start();
  await app.idle();
  return {
    slack,
    gong,
    clock,
    async close() {
      await app.stop();
      await slack.close();
      await gong.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function say(level: string) {
  return (fields: object, message: string) => {
    const cause = 'err' in fields && fields.err instanceof Error ? `: ${fields.err.message}` : '';
    console.error(`[${level}] ${message}${cause}`);
  };
}

/** The others' mornings are over when the first person's begins, so they ask for their digests. */
async function askForOtherDigests({ slack }: Stage): Promise<void> {
  for (const person of DEMO_PEOPLE.slice(1)) await slack.command(person.slackId, '/tasks', 'digest');
}

async function openPage({ slack, gong, clock }: Stage): Promise<Web> {
  const gongUserOf = (slackId: string) => DEMO_PEOPLE.find((person) => person.slackId === slackId)?.gongUserId;
  const options = { slack, clock, providers: [gongPanel(gong, gongUserOf, clock)] };
  return createWeb({ ...options, port: PORT }).catch(() => createWeb(options));
}

async function main(): Promise<void> {
  const stage = await createStage();
  if (process.argv.includes('--tour')) {
    const passed = await runTour(stage.slack, stage.gong, maya, stage.clock);
    await stage.close();
    process.exit(passed ? 0 : 1);
  }
  const web = await openPage(stage);
  console.log(`Docket is up. Open ${web.url}`);
  console.log(`It is nine in the morning for ${maya.realName}: watch the digest arrive. Stop with Ctrl+C.`);
  await askForOtherDigests(stage);
  const stop = async () => {
    await web.close();
    await stage.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

await main();
