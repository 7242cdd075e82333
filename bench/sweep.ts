/**
 * How many clicks it takes to clear twenty overdue tasks by the sweep that a list offers, and how long the tools' limits
 * make it take: from the last click to the last result, against a Gong that refuses a fourth call a second.
 */
import { createGong } from '../sandbox/gong/simulator.ts';
import type { JsonObject, SlackWorkspace } from '../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../sandbox/slack/workspace.ts';
import { REP, startDocket } from './docket.ts';
import { until } from './processes.ts';

const TASKS = 20;
const DAY = 86_400_000;
/** gong.md 1: three calls a second. */
const CALLS_A_SECOND = 3;
const GONG_USER = { id: '1', emailAddress: REP.email, active: true, firstName: 'Bench', lastName: 'Rep' };

export async function sweep(): Promise<void> {
  const slack = await createSlackWorkspace({ users: [REP] });
  const at = new Date(Date.now() - 10 * DAY).toISOString();
  const gong = await createGong({
    users: [GONG_USER],
    tasks: Array.from({ length: TASKS }, (_, n) => ({
      ...{ id: String(n + 1), userId: GONG_USER.id, status: 'OPEN' as const, type: 'MANUAL' as const },
      ...{ created: at, updated: at, dueDate: at, title: `Call number ${n}` },
    })),
  });
  const settings = {
    GONG_API_URL: gong.url,
    GONG_ACCESS_KEY: gong.accessKey,
    GONG_ACCESS_KEY_SECRET: gong.accessKeySecret,
  };
  const { stop } = await startDocket(slack, { providers: new Map([['gong', settings]]), undoWindowMs: 10_000 });
  await slack.command(REP.id, '/tasks', '');
  const offer = await until(() => find(slack, 'sweep_offer'));
  // Calls from before would count against the first second of the sweep.
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  let clicks = 1;
  await slack.act(REP.id, { ts: offer.ts }, offer.block, offer.element);
  await until(() => slack.modal(REP.id));
  const before = gong.requests.length;
  const start = performance.now();
  for (; slack.modal(REP.id); clicks += 1) await slack.submit(REP.id, {});
  await until(() => (gong.requests.filter(({ method }) => method === 'PATCH').length === TASKS ? true : undefined));
  await until(() => slack.messages(REP.id).find(({ text }) => text.includes(`${TASKS} of ${TASKS} done`)));
  const seconds = (performance.now() - start) / 1_000;
  const calls = gong.requests.length - before;
  const forced = (calls - CALLS_A_SECOND) / CALLS_A_SECOND;
  console.log(`clicks to clear ${TASKS} overdue tasks:     ${clicks}, by what the list offers`);
  console.log(
    `the last click to the last result:  ${seconds.toFixed(1)} s; Gong's limit forces ${forced.toFixed(1)} s for ${calls} calls ` +
      `(ratio ${(seconds / forced).toFixed(2)})`,
  );
  await stop();
  await slack.close();
  await gong.close();
}

function find(slack: SlackWorkspace, action: string) {
  for (const { ts, blocks } of slack.messages(REP.id)) {
    for (const block of blocks) {
      const element = ((block.elements ?? []) as JsonObject[]).find((each) => each.action_id === action);
      if (element) return { ts, block: String(block.block_id), element };
    }
  }
  return undefined;
}
