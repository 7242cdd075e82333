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
const ROUNDS = 3;
const IDLE_MS = 5_000;
const GOAL = { readyMs: 1_000, idleBytes: 130 * 1_048_576 };

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
  return [...docket].flatMap(([script, starts]) => rowsOf(script, medians(bolt), medians(starts)));
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

function rowsOf(script: string, bolt: Start, docket: Start): Row[] {
  const isGoal = script === PRODUCTION;
  return [
    {
      what: `start on 10,000 reps and 90 days (${script})`,
      floor: `${bolt.readyMs.toFixed(0)} ms, bare Bolt`,
      ours: `${docket.readyMs.toFixed(0)} ms`,
      ratio: times(docket.readyMs / bolt.readyMs),
      goal: isGoal ? 'ready within 1 s' : '',
      met: isGoal ? docket.readyMs <= GOAL.readyMs : undefined,
    },
    {
      what: `memory when idle (${script})`,
      floor: `${mb(bolt.idleBytes)}, bare Bolt`,
      ours: mb(docket.idleBytes),
      ratio: times(docket.idleBytes / bolt.idleBytes),
      goal: isGoal ? 'at most 130 MB' : '',
      met: isGoal ? docket.idleBytes <= GOAL.idleBytes : undefined,
    },
  ];
}
