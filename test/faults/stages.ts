/** Whole Dockets for the cells to run on, one provider each. A cell takes one that is free, and gives it back as it was. */
import { createServer } from 'node:net';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { HOUR, MAYA, MAYA_OUTREACH, MONDAY_NINE, THEO, THEO_OUTREACH } from '../flow/cast.ts';
import { pressButton, type } from '../flow/press.ts';
import { mustBe } from '../flow/read.ts';
import { browse, linkOf } from '../flow/sign-in.ts';
import { createThree } from '../flow/start.ts';
import type { World as Three } from '../flow/world.ts';
import type { Provider } from './verbs.ts';
import { jobsOf, openJobs } from './watch.ts';

export interface Stage {
  world: Three;
  provider: Provider;
  /** Waits for an answer for a moment only. */
  hasty: boolean;
  /** Of clicks: what is to be done, undone or shown, and by when. */
  openJobs(): Promise<{ key: string; dueAt: number }[]>;
  close(): Promise<void>;
  cells: number;
  /** When its rep's token at Outreach was made. */
  tokenAt: number;
}

export interface Stages {
  /** For one cell; a cell that fails keeps its stage from being used again. */
  use(of: Pick<Stage, 'provider' | 'hasty'>, work: (stage: Stage) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Its digest stays short, and its day is far from over. */
const MOST_CELLS = 12;
/** We ask Reply.io at most 90 times a minute in real time, and a stage begins with all of them (reply.md 6). */
const MOST_AT_REPLY = 45;

function isUsedUp({ world, cells }: Stage): boolean {
  return cells >= MOST_CELLS || world.reply.requests.length >= MOST_AT_REPLY;
}

export function createStages(): Stages {
  const free: Stage[] = [];

  return {
    async use({ provider, hasty }, work) {
      const at = free.findIndex((stage) => stage.provider === provider && stage.hasty === hasty);
      const stage = at < 0 ? await openStage(provider, hasty) : mustBe(free.splice(at, 1)[0]);
      try {
        await work(stage);
      } catch (error) {
        // What a failed cell left behind would only hide why it failed.
        await stage.close().catch(() => undefined);
        throw error;
      }
      stage.cells += 1;
      if (isUsedUp(stage)) await stage.close();
      else free.push(stage);
    },
    async close() {
      for (const stage of free.splice(0)) await stage.close();
    },
  };
}

const UNSET = {
  gong: { GONG_ACCESS_KEY: '', GONG_ACCESS_KEY_SECRET: '', GONG_API_URL: '', GONG_FLOW_DROP_DAYS: '' },
  outreach: { OUTREACH_CLIENT_ID: '', OUTREACH_CLIENT_SECRET: '', OUTREACH_API_URL: '' },
  reply: { REPLY_API_KEY: '', REPLY_API_URL: '' },
} as const satisfies Record<Provider, Record<string, string>>;

const TIMEOUT_MS = 2_000;

/** After the hour of the digest, so that nothing looks at the providers but what the cells do. */
const START = MONDAY_NINE + HOUR;

async function openStage(provider: Provider, hasty: boolean): Promise<Stage> {
  const clears: (() => Promise<void>)[] = [];
  const others = (['gong', 'outreach', 'reply'] as const).filter((each) => each !== provider);
  const world = await createThree({
    now: START,
    tasks: [],
    outreachOptions: { tasks: [] },
    replyOptions: { tasks: [] },
    signedIn: [],
    // A busy machine bunches calls within a second of real time, and then Gong refuses some that no cell is about.
    gongRateLimits: false,
    // What waits for the undo window is sent at once.
    env: Object.assign(
      { UNDO_WINDOW_SECONDS: '0', ...(await addressFor(provider)) },
      ...others.map((each) => UNSET[each]),
    ),
    overrides: hasty ? { timeoutMs: TIMEOUT_MS } : {},
    atEnd: (clear) => clears.push(clear),
  });
  // A provider in trouble tells nobody of changes.
  world.outreach.loseWebhooks(true);
  const db = jobsOf(world);
  const stage: Stage = {
    world,
    provider,
    hasty,
    openJobs: async () => (await openJobs(db)).filter(({ key }) => /^(?:perform|undo|show):/.test(key)),
    async close() {
      await db.destroy();
      for (const clear of clears.reverse()) await clear();
    },
    cells: 0,
    tokenAt: world.now(),
  };
  if (provider === 'outreach') {
    const message = await type(world, 'connect');
    await browse(linkOf(message.blocks, 'Connect Outreach'), MAYA_OUTREACH);
    const theirs = await type(world, 'connect', THEO);
    await browse(linkOf(theirs.blocks, 'Connect Outreach'), THEO_OUTREACH);
    await world.idle();
  }
  return stage;
}

/** Browsers come back from Outreach to an address that has to be known before anyone listens there. */
async function addressFor(provider: Provider): Promise<Record<string, string>> {
  if (provider !== 'outreach') return { PORT: '0' };
  const port = String(await steadyPort());
  return { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
}

let portsTried = 0;

/** None of those that the system gives to whoever connects to something meanwhile (from 32768 on). */
async function steadyPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + ((process.pid * 97 + portsTried++) % 20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Signs in once more, from the message with the accounts. */
export async function signInAgain(world: Three): Promise<void> {
  await pressButton(world, await type(world, 'connect'), 'Sign in again');
  const view = mustBe(world.slack.modal(MAYA.id)).view;
  await browse(linkOf(view.blocks as JsonObject[], 'Sign in to Outreach'), MAYA_OUTREACH);
  await world.idle();
}
