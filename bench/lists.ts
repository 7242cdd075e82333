/**
 * How long a rep waits for the first page of a list, beside the slowest tool's answer in the same run; and what ten
 * questions in a minute cost the tools, beside what they would cost if each asked anew.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, SlackWorkspace } from '../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../sandbox/slack/workspace.ts';
import type { Task, TaskKind } from '../src/core/model/task.ts';
import { REP, startDocket } from './docket.ts';
import { until } from './processes.ts';
import { report } from './table.ts';
import { createTool } from './tool.ts';

const ANSWERS_MS = { first: 300, second: 400, third: 500 } as const;
const TASKS = 100;
const REPS = Array.from({ length: 10 }, (_, n) => ({
  ...REP,
  id: `U0BENCH${n}`,
  email: `bench${n}@northlight.example`,
}));
const QUESTIONS = ['', 'overdue', 'today', 'week', 'okonjo', 'number 7', '', 'today', 'larkspur', 'snoozed'];
const KINDS: readonly TaskKind[] = ['call', 'email', 'todo'];

/** How often each tool was asked for a list. */
let lists = 0;
/** How long the slowest tool took to answer, for each rep. */
const slowest: number[] = [];

function task(provider: string, n: number): Task {
  const contact = { name: `Dana Okonjo ${n}`, title: 'VP Operations', company: 'Larkspur Foods' };
  const kind = KINDS[n % KINDS.length] ?? 'call';
  return { provider, id: String(n), title: `Number ${n}`, kind, contact, dueAt: Date.now() + (n - 40) * 3_600_000 };
}

/** Until the answer is on the screen, in milliseconds. */
async function asked(slack: SlackWorkspace, userId: string, text: string): Promise<number> {
  const before = slack.messages(userId).length;
  const start = performance.now();
  await slack.command(userId, '/tasks', text);
  await until(() => (slack.messages(userId).length > before ? true : undefined));
  return performance.now() - start;
}

/** Presses Refresh in the newest list, and waits until the tools have been asked. */
async function refreshed(slack: SlackWorkspace, userId: string): Promise<void> {
  const before = lists;
  const message = slack.messages(userId).findLast(({ blocks }) => refreshIn(blocks));
  const found = message && refreshIn(message.blocks);
  if (!message || !found) throw new Error('no list has Refresh');
  await slack.act(userId, { ts: message.ts }, String(found.block.block_id), found.element);
  await until(() => (lists >= before + Object.keys(ANSWERS_MS).length ? true : undefined));
  await sleep(2 * Math.max(...Object.values(ANSWERS_MS)));
}

function refreshIn(blocks: readonly JsonObject[]) {
  for (const block of blocks) {
    const element = ((block.elements ?? []) as JsonObject[]).find(({ action_id: id }) => id === 'list_refresh');
    if (element) return { block, element };
  }
  return undefined;
}

const slack = await createSlackWorkspace({ users: REPS, rateLimits: false });
const tools = Object.entries(ANSWERS_MS).map(([id, answerMs]) =>
  createTool({
    id,
    tasks: Array.from({ length: TASKS }, (_, n) => task(id, n)),
    answerMs,
    isSparse: id === 'third',
    onList(took) {
      lists += 1;
      if (answerMs === Math.max(...Object.values(ANSWERS_MS))) slowest.push(took);
    },
  }),
);
const { stop } = await startDocket(slack, {}, { providers: new Map(tools.map((tool) => [tool.id, tool])) });
const first: number[] = [];
for (const { id } of REPS) first.push(await asked(slack, id, ''));
const floor = report('slowest tool: its answer', slowest);
const ours = report('Docket: the first page', first);
console.log(`ratio of medians: ${(ours / floor).toFixed(2)}`);

const who = REPS[0]?.id ?? '';
await sleep(46_000);
lists = 0;
const again: number[] = [];
for (const question of QUESTIONS) again.push(await asked(slack, who, question));
report('ten questions, one after another', again);
const kept = lists;
lists = 0;
// Of the ten answers only the first was no kept one.
const anew = QUESTIONS.slice(1);
for (const _ of anew) await refreshed(slack, who);
console.log(
  `calls of tools for ten questions:  ${kept}; with each asked anew ${lists}; ratio ${(kept / lists).toFixed(2)}`,
);
await stop();
await slack.close();
process.exit(0);
