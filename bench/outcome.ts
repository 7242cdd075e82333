/**
 * How long after a click its outcome is on the screen, beside the time in which the tool answered what the click asked. One
 * click at a time, slow enough that the tool's limit makes none wait.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClickers, type Outcome } from './clickers.ts';
import { people } from './people.ts';
import { createSlackServer } from './slack-server.ts';
import { ms, percentile, type Row, times } from './table.ts';
import { createToolServer } from './tool-server.ts';
import { farDigestTime, gongEnv, PRODUCTION, startDocketProcess } from './world.ts';

const REPS = people(6);
const CLICKS = 30;
/** Of the tool, for any call. */
export const ANSWER_MS = 200;
/** Longer than the tool's limit spreads the calls of one click over. */
const PAUSE_MS = 1_300;
export const LIMIT = { calls: 3, windowMs: 1_000 };
const MORE_MS = 150;

export async function outcome(): Promise<Row[]> {
  const slack = await createSlackServer(REPS);
  const tool = await createToolServer({ people: REPS, tasksEach: 20, answerMs: ANSWER_MS, limit: LIMIT });
  const env = { ...gongEnv(tool.url), DEFAULT_DIGEST_TIME: farDigestTime() };
  const docket = await startDocketProcess(slack, PRODUCTION, env);
  const clickers = createClickers({ slack, tool, docket, now: Date.now }, REPS);
  // They are linked first, and a list takes a turn each.
  await sleep(5_000);
  await clickers.open();
  const outcomes: Outcome[] = [];
  for (let n = 0; n < CLICKS; n += 1) {
    await sleep(PAUSE_MS);
    const rep = REPS[n % REPS.length];
    if (rep) outcomes.push(await clickers.click(rep));
  }
  await docket.stop();
  await slack.close();
  await tool.close();
  return [outcomeRow('alone', outcomes)];
}

/** By how much each took longer than the tool did for it. */
export function outcomeRow(when: string, outcomes: readonly Outcome[]): Row {
  const shown = outcomes.map(({ shownMs }) => shownMs);
  const tool = outcomes.map(({ toolMs }) => toolMs);
  const more = outcomes.map(({ shownMs, toolMs }) => shownMs - toolMs);
  const calls = outcomes.reduce((sum, { toolCalls }) => sum + toolCalls, 0) / outcomes.length;
  const at = (all: readonly number[]) => `p50 ${ms(percentile(all, 0.5))}, p95 ${ms(percentile(all, 0.95))}`;
  console.log(`${outcomes.length} clicks, ${when}: shown after ${at(shown)}`);
  console.log(`the tool answered in ${at(tool)}, ${calls.toFixed(2)} calls a click; more than that: ${at(more)}`);
  const p95 = (all: readonly number[]) => percentile(all, 0.95);
  return {
    what: `a click's outcome, ${when}: p95`,
    floor: `${ms(p95(tool))}, the tool's time`,
    ours: `${ms(p95(shown))} (${ms(p95(more))} more)`,
    ratio: times(p95(shown) / p95(tool)),
    goal: `at most ${MORE_MS} ms more`,
    met: p95(more) <= MORE_MS,
  };
}
