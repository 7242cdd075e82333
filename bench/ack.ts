/**
 * How long a click waits for its acknowledgement, twenty at once from a process of its own: Docket, which records it
 * durably and goes on to perform it, beside a Bolt app that only acknowledges and one that writes a synced row first.
 */
import { type Control, clickBody, commandBody, donesIn, rowOf, type Seen } from './clicks.ts';
import type { Load, Measured } from './load.ts';
import { type Person, people } from './people.ts';
import type { Usage } from './probe.ts';
import { type Child, startNode, until } from './processes.ts';
import { createSlackServer, SLACK, type SlackServer } from './slack-server.ts';
import { mb, median, ms, percentile, type Row, times } from './table.ts';
import { createToolServer, type ToolServer } from './tool-server.ts';
import { APP, farDigestTime, gongEnv, type Served, startBolt, startDocketProcess } from './world.ts';

const CLICKS = 320;
const IN_FLIGHT = 20;
const ROUNDS = 7;
const REPS = people(20);
/** More than all rounds press. */
const TASKS_EACH = 200;
const GOAL = { p50: 2.5, p99: 2, rate: 0.5 };

interface Bench {
  slack: SlackServer;
  tool: ToolServer;
  docket: Served;
  load: Child;
  /** The message that each rep saw last. */
  seen: Map<string, Seen>;
}

/** The clicks' own work. */
interface Behind {
  /** Effects by the last acknowledgement. */
  during: number;
  /** From then to the last effect. */
  lastMs: number;
}

export async function ack(): Promise<Row[]> {
  const slack = await createSlackServer(REPS);
  const tool = await createToolServer({ people: REPS, tasksEach: TASKS_EACH });
  const env = { ...gongEnv(tool.url), DEFAULT_DIGEST_TIME: farDigestTime(), UNPACED: 'yes' };
  const docket = await startDocketProcess(slack, APP, env);
  const bare = await startBolt(slack, false);
  const durable = await startBolt(slack, true);
  const load = startNode({ args: ['bench/load.ts'] });
  const bench = { slack, tool, docket, load, seen: new Map<string, Seen>() };
  slack.onCall((call) => {
    if (call.userId && call.method === 'response_url') {
      bench.seen.set(call.userId, { userId: call.userId, ts: call.ts || undefined, blocks: call.blocks() });
    }
  });
  await docket.ask('idle');
  const idle = await docket.ask<Usage>('usage');

  const all: All = { bare: [], durable: [], docket: [] };
  const behind: Behind[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bodies = await nextClicks(bench);
    const measured = {
      bare: await press(bench, bare, bodies),
      durable: await press(bench, durable, bodies),
      docket: await press(bench, docket, bodies),
    };
    const during = tool.changes.size - round * CLICKS;
    const lastMs = await effects(bench, (round + 1) * CLICKS);
    // The first round warms all three up.
    if (round === 0) continue;
    behind.push({ during, lastMs });
    for (const who of ['bare', 'durable', 'docket'] as const) all[who].push(measured[who]);
  }
  const after = await docket.ask<Usage>('usage');
  console.log(`all ${tool.changes.size} effects arrived exactly once`);
  console.log(
    `of ${CLICKS} clicks, ${median(behind.map(({ during }) => during))} had their effect by the last acknowledgement, and all had it ` +
      `${ms(median(behind.map(({ lastMs }) => lastMs)))} later`,
  );
  console.log(
    `resident: ${mb(idle.rss)} idle, ${mb(after.rss)} after; the loop was held for ${ms(after.heldMs)} at most`,
  );
  for (const child of [docket, bare, durable, load]) await child.stop();
  await slack.close();
  await tool.close();
  return rowsOf(all);
}

/** Asks for a list as each rep and takes as many open rows of each, in turns. */
async function nextClicks({ slack, docket, load, seen }: Bench): Promise<string[]> {
  seen.clear();
  const commands = REPS.map(({ id }) => commandBody(slack, id, ''));
  await load.ask<Measured>('run', loadOf(docket, commands, 4));
  const lists = REPS.map((rep) => ({ rep, list: undefined as Seen | undefined, dones: [] as Control[] }));
  for (const one of lists) {
    one.list = await until(() => listOf(seen, one.rep));
    one.dones = donesIn(one.list.blocks).filter((done, n, all) => all.findIndex((o) => rowOf(o) === rowOf(done)) === n);
  }
  const bodies: string[] = [];
  for (let n = 0; bodies.length < CLICKS; n += 1) {
    if (n > CLICKS) throw new Error(`only ${bodies.length} rows can be pressed`);
    for (const { list, dones } of lists) {
      const done = dones[n];
      if (list && done && bodies.length < CLICKS) bodies.push(clickBody(slack, list, done));
    }
  }
  return bodies;
}

function listOf(seen: Map<string, Seen>, { id }: Person): Seen | undefined {
  const found = seen.get(id);
  return found && donesIn(found.blocks).length > 0 ? found : undefined;
}

function loadOf({ port }: Served, bodies: string[], inFlight = IN_FLIGHT): Load {
  return { port, signingSecret: SLACK.signingSecret, bodies, inFlight };
}

async function press({ load }: Bench, server: Served, bodies: string[]): Promise<Measured> {
  const measured = await load.ask<Measured>('run', loadOf(server, bodies));
  if (measured.refused > 0) throw new Error(`${measured.refused} clicks were not acknowledged`);
  return measured;
}

/** Each click must have changed its task, and none twice. Returns how long that takes from now on. */
async function effects({ tool, docket }: Bench, expected: number): Promise<number> {
  const from = performance.now();
  await until(() => (tool.changes.size >= expected ? true : undefined));
  const lastMs = performance.now() - from;
  await docket.ask('idle');
  const twice = [...tool.changes].filter(([, count]) => count !== 1);
  if (twice.length > 0 || tool.changes.size !== expected) {
    throw new Error(`${tool.changes.size} of ${expected} tasks were changed, ${twice.length} more than once`);
  }
  return lastMs;
}

type All = Record<'bare' | 'durable' | 'docket', Measured[]>;

const FIGURES = {
  p50: (one: Measured) => percentile(one.times, 0.5),
  p95: (one: Measured) => percentile(one.times, 0.95),
  p99: (one: Measured) => percentile(one.times, 0.99),
  rate: ({ wallMs }: Measured) => (CLICKS / wallMs) * 1_000,
};

/** The ratio is the median of the rounds' ratios: what else the machine does comes and goes, and is alike within a round. */
function rowsOf(all: All): Row[] {
  for (const [who, rounds] of Object.entries(all)) {
    const of = (figure: keyof typeof FIGURES) => median(rounds.map(FIGURES[figure]));
    const share = median(rounds.map(({ cpuMs, wallMs }) => cpuMs / wallMs));
    const line = `p50 ${ms(of('p50'))}  p95 ${ms(of('p95'))}  p99 ${ms(of('p99'))}  ${of('rate').toFixed(0)} a second`;
    console.log(`${who.padEnd(8)} ${line}  (the load process: ${(share * 100).toFixed(0)} % of a core)`);
  }
  return (['p50', 'p99', 'rate'] as const).map((figure) => rowFor(all, figure));
}

function rowFor(all: All, figure: keyof typeof GOAL): Row {
  const of = FIGURES[figure];
  const unit = figure === 'rate' ? (value: number) => `${value.toFixed(0)}/s` : ms;
  const told = (who: keyof All) => unit(median(all[who].map(of)));
  const to = (floor: 'bare' | 'durable') =>
    median(all.docket.map((round, n) => of(round) / of(all[floor][n] ?? round)));
  const ratio = to('bare');
  return {
    what: `acknowledgement, ${IN_FLIGHT} at once: ${figure}`,
    floor: `${told('bare')} bare, ${told('durable')} durable`,
    ours: told('docket'),
    ratio: `${times(ratio)} (durable ${times(to('durable'))})`,
    goal: figure === 'rate' ? `at least ${GOAL.rate}x bare` : `at most ${GOAL[figure]}x bare`,
    met: figure === 'rate' ? ratio >= GOAL.rate : ratio <= GOAL[figure],
  };
}
