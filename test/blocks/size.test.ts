/** Invariant 6: any tasks with any text stay within Slack's limits, and nothing is cut without saying how much. */

import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { accountBlocks } from '../../blocks/accounts.ts';
import { type Rendered, section } from '../../blocks/elements.ts';
import { homeView, strangerHome } from '../../blocks/home.ts';
import { decodePage } from '../../blocks/ids.ts';
import { bytesOf, FULL_ROOM, LIMITS, type Room, weightOf } from '../../blocks/limits.ts';
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
  renderLoaded,
  rowOf,
  seenAs,
  suggestionOf,
  task,
  textsOf,
  unreached,
} from './fixtures.ts';
import { FACTS, PROVIDERS, USUAL } from './providers.ts';
import { ROW_STATES, wildFilter, wildNewLinks, wildReports, wildSeen, wildTasks, wildUnconnected } from './wild.ts';

/** Every kind of row in every state is a lot to render, for a machine that has much else to do. */
vi.setConfig({ testTimeout: 120_000 });

/** Their clocks and dates are the longest. */
const READER: RepTime = { ...COUNTED_FOR, locale: 'en-US' };

const ALL_STATES = [...ROW_STATES.keys()];
const OPEN = ROW_STATES.findIndex(([name]) => name === 'open');
const KINDS: readonly MessageKind[] = ['digest', 'list', 'home'];

function makeMessage(tasks: readonly Task[], kind: MessageKind, options: ListOptions = {}): LoadedMessage {
  const items = tasks.map((each, index) => ({ ...rowOf(each, undefined, 9_999 - index), seq: 998 }));
  return loaded(items, { ...options, kind });
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
const NO_TASKS = { message: loaded([], { kind: 'home' }) };
const BELOW_THE_LIST = homeView(NO_TASKS, PROVIDERS, CROWDED, READER).blocks.slice(
  renderLoaded(NO_TASKS.message).blocks.length,
);

function expectWithinLimits(message: LoadedMessage, reader: RepTime = READER, room: Room = FULL_ROOM): Rendered {
  const rendered = renderLoaded(message, reader, room);
  if (message.kind === 'home') {
    const blocks = [...rendered.blocks, ...BELOW_THE_LIST];
    expect(blocks.length).toBeLessThanOrEqual(LIMITS.viewBlocks);
    expect(checkView({ type: 'home', blocks }, 'home')).toBeUndefined();
  } else {
    expect(rendered.blocks.length).toBeLessThanOrEqual(LIMITS.messageBlocks);
    expect(weightOf(rendered.blocks)).toBeLessThanOrEqual(room.weight);
    expect(checkMessageBlocks(rendered.blocks)).toBeUndefined();
  }
  expect(rendered.text.trim()).not.toBe('');
  expect(bytesOf(rendered.text)).toBeLessThanOrEqual(room.textBytes);
  expect(rendered.text.isWellFormed()).toBe(true);
  return rendered;
}

/** Presses Next until there is none, and returns the pages. */
function pagesOf(message: LoadedMessage, reader: RepTime = READER, room: Room = FULL_ROOM): Rendered[] {
  const pages: Rendered[] = [];
  let starts: number[] = [0];
  for (;;) {
    const page = expectWithinLimits({ ...message, summary: { ...message.summary, starts } }, reader, room);
    pages.push(page);
    const next = pageOf(page, 'Next');
    expect(pageOf(page, 'Previous')).toBe(starts.at(-2));
    if (next === undefined) return pages;
    expect(next).toBeGreaterThan(starts.at(-1) ?? 0);
    starts = [...starts, next];
  }
}

function pageOf({ blocks }: Rendered, label: string): number | undefined {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const button = elements.find((element) => element.type === 'button' && element.text.text === label);
  return button?.type === 'button' ? decodePage(button.value)?.start : undefined;
}

/** The numbers of the rows, and how many tasks are named or counted as cleared. */
function reached(pages: readonly Rendered[]): { numbers: number[]; cleared: number } {
  const words = pages.flatMap((page) => textsOf(page.blocks));
  const cleared = words.filter((text) => text.startsWith('*Cleared:*'));
  const clearedBy = (text: string) =>
    (text.split('~').length - 1) / 2 + Number(/ and ([\d,]+) more tasks?$/.exec(text)?.[1]?.replace(',', '') ?? 0);
  return {
    numbers: words.flatMap((text) => /^\*(\d+)\.\* /m.exec(text)?.slice(1).map(Number) ?? []),
    cleared: cleared.reduce((sum, text) => sum + clearedBy(text), 0),
  };
}

// slack.md 3.1: 50 blocks, 12,000 characters of text
test.each(KINDS)(
  '%s: each of some tasks with any text, rows in any state, is on one page, within what Slack takes',
  (kind) => {
    const world = fc.record({
      tasks: wildTasks,
      reports: wildReports,
      filter: wildFilter,
      newLinks: wildNewLinks,
      unconnected: wildUnconnected,
      see: fc.array(wildSeen, { minLength: 1, maxLength: 10 }),
      states: fc.array(fc.constantFrom(...ALL_STATES), { minLength: 1, maxLength: 30 }),
      later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * DAY })),
      locale: fc.constantFrom(undefined, 'en-US', 'en-AU', 'hu-HU'),
    });
    fc.assert(
      fc.property(world, ({ tasks, reports, filter, newLinks, unconnected, see, states, later, locale }) => {
        const told = { ...(kind === 'digest' && { newLinks }), ...(kind !== 'home' && { unconnected }) };
        const message = makeMessage(rank(tasks, READER).slice(0, 90), kind, { reports, filter, ...told });
        const reader = { ...READER, now: NOW + later, locale };
        const all = message.items.map((_, index) => index + 1);

        expect(reached(pagesOf(message)).numbers).toEqual(all);
        for (const worked of [withStates(message, states), withStates(withSeen(message, see), states)]) {
          const { numbers, cleared } = reached(pagesOf(worked, reader));
          expect(numbers.length + cleared).toBe(all.length);
          expect(new Set(numbers).size).toBe(numbers.length);
        }
      }),
      { numRuns: kind === 'home' ? 15 : 25 },
    );
  },
);

test('each of 5,000 tasks is on one page, with the number of rows that fit', () => {
  const tasks = Array.from({ length: 5_000 }, (_, index) => task({ id: `${index}` }));

  const { numbers } = reached(pagesOf(makeMessage(tasks, 'digest')));

  expect(numbers).toEqual(tasks.map((_, index) => index + 1));
});

const LONG_URL = `https://x.example/#${'\\'.repeat(280)}`;
/** Longer than any text that a row shows, and JSON writes two characters for each of these. */
const QUOTES = '"'.repeat(400);
const SLASHES = '\\'.repeat(400);
const LARGEST: Partial<Task> = {
  title: QUOTES,
  kind: 'call',
  flow: SLASHES,
  url: LONG_URL,
  contact: {
    ...{ name: QUOTES, title: SLASHES, company: QUOTES, url: LONG_URL, zone: 'Asia/Kathmandu' },
    ...{ phones: [{ number: `+${'1'.repeat(39)}` }], emails: [`${'a'.repeat(64)}@${'b'.repeat(60)}.example`] },
  },
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
  const unconnected = USUAL.map((provider) => ({ provider, name: 'Outreach' }));
  const told = { ...(kind === 'digest' && { newLinks: NEW_LINKS }), ...(kind !== 'home' && { unconnected }) };
  const message = makeMessage(everyKind(LARGEST, 2), kind, { reports: TROUBLE, filter: WORST_FILTER, ...told });

  for (const state of ALL_STATES) pagesOf(withStates(message, [state]));
});

/** As the adapters make them, with what a company has in its tools. */
function usual(provider: string, facts: Task['facts'], index: number): Task {
  const url = `https://web.${provider}.example/prospects/8123${index}/overview`;
  const contact = {
    ...{ name: 'Dana Whitfield', title: 'VP Operations', company: 'Harbour Freight Lines', url },
    ...{ phones: [{ number: '+1 415 555 0100' }], emails: ['dana@harbour.example'] },
  };
  // Gong Engage holds calls (gong.md 2).
  const kind = provider === 'gong' || index % 2 === 0 ? ('call' as const) : ('email' as const);
  const dueAt = NOW + (index - 8) * 7 * HOUR;
  // A quarter of the deals close within days, and Outreach has priorities, so that rows have reasons.
  const deal = { stage: 'Negotiation', amount: '48000', ...(index % 4 === 0 && { closesOn: '2026-11-25' }) };
  return task({
    deal,
    ...(provider === 'outreach' && index % 2 === 0 && { priority: 'High' }),
    provider,
    id: `98231${index}`,
    kind,
    title: 'Step 4: renewal',
    contact,
    dueAt,
    ...(facts && { facts }),
  });
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

test.each([
  ['Gong alone', [GONG], 25],
  ['all three tools', [GONG, STEP, CALL], 18],
] as const)(
  'a usual digest of %s shows enough tasks with their actions, and 40 on two pages',
  (_name, kinds, enough) => {
    const tasks = Array.from({ length: 60 }, (_, index): Task => {
      const [provider, facts] = kinds[index % kinds.length] ?? GONG;
      return usual(provider, facts, index);
    });
    const message = makeMessage(tasks, 'digest', { reports: kinds.map(([id]) => listed(id, 60)) });
    const render = (starts: number[]) =>
      renderList({ message: { ...message, summary: { ...message.summary, starts } } }, REAL, READER);

    const first = render([0]);
    const second = pageOf(first, 'Next') ?? 0;

    expect(second).toBeGreaterThanOrEqual(enough);
    expect(pageOf(render([0, second]), 'Next')).toBeGreaterThanOrEqual(40);
    const withActions = first.blocks.filter((block) => block.type === 'section' && block.accessory);
    expect(withActions).toHaveLength(second);
    // Of the characters of a message that Slack counts (`weightOf`).
    const controls = first.blocks.map((block) => (block.type === 'section' ? { block: block.accessory } : block));
    const buttons = controls.filter((block) => 'block' in block || block.type === 'actions');
    const characters = (blocks: readonly unknown[]) => weightOf(blocks) - blocks.length * LIMITS.blockWeight;
    expect(characters(buttons) / characters(first.blocks)).toBeLessThan(0.35);
  },
);

/** Slack's rule is undocumented, so a message can be made for less room than there is said to be. */
describe('with less room', () => {
  const world = fc.record({
    tasks: wildTasks,
    kind: fc.constantFrom('digest' as const, 'list' as const),
    state: fc.constantFrom(...ALL_STATES),
    room: fc.record({
      weight: fc.integer({ min: 1_500, max: LIMITS.messageWeight }),
      textBytes: fc.integer({ min: 400, max: LIMITS.fallbackBytes }),
    }),
  });

  test('there are fewer rows on a page, and all are reached', () => {
    fc.assert(
      fc.property(world, ({ tasks, kind, state, room }) => {
        const message = withStates(makeMessage(rank(tasks, READER).slice(0, 40), kind), [state]);

        const { numbers } = reached(pagesOf(message, READER, room));

        expect(numbers).toEqual(message.items.map((_, index) => index + 1));
      }),
      { numRuns: 30 },
    );
  });

  // slack.md 3.3: bytes count in the fallback text
  test('names in scripts of three bytes a letter stay within what chat.update takes as text', () => {
    const tasks = Array.from({ length: 10 }, (_, index) =>
      task({ id: `${index}`, title: '連絡'.repeat(70), contact: { name: '山田太郎'.repeat(20) } }),
    );

    const { text } = renderLoaded(makeMessage(tasks, 'digest'));

    expect(text.length).toBeLessThan(LIMITS.fallbackBytes / 2);
    expect(bytesOf(text)).toBeGreaterThan(LIMITS.fallbackBytes - 800);
    expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
    expect(text).toMatch(/\n… and \d+ more$/);
  });
});

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
