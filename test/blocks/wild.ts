/** Arbitrary text as wild as CRMs hold it, tasks and lists made of it, and every state that a row can come to. */
import fc from 'fast-check';
import type { Filter, ListSummary, ProviderReport, SeenChange } from '../../src/core/model/message.ts';
import { type Query, SORTS, type When } from '../../src/core/model/query.ts';
import { KINDS_OF_TASK, type Operation, type Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import { DAY, listed, NOW, OPERATIONS, REASONS, unreached } from './fixtures.ts';
import { FACTS, PROVIDERS } from './providers.ts';

/** JSON, mrkdwn or shortening have to make these longer, split or remove them. */
const PIECES = [
  ...'"\\&<>*~`|_ \u0000\u001b\n\u2028\u202eא漢😀',
  ...[
    '\ud800',
    '\udc00',
    'e\u0301',
    '👩‍👩‍👧‍👦',
    '<!channel>',
    '<@U1>',
    '<https://x.example|y>',
    '@here #general evil.example',
  ],
];

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

export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

export const wildTask: fc.Arbitrary<Task> = fc
  .record({
    from: fc
      .constantFrom('gong', 'gong', 'outreach', 'outreach', 'reply', 'gone', 'full')
      .chain((provider) =>
        fc.record({ provider: fc.constant(provider), facts: fc.constantFrom(...factsOf(provider)) }),
      ),
    id: fc.string({ minLength: 1, maxLength: 20 }),
    title: wildText,
    kind: fc.constantFrom('call', 'email', 'todo', undefined),
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
        currency: optional(fc.oneof(wildText, fc.constantFrom('USD', 'CHF', 'jpy'))),
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

const tools = ['gong', 'reply', 'outreach'].map((provider) => ({
  provider,
  name: PROVIDERS.get(provider)?.name ?? '',
}));
const address = `${'"'.repeat(300)}@x.example`;
export const wildNewLinks: fc.Arbitrary<NonNullable<ListSummary['newLinks']>> = fc.subarray(
  tools.map((tool) => ({ ...tool, email: address })),
);
/** Tools where the rep has not signed in. */
export const wildUnconnected: fc.Arbitrary<NonNullable<ListSummary['unconnected']>> = fc.subarray(tools);

/** Some wild tasks over and over, since it would take too long to make thousands. */
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

const wildQuery: fc.Arbitrary<Query> = fc
  .record({
    when: optional(
      fc.constantFrom<When>(
        { is: 'overdue' },
        { is: 'snoozed' },
        { is: 'no date' },
        { is: 'before', date: '2027-01-01' },
      ),
    ),
    kinds: optional(fc.subarray([...KINDS_OF_TASK], { minLength: 1 })),
    tools: optional(fc.subarray(['gong', 'outreach', 'reply', 'z'.repeat(31)], { minLength: 1 })),
    urgent: optional(fc.constant(true)),
    text: optional(wildText.map((text) => text.slice(0, 200))),
    sort: optional(fc.constantFrom(...SORTS)),
  })
  .map((query) => JSON.parse(JSON.stringify(query)));

export const wildFilter: fc.Arbitrary<Filter> = fc.oneof(
  fc.constantFrom<Filter>({ by: 'all' }, { by: 'overdue' }, { by: 'today' }, { by: 'week' }, { by: 'snoozed' }),
  wildQuery.map((query): Filter => ({ by: 'query', query })),
  fc.constant<Filter>({ by: 'back', tasks: [{ provider: 'gong', id: '1' }] }),
  fc.constant<Filter>({ by: 'soon', tasks: [{ provider: 'gong', id: '1' }], dueAt: NOW + 600_000 }),
  wildText.map((text): Filter => ({ by: 'text', text: text.slice(0, 200) })),
);

const LARGE = { id: '99999999', seq: 999, reference: '"'.repeat(300) };
const NOTE = 'n'.repeat(3_000);
const WAITING = { reason: 'rate_limited', until: NOW + 400 * DAY } as const;
const TO = { externalId: '99', name: '"'.repeat(300) };

/** Every state that a row can come to, as large as it gets. */
export const ROW_STATES: readonly [name: string, action: ActionWish | undefined][] = [
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

function large(verb: Operation): ActionWish {
  const moves = verb === 'snooze' || verb === 'reschedule';
  return { ...LARGE, verb, dueAt: moves ? NOW + 400 * DAY : undefined, note: NOTE, rule: 'noop', to: TO };
}
