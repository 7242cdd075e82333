/** A bad moment of a tool's or of Slack's is over when it is over: nothing is lost, doubled, or held for long afterwards. */
import { expect, vi } from 'vitest';
import type { Fault } from '../../../sandbox/faults.ts';
import { gongTask, MAYA, outreachTask, replyTask } from '../../flow/cast.ts';
import { answered, digestOf, press, pressOnly, type } from '../../flow/press.ts';
import { fresh, homeOf, posted, rowsOf } from '../../flow/read.ts';
import { createThree, type ThreeOptions } from '../../flow/start.ts';
import { createWorld, type World as Three, type World } from '../../flow/world.ts';
import { ALWAYS, inWords, SIMULATORS, type Story, type Tool, times, UNHURRIED } from './story.ts';

const FIVE = ['101', '102', '103', '104', '105'] as const;
/** Pressed when the tool is back. */
const NEW = '106';
const ALL = [...FIVE, NEW];
const AWAY_MS = 2_000;
/** By then what waits is done. A circuit that waits for half a minute is found out. */
const SOON_MS = 12_000;

/** One list of Gong's is read for all five clicks, so it takes more calls until Gong counts as away. */
const LISTS_ASKED = { Gong: 4, Outreach: 0, 'Reply.io': 0 } as const satisfies Record<Tool, number>;

const named = (id: string) => `Whitfield ${id}`;
const LONG = '9007199254740993';

/** Six tasks of one tool alone; how often each was completed there. */
const SIX: Record<Tool, { options: ThreeOptions; done(world: Three, id: string): number }> = {
  Gong: {
    options: { tasks: ALL.map((id) => gongTask({ id: LONG + id })) },
    done: ({ gong }, id) =>
      gong.requests.filter(({ method, path, status }) => method === 'PATCH' && path.endsWith(id) && status === 200)
        .length,
  },
  Outreach: {
    options: {
      outreachOptions: {
        prospects: ALL.map((id) => ({ id, firstName: 'Dana', lastName: named(id), emails: [`${id}@harbour.example`] })),
        tasks: ALL.map((id) => outreachTask({ id: LONG + id, prospectId: id })),
      },
    },
    done: ({ outreach }, id) =>
      outreach.requests.filter(
        ({ path, status }) => path.includes(`${LONG}${id}/actions/markComplete`) && status > 0 && status < 300,
      ).length,
  },
  'Reply.io': {
    options: {
      replyOptions: { tasks: ALL.map((id) => replyTask({ id, contact: { id, fullName: `Dana ${named(id)}` } })) },
    },
    done: ({ reply }, id) => reply.effects.completions.filter(({ taskId }) => taskId === id).length,
  },
};

/** `early`: the new press comes right when the tool is back, and what waits follows. Else it comes when nothing waits. */
async function five(tool: Tool, how: Fault['how'], early: boolean): Promise<string> {
  const { options, done } = SIX[tool];
  const world = await createThree({
    ...UNHURRIED,
    tasks: [],
    outreachOptions: { tasks: [] },
    replyOptions: { tasks: [] },
    env: { UNDO_WINDOW_SECONDS: '0' },
    ...options,
  });
  const digest = await digestOf(world);
  const simulator = world[SIMULATORS[tool]];
  const pressNew = async () => {
    await press(world, fresh(world, digest), named(NEW), 'Done');
    return `a new press done ${times(done(world, NEW))}`;
  };
  simulator.fail({ times: ALWAYS, how });
  for (const id of FIVE) await pressOnly(world, fresh(world, digest), named(id), 'Done');
  await world.idle();
  for (let asked = 0; asked < LISTS_ASKED[tool]; asked += 1) await type(world, '');
  await world.pass(AWAY_MS / 2);
  await world.pass(AWAY_MS / 2);
  const never = FIVE.every((id) => done(world, id) === 0);
  simulator.clearFaults();

  const first = early && (await pressNew());
  for (let passed = 0; passed < SOON_MS; passed += 1_000) await world.pass(1_000);
  const counts = FIVE.map((id) => done(world, id));
  return inWords(
    !never && 'some were done while it was away',
    first,
    `${counts.filter((count) => count > 0).length} of 5 done`,
    counts.every((count) => count <= 1) ? 'each once' : 'some twice',
    !early && (await pressNew()),
  );
}

type Failure = Parameters<World['slack']['failNext']>[1];

const calls = ({ slack }: World, method: string) => slack.calls.filter((call) => call.method === method).length;

async function digestAsked(failure: Failure): Promise<string> {
  const world = await createWorld(UNHURRIED);
  world.slack.failNext('chat.postMessage', failure);
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'digest'));
  return `the digest came ${times(posted(world).length)}, at try ${calls(world, 'chat.postMessage')}`;
}

async function listAsked(failure: Failure): Promise<string> {
  const world = await createWorld(UNHURRIED);
  world.slack.failNext('response_url', failure);
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', ''));
  const lists = world.slack.messages(MAYA.id).filter(({ blocks }) => rowsOf(blocks).length === 2);
  return `the list came ${times(lists.length)}, at try ${calls(world, 'response_url')}`;
}

async function homeOpened(failure: Failure): Promise<string> {
  const world = await createWorld(UNHURRIED);
  world.slack.failNext('views.publish', failure);
  expect((await world.slack.openHome(MAYA.id)).acked).toBe(true);
  await vi.waitFor(() => expect(rowsOf(homeOf(world).blocks).length).toBeGreaterThan(0), { timeout: 15_000 });
  await world.idle();
  return `Home shows ${rowsOf(homeOf(world).blocks).length} tasks`;
}

const TOOLS = ['Gong', 'Outreach', 'Reply.io'] as const;
const BUSY: readonly [string, Failure][] = [
  ['429, Retry-After: 1', { retryAfter: 1 }],
  ['503', { status: 503 }],
];

export const BLIP: readonly Story[] = [
  ...TOOLS.map((column) => ({
    row: 'five clicks, and the tool answers 503 for two seconds',
    column,
    comes: '5 of 5 done, each once, a new press done once',
    play: () => five(column, { kind: 'answer', status: 503 }, false),
  })),
  ...TOOLS.map((column) => ({
    row: 'five clicks, the tool drops connections for two seconds, and a new press comes at its return',
    column,
    comes: 'a new press done once, 5 of 5 done, each once',
    play: () => five(column, { kind: 'reset' }, true),
  })),
  ...BUSY.flatMap(([what, failure]): Story[] => [
    {
      row: `${what}, once, to a digest that was asked for`,
      column: 'Slack',
      comes: 'the digest came once, at try 2',
      play: () => digestAsked(failure),
    },
    {
      row: `${what}, once, to a list that was asked for`,
      column: 'Slack',
      comes: 'the list came once, at try 2',
      play: () => listAsked(failure),
    },
    {
      row: `${what}, once, to Home`,
      column: 'Slack',
      comes: 'Home shows 2 tasks',
      play: () => homeOpened(failure),
    },
  ]),
];
