/** `/tasks history`: every action is on exactly one page, pages are within Slack's limits, and each entry reads as it should. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rendered } from '../../blocks/elements.ts';
import {
  HISTORY_COUNTED,
  type HistoryPage,
  type HistoryProviders,
  NO_SUCH_PAGE,
  renderHistory,
} from '../../blocks/history.ts';
import { entryOf } from '../../blocks/history-entry.ts';
import { ACTION, decodeActionId } from '../../blocks/ids.ts';
import { bytesOf, LIMITS, weightOf } from '../../blocks/limits.ts';
import type { Reader } from '../../blocks/text.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import type { Action, StaleCause, Undo } from '../../src/core/model/action.ts';
import type { Instant } from '../../src/core/model/keys.ts';
import type { ActionWish } from '../builders.ts';
import {
  ACTION_STATES,
  action,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  OPERATIONS,
  OUTREACH,
  READER,
  REASONS,
  task,
  textsOf,
} from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { optional, wildTask, wildText } from './wild.ts';

const RULES = [{ value: 'recent_created', text: 'Most recently created opportunity' }];
const WITH_RULES: HistoryProviders = new Map(
  [...PROVIDERS].map(([id, provider]) => [id, { ...provider, editing: { rules: RULES } }]),
);

function render(page: Partial<HistoryPage>, reader: Reader = READER): Rendered {
  return renderHistory({ actions: [], after: undefined, ...page }, WITH_RULES, reader);
}

/** The ids of the actions that a page shows: no text of others' holds two spaces in a row, so none can look like this. */
function shownOn({ blocks }: Rendered): string[] {
  return textsOf(blocks).flatMap((text) => /^action (\d+)/.exec(text.split('  ·  ').at(-1) ?? '')?.[1] ?? []);
}

function olderOf({ blocks }: Rendered): string | undefined {
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const [button, ...others] = buttons.flatMap((each) => (each.type === 'button' ? [each] : []));
  expect(others).toEqual([]);
  if (button) expect(button).toMatchObject({ action_id: ACTION.older, text: { text: 'Show older' } });
  return decodeActionId(button?.value);
}

// ---------------------------------------------------------------- any ledger

const instant: fc.Arbitrary<Instant> = fc.integer({ min: NOW - 400 * DAY, max: NOW + 400 * DAY });
const found: fc.Arbitrary<StaleCause> = fc.oneof(
  fc.record({ how: fc.constant('done' as const), at: optional(instant) }),
  fc.constant({ how: 'gone' } as const),
  fc.record({ how: fc.constant('moved' as const), dueAt: optional(instant) }),
);
const undo: fc.Arbitrary<Undo> = fc.record(
  { how: fc.constantFrom('withdrawn', 'reversed'), askedAt: instant, doneAt: instant, reference: wildText },
  { requiredKeys: ['how', 'askedAt', 'doneAt'] },
);
const details = fc.record(
  {
    ending: fc.oneof(fc.constantFrom('finish_replied', 'to_call', 'first'), wildText),
    note: wildText,
    rule: fc.oneof(fc.constant('recent_created'), wildText),
    to: fc.record({ externalId: fc.string(), name: wildText }),
  },
  { requiredKeys: [] },
);
const wildAction: fc.Arbitrary<Action> = fc
  .tuple(
    wildTask,
    fc.record({
      verb: fc.constantFrom(...OPERATIONS),
      state: fc.constantFrom(...ACTION_STATES),
      dueAt: optional(instant),
      heldUntil: optional(instant),
      sentAt: optional(instant),
      attempts: fc.nat(100_000),
      waiting: optional(fc.record({ reason: fc.constantFrom(...REASONS), until: instant })),
      found: optional(found),
      undo: optional(undo),
      failure: optional(fc.constantFrom(...REASONS)),
      undoFailure: optional(fc.constantFrom(...REASONS)),
      reference: optional(wildText),
      settledAt: optional(instant),
    }),
  )
  .chain(([of, more]) => details.map((asked) => action(of, { ...more, ...asked })));

/** Newest first, as the ledger gives them; some wild ones over and over; days have many of them, or few. */
function wildLedger(size: fc.Arbitrary<number>): fc.Arbitrary<Action[]> {
  return fc
    .tuple(fc.array(wildAction, { minLength: 1, maxLength: 12 }), size, fc.constantFrom(0, 1, 15 * MINUTE, 7 * HOUR))
    .map(([some, count, step]) =>
      Array.from({ length: count }, (_, index) => ({
        ...(some[index % some.length] as Action),
        id: String(999_999_999_999_000 - index),
        createdAt: NOW - index * step,
      })),
    );
}

function expectWithinLimits({ text, blocks }: Rendered): void {
  expect(blocks.length).toBeLessThanOrEqual(LIMITS.messageBlocks);
  expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
  expect(checkMessageBlocks(blocks)).toBeUndefined();
  expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
  expect(text.isWellFormed()).toBe(true);
}

/** What each page shows, and says of what it does not show; presses Show older until there is no such button. */
function pageThrough(ledger: readonly Action[]): void {
  const seen: string[] = [];
  for (let after: Action | undefined; ; ) {
    const actions = ledger.slice(seen.length);
    const page = render({ actions, after });
    expectWithinLimits(page);
    const shown = shownOn(page);
    seen.push(...shown);
    const left = ledger.length - seen.length;
    const said = /\*([\d,]+) more actions?\*, older than these/.exec(textsOf(page.blocks).at(-1) ?? '')?.[1];
    expect(Number(said?.replaceAll(',', '') ?? 0)).toBe(left);
    const more = /\n… and ([\d,]+) more actions?$/.exec(page.text)?.[1]?.replaceAll(',', '') ?? '0';
    const heard = page.text.match(/action \d{15}[,.]/g)?.length ?? 0;
    expect(heard + Number(more)).toBe(actions.length);
    const next = olderOf(page);
    expect(next).toBe(left > 0 ? shown.at(-1) : undefined);
    if (next === undefined) break;
    after = ledger.find(({ id }) => id === next);
  }
  expect(seen).toEqual(ledger.map(({ id }) => id));
}

test.each([
  ['0 to 150', fc.nat(150), 60],
  ['2,000', fc.constant(HISTORY_COUNTED), 3],
])(
  '%s actions of any kind: each page is within what Slack takes, each action on exactly one, and the rest is counted',
  (_name, size, numRuns) => {
    fc.assert(fc.property(wildLedger(size), pageThrough), { numRuns });
  },
);

test('a page is full: of usual actions one message takes more than twenty', () => {
  const more = { reference: '4al018gzaztcr8nbukw' };
  const actions = Array.from({ length: 100 }, (_, index) =>
    action(task(), { ...more, id: String(500 - index), createdAt: NOW - index * MINUTE }),
  );

  expect(shownOn(render({ actions }))).toHaveLength(22);
});

test('a page of the longest texts holds fewer, and is still within what Slack takes', () => {
  const long = '"'.repeat(3_000);
  const of = task({ title: long, contact: { name: long } });
  const undo = { how: 'reversed', askedAt: NOW, doneAt: NOW, reference: long } as const;
  const more = { ending: long, note: long, state: 'undone', undo, reference: long } as const;
  const actions = Array.from({ length: 40 }, (_, index) =>
    action(of, { ...more, id: String(999_999_999_999_000 - index) }),
  );

  pageThrough(actions);
  expect(shownOn(render({ actions })).length).toBeGreaterThan(5);
  expect(shownOn(render({ actions })).length).toBeLessThan(15);
});

test('of more than are counted it says that there are more, not how many', () => {
  const actions = Array.from({ length: HISTORY_COUNTED + 1 }, (_, index) => {
    return action(task(), { id: String(9_000 - index), createdAt: NOW - index });
  });
  const page = render({ actions });
  const left = actions.length - shownOn(page).length;

  expect(textsOf(page.blocks)[1]).toContain('*More than 2,000 actions*, newest first.');
  expect(textsOf(page.blocks)).toContain(
    `*More than ${(left - 1).toLocaleString('en-US')} more actions*, older than these.`,
  );
  expect(page.text).toMatch(/^Your last 30 days: More than 2,000 actions, newest first\./);
});

// ---------------------------------------------------------------- the page

test('by local day, newest first, each with its local time', () => {
  const at = (id: string, createdAt: string) => action(task(), { id, createdAt: Date.parse(createdAt) });
  const actions = [
    at('9', '2026-11-23T13:55:00Z'),
    at('8', '2026-11-23T05:00:00Z'),
    at('7', '2026-11-23T04:59:00Z'),
    at('6', '2026-11-18T12:00:00Z'),
    at('5', '2026-11-18T11:00:00Z'),
  ];

  const days = (zone: string) =>
    textsOf(render({ actions }, { ...READER, zone }).blocks).flatMap(
      (text) => /^\*(.*day .*)\*$|^(\d\d:\d\d) {2}/.exec(text)?.[0].trim() ?? [],
    );
  const [today, yesterday, before] = [
    '*Today, Monday 23 November*',
    '*Yesterday, Sunday 22 November*',
    '*Wednesday 18 November*',
  ];

  expect(days(READER.zone)).toEqual([today, '08:55', '00:00', yesterday, '23:59', before, '07:00', '06:00']);
  expect(days('Asia/Tokyo')).toEqual([today, '22:55', '14:00', '13:59', before, '21:00', '20:00']);
});

test('says what it shows, and how to read it', () => {
  const one = render({ actions: [action(task())] });
  const next = render({ actions: [action(task())], after: action(task(), { createdAt: NOW - 2 * DAY }) });
  const legend = 'What is *bold* is in effect, what is ~struck out~ is not. Times are in America/New_York.';

  expect(textsOf(one.blocks).slice(0, 2)).toEqual(['Your last 30 days', `*1 action*, newest first. ${legend}`]);
  expect(textsOf(next.blocks)[1]).toBe(`Older than Sat 21 Nov, 09:00; \`/tasks history\` shows the newest. ${legend}`);
  expect(olderOf(one)).toBeUndefined();
});

test('nothing yet: says what will be here, and offers nothing; nothing older says that', () => {
  const nothing = render({});
  const older = render({ after: action(task()) });

  expect(textsOf(nothing.blocks)).toEqual([
    'Your last 30 days',
    expect.stringMatching(/^Nothing yet\. Whatever you do here/),
  ]);
  expect(nothing.text).toContain('Nothing yet.');
  expect(textsOf(older.blocks)[1]).toBe('Nothing older. `/tasks history` shows the newest.');
  for (const page of [nothing, older]) expect(checkMessageBlocks(page.blocks)).toBeUndefined();
  expect(NO_SUCH_PAGE).toContain('/tasks history');
});

test('is read out whole: what screen readers get has day, time, verb, task, outcome and reference', () => {
  const undone = { how: 'reversed', askedAt: NOW, doneAt: NOW } as const;
  const { text } = render({
    actions: [
      action(task(), { state: 'undone', undo: undone }),
      action(task(), { id: '6', createdAt: NOW - DAY, settledAt: NOW - DAY }),
    ],
  });

  expect(text.split('\n')).toEqual([
    'Your last 30 days: 2 actions, newest first.',
    'Today, Monday 23 November',
    '09:00 Done (not in effect): Dana Whitfield: Call about the renewal, Gong. Undone at 09:00. action 7.',
    'Yesterday, Sunday 22 November',
    '09:00 Done: Dana Whitfield: Call about the renewal, Gong. action 6.',
  ]);
});

test('a provider that is no longer set up is called by its key', () => {
  const texts = textsOf(render({ actions: [action(task({ provider: 'gone' }))] }).blocks);

  expect(texts).toContain('09:00  *Done*  Dana Whitfield: Call about the renewal  ·  gone');
});

/** How the entry marks its verb, and what it says under the line, with the reference. */
function entry(more: ActionWish, of = task()): [label: string, ...small: string[]] {
  const provider = WITH_RULES.get(of.provider);
  if (!provider) throw new Error(`no provider ${of.provider}`);
  const { line, small } = entryOf(action(of, more), provider, READER);
  const [, label = ''] = /^09:00 {2}(.*) {2}Dana Whitfield: Call about the renewal {2}· {2}(.*)$/.exec(line) ?? [];
  expect(line.endsWith(`·  ${provider.name}`)).toBe(true);
  return [label, ...small.split('  ·  ')];
}

const ID = 'action 7';
const dueAt = Date.parse('2026-11-30T14:00:00Z');
const MOVED = 'Due Mon 23 Nov, 12:00 → Mon 30 Nov, 09:00';

test.each<[ActionWish, ...string[]]>([
  [{}, '*Done*'],
  [{ note: 'Spoke to *Bo*' }, '*Done*', 'With your note “Spoke to ∗Bo∗”'],
  [{ ending: 'finish_replied' }, '*Done*', 'Sequence finished as replied'],
  // An ending that the provider no longer has.
  [{ ending: 'went_well' }, '*Done*', 'Went well'],
  [{ verb: 'dismiss' }, '*Dismissed*'],
  [{ verb: 'snooze', dueAt }, '*Snoozed*', MOVED],
  [{ verb: 'reschedule', dueAt }, '*Rescheduled*', MOVED],
  [{ verb: 'note', note: '<b>' }, '*Note changed*', 'Now “&lt;b&gt;”'],
  [{ verb: 'note', note: '' }, '*Note changed*', 'Now empty'],
  [{ verb: 'reassign', to: { externalId: '7', name: 'Theo Brandt' } }, '*Reassigned*', 'From you to Theo Brandt'],
  [{ verb: 'rule', rule: 'recent_created' }, '*Opportunity rule changed*', 'Now “Most recently created opportunity”'],
])('an entry says what was changed: %o', (more, ...said) => {
  expect(entry(more, OUTREACH)).toEqual([...said, ID]);
});

test('an entry says that there was no date before', () => {
  expect(entry({ verb: 'snooze', dueAt }, task({ dueAt: undefined }))[1]).toBe('No due date → Mon 30 Nov, 09:00');
});

describe('an entry says how it ended', () => {
  const until = NOW + 27 * MINUTE;
  const unsent = { sentAt: undefined, settledAt: NOW } as const;
  const queued = { ...unsent, state: 'queued', attempts: 0 } as const;
  const refused = { ...unsent, state: 'failed', failure: 'unavailable' } as const;
  const stale = { ...unsent, state: 'stale' } as const;
  const undo = { askedAt: NOW, doneAt: NOW + MINUTE };
  const CLOSED = 'no longer open for you in Gong';
  test.each<[ActionWish, ...string[]]>([
    [{ settledAt: NOW + 59_999, attempts: 3 }, '*Done*'],
    [{ settledAt: NOW + 12 * MINUTE, attempts: 9 }, '*Done*', 'Went through at 09:12 (tried 9 times)'],
    [{ settledAt: NOW + DAY }, '*Done*', 'Went through at Tue 24 Nov, 09:00'],
    [queued, 'Done', 'Under way'],
    [{ ...queued, heldUntil: NOW + 10_000 }, 'Done', 'Goes to Gong once it can no longer be undone'],
    [{ ...queued, waiting: { reason: 'rate_limited', until } }, 'Done', 'Waits for Gong until 09:27'],
    [
      { ...queued, attempts: 4, waiting: { reason: 'unavailable', until } },
      'Done',
      'Gong did not answer; Docket keeps trying until 09:27 (tried 4 times)',
    ],
    [{ ...refused, attempts: 14 }, '~Done~', 'Not marked done: Gong did not answer (tried 14 times)'],
    [{ ...refused, attempts: 1_400, sentAt: NOW }, 'Done', 'Not confirmed: Gong did not answer (tried 1,400 times)'],
    [{ ...refused, state: 'dropped' }, '~Done~', 'Not marked done: Gong did not answer', 'You chose another action'],
    [{ ...stale, found: { how: 'done', at: NOW - MINUTE } }, '~Done~', 'Nothing sent: already done in Gong at 08:59'],
    [{ ...stale, found: { how: 'done' } }, '~Done~', 'Nothing sent: already done in Gong'],
    [{ ...stale, found: { how: 'done', by: 'other' } }, '~Done~', 'Nothing sent: already done in Gong by someone else'],
    [{ ...stale, found: { how: 'gone' } }, '~Done~', `Nothing sent: ${CLOSED}`],
    [{ state: 'stale', found: { how: 'gone' } }, 'Done', `Left alone: ${CLOSED}`],
    [
      { ...stale, found: { how: 'moved', dueAt: NOW + DAY } },
      '~Done~',
      'Nothing sent: it was moved to Tue 24 Nov, 09:00 in Gong',
    ],
    [{ ...stale, found: { how: 'moved' } }, '~Done~', 'Nothing sent: its due date was taken away in Gong'],
    [{ state: 'undoing' }, '*Done*', 'Being undone'],
    [{ state: 'undoing', waiting: { reason: 'away', until } }, '*Done*', 'Undo waits for Gong until 09:27'],
    [{ state: 'undone', undo: { ...undo, how: 'reversed' }, attempts: 2 }, '~Done~', 'Undone at 09:01'],
    [
      { ...unsent, state: 'undone', undo: { ...undo, how: 'withdrawn' } },
      '~Done~',
      'Taken back at 09:01, before it was sent',
    ],
    [{ undoFailure: 'conflict', attempts: 2 }, '*Done*', 'Not undone: the task was changed in Gong since'],
    [
      { state: 'stale', undoAsked: true, found: { how: 'done', at: NOW } },
      '*Done*',
      'Not undone: already done in Gong at 09:00',
    ],
  ])('%o', (more, ...said) => {
    expect(entry(more)).toEqual([...said, ID]);
  });

  test('and why it failed, for each reason in words of its own, without what the provider wrote', () => {
    const whys = REASONS.map((failure) => {
      const [label, why, ...others] = entry({ ...refused, failure });
      expect([label, ...others]).toEqual(['~Done~', ID]);
      expect(why).toMatch(/^Not marked done: .{18,80}$/);
      return why;
    });

    expect(new Set(whys).size).toBe(REASONS.length);
  });
});

test('the reference is ours, and the provider’s of the verb and of its Undo, escaped', () => {
  const undo = { how: 'reversed', askedAt: NOW, doneAt: NOW, reference: 'req-2' } as const;
  const undone = entry({ state: 'undone', reference: '<req>', undo });

  expect(entry({ reference: 'req-1' })).toEqual(['*Done*', 'action 7, Gong req-1']);
  expect(undone).toEqual(['~Done~', 'Undone at 09:00', 'action 7, Gong &lt;req&gt;, undo req-2']);
});
