/**
 * How long a rep's click waits for its acknowledgement: the app (which writes the action and its job durably first)
 * beside the floor, a Bolt app that only acknowledges. Both run in this process, against the same simulated Slack.
 */
import { App, LogLevel } from '@slack/bolt';
import type { JsonObject, SlackWorkspace } from '../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../sandbox/slack/workspace.ts';
import type { DocketApp } from '../src/app.ts';
import type { Task } from '../src/core/model/task.ts';
import type { ProviderUser, TaskProvider } from '../src/core/ports/provider.ts';
import { REP, report, startDocket, until } from './docket.ts';

const CLICKS = 180;

async function floor(): Promise<number[]> {
  const slack = await createSlackWorkspace({ users: [REP], rateLimits: false });
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.action('floor', ({ ack }) => ack());
  await app.start();
  const button = { type: 'button', action_id: 'floor', text: { type: 'plain_text', text: 'Press' }, value: 'x' };
  const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }];
  await app.client.chat.postMessage({ channel: REP.id, text: 'floor', blocks });
  const ts = slack.messages(REP.id)[0]?.ts ?? '';
  const times: number[] = [];
  for (let n = 0; n < CLICKS; n += 1) times.push(await timed(() => slack.act(REP.id, { ts }, 'b', button)));
  await app.stop();
  await slack.close();
  return times;
}

async function docket(): Promise<number[]> {
  const slack = await createSlackWorkspace({ users: [REP], rateLimits: false });
  const { app, stop } = await startDocket(slack, {}, { providers: new Map([['bench', createProvider()]]) });
  const times = await clickThrough(slack, app);
  await stop();
  await slack.close();
  return times;
}

/** Pages through all tasks and chooses Done on each; what happens at the provider afterwards is not waited for. */
async function clickThrough(slack: SlackWorkspace, app: DocketApp): Promise<number[]> {
  const times: number[] = [];
  await slack.command(REP.id, '/tasks', '');
  const { ts } = await until(() => slack.messages(REP.id).findLast(({ blocks }) => dones(blocks).length > 0));
  const blocks = () => slack.messages(REP.id).find((one) => one.ts === ts)?.blocks ?? [];
  for (;;) {
    // Rows change under our hands, as they do for a rep: each click is on what the message shows by then.
    for (let [done] = dones(blocks()); done; [done] = dones(blocks())) {
      const { blockId, element } = done;
      pressed.add(rowOf(blockId));
      times.push(await timed(() => slack.act(REP.id, { ts }, blockId, element)));
    }
    await app.idle();
    const next = buttons(blocks()).find(({ element }) => element.action_id === 'list_next');
    if (!next) return times;
    await slack.act(REP.id, { ts }, next.blockId, next.element);
    await until(() => dones(blocks())[0]);
  }
}

interface Control {
  blockId: string;
  element: JsonObject;
}

/** Done of full rows, and of compact rows' menus, where it was not chosen yet. */
function dones(blocks: JsonObject[]): Control[] {
  const full = buttons(blocks).filter(({ element }) => element.action_id === 'done');
  const compact = blocks.flatMap((block) => {
    const menu = block.accessory as JsonObject | undefined;
    const option = ((menu?.options ?? []) as JsonObject[]).find(({ value }) => value === '!done');
    return menu && option ? [{ blockId: String(block.block_id), element: { ...menu, selected_option: option } }] : [];
  });
  return [...full, ...compact].filter(({ blockId }) => !pressed.has(rowOf(blockId)));
}

/** Rows that were pressed and may still look open. */
const pressed = new Set<string>();

function rowOf(blockId: string): string {
  return blockId.replace(/\.t$/, '');
}

function buttons(blocks: JsonObject[]): Control[] {
  return blocks.flatMap((block) => {
    const elements = block.type === 'actions' ? ((block.elements ?? []) as JsonObject[]) : [];
    return elements.map((element) => ({ blockId: String(block.block_id), element }));
  });
}

/** Answers at once, so that only our own way is measured. */
function createProvider(): TaskProvider {
  const reversible = { reversible: true, repeatable: true };
  const tasks = Array.from({ length: CLICKS }, (_, n) => task(n));
  return {
    id: 'bench',
    name: 'Bench',
    capabilities: { noun: 'tasks', of: () => ({ verbs: { done: reversible } }) },
    listTasks: async () => ({ tasks, unreadable: 0 }),
    readTask: async (_, taskId) => tasks.find(({ id }) => id === taskId),
    perform: async () => ({ reference: undefined }),
    undo: async () => ({ reference: undefined }),
    findUsers: async (emails) => new Map(emails.map((email) => [email, [user(email)]])),
  };
}

function user(email: string): ProviderUser {
  return { externalId: '1', emails: [email], name: undefined, state: 'active' };
}

function task(n: number): Task {
  return { provider: 'bench', id: String(n), title: `Call number ${n}`, dueAt: Date.UTC(2027, 0, 1) + n * 60_000 };
}

async function timed(act: () => Promise<{ acked: boolean }>): Promise<number> {
  const start = performance.now();
  const { acked } = await act();
  if (!acked) throw new Error('a click was not acknowledged');
  return performance.now() - start;
}

const bare = report('floor: Bolt acknowledges only', await floor());
const ours = report('Docket: recorded, then acknowledged', await docket());
console.log(`ratio of medians: ${(ours / bare).toFixed(1)}`);
process.exit(0);
