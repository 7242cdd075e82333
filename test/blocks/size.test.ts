/** Invariant 6: any tasks with any text stay within Slack's limits, and nothing is cut without saying how much. */

import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { accountBlocks } from '../../blocks/accounts.ts';
import { type Rendered, section } from '../../blocks/elements.ts';
import { homeView, strangerHome } from '../../blocks/home.ts';
import { ACTION, decodePage } from '../../blocks/ids.ts';
import { bytesOf, LIMITS, weightOf } from '../../blocks/limits.ts';
import { rowsThatFit } from '../../blocks/rows-that-fit.ts';
import { statusBlocks } from '../../blocks/status.ts';
import { renderList } from '../../blocks/task-list.ts';
import { checkMessageBlocks, checkView } from '../../sandbox/slack/validate.ts';
import { rank } from '../../src/core/digests/rank.ts';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import type { LoadedMessage, MessageKind, SeenChange } from '../../src/core/model/message.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { RepTime } from '../../src/core/model/time.ts';
import { createGong } from '../../src/providers/gong/gong.ts';
import { CAPABILITIES } from '../../src/providers/outreach/capabilities.ts';
import { createReply } from '../../src/providers/reply/reply.ts';
import {
  accountState,
  action,
  READER as COUNTED_FOR,
  DAY,
  HOUR,
  type ListOptions,
  linkTo,
  listed,
  loaded,
  NOW,
  REP,
  rowOf,
  seenAs,
  suggestionOf,
  task,
  unreached,
} from './fixtures.ts';
import { FACTS, PROVIDERS, USUAL } from './providers.ts';
import {
  ROW_STATES,
  wildFilter,
  wildNewLinks,
  wildReports,
  wildSeen,
  wildTask,
  wildTasks,
  wildUnconnected,
} from './wild.ts';

/** Every kind of row in every state is a lot to render, for a machine that has much else to do. */
vi.setConfig({ testTimeout: 120_000 });

/** Rows are counted for a reader whose locale nobody knows yet, and shown to one whose clocks and dates are the longest. */
const READER: RepTime = { ...COUNTED_FOR, locale: 'en-US' };

const ALL_STATES = [...ROW_STATES.keys()];
const stateOf = (name: string) => ROW_STATES.findIndex(([each]) => each === name);
const OPEN = stateOf('open');
/** Rows are largest in one of these: open, open and edited, or with few controls and the wordiest reason. */
const LARGEST_STATES = [
  OPEN,
  ...['settled: rule', 'failed: not_enabled', 'not undone: not_enabled', 'not undone: auth'].map(stateOf),
];
/** All rows in one state, each after the other. A view has no weight, so its rows may be in many states at once. */
const EACH_STATE = {
  digest: ALL_STATES.map((state) => [state]),
  list: ALL_STATES.map((state) => [state]),
  home: [0, 30, 60].map((first) => ALL_STATES.slice(first, first + 30)),
} satisfies Record<MessageKind, number[][]>;
const KINDS: readonly MessageKind[] = ['digest', 'list', 'home'];

/** As core makes a message: as many rows as fit at the time; the rest is counted. */
function makeMessage(
  tasks: readonly Task[],
  kind: MessageKind,
  options: Pick<ListOptions, 'offset' | 'reports' | 'filter' | 'newLinks' | 'unconnected'>,
): LoadedMessage {
  const offset = Math.min(options.offset ?? 0, Math.max(0, tasks.length - 1));
  const rest = tasks.slice(offset);
  const reports = options.reports ?? [listed('gong', tasks.length)];
  const { newLinks, unconnected } = options;
  const rows = rowsThatFit({ kind, tasks: rest, reports, newLinks, unconnected }, PROVIDERS, COUNTED_FOR);
  const items = rest.slice(0, rows).map((each, index) => {
    return { ...rowOf(each, undefined, 999 - index), seq: 998 };
  });
  return loaded(items, { ...options, kind, offset, all: tasks, reports });
}

function withStates(message: LoadedMessage, states: readonly number[]): LoadedMessage {
  const items = message.items.map((each, index) => {
    const more = ROW_STATES[states[index % states.length] ?? OPEN]?.[1];
    return { ...each, action: more && action(each.task, more) };
  });
  return { ...message, items };
}

function withSeen(message: LoadedMessage, see: readonly ((task: Task) => SeenChange | undefined)[]): LoadedMessage {
  const items = message.items.map((each, index) => seenAs(each, see[index % see.length]?.(each.task)));
  return { ...message, items };
}

function expectWithinLimits(message: LoadedMessage, reader: RepTime = READER): Rendered {
  const rendered = renderList(message, PROVIDERS, reader);
  if (message.kind === 'home') {
    const blocks = [...rendered.blocks, ...BELOW_THE_LIST];
    expect(blocks.length).toBeLessThanOrEqual(LIMITS.viewBlocks);
    expect(checkView({ type: 'home', blocks }, 'home')).toBeUndefined();
  } else {
    expect(rendered.blocks.length).toBeLessThanOrEqual(LIMITS.messageBlocks);
    expect(weightOf(rendered.blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
    expect(checkMessageBlocks(rendered.blocks)).toBeUndefined();
  }
  // Rows are counted so that all of them are shown, whatever becomes of them.
  expect(saidToBeMore(rendered)).toBe(message.summary.remaining);
  expect(rendered.text.trim()).not.toBe('');
  expect(bytesOf(rendered.text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
  expect(rendered.text.isWellFormed()).toBe(true);
  return rendered;
}

function saidToBeMore({ blocks }: Rendered): number {
  const words = JSON.stringify(blocks.filter((block) => block.type === 'context'));
  const said = /\*([\d,]+) more tasks?\*, not shown here/.exec(words)?.[1];
  return said === undefined ? 0 : Number(said.replaceAll(',', ''));
}

const LONG = '"'.repeat(300);

/** Every account in a state with many words, and a suggestion for each. */
const CROWDED = accountState({
  rep: { ...REP, email: `${LONG}@x.example` },
  links: [
    linkTo('gong', { email: LONG, origin: 'suggestion' }),
    linkTo('outreach', { email: LONG, origin: 'consent' }),
  ],
  suggestions: USUAL.map((id) => suggestionOf(id, { name: LONG, email: LONG, suggestedBy: LONG })),
});

/** Home ends with the same blocks, whatever its list (`rows.test.ts` holds that). */
const BELOW_THE_LIST = homeView(loaded([], { kind: 'home' }), PROVIDERS, CROWDED, READER).blocks.slice(
  renderList(loaded([], { kind: 'home' }), PROVIDERS, READER).blocks.length,
);

/** The message counts the tasks that it does not show; `total` is of all that match. */
function expectCounted(message: LoadedMessage, rendered: Rendered, total: number): void {
  const words = JSON.stringify(rendered.blocks.filter((block) => block.type === 'context'));
  const { offset } = message.summary;
  expect(saidToBeMore(rendered)).toBe(total - offset - message.items.length);
  if (offset > 0) expect(words).toContain(`Tasks ${offset + 1} to ${offset + message.items.length} of ${total}.`);
  const named = rendered.text.match(/^\d+\. /gm)?.length ?? 0;
  const unnamed = /\n… and (\d+) more$/.exec(rendered.text)?.[1] ?? '0';
  expect(offset + named + Number(unnamed)).toBe(total);
}

// slack.md 3.1: 50 blocks, 12,000 characters of text
describe.each(KINDS)('%s', (kind) => {
  test('0 to 5,000 tasks with any text, rows in any state, are within what Slack takes, and the rest is counted', () => {
    const world = fc.record({
      tasks: wildTasks,
      offset: fc.oneof(fc.constant(0), fc.nat(5_000)),
      reports: wildReports,
      filter: wildFilter,
      newLinks: wildNewLinks,
      unconnected: wildUnconnected,
      see: fc.array(wildSeen, { minLength: 1, maxLength: 10 }),
      states: fc.array(fc.constantFrom(...ALL_STATES), { minLength: 1, maxLength: 30 }),
      later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 * DAY })),
      locale: fc.constantFrom(undefined, 'en-US', 'en-AU', 'hu-HU'),
    });
    fc.assert(
      fc.property(world, ({ tasks, offset, reports, filter, newLinks, unconnected, see, states, later, locale }) => {
        const told = { ...(kind === 'digest' && { newLinks }), ...(kind !== 'home' && { unconnected }) };
        const message = makeMessage(rank(tasks), kind, { offset, reports, filter, ...told });
        const reader = { ...READER, now: NOW + later, locale };

        const rendered = expectWithinLimits(message);
        const worked = expectWithinLimits(withStates(message, states), reader);
        const followed = expectWithinLimits(withSeen(message, see), reader);
        const both = expectWithinLimits(withStates(withSeen(message, see), states), reader);

        for (const each of [rendered, worked, followed, both]) expectCounted(message, each, tasks.length);
        expect(message.items.length > 0).toBe(tasks.length > 0);
      }),
      { numRuns: kind === 'home' ? 60 : 120 },
    );
  });

  test('rows in each of the states', () => {
    fc.assert(
      fc.property(fc.array(wildTask, { minLength: 1, maxLength: 12 }), wildReports, wildSeen, (tasks, reports, see) => {
        const message = makeMessage(tasks, kind, { reports });

        for (const states of EACH_STATE[kind]) {
          expectWithinLimits(withStates(message, states));
          expectWithinLimits(withStates(withSeen(message, [see]), states));
        }
      }),
      { numRuns: kind === 'home' ? 20 : 3 },
    );
  });
});

const LONG_URL = `https://x.example/#${'\\'.repeat(280)}`;
/** Longer than any text that a row shows, and JSON writes two characters for each of these. */
const QUOTES = '"'.repeat(400);
const SLASHES = '\\'.repeat(400);
const LARGEST: Partial<Task> = {
  title: QUOTES,
  flow: SLASHES,
  contact: { name: QUOTES, title: SLASHES, company: QUOTES, url: LONG_URL },
  account: { name: QUOTES, url: LONG_URL },
  deal: { stage: QUOTES, amount: QUOTES, url: LONG_URL },
  dueAt: NOW + 400 * DAY,
};

/** The wordiest reports, each with a reference. */
const TROUBLE = USUAL.map((provider) => ({ ...unreached(provider, 'not_enabled', NOW - 400 * DAY), reference: LONG }));
const WORST_FILTER = { by: 'text', text: '"'.repeat(200) } as const;
const NEW_LINKS = USUAL.map((provider) => ({ provider, name: provider, email: LONG }));

/** Tasks of each provider, with each of the facts that its capabilities tell apart. */
function everyKind(more: Partial<Task>, count: number): Task[] {
  return Object.entries(FACTS).flatMap(([provider, all]) =>
    all.flatMap((facts, kind) =>
      Array.from({ length: count }, (_, index) => task({ ...more, provider, facts, id: `${provider}${kind}${index}` })),
    ),
  );
}

test.each(KINDS)('%s: rows as large as they get, beside three providers in trouble, in every state', (kind) => {
  const all = everyKind(LARGEST, 400);
  for (let offset = 0; offset < all.length; offset += 399) {
    const unconnected = USUAL.map((provider) => ({ provider, name: 'Outreach' }));
    const told = { ...(kind === 'digest' && { newLinks: NEW_LINKS }), ...(kind !== 'home' && { unconnected }) };
    const message = makeMessage(all, kind, { offset, reports: TROUBLE, filter: WORST_FILTER, ...told });

    for (const states of EACH_STATE[kind]) expectWithinLimits(withStates(message, states));

    expect(message.items.length).toBeGreaterThan(0);
  }
});

describe('tasks whose texts grew at their providers since the list was made', () => {
  const grown = ({ id, provider, facts }: Task): SeenChange => {
    const now = { ...LARGEST, provider, id, dueAt: NOW - 400 * DAY, ...(facts && { facts }) };
    return { how: 'changed', at: NOW, task: task(now) };
  };
  const short = everyKind({ title: 'Call', flow: 'F', contact: { name: 'D' }, deal: {} }, 12);

  test.each(KINDS)('%s: stay within what Slack takes, in every state', (kind) => {
    for (let offset = 0; offset < short.length; offset += 11) {
      const message = withSeen(makeMessage(short, kind, { offset, reports: TROUBLE }), [grown]);

      for (const states of EACH_STATE[kind]) expectWithinLimits(withStates(message, states));
    }
  });

  test('have the texts that they had where the new ones do not fit, and say all the same that they changed, and when they are due', () => {
    const message = withSeen(makeMessage(short, 'digest', {}), [grown]);

    const { blocks } = expectWithinLimits(message);

    const words = JSON.stringify(blocks);
    expect(message.items.length).toBeGreaterThan(5);
    expect(words.match(/Changed in Gong since this list was made/g)).toHaveLength(message.items.length);
    expect(words.match(/Overdue by 13 months/g)).toHaveLength(message.items.length);
    expect(words).not.toContain('\\"\\"\\"');
  });

  test('have the new texts where they fit', () => {
    const [first] = short;
    const { blocks } = expectWithinLimits(withSeen(makeMessage(first ? [first] : [], 'digest', {}), [grown]));

    expect(JSON.stringify(blocks)).toContain('\\"\\"\\"');
  });
});

const FINE = ['gong', 'outreach', 'reply'].map((provider) => listed(provider, 5_000));
/** Ranked: any ten rows after the first three are of all three groups. */
const DUES = [4, 3, 2, 1]
  .map((days) => NOW - 300 * DAY * days)
  .concat(NOW - 1, NOW + HOUR, NOW + 2 * HOUR, NOW + 38 * DAY);

/** Changed in nothing that the row shows, so that the row only gets a line more. */
const sameAgain = (task: Task): SeenChange => ({ how: 'changed', at: NOW, task });

/**
 * Tasks of the three groups, whose texts grow by a few characters at a time: at some length one row less fits, and just
 * before that the message is as full as it can be.
 */
describe.each([
  ['three providers in trouble', TROUBLE, DUES],
  ['three providers that answered', FINE, DUES],
  ['most tasks due at the same time', FINE, [...DUES.slice(0, 4), NOW + HOUR]],
] as const)('filled to the brim, with %s', (_name, reports, dues) => {
  test.each([
    ['gong', {}],
    ['reply', { kind: 'toDo' }],
    ['outreach', { kind: 'sequence_step_call', step: 4 }],
    ['outreach', { kind: 'manual', readOnly: true }],
  ])('with tasks of %s %j, in every state, and later', (provider, facts) => {
    let fullest = 0;
    for (let length = 1; length <= 140; length += 5) {
      const contact = { name: 'n'.repeat(Math.min(length, 80)), url: `https://x.example/${'a'.repeat(length * 2)}` };
      const of = { provider, facts, title: 't'.repeat(length), contact };
      const tasks = Array.from({ length: 40 }, (_, index) =>
        task({ ...of, id: `${index}`, dueAt: dues[index] ?? NOW + 39 * DAY }),
      );
      const message = makeMessage(tasks, 'list', { offset: 3, reports, filter: WORST_FILTER });

      for (const later of [0, 39 * DAY + 1]) {
        const reader = { ...READER, now: NOW + later };
        for (const state of length === 121 && later > 0 ? ALL_STATES : LARGEST_STATES) {
          const worked = withStates(message, [state]);
          fullest = Math.max(fullest, weightOf(expectWithinLimits(worked, reader).blocks));
          if (state === OPEN) expectWithinLimits(withSeen(worked, [sameAgain]), reader);
        }
      }
    }

    // Were it far below, the search would not have come near the limit.
    if (provider === 'gong') expect(fullest).toBeGreaterThan(LIMITS.messageWeight - 1_500);
  });
});

/** As the adapters make them, with pages to lead to. */
function usual(provider: string, facts: Task['facts'], index: number): Task {
  if (provider === 'reply') {
    // Its list says little, and its details no company and no deal.
    const { flow: _, deal: __, ...bare } = task({ provider, id: `5512${index}`, contact: { name: 'Dana Whitfield' } });
    return { ...bare, title: 'Call: Step 3 follow-up, +1 415 555 0100', ...(facts && { facts }) };
  }
  const url = `https://web.${provider}.example/prospects/8123${index}/overview`;
  const contact = { name: 'Dana Whitfield', title: 'VP Operations', company: 'Harbour Freight Lines', url };
  return task({ provider, id: `98231${index}`, title: 'Step 4: Call', contact, ...(facts && { facts }) });
}

const DEPS = { clock: () => NOW, circuit: createCircuit(() => NOW) };
const REAL = new Map(
  [
    createGong({ ...DEPS, accessKey: 'a', accessKeySecret: 'b', apiUrl: 'https://gong.example' }),
    createReply({ ...DEPS, apiKey: 'a', apiUrl: 'https://reply.example' }),
    { id: 'outreach', name: 'Outreach', capabilities: CAPABILITIES },
  ].map((provider) => [provider.id, provider]),
);
const GONG = ['gong', undefined] as const;
const STEP = ['outreach', { kind: 'sequence_step_call', step: 4 }] as const;
const CALL = ['reply', { kind: 'call', step: true }] as const;

/** All that could become of the rows must fit as well. Fewer than ten is a step back. */
test.each([
  ['Gong', [GONG]],
  ['Outreach, steps of sequences', [STEP]],
  ['Outreach, others', [['outreach', { kind: 'manual', canDelete: true }]]],
  ['Reply.io, calls', [CALL]],
  ['Reply.io, others', [['reply', { kind: 'manualEmail', step: true }]]],
  ['all three', [GONG, STEP, CALL]],
] as const)('a usual digest of %s has room for its rows', (_name, kinds) => {
  const tasks = Array.from({ length: 24 }, (_, index): Task => {
    const [provider, facts] = kinds[index % kinds.length] ?? GONG;
    return usual(provider, facts, index);
  });
  const reports = USUAL.map((id) => listed(id, 24));

  expect(rowsThatFit({ kind: 'digest', tasks, reports }, REAL, COUNTED_FOR)).toBe(10);
});

/** Slack's rule is undocumented, so a message can be made for less room than there is said to be. */
describe('with less room', () => {
  const world = fc.record({
    tasks: wildTasks,
    offset: fc.nat(50),
    kind: fc.constantFrom('digest' as const, 'list' as const),
    state: fc.constantFrom(...ALL_STATES),
    room: fc.record({
      weight: fc.integer({ min: 0, max: LIMITS.messageWeight }),
      textBytes: fc.integer({ min: 0, max: LIMITS.fallbackBytes }),
    }),
  });

  test('there are fewer rows, from the first on, and those left out are counted with the rest', () => {
    fc.assert(
      fc.property(world, ({ tasks, offset, kind, state, room }) => {
        const message = withStates(makeMessage(rank(tasks), kind, { offset }), [state]);

        const rendered = renderList(message, PROVIDERS, READER, room);

        const leftOut = saidToBeMore(rendered) - message.summary.remaining;
        expect(leftOut).toBeGreaterThanOrEqual(0);
        expect(leftOut).toBeLessThanOrEqual(message.items.length);
        // A title and how to reach the rest are always there.
        if (leftOut < message.items.length) expect(weightOf(rendered.blocks)).toBeLessThanOrEqual(room.weight);
        expect(checkMessageBlocks(rendered.blocks)).toBeUndefined();
        expect(rendered.text.trim()).not.toBe('');
        if (leftOut === 0) return;
        expect(nextPage(rendered)).toEqual({ messageId: message.id, shown: message.items.length - leftOut });
        // One row more would not have fitted in its smallest form.
        const roomier = renderList(message, PROVIDERS, READER, { ...room, weight: LIMITS.messageWeight });
        expect(weightOf(roomier.blocks)).toBeGreaterThan(room.weight);
      }),
      { numRuns: 120 },
    );
  });

  // slack.md 3.3: bytes count in the fallback text
  test('names in scripts of three bytes a letter stay within what chat.update takes as text', () => {
    const tasks = Array.from({ length: 10 }, (_, index) =>
      task({ id: `${index}`, title: '連絡'.repeat(70), contact: { name: '山田太郎'.repeat(20) } }),
    );

    const { text } = renderList(makeMessage(tasks, 'digest', {}), PROVIDERS, READER);

    expect(text.length).toBeLessThan(LIMITS.fallbackBytes / 2);
    expect(bytesOf(text)).toBeGreaterThan(LIMITS.fallbackBytes - 800);
    expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
    expect(text).toMatch(/\n… and \d+ more$/);
  });
});

function nextPage({ blocks }: Rendered) {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const more = elements.find((element) => element.type === 'button' && element.action_id === ACTION.more);
  return more?.type === 'button' ? decodePage(more.value) : undefined;
}

test('Home of a stranger, and accounts in a message, are within what Slack takes, however much there is to say', () => {
  const signIn = new Map(USUAL.map((id) => [id, `https://x.example/?${'s'.repeat(600)}`]));
  const states = [CROWDED, { ...CROWDED, links: [] }, { ...CROWDED, links: [], providers: [] }];

  for (const state of states) {
    const blocks = accountBlocks(state, READER, signIn);
    const home = strangerHome(state, USUAL, READER);

    expect(checkView(home, 'home')).toBeUndefined();
    expect(checkView(strangerHome(state, [], READER), 'home')).toBeUndefined();
    expect(checkMessageBlocks([section('Your accounts'), ...blocks])).toBeUndefined();
    expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
    expect(checkMessageBlocks(statusBlocks(state, READER))).toBeUndefined();
  }
});
