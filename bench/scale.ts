/**
 * `npm run bench -- scale`: one, two and four processes on one PostgreSQL database, beside one on SQLite. What computing
 * bounds, and what each process bounds by itself, because it has so many places and a tool takes its time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { clickBody, donesIn, rowOf } from './clicks.ts';
import type { Measured } from './load.ts';
import { DAY, DIGEST_TIME, nextMorning } from './mornings.ts';
import { people } from './people.ts';
import { type Child, startNode, until } from './processes.ts';
import { type BenchDatabase, createPostgres, createSqlite } from './scale-database.ts';
import { type Measurement, rowsOf, tell } from './scale-rows.ts';
import { createSlackServer, SLACK, type SlackServer } from './slack-server.ts';
import { percentile, type Row } from './table.ts';
import { createToolServer, type ToolServer } from './tool-server.ts';
import { APP, gongEnv, type Served, startDocketProcess } from './world.ts';

/** Reps whose digests come at one time: to warm up, at a tool that answers at once, at a slow one. */
const GROUPS = { warm: 60, fast: 200, slow: 96 } as const;
type Group = keyof typeof GROUPS;
const REPS = people(GROUPS.warm + GROUPS.fast + GROUPS.slow);
const TASKS_EACH = 20;
const HOUR = 3_600_000;
const SLOW_MS = 1_000;
const CLICKS = 240;
const IN_FLIGHT = 20;
/** Of acknowledgements; the first warms up. */
const ROUNDS = 3;

interface Bench {
  slack: SlackServer;
  tool: ToolServer;
  processes: readonly Served[];
  load: Child;
  /** Digests by rep, and the clicks that are left in each. */
  clicks: Map<string, (() => string)[]>;
}

export async function scale(): Promise<Row[]> {
  const all: Measurement[] = [];
  for (const { name, processes, create } of [
    { name: 'SQLite', processes: 1, create: async () => createSqlite() },
    ...[1, 2, 4].map((count) => ({ name: 'PostgreSQL', processes: count, create: createPostgres })),
  ]) {
    const database = await create();
    try {
      const measured = { name, processes, ...(await measure(database, processes)) };
      tell(measured);
      all.push(measured);
    } finally {
      await database.drop();
    }
  }
  return rowsOf(all);
}

async function measure(database: BenchDatabase, count: number): Promise<Omit<Measurement, 'name' | 'processes'>> {
  const slack = await createSlackServer(REPS);
  const tool = await createToolServer({ people: REPS, tasksEach: TASKS_EACH, now: nextMorning });
  const env = {
    ...gongEnv(tool.url),
    DATABASE_URL: database.url,
    DEFAULT_DIGEST_TIME: DIGEST_TIME,
    UNPACED: 'yes',
    COUNT_STATEMENTS: 'yes',
  };
  const first = await startDocketProcess(slack, APP, env);
  // Everyone is linked by then.
  await first.ask('idle');
  const others = Array.from({ length: count - 1 }, () => startDocketProcess(slack, APP, env));
  const processes = [first, ...(await Promise.all(others))];
  const bench = { slack, tool, processes, load: startNode({ args: ['bench/load.ts'] }), clicks: watchDigests(slack) };
  await idle(bench);
  try {
    return await measureAll(bench, database);
  } finally {
    for (const child of [...processes, bench.load]) await child.stop();
    await slack.close();
    await tool.close();
  }
}

async function measureAll(bench: Bench, database: BenchDatabase): Promise<Omit<Measurement, 'name' | 'processes'>> {
  const { tool } = bench;
  await database.run(`update reps set welcomed_at = ${Date.now() - DAY}`);
  await setTime(database, 'warm', -HOUR);
  await setTime(database, 'fast', 0);
  await setTime(database, 'slow', HOUR);
  await morning(bench, 'warm', -HOUR);
  await statements(bench);
  const fast = await morning(bench, 'fast', 0);
  const perDigest = (await statements(bench)) / GROUPS.fast;

  const rounds: Measured[] = [];
  let perClick = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await statements(bench);
    const measured = await press(bench, IN_FLIGHT);
    await effects(bench);
    perClick = (await statements(bench)) / CLICKS;
    if (round > 0) rounds.push(measured);
  }
  const rate = ({ wallMs }: Measured) => (CLICKS / wallMs) * 1_000;

  tool.take(SLOW_MS);
  const slow = await morning(bench, 'slow', HOUR);
  const from = performance.now();
  await press(bench, IN_FLIGHT);
  await effects(bench);
  const slowClicks = (CLICKS / (performance.now() - from)) * 1_000;
  return {
    acks: percentile(rounds.map(rate), 0.5),
    p99: percentile(
      rounds.map(({ times }) => percentile(times, 0.99)),
      0.5,
    ),
    digests: fast,
    perDigest,
    perClick,
    slowDigests: slow,
    slowClicks,
  };
}

function watchDigests(slack: SlackServer): Bench['clicks'] {
  const clicks: Bench['clicks'] = new Map();
  slack.onCall(({ method, userId, ts, blocks }) => {
    if (method !== 'chat.postMessage' || !userId) return;
    const shown = blocks();
    const dones = donesIn(shown).filter((done, n, all) => all.findIndex((one) => rowOf(one) === rowOf(done)) === n);
    clicks.set(
      userId,
      dones.map((done) => () => clickBody(slack, { userId, ts, blocks: shown }, done)),
    );
  });
  return clicks;
}

function membersOf(group: Group): string[] {
  const [warm, fast] = [GROUPS.warm, GROUPS.warm + GROUPS.fast];
  const [from, to] = { warm: [0, warm], fast: [warm, fast], slow: [fast, REPS.length] }[group];
  return REPS.slice(from, to).map(({ id }) => id);
}

async function setTime(database: BenchDatabase, group: Group, offset: number): Promise<void> {
  const ids = membersOf(group);
  const [first, last] = [ids[0], ids.at(-1)];
  await database.run(
    `update schedules set next_due_at = ${nextMorning() + offset} where user_id between '${first}' and '${last}'`,
  );
}

/** Digests a second, from the tick of all processes to the last post. */
async function morning({ processes, clicks }: Bench, group: Group, offset: number): Promise<number> {
  const ids = membersOf(group);
  const isOut = (id: string) => clicks.has(id);
  const ahead = nextMorning() + offset - Date.now();
  for (const docket of processes) await docket.ask('ahead', ahead);
  const from = performance.now();
  for (const docket of processes) void docket.ask('tick');
  await until(() => (ids.every(isOut) ? true : undefined), 300_000).catch(() => {
    throw new Error(`${ids.filter(isOut).length} of ${ids.length} digests came`);
  });
  const rate = (ids.length / (performance.now() - from)) * 1_000;
  await idle({ processes });
  return rate;
}

/** So many clicks, by all processes in equal parts, and until the last is acknowledged. */
async function press({ processes, load, clicks, tool }: Bench, inFlight: number): Promise<Measured> {
  const waiting = [...clicks.values()].filter((each) => each.length > 0);
  const bodies = Array.from({ length: CLICKS }, (_, n) => waiting[n % waiting.length]?.pop()?.() ?? '');
  if (bodies.includes('')) throw new Error('there is nothing left to press');
  tool.changes.clear();
  const from = performance.now();
  const parts = await Promise.all(
    processes.map(({ port }, n) =>
      load.ask<Measured>('run', {
        port,
        signingSecret: SLACK.signingSecret,
        bodies: bodies.filter((_, index) => index % processes.length === n),
        inFlight: inFlight / processes.length,
      }),
    ),
  );
  const refused = parts.reduce((sum, part) => sum + part.refused, 0);
  if (refused > 0) throw new Error(`${refused} clicks were not acknowledged`);
  return { times: parts.flatMap(({ times }) => times), wallMs: performance.now() - from, cpuMs: 0, refused };
}

/** Each click must have changed its task, and none twice. */
async function effects({ tool, processes }: Bench): Promise<void> {
  await until(() => (tool.changes.size >= CLICKS ? true : undefined), 120_000);
  await idle({ processes });
  const twice = [...tool.changes.values()].filter((count) => count !== 1).length;
  if (twice > 0 || tool.changes.size !== CLICKS) throw new Error(`${tool.changes.size} tasks changed, ${twice} twice`);
}

async function idle({ processes }: Pick<Bench, 'processes'>): Promise<void> {
  for (const docket of processes) await docket.ask('idle');
  await sleep(200);
}

/** Of all processes, since the call before. */
async function statements({ processes }: Bench): Promise<number> {
  const counts = await Promise.all(processes.map((docket) => docket.ask<number>('statements')));
  return counts.reduce((sum, count) => sum + count);
}
