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
  /** What each rep saw last. */
  seen: Map<string, Seen>;
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

  const all = { bare: [] as Measured[], durable: [] as Measured[], docket: [] as Measured[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bodies = await nextClicks(bench);
    const measured = {
      bare: await press(bench, bare, bodies),
      durable: await press(bench, durable, bodies),
      docket: await press(bench, docket, bodies),
    };
    await effects(bench, (round + 1) * CLICKS);
    // The first round warms all three up.
    if (round > 0) for (const who of ['bare', 'durable', 'docket'] as const) all[who].push(measured[who]);
  }
  const after = await docket.ask<Usage>('usage');
  console.log(`all ${tool.changes.size} effects arrived exactly once`);
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

/** Each click must have changed its task, and none twice. */
async function effects({ tool, docket }: Bench, expected: number): Promise<void> {
  await until(() => (tool.changes.size >= expected ? true : undefined));
  await docket.ask('idle');
  const twice = [...tool.changes].filter(([, count]) => count !== 1);
  if (twice.length > 0 || tool.changes.size !== expected) {
    throw new Error(`${tool.changes.size} of ${expected} tasks were changed, ${twice.length} more than once`);
  }
}

function rowsOf(all: Record<'bare' | 'durable' | 'docket', Measured[]>): Row[] {
  const of = (who: keyof typeof all) => {
    const at = (share: number) => median(all[who].map((one) => percentile(one.times, share)));
    const rate = median(all[who].map(({ wallMs }) => (CLICKS / wallMs) * 1_000));
    const share = median(all[who].map(({ cpuMs, wallMs }) => cpuMs / wallMs));
    const line = `p50 ${ms(at(0.5))}  p95 ${ms(at(0.95))}  p99 ${ms(at(0.99))}  ${rate.toFixed(0)} a second`;
    console.log(`${who.padEnd(8)} ${line}  (the load process: ${(share * 100).toFixed(0)} % of a core)`);
    return { p50: at(0.5), p99: at(0.99), rate };
  };
  const [bare, durable, docket] = [of('bare'), of('durable'), of('docket')];
  const row = (name: 'p50' | 'p99'): Row => ({
    what: `acknowledgement, ${IN_FLIGHT} at once: ${name}`,
    floor: `${ms(bare[name])} bare, ${ms(durable[name])} durable`,
    ours: ms(docket[name]),
    ratio: times(docket[name] / bare[name]),
    goal: `at most ${GOAL[name]}x bare`,
    met: docket[name] / bare[name] <= GOAL[name],
  });
  const rate: Row = {
    what: `acknowledgement, ${IN_FLIGHT} at once: rate`,
    floor: `${bare.rate.toFixed(0)}/s bare, ${durable.rate.toFixed(0)}/s durable`,
    ours: `${docket.rate.toFixed(0)}/s`,
    ratio: times(docket.rate / bare.rate),
    goal: `at least ${GOAL.rate}x bare`,
    met: docket.rate / bare.rate >= GOAL.rate,
  };
  return [row('p50'), row('p99'), rate];
}
