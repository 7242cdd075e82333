/** Values for tests of blocks: messages with their rows in any state, and text as wild as CRMs hold it. */
import fc from 'fast-check';
import { countGroups } from '../../src/core/digests/rank.ts';
import type { Action, FailureReason } from '../../src/core/model/action.ts';
import type { Instant } from '../../src/core/model/keys.ts';
import type {
  Filter,
  ListSummary,
  LoadedMessage,
  MessageKind,
  ProviderReport,
  SeenChange,
} from '../../src/core/model/message.ts';
import { EDITS, type Operation, type Task, VERBS } from '../../src/core/model/task.ts';
import type { RepTime } from '../../src/core/model/time.ts';
import { type ActionWish, buildAction } from '../builders.ts';
import { FACTS, PROVIDERS } from './providers.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, 09:00 in New York. */
export const NOW = Date.parse('2026-11-23T14:00:00Z');
export const READER: RepTime = { now: NOW, zone: 'America/New_York', days: [1, 2, 3, 4, 5] };

const EVERY_REASON: Record<FailureReason, true> = {
  rate_limited: true,
  away: true,
  unavailable: true,
  unreadable: true,
  auth: true,
  disconnected: true,
  not_enabled: true,
  forbidden: true,
  not_found: true,
  invalid: true,
  immovable: true,
  conflict: true,
  not_linked: true,
  expired: true,
  unexpected: true,
};
export const REASONS = Object.keys(EVERY_REASON) as FailureReason[];

export function task(more: Partial<Task> = {}): Task {
  return {
    provider: 'gong',
    id: '9007199254740993001',
    title: 'Call about the renewal',
    flow: 'Renewals Q4',
    contact: { name: 'Dana Whitfield', title: 'VP Operations', company: 'Harbour Freight Lines' },
    deal: { stage: 'Negotiation', amount: '48000' },
    dueAt: NOW + 3 * HOUR,
    ...more,
  };
}

export function action(of: Task, more: ActionWish = {}): Action {
  // What was refused outright was not sent.
  const sentAt = more.state === 'failed' ? undefined : NOW;
  const seed = {
    attempts: 1,
    dueAt: NOW + 2 * DAY,
    state: 'succeeded',
    sentAt,
    createdAt: NOW,
    settledAt: NOW,
  } as const;
  return buildAction({ teamId: 'T1', userId: 'U1' }, of, { ...seed, ...more });
}

export type Item = LoadedMessage['items'][number];

/** A row that knew of no action when it was made. */
export function item(of: Task, more: ActionWish | undefined = undefined, position = 0): Item {
  return { position, task: of, seq: 0, action: more && action(of, more) };
}

/** The same row once something was seen of its task at the provider. */
export function seenAs(row: Item, seen: SeenChange): Item {
  return { ...row, seen };
}

export function listed(provider: string, tasks: number, unreadable = 0): ProviderReport {
  return { provider, name: nameOf(provider), noun: nounOf(provider), state: 'listed', tasks, unreadable };
}

export function unreached(
  provider: string,
  reason: FailureReason = 'unavailable',
  lastListedAt: Instant | undefined = undefined,
): ProviderReport {
  const about = { provider, name: nameOf(provider), noun: nounOf(provider) };
  return { ...about, state: 'failed', reason, lastListedAt, reference: undefined };
}

const nameOf = (provider: string) => PROVIDERS.get(provider)?.name ?? provider;
const nounOf = (provider: string) => PROVIDERS.get(provider)?.capabilities.noun ?? 'tasks';

export interface ListOptions {
  kind?: MessageKind;
  filter?: Filter;
  offset?: number;
  /** All that match, shown or not; the rows' tasks by default. */
  all?: readonly Task[];
  reports?: readonly ProviderReport[];
  newLinks?: ListSummary['newLinks'];
  unconnected?: ListSummary['unconnected'];
}

/** A stored message with the largest ids that are to be expected. */
export function loaded(items: readonly Item[], options: ListOptions = {}): LoadedMessage {
  const all = options.all ?? items.map((each) => each.task);
  const offset = options.offset ?? 0;
  const summary = {
    filter: options.filter ?? { by: 'all' },
    counts: countGroups(all, NOW, READER.zone),
    offset,
    remaining: all.length - offset - items.length,
    reports: options.reports ?? [listed('gong', all.length)],
    fetchedAt: NOW,
    localDate: '2026-11-23',
    newLinks: options.newLinks,
    unconnected: options.unconnected,
  } satisfies ListSummary;
  return {
    id: '99999999',
    teamId: 'T1',
    userId: 'U1',
    kind: options.kind ?? 'list',
    posted: undefined,
    summary,
    createdAt: NOW,
    items: [...items],
  };
}

// ---------------------------------------------------------------- arbitraries

/** What hurts: what JSON, mrkdwn and shortening have to make longer, split or remove. */
const PIECES = [
  '"',
  '\\',
  '&',
  '<',
  '>',
  '*',
  '~',
  '`',
  '|',
  '_',
  ' ',
  '\u0000',
  '\u001b',
  '\n',
  '\u2028',
  '\ud800',
  '\udc00',
  '\u202e',
  'א',
  '漢',
  '😀',
  '👩‍👩‍👧‍👦',
  'e\u0301',
  '<!channel>',
  '<@U1>',
  '<https://x.example|y>',
  '@here #general evil.example',
] as const;

export const wildText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 160 }),
  fc.string({ unit: 'binary', maxLength: 160 }),
  fc.array(fc.nat(0xffff), { maxLength: 160 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.tuple(fc.constantFrom(...PIECES), fc.nat(3_000)).map(([piece, length]) => piece.repeat(length).slice(0, length)),
);

const wildUrl: fc.Arbitrary<string> = fc.oneof(
  wildText,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.nat(400).map((length) => `https://crm.example/${'a'.repeat(length)}`),
  fc.nat(300).map((length) => `https://crm.example/#${'\\'.repeat(length)}`),
  fc.nat(80).map((length) => `https://crm.example/?${'&'.repeat(length)}`),
  fc.constantFrom(
    'javascript:alert(1)',
    'data:text/html,x',
    'slack://x',
    'https://x.example/|y>',
    'https://a|b',
    'https://x.example/?a=<!channel>&b=|>',
  ),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

export const wildTask: fc.Arbitrary<Task> = fc
  .record({
    from: fc
      .constantFrom('gong', 'gong', 'outreach', 'outreach', 'reply', 'gone', 'full')
      .chain((provider) =>
        fc.record({ provider: fc.constant(provider), facts: fc.constantFrom(...factsOf(provider)) }),
      ),
    id: fc.string({ minLength: 1, maxLength: 20 }),
    title: wildText,
    flow: optional(wildText),
    contact: optional(
      fc.record({ name: wildText, title: optional(wildText), company: optional(wildText), url: optional(wildUrl) }),
    ),
    account: optional(fc.record({ name: wildText, url: optional(wildUrl) })),
    deal: optional(
      fc.record({
        name: optional(wildText),
        stage: optional(wildText),
        amount: optional(fc.oneof(wildText, fc.nat().map(String))),
        url: optional(wildUrl),
      }),
    ),
    priority: optional(wildText),
    dueAt: optional(fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY })),
  })
  // What an adapter leaves out is absent, as after JSON.
  .map(({ from, ...wild }) => ({ ...JSON.parse(JSON.stringify(wild)), ...from, dueAt: wild.dueAt }));

function factsOf(provider: string): readonly NonNullable<Task['facts']>[] {
  return FACTS[provider] ?? [{}];
}

/** The same task as its provider may come to hold it: any text may have grown, and it is due at another time or at none. */
export const wildSeen: fc.Arbitrary<(task: Task) => SeenChange | undefined> = fc.oneof(
  fc.constant(() => undefined),
  fc.constantFrom('done' as const, 'gone' as const).map((how) => () => ({ how, at: NOW - 400 * DAY })),
  fc
    .record({ grown: wildTask, facts: fc.boolean() })
    .map(({ grown, facts }) => ({ provider, id, ...own }: Task): SeenChange => {
      const task = { ...grown, provider, id };
      return { how: 'changed', at: NOW, task: facts || !own.facts ? task : { ...task, facts: own.facts } };
    }),
);

/** Links that were made by themselves, to be told in a digest. */
export const wildNewLinks: fc.Arbitrary<NonNullable<ListSummary['newLinks']>> = fc.subarray(
  ['gong', 'reply', 'outreach'].map((provider) => ({
    provider,
    name: nameOf(provider),
    email: `${'"'.repeat(300)}@x.example`,
  })),
);

/** Tools where the rep has not signed in. */
export const wildUnconnected: fc.Arbitrary<NonNullable<ListSummary['unconnected']>> = fc.subarray(
  ['outreach', 'gong', 'reply'].map((provider) => ({ provider, name: nameOf(provider) })),
);

/** A message of any number of tasks: some wild ones, over and over, since each of thousands would take too long to make. */
export const wildTasks: fc.Arbitrary<Task[]> = fc
  .tuple(fc.array(wildTask, { minLength: 1, maxLength: 12 }), fc.oneof(fc.nat(40), fc.nat(5_000)))
  .map(([some, size]) =>
    Array.from({ length: size }, (_, index) => ({ ...(some[index % some.length] as Task), id: `${index}` })),
  );

export const wildReports: fc.Arbitrary<ProviderReport[]> = fc
  .tuple(...['gong', 'outreach', 'reply'].map(wildReport))
  .chain((reports) => fc.subarray(reports, { minLength: 1 }));

function wildReport(provider: string): fc.Arbitrary<ProviderReport> {
  return fc.oneof(
    fc.oneof(fc.constant(0), fc.nat(5_000)).map((unreadable) => listed(provider, 5_000, unreadable)),
    fc
      .tuple(fc.constantFrom(...REASONS), optional(fc.integer({ min: NOW - 900 * DAY, max: NOW })))
      .map(([reason, at]) => unreached(provider, reason, at)),
  );
}

export const wildFilter: fc.Arbitrary<Filter> = fc.oneof(
  fc.constantFrom<Filter>({ by: 'all' }, { by: 'overdue' }, { by: 'today' }, { by: 'week' }),
  wildText.map((text): Filter => ({ by: 'text', text: text.slice(0, 200) })),
);

const LARGE = { id: '99999999', seq: 999, reference: '"'.repeat(300) };
const NOTE = 'n'.repeat(3_000);
const WAITING = { reason: 'rate_limited', until: NOW + 400 * DAY } as const;
const TO = { externalId: '99', name: '"'.repeat(300) };

export const OPERATIONS: readonly Operation[] = [...VERBS, ...EDITS];

/** Every state that a row can come to, as large as it gets. */
export function rowStates(): [name: string, action: ActionWish | undefined][] {
  return [
    ['open', undefined],
    ['undoing', { ...large('reschedule'), state: 'undoing' }],
    ['undone', { ...LARGE, state: 'undone' }],
    ['dropped', { ...LARGE, state: 'dropped', failure: 'invalid' }],
    ['stale', { ...LARGE, state: 'stale' }],
    ['stale: done', { ...LARGE, state: 'stale', found: { how: 'done', at: NOW - 400 * DAY } }],
    ['stale: moved', { ...large('reschedule'), state: 'stale', found: { how: 'moved', dueAt: NOW + 400 * DAY } }],
    ['undoing, waiting', { ...large('reschedule'), state: 'undoing', waiting: WAITING }],
    ...OPERATIONS.flatMap((verb): [string, ActionWish][] => [
      [`underway: ${verb}`, { ...large(verb), state: 'queued', sentAt: NOW }],
      [`waiting: ${verb}`, { ...large(verb), state: 'queued', sentAt: undefined, waiting: WAITING }],
      [`waiting, sent: ${verb}`, { ...large(verb), state: 'queued', sentAt: NOW, waiting: WAITING }],
      [`held back: ${verb}`, { ...large(verb), state: 'queued', heldUntil: NOW + 600_000, sentAt: undefined }],
      [`being sent: ${verb}`, { ...large(verb), state: 'queued', heldUntil: NOW - 1, sentAt: NOW }],
      [`settled: ${verb}`, large(verb)],
      [`failed: ${verb}`, { ...large(verb), state: 'failed', failure: 'not_enabled' }],
    ]),
    ...['finish_replied', 'to_call', 'first', 'no_such'].map((ending): [string, ActionWish] => [
      `settled: ${ending}`,
      { ...LARGE, ending, note: NOTE },
    ]),
    ...REASONS.flatMap((reason): [string, ActionWish][] => [
      [`failed: ${reason}`, { ...large('rule'), state: 'failed', failure: reason }],
      [`not undone: ${reason}`, { ...large('reschedule'), undoFailure: reason }],
    ]),
  ];
}

function large(verb: Operation): ActionWish {
  const moves = verb === 'snooze' || verb === 'reschedule';
  return { ...LARGE, verb, dueAt: moves ? NOW + 400 * DAY : undefined, note: NOTE, rule: 'noop', to: TO };
}
