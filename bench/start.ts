/**
 * How long a start takes on a database of many reps and months, from the start of the process to the first 200 of /readyz, and what it
 * keeps in memory when idle: beside a Bolt app that only acknowledges.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createHistory } from './history.ts';
import { people } from './people.ts';
import { residentBytes } from './processes.ts';
import { createSlackServer } from './slack-server.ts';
import { mb, median, type Row, times } from './table.ts';
import { createToolServer } from './tool-server.ts';
import { farDigestTime, gongEnv, PRODUCTION, type Served, startBolt, startDocketProcess } from './world.ts';

const REPS = 10_000;
const DAYS = 90;
const FEW_REPS = 20;
const ROUNDS = 3;
const IDLE_MS = 5_000;
const GOAL = { readyMs: 1_000, idleBytes: 130 * 1_048_576, manyReps: 1.3 };

const SCRIPTS = [PRODUCTION, 'src/main.ts'];

interface Start {
  readyMs: number;
  idleBytes: number;
}

export async function start(): Promise<Row[]> {
  const from = performance.now();
  const { databaseUrl, digests } = await createHistory(REPS, DAYS);
  const seconds = ((performance.now() - from) / 1_000).toFixed(0);
  console.log(`a database of ${REPS} reps and ${digests} digests was written in ${seconds} s`);
  const reps = people(REPS);
  const slack = await createSlackServer(reps);
  const tool = await createToolServer({ people: reps, tasksEach: 5 });
  const env = { ...gongEnv(tool.url), DATABASE_URL: databaseUrl, DEFAULT_DIGEST_TIME: farDigestTime() };
  const small = await measureSmall();
  const bolt: Start[] = [];
  const docket = new Map(SCRIPTS.map((script) => [script, [] as Start[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    bolt.push(await measure(() => startBolt(slack, false)));
    for (const [script, starts] of docket) {
      starts.push(await measure(() => startDocketProcess(slack, script, env)));
    }
  }
  await slack.close();
  await tool.close();
  return [...docket].flatMap(([script, starts]) =>
    rowsOf(script, { bolt: medians(bolt), small, docket: medians(starts) }),
  );
}

/** A company of few reps, whose database is new. */
async function measureSmall(): Promise<Start> {
  const reps = people(FEW_REPS);
  const slack = await createSlackServer(reps);
  const tool = await createToolServer({ people: reps, tasksEach: 5 });
  const env = { ...gongEnv(tool.url), DEFAULT_DIGEST_TIME: farDigestTime() };
  const starts: Start[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    starts.push(await measure(() => startDocketProcess(slack, PRODUCTION, env)));
  }
  await slack.close();
  await tool.close();
  return medians(starts);
}

async function measure(begin: () => Promise<Served>): Promise<Start> {
  const served = await begin();
  await sleep(IDLE_MS);
  const idleBytes = residentBytes(served.pid);
  await served.stop();
  return { readyMs: served.readyMs, idleBytes };
}

function medians(starts: readonly Start[]): Start {
  return {
    readyMs: median(starts.map(({ readyMs }) => readyMs)),
    idleBytes: median(starts.map(({ idleBytes }) => idleBytes)),
  };
}

function rowsOf(script: string, { bolt, small, docket }: Record<'bolt' | 'small' | 'docket', Start>): Row[] {
  const isGoal = script === PRODUCTION;
  const ready: Row = {
    what: `start on 10,000 reps and 90 days (${script})`,
    floor: `${bolt.readyMs.toFixed(0)} ms, bare Bolt`,
    ours: `${docket.readyMs.toFixed(0)} ms`,
    ratio: times(docket.readyMs / bolt.readyMs),
    goal: isGoal ? 'ready within 1 s' : '',
    met: isGoal ? docket.readyMs <= GOAL.readyMs : undefined,
  };
  if (!isGoal) return [ready, idleRow(`10,000 reps (${script})`, docket, bolt)];
  return [
    ready,
    {
      ...idleRow(`${FEW_REPS} reps (${script})`, small, bolt),
      goal: 'at most 130 MB',
      met: small.idleBytes <= GOAL.idleBytes,
    },
    {
      ...idleRow(`10,000 reps (${script})`, docket, bolt),
      goal: `at most ${GOAL.manyReps}x that of ${FEW_REPS} reps`,
      met: docket.idleBytes <= small.idleBytes * GOAL.manyReps,
    },
  ];
}

function idleRow(of: string, { idleBytes }: Start, bolt: Start): Row {
  return {
    what: `memory when idle, ${of}`,
    floor: `${mb(bolt.idleBytes)}, bare Bolt`,
    ours: mb(idleBytes),
    ratio: times(idleBytes / bolt.idleBytes),
    goal: '',
    met: undefined,
  };
}
