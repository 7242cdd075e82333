/** One choice for six tasks, and a tool or Slack in trouble meanwhile: each is done once, and one message says so. */
import type { Fault } from '../../../sandbox/faults.ts';
import { digestOf, submit } from '../../flow/press.ts';
import { mustBe } from '../../flow/read.ts';
import { createThree } from '../../flow/start.ts';
import { idsOf, overdueTasks, progressMessages, progressOf, type Sizes } from '../../flow/sweeping.ts';
import type { World } from '../../flow/world.ts';
import { countEffects } from '../watch.ts';
import { ALWAYS, inWords, SIMULATORS, type Story, type Tool, times, UNHURRIED } from './story.ts';

const NONE: Sizes = { gong: 0, outreach: 0, reply: 0 };
/** By then what waits is done, a circuit that waits for half a minute included. */
const SOON_S = 60;

interface Scene {
  world: World;
  ids: readonly string[];
  effects: () => number[];
}

async function arrange(tool: Tool): Promise<Scene> {
  const id = SIMULATORS[tool];
  const sizes = { ...NONE, [id]: 6 };
  const overrides = { backgroundEdits: { intervalCap: 100, interval: 100 } };
  const world = await createThree({ ...UNHURRIED, ...overdueTasks(sizes), overrides });
  const ids = idsOf(sizes)[id];
  const counted = ids.map((each) => countEffects(world, id, each));
  return { world, ids, effects: () => counted.map(({ count }) => count()) };
}

async function sweep({ world }: Scene, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  const digest = await digestOf(world);
  await digest.button('Act on many');
  await submit(world, {});
  await meanwhile();
  await until(world, '6 of 6 done', SOON_S);
}

async function until(world: World, words: string, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    if (progressMessages(world).length > 0 && progressOf(world).words().includes(words)) return;
    await world.pass(1_000);
  }
}

function measure({ world, effects }: Scene): string {
  const counts = effects();
  const [, said = 'nothing'] = /: (\d+ of \d+ done)/.exec(progressOf(world).words()) ?? [];
  return inWords(
    said,
    counts.every((count) => count === 1) ? 'each once' : counts.join(' '),
    `one message that says so came ${times(progressMessages(world).length)}`,
  );
}

const WELL = '6 of 6 done, each once, one message that says so came once';

async function awayFor(tool: Tool, how: Fault['how']): Promise<string> {
  const scene = await arrange(tool);
  const { world } = scene;
  const simulator = world[SIMULATORS[tool]];
  const digest = await digestOf(world);
  await digest.button('Act on many');
  simulator.fail({ times: ALWAYS, how });
  await submit(world, {});
  await world.pass(1_000, 2);
  simulator.clearFaults();
  await until(world, '6 of 6 done', SOON_S);
  return measure(scene);
}

async function eachLost(tool: Tool): Promise<string> {
  const scene = await arrange(tool);
  const { world, ids } = scene;
  const change = { Gong: 'PATCH /v2/tasks', Outreach: 'POST /api/v2/tasks', 'Reply.io': 'PUT /v3/tasks' }[tool];
  for (const id of ids) world[SIMULATORS[tool]].fail({ on: `${change}/${id}`, how: { kind: 'lose' } });
  await sweep(scene);
  return measure(scene);
}

async function oneRefused(tool: Tool): Promise<string> {
  const scene = await arrange(tool);
  const { world, ids } = scene;
  const simulator = world[SIMULATORS[tool]];
  const change = { Gong: 'PATCH /v2/tasks', Outreach: 'POST /api/v2/tasks', 'Reply.io': 'PUT /v3/tasks' }[tool];
  simulator.fail({ on: `${change}/${mustBe(ids[2])}`, times: ALWAYS, how: { kind: 'answer', status: 403 } });
  const digest = await digestOf(world);
  await digest.button('Act on many');
  await submit(world, {});
  await until(world, 'Retry it', SOON_S);
  const [refusal, success] = ['Not snoozed', 'Snoozed until'].map((words) => progressOf(world).words().indexOf(words));
  const named = refusal !== undefined && success !== undefined && refusal >= 0 && refusal < success;
  simulator.clearFaults();
  await progressOf(world).button('Retry it');
  await until(world, '6 of 6 done', SOON_S);
  return inWords(named && 'the refusal named first', `after Retry ${measure(scene)}`);
}

type Failure = Parameters<World['slack']['failNext']>[1];

async function slackFails(method: string, failure: Failure): Promise<string> {
  const scene = await arrange('Outreach');
  const { world } = scene;
  const digest = await digestOf(world);
  await digest.button('Act on many');
  for (let time = 0; time < 3; time += 1) world.slack.failNext(method, failure);
  await submit(world, {});
  await until(world, '6 of 6 done', SOON_S);
  return measure(scene);
}

const TOOLS = ['Gong', 'Outreach', 'Reply.io'] as const;

export const SWEEP: readonly Story[] = [
  ...TOOLS.map((column) => ({
    row: 'six tasks at once, and the tool answers 503 for two seconds',
    column,
    comes: WELL,
    play: () => awayFor(column, { kind: 'answer', status: 503 }),
  })),
  ...TOOLS.map((column) => ({
    row: 'six tasks at once, and the first answer about each is lost',
    column,
    comes: WELL,
    play: () => eachLost(column),
  })),
  ...TOOLS.map((column) => ({
    row: 'six tasks at once, and the tool refuses one',
    column,
    comes: `the refusal named first, after Retry ${WELL}`,
    play: () => oneRefused(column),
  })),
  {
    row: '503, three times, to the message with the progress of six tasks',
    column: 'Slack',
    comes: WELL,
    play: () => slackFails('chat.postMessage', { status: 503 }),
  },
  {
    row: '429, Retry-After: 1, three times, to edits of that message',
    column: 'Slack',
    comes: WELL,
    play: () => slackFails('chat.update', { retryAfter: 1 }),
  },
];
