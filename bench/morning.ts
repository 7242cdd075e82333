/**
 * A morning: many reps have their digest at one minute, Gong refuses a fourth call in any second, and Slack has its limit of posts
 * (slack.md 1). Meanwhile others press Done. How long it takes, beside what the limits alone force. A thousand reps have their
 * morning in time that passes three times as fast, limits included.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClickers, type Outcome } from './clickers.ts';
import { welcome } from './history.ts';
import { DAY, DIGEST_TIME, nextMorning } from './mornings.ts';
import { ANSWER_MS, outcomeRow } from './outcome.ts';
import { type Person, people } from './people.ts';
import { temporaryFolder, until } from './processes.ts';
import { createSlackServer, type SlackServer } from './slack-server.ts';
import { percentile, type Row, times } from './table.ts';
import { createToolServer, type ToolServer } from './tool-server.ts';
import { gongEnv, PRODUCTION, type Served, startDocketProcess } from './world.ts';

interface Size {
  reps: number;
  /** How fast time passes. */
  factor: number;
  /** In Docket's time: from the start until the slot. What Gong's limit forces for all lists fits into it. */
  earlierMs: number;
  /** In Docket's time. */
  clickEveryMs: number;
}

const SIZES: readonly Size[] = [
  { reps: 120, factor: 1, earlierMs: 190_000, clickEveryMs: 2_000 },
  { reps: 1_000, factor: 3, earlierMs: 1_000_000, clickEveryMs: 8_000 },
];
const CLICKERS = 8;
/** As many rows as a list shows at once, for each. */
const MOST_CLICKS = CLICKERS * 15;
const GONG = { calls: 3, windowMs: 1_000 };
const SLACK_POSTS = { calls: 300, windowMs: 60_000 };
const WITHIN_MS = 30 * 60_000;
const GOAL = { ratio: 1.1, clickMs: 2_000 };

/** In Docket's time, in milliseconds from the slot on. */
interface Morning {
  posts: number[];
  firstCall: number;
  lastCall: number;
  refused: number;
  calls: number;
  outcomes: Outcome[];
}

export async function morning(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(...rowsOf(size, await play(size)));
  return rows;
}

interface Stage {
  slack: SlackServer;
  tool: ToolServer;
  docket: Served;
  file: string;
  everyone: readonly Person[];
  slot: number;
  now(): number;
}

async function play(size: Size): Promise<Morning> {
  const stage = await open(size);
  const { slack, tool, docket, slot, now, everyone } = stage;
  const posts: number[] = [];
  slack.onCall(({ method }) => {
    if (method === 'chat.postMessage') posts.push(now() - slot);
  });
  await linked(stage, size.reps);
  // The last ones have no digest: they have a list, and click.
  const reps = everyone.slice(size.reps);
  const clickers = createClickers({ slack, tool, docket, now }, reps);
  await clickers.open();
  await until(() => (now() >= slot ? true : undefined), WITHIN_MS);
  const outcomes: Outcome[] = [];
  const clicking: Promise<unknown>[] = [];
  for (let n = 0; posts.length < size.reps && now() - slot < WITHIN_MS; n += 1) {
    const rep = reps[n % reps.length];
    if (rep && n < MOST_CLICKS) clicking.push(clickers.click(rep).then((one) => outcomes.push(one)));
    await sleep(size.clickEveryMs / size.factor);
  }
  await Promise.all(clicking);
  await docket.stop();
  await slack.close();
  await tool.close();
  const atSlot = performance.now() - (now() - slot) / size.factor;
  const forDigests = tool.calls.filter(
    ({ externalId }) => everyone.findIndex((one) => one.externalId === externalId) < size.reps,
  );
  const lists = forDigests.filter(({ kind }) => kind === 'list').map(({ at }) => (at - atSlot) * size.factor);
  return {
    posts,
    firstCall: Math.min(...lists),
    lastCall: Math.max(...lists),
    refused: tool.calls.filter(({ status }) => status === 429).length,
    calls: tool.calls.length,
    outcomes: outcomes.map((one) => ({ ...one, shownMs: one.shownMs * size.factor, toolMs: one.toolMs * size.factor })),
  };
}

async function open({ reps, factor, earlierMs }: Size): Promise<Stage> {
  const everyone = people(reps + CLICKERS);
  const slot = nextMorning();
  const begin = slot - earlierMs;
  const slack = await createSlackServer(everyone);
  let allowed: number[] = [];
  slack.limit(({ method, at }) => {
    if (method !== 'chat.postMessage') return undefined;
    const windowMs = SLACK_POSTS.windowMs / factor;
    allowed = allowed.filter((before) => before > at - windowMs);
    const [oldest = at] = allowed;
    if (allowed.length >= SLACK_POSTS.calls) return Math.max(1, Math.ceil(((oldest + windowMs - at) * factor) / 1_000));
    allowed.push(at);
    return undefined;
  });
  const tool = await createToolServer({
    people: everyone,
    tasksEach: 20,
    answerMs: ANSWER_MS / factor,
    limit: { calls: GONG.calls, windowMs: GONG.windowMs / factor },
    now: () => slot,
  });
  const file = `${temporaryFolder()}/docket.db`;
  const env = {
    ...gongEnv(tool.url),
    DATABASE_URL: `file:${file}`,
    DEFAULT_DIGEST_TIME: DIGEST_TIME,
    LAPSE_FROM: String(begin),
    LAPSE_FACTOR: String(factor),
  };
  const docket = await startDocketProcess(slack, PRODUCTION, env);
  // Its time began as the process did, which is when it was not ready yet by far the most.
  const begun = performance.now() - docket.readyMs;
  const now = () => Math.floor(begin + (performance.now() - begun) * factor);
  return { slack, tool, docket, file, everyone, slot, now };
}

/** Waits until all are linked; then nobody needs a welcome, and those who click have no digest. */
async function linked({ file, everyone, slot }: Stage, reps: number): Promise<void> {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  const count = database.prepare('select count(*) as n from links');
  await until(() => (Number(count.get()?.n) >= everyone.length ? true : undefined));
  welcome(`file:${file}`);
  const first = everyone[reps]?.id ?? '';
  database.prepare('update schedules set next_due_at = ? where user_id >= ?').run(slot + DAY, first);
  database.close();
}

/** The most that Slack takes at once comes at once; the rest comes as minutes pass. */
function postsForce(reps: number): number {
  return Math.floor((reps - 1) / SLACK_POSTS.calls) * SLACK_POSTS.windowMs;
}

/** A list for each rep, and a change for each click. */
function gongForces(reps: number, clicks: number): number {
  return ((reps + clicks - GONG.calls) / GONG.calls) * GONG.windowMs;
}

function rowsOf({ reps }: Size, { posts, firstCall, lastCall, refused, calls, outcomes }: Morning): Row[] {
  const last = Math.max(...posts);
  const seconds = (value: number) => `${(value / 1_000).toFixed(1)} s`;
  const whole = last - Math.min(firstCall, 0);
  const gong = gongForces(reps, outcomes.length);
  const forced = Math.max(gong, postsForce(reps));
  console.log(
    `${reps} reps: Gong was called from ${seconds(firstCall)} to ${seconds(lastCall)}, ${calls} calls; posts came from ` +
      `${seconds(Math.min(...posts))} to ${seconds(last)}; Gong's limit forces ${seconds(gong)}, Slack's ${seconds(postsForce(reps))}`,
  );
  const p95 = percentile(
    outcomes.map(({ shownMs }) => shownMs),
    0.95,
  );
  return [
    {
      what: `a morning of ${reps}: slot to last post`,
      floor: `${seconds(forced)} (Slack alone ${seconds(postsForce(reps))})`,
      ours: seconds(last),
      ratio: times(last / forced),
      goal: `at most ${GOAL.ratio}x`,
      met: last / forced <= GOAL.ratio && posts.length === reps,
    },
    {
      what: `a morning of ${reps}: first call to last post`,
      floor: seconds(forced),
      ours: seconds(whole),
      ratio: times(whole / forced),
      goal: '',
      met: undefined,
    },
    {
      what: `a morning of ${reps}: 429 from Gong`,
      floor: '0',
      ours: String(refused),
      ratio: '',
      goal: '0',
      met: refused === 0,
    },
    {
      what: `a click during a morning of ${reps}: p95`,
      floor: '',
      ours: seconds(p95),
      ratio: '',
      goal: 'under 2 s',
      met: p95 < GOAL.clickMs,
    },
    outcomeRow(`during a morning of ${reps}`, outcomes),
  ];
}
