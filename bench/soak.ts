/**
 * Hours of work, to see whether memory grows: days pass as fast as their work is done, each with a digest for every rep, Home, a list and
 * some clicks. Prints the slope of what is resident, without the first tenth of the time. `npm run bench -- soak 60`.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClickers } from './clickers.ts';
import { commandBody, homeBody, send } from './clicks.ts';
import { welcome } from './history.ts';
import { DIGEST_TIME, nextMorning } from './mornings.ts';
import { people } from './people.ts';
import { residentBytes, temporaryFolder } from './processes.ts';
import { createSlackServer } from './slack-server.ts';
import { mb } from './table.ts';
import { createToolServer } from './tool-server.ts';
import { APP, gongEnv, startDocketProcess } from './world.ts';

const REPS = people(50);
const MINUTE = 60_000;
const CLICKS_A_DAY = 2;
/** Between two days, so that a machine that has other work to do is not held up for an hour. */
const PAUSE_MS = 1_000;

interface Sample {
  atMs: number;
  bytes: number;
}

export async function soak(minutes: number): Promise<void> {
  const slack = await createSlackServer(REPS);
  let morning = nextMorning();
  const tool = await createToolServer({ people: REPS, tasksEach: 20 });
  const file = join(temporaryFolder(), 'docket.db');
  const env = { ...gongEnv(tool.url), DATABASE_URL: `file:${file}`, DEFAULT_DIGEST_TIME: DIGEST_TIME, UNPACED: 'yes' };
  const docket = await startDocketProcess(slack, APP, env);
  await docket.ask('idle');
  welcome(`file:${file}`);
  const clickers = createClickers({ slack, tool, docket, now: Date.now }, REPS);
  const samples: Sample[] = [];
  const from = performance.now();
  let days = 0;
  for (; performance.now() - from < minutes * MINUTE; days += 1) {
    for (const early of [20 * MINUTE, 0]) {
      await docket.ask('ahead', morning - early - Date.now());
      await docket.ask('tick');
      await docket.ask('idle');
    }
    for (const { id } of REPS) await send(docket.port, homeBody(id));
    for (const { id } of REPS) await send(docket.port, commandBody(slack, id, ''));
    await docket.ask('idle');
    for (let n = 0; n < CLICKS_A_DAY; n += 1) await Promise.all(REPS.map((rep) => clickers.click(rep)));
    await docket.ask('idle');
    tool.reopen();
    samples.push({ atMs: performance.now() - from, bytes: residentBytes(docket.pid) });
    morning = nextMorning(morning);
    await sleep(PAUSE_MS);
  }
  const settled = samples.slice(Math.floor(samples.length / 10));
  const [first, last] = [settled[0], settled.at(-1)];
  console.log(
    `${days} days, ${days * REPS.length} digests and ${days * REPS.length * CLICKS_A_DAY} clicks in ${minutes} minutes`,
  );
  console.log(`resident: ${mb(first?.bytes ?? 0)} at first, ${mb(last?.bytes ?? 0)} at last`);
  console.log(`slope: ${mb(slopeOf(settled) * 60 * MINUTE)} an hour`);
  await docket.stop();
}

/** Least squares, in bytes a millisecond. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [at, bytes] = [mean(({ atMs }) => atMs), mean((one) => one.bytes)];
  const shared = samples.reduce((sum, one) => sum + (one.atMs - at) * (one.bytes - bytes), 0);
  return shared / samples.reduce((sum, one) => sum + (one.atMs - at) ** 2, 0);
}
