/** Values for tests of blocks: messages with their rows in any state, and text as wild as CRMs hold it. */
import fc from 'fast-check';
import type { RowProvider } from '../../blocks/task-row.ts';
import type { Reader } from '../../blocks/words.ts';
import type { LoadedMessage } from '../../src/core/ports.ts';
import { countGroups } from '../../src/core/triage.ts';
import type {
  Action,
  FailureReason,
  Filter,
  Instant,
  ListSummary,
  MessageKind,
  ProviderReport,
  Task,
  Verb,
} from '../../src/core/types.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, 09:00 in New York. */
export const NOW = Date.parse('2026-11-23T14:00:00Z');
export const READER: Reader = { now: NOW, zone: 'America/New_York' };

const reversible = { reversible: true, repeatable: true };
const final = { reversible: false, repeatable: false };

/** Three providers that differ in everything that blocks look at. */
export const PROVIDERS = new Map<string, RowProvider>([
  [
    'gong',
    {
      name: 'Gong',
      capabilities: {
        noun: 'call tasks',
        verbs: { done: reversible, dismiss: reversible, snooze: reversible, reschedule: reversible },
      },
    },
  ],
  [
    'outreach',
    {
      name: 'Outreach',
      capabilities: {
        noun: 'tasks',
        verbs: {
          done: { ...final, consequence: 'Moves the sequence on to its next step. Outreach cannot take that back.' },
          dismiss: { ...final, consequence: `Skips this step: ${'the sequence moves on. '.repeat(11)}` },
          snooze: reversible,
          reschedule: reversible,
        },
      },
    },
  ],
  ['reply', { name: 'Reply.io', capabilities: { noun: 'tasks', verbs: { done: final, reschedule: reversible } } }],
]);

export const VERBS: readonly Verb[] = ['done', 'dismiss', 'snooze', 'reschedule'];

const EVERY_REASON: Record<FailureReason, true> = {
  rate_limited: true,
  unavailable: true,
  unreadable: true,
  auth: true,
  forbidden: true,
  not_found: true,
  invalid: true,
  conflict: true,
  not_linked: true,
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

export function action(of: Task, more: Partial<Action> = {}): Action {
  const verb = more.verb ?? 'done';
  return {
    teamId: 'T1',
    userId: 'U1',
    provider: of.provider,
    taskId: of.id,
    id: '7',
    seq: 1,
    verb,
    dueAt: verb === 'snooze' || verb === 'reschedule' ? NOW + 2 * DAY : undefined,
    task: of,
    state: 'succeeded',
    heldUntil: undefined,
    sentAt: NOW,
    attempts: 1,
    failure: undefined,
    undoFailure: undefined,
    reference: undefined,
    createdAt: NOW,
    settledAt: NOW,
    ...more,
  };
}

export type Item = LoadedMessage['items'][number];

/** A row that knew of no action when it was made. */
export function item(of: Task, more: Partial<Action> | undefined = undefined, position = 0): Item {
  return { position, task: of, seq: 0, action: more && action(of, more) };
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
    provider: fc.constantFrom('gong', 'gong', 'outreach', 'reply', 'gone'),
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
    dueAt: optional(fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY })),
  })
  // What an adapter leaves out is absent, as after JSON.
  .map((wild) => ({ ...JSON.parse(JSON.stringify(wild)), dueAt: wild.dueAt }));

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

/** Every state that a row can come to, as large as it gets. */
export function rowStates(): [name: string, action: Partial<Action> | undefined][] {
  const far = NOW + 400 * DAY;
  return [
    ['open', undefined],
    ['underway', { ...LARGE, state: 'queued', sentAt: NOW, verb: 'reschedule', dueAt: far }],
    ['held back', { ...LARGE, state: 'queued', heldUntil: NOW + 10_000, sentAt: undefined }],
    ['being sent', { ...LARGE, state: 'queued', heldUntil: NOW - 1, sentAt: NOW }],
    ['undoing', { ...LARGE, state: 'undoing', verb: 'reschedule', dueAt: far }],
    ['undone', { ...LARGE, state: 'undone' }],
    ['dropped', { ...LARGE, state: 'dropped', failure: 'invalid' }],
    ['stale', { ...LARGE, state: 'stale' }],
    ...VERBS.map((verb): [string, Partial<Action>] => [`settled: ${verb}`, { ...LARGE, verb, ...due(verb, far) }]),
    ...REASONS.flatMap((reason): [string, Partial<Action>][] => [
      [`failed: ${reason}`, { ...LARGE, state: 'failed', failure: reason, verb: 'reschedule', dueAt: far }],
      [`not undone: ${reason}`, { ...LARGE, undoFailure: reason, verb: 'reschedule', dueAt: far }],
    ]),
  ];
}

function due(verb: Verb, at: Instant): { dueAt: Instant | undefined } {
  return { dueAt: verb === 'snooze' || verb === 'reschedule' ? at : undefined };
}
