/**
 * The cost of a digest as the number of reps grows: processor time, database, memory, and how long the loop is held. Docket is a process
 * of its own, against a Slack that only answers and a tool that answers at once and has no limit.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../sandbox/slack/types.ts';
import { clickBody, donesIn } from './clicks.ts';
import { welcome } from './history.ts';
import type { Measured } from './load.ts';
import { DIGEST_TIME, nextMorning } from './mornings.ts';
import { type Person, people } from './people.ts';
import type { Usage } from './probe.ts';
import { plainModule, residentBytes, startNode, temporaryFolder, until } from './processes.ts';
import { heldWords, type Measurement, medianOf, rowsOf } from './reps-rows.ts';
import { createSlackServer, SLACK, type SlackServer } from './slack-server.ts';
import { mb, ms, type Row } from './table.ts';
import { createToolServer, type ToolServer } from './tool-server.ts';
import { APP, gongEnv, type Served, startDocketProcess } from './world.ts';

/** And how often each is measured, because few digests take little time. */
const SIZES = [
  { reps: 100, rounds: 3 },
  { reps: 1_000, rounds: 1 },
  { reps: 10_000, rounds: 1 },
] as const;
/** Their digests come an hour earlier, and compile what a digest runs. */
const WARM_UP = 300;
const FLOOR_DIGESTS = 1_000;
const TASKS_EACH = 20;
const HOUR = 3_600_000;
const CLICKS_AT_ONCE = 1_000;

interface Bench {
  slack: SlackServer;
  tool: ToolServer;
  docket: Served;
  file: string;
  /** The bodies of one click for each rep whose digest came. */
  clicks: Map<string, () => string>;
  /** Of the first digest. */
  blocks(): string;
}

export async function reps(): Promise<Row[]> {
  const all = new Map<number, Measurement>();
  for (const { reps: count, rounds } of SIZES) {
    const measured: Measurement[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(count));
    const one = medianOf(measured);
    all.set(count, one);
    console.log(
      `${count} reps: ${ms(one.cpuMs)} of CPU (floor ${ms(one.floorMs)}) and ${one.databaseBytes.toFixed(0)} bytes a digest; ` +
        `resident ${mb(one.idle)} idle, ${mb(one.during)} at most, ${mb(one.after)} after; the loop was held for ` +
        `${heldWords(one.held)}, of its own processor time ${heldWords(one.heldCpu)}`,
    );
  }
  return rowsOf(all);
}

async function measure(count: number): Promise<Measurement> {
  const bench = await open(people(count + WARM_UP));
  const { docket, slack, tool } = bench;
  // A page of Slack's directory waits for its turn, so this takes minutes for thousands.
  await docket.ask('idle');
  const linked = await docket.ask<Usage>('usage');
  setUp(bench, count);
  const peak = watchMemory(docket);
  await morning(bench, -HOUR, WARM_UP);
  const before = await docket.ask<Usage>('usage');
  const bytesBefore = databaseBytes(bench.file);
  await morning(bench, 0, WARM_UP + count);
  const sent = await docket.ask<Usage>('usage');
  const bytesAfter = databaseBytes(bench.file);
  await clickOnce(bench, count);
  const clicked = await docket.ask<Usage>('usage');
  const during = peak();
  await docket.stop();
  const floorMs = await floorOf(bench);
  await slack.close();
  await tool.close();
  return {
    cpuMs: (sent.cpuMs - before.cpuMs) / count,
    floorMs,
    databaseBytes: (bytesAfter - bytesBefore) / count,
    idle: linked.rss,
    during,
    after: clicked.rss,
    held: { linking: linked.heldMs, digests: sent.heldMs, clicks: clicked.heldMs },
    heldCpu: { linking: linked.heldCpuMs, digests: sent.heldCpuMs, clicks: clicked.heldCpuMs },
  };
}

async function open(everyone: readonly Person[]): Promise<Bench> {
  const slack = await createSlackServer(everyone);
  const tool = await createToolServer({ people: everyone, tasksEach: TASKS_EACH, now: nextMorning });
  const clicks: Bench['clicks'] = new Map();
  let first: JsonObject[] | undefined;
  slack.onCall(({ method, userId, ts, blocks }) => {
    if (method !== 'chat.postMessage' || !userId) return;
    const shown = blocks();
    first ??= shown;
    const [done] = donesIn(shown);
    if (done) clicks.set(userId, () => clickBody(slack, { userId, ts, blocks: shown }, done));
  });
  const file = join(temporaryFolder(), 'docket.db');
  const env = { ...gongEnv(tool.url), DATABASE_URL: `file:${file}`, DEFAULT_DIGEST_TIME: DIGEST_TIME, UNPACED: 'yes' };
  return {
    slack,
    tool,
    docket: await startDocketProcess(slack, APP, env),
    file,
    clicks,
    blocks: () => JSON.stringify(first),
  };
}

/** Everyone was linked. All had their welcome, and the last ones' digests come earlier. */
function setUp({ file }: Bench, count: number): void {
  welcome(`file:${file}`);
  const database = new DatabaseSync(file, { timeout: 10_000 });
  const linked = Number(database.prepare('select count(*) as n from links').get()?.n);
  if (linked !== count + WARM_UP) throw new Error(`${linked} of ${count + WARM_UP} reps were linked`);
  const first = people(count + 1).at(-1)?.id ?? '';
  database.prepare('update schedules set next_due_at = ? where user_id >= ?').run(nextMorning() - HOUR, first);
  database.prepare('update schedules set next_due_at = ? where user_id < ?').run(nextMorning(), first);
  database.close();
}

/** Sets the clock to the minutes before a slot, then to the slot, and waits for its digests. */
async function morning({ docket, clicks }: Bench, offset: number, expected: number): Promise<void> {
  for (const early of [20 * 60_000, 0]) {
    await docket.ask('ahead', nextMorning() + offset - early - Date.now());
    await docket.ask('tick');
    await docket.ask('idle');
  }
  await until(() => (clicks.size >= expected ? true : undefined)).catch(() => {
    throw new Error(`${clicks.size} of ${expected} digests came`);
  });
}

async function clickOnce({ docket, clicks, tool }: Bench, count: number): Promise<void> {
  const load = startNode({ args: ['bench/load.ts'] });
  const waiting = [...clicks.values()].slice(-count);
  for (let from = 0; from < waiting.length; from += CLICKS_AT_ONCE) {
    const bodies = waiting.slice(from, from + CLICKS_AT_ONCE).map((body) => body());
    const run = { port: docket.port, signingSecret: SLACK.signingSecret, bodies, inFlight: 20 };
    const { refused } = await load.ask<Measured>('run', run);
    if (refused > 0) throw new Error(`${refused} clicks were not acknowledged`);
  }
  await docket.ask('idle');
  await load.stop();
  if (tool.changes.size !== count) throw new Error(`${tool.changes.size} of ${count} clicks arrived`);
}

/** The processor time of the least that a digest does. */
async function floorOf({ slack, tool, blocks }: Bench): Promise<number> {
  const env = { ROWS_IN: join(temporaryFolder(), 'rows.db') };
  const floor = startNode({ args: plainModule('./digest-floor.ts'), env });
  const digests = { apiUrl: slack.apiUrl, toolUrl: tool.url, blocks: blocks() };
  await floor.ask('run', { ...digests, count: WARM_UP });
  const cpuMs = await floor.ask<number>('run', { ...digests, count: FLOOR_DIGESTS });
  await floor.stop();
  return cpuMs;
}

function watchMemory({ pid }: Served): () => number {
  let most = 0;
  const look = () => {
    most = Math.max(most, residentBytes(pid));
  };
  const timer = setInterval(look, 250);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

function databaseBytes(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  const { bytes } =
    database.prepare('select page_count * page_size as bytes from pragma_page_count, pragma_page_size').get() ?? {};
  database.close();
  return Number(bytes);
}
