/**
 * How fast a rep can be in Work through: from Enter to the next task, which is on the screen with the acknowledgement,
 * beside the floor, a Bolt app that only answers with another window. And how many calls of Slack a step costs.
 */
import { App, LogLevel } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { JsonObject, SlackWorkspace } from '../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../sandbox/slack/workspace.ts';
import type { Task } from '../src/core/model/task.ts';
import { REP, startDocket } from './docket.ts';
import { until } from './processes.ts';
import { sweep } from './sweep.ts';
import { report } from './table.ts';
import { createTool } from './tool.ts';

const TASKS = 200;
const MINUTE = 60_000;

async function floor(): Promise<number[]> {
  const slack = await createSlackWorkspace({ users: [REP], rateLimits: false });
  const { botToken: token, appToken, apiUrl: slackApiUrl } = slack;
  const app = new App({ token, appToken, socketMode: true, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } });
  const text = (words: string) => ({ type: 'plain_text', text: words }) as const;
  const view = {
    type: 'modal',
    callback_id: 'floor',
    title: text('Floor'),
    submit: text('Next'),
    blocks: [{ type: 'section', text: text('x') }],
  } satisfies ModalView;
  app.view('floor', ({ ack }) => ack({ response_action: 'update', view }));
  app.action('open', async ({ ack, body, client }) => {
    await ack();
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view });
  });
  await app.start();
  const button = { type: 'button', action_id: 'open', text: text('Open'), value: 'x' } as const;
  const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }] as const;
  await app.client.chat.postMessage({ channel: REP.id, text: 'floor', blocks: [...blocks] });
  await slack.act(REP.id, { ts: slack.messages(REP.id)[0]?.ts ?? '' }, 'b', button);
  await until(() => slack.modal(REP.id));
  const times: number[] = [];
  for (let n = 0; n < TASKS; n += 1) times.push(await timedSubmit(slack));
  await app.stop();
  await slack.close();
  return times;
}

interface Triage {
  times: number[];
  /** Slack's methods, and how often each was called from the first step to the last. */
  calls: Map<string, number>;
}

async function docket(): Promise<Triage> {
  // Answers at once, so that only our own way is measured.
  const tool = createTool({ id: 'bench', tasks: Array.from({ length: TASKS }, (_, n) => task(n)) });
  const slack = await createSlackWorkspace({ users: [REP], rateLimits: false });
  const { stop } = await startDocket(slack, {}, { providers: new Map([['bench', tool]]) });
  await openWindow(slack);
  const before = slack.calls.length;
  const times: number[] = [];
  while (slack.modal(REP.id)?.callback_id === 'focus_step') times.push(await timedSubmit(slack));
  const calls = new Map<string, number>();
  for (const { method } of slack.calls.slice(before)) calls.set(method, (calls.get(method) ?? 0) + 1);
  await stop();
  await slack.close();
  return { times, calls };
}

async function openWindow(slack: SlackWorkspace): Promise<void> {
  await slack.command(REP.id, '/tasks', '');
  const { message, block, element } = await until(() => {
    for (const message of slack.messages(REP.id)) {
      for (const block of message.blocks) {
        const element = ((block.elements ?? []) as JsonObject[]).find((each) => each.action_id === 'focus_open');
        if (element) return { message, block, element };
      }
    }
    return undefined;
  });
  await slack.act(REP.id, { ts: message.ts }, String(block.block_id), element);
  await until(() => slack.modal(REP.id));
}

/** Enter, with what is chosen already. */
async function timedSubmit(slack: SlackWorkspace): Promise<number> {
  const start = performance.now();
  const { acked } = await slack.submit(REP.id, {});
  if (!acked) throw new Error('a step was not acknowledged');
  return performance.now() - start;
}

/** With a note, as tasks of a sequence have one. */
function task(n: number): Task {
  const contact = { name: `Dana Okonjo ${n}`, title: 'VP Operations', phones: [{ number: '+1 202 555 0188' }] };
  const dueAt = Date.now() + 3_600_000 + n * 60_000;
  return {
    provider: 'bench',
    id: String(n),
    title: `Call number ${n}`,
    dueAt,
    contact,
    note: 'Ask about seats. '.repeat(30),
  };
}

const bare = report('floor: Bolt answers with a window', await floor());
const { times, calls } = await docket();
const ours = report('Docket: recorded, then the next task', times);
console.log(`ratio of medians: ${(ours / bare).toFixed(1)}`);
const perTask = times.reduce((sum, time) => sum + time, 0) / times.length;
console.log(`tasks a minute, without reading:    ${Math.floor(MINUTE / perTask).toLocaleString('en-US')}`);
for (const seconds of [2, 5]) {
  console.log(`tasks a minute, ${seconds} s to read each:  ${(MINUTE / (perTask + seconds * 1_000)).toFixed(1)}`);
}
const EDITS = new Set(['chat.update', 'response_url']);
const edits = [...calls].reduce((sum, [method, number]) => sum + (EDITS.has(method) ? number : 0), 0);
const others = [...calls].reduce((sum, [, number]) => sum + number, 0) - edits;
console.log(
  `Slack API calls a step:             ${(others / times.length).toFixed(2)} (${others} of ${times.length} steps)`,
);
console.log(`edits of the message behind it:     ${(edits / times.length).toFixed(2)} a step (${edits})`);
await sweep();
process.exit(0);
