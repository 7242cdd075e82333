/** `/tasks history`: every action is on exactly one page, pages are within Slack's limits, and each entry reads as it should. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Rendered } from '../../blocks/elements.ts';
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
import type { Action, ActionState, StaleCause, Undo } from '../../src/core/model/action.ts';
import type { Instant } from '../../src/core/model/keys.ts';
import type { ActionWish } from '../builders.ts';
import { action, DAY, HOUR, NOW, OPERATIONS, READER, REASONS, task } from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { wildTask, wildText } from './wild.ts';

const MINUTE = 60_000;
const RULES = [{ value: 'recent_created', text: 'Most recently created opportunity' }];
const WITH_RULES: HistoryProviders = new Map(
  [...PROVIDERS].map(([id, provider]) => [id, { ...provider, editing: { rules: RULES } }]),
);

function render(page: Partial<HistoryPage>, reader: Reader = READER): Rendered {
  return renderHistory({ actions: [], after: undefined, ...page }, WITH_RULES, reader);
}

function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'section' || block.type === 'header') return [block.text?.text ?? ''];
    if (block.type === 'context') return block.elements.map((each) => ('text' in each ? each.text : ''));
    return [];
  });
}

/** The ids of the actions that a page shows: no text of others' holds two spaces in a rowOf, so none can look like this. */
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

const STATES = Object.keys({
  queued: true,
  succeeded: true,
  failed: true,
  stale: true,
  undoing: true,
  undone: true,
  dropped: true,
} satisfies Record<ActionState, true>) as ActionState[];

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
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
      state: fc.constantFrom(...STATES),
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
  const actions = Array.from({ length: 100 }, (_, index) => {
    return action(task(), {
      id: String(500 - index),
      createdAt: NOW - index * MINUTE,
      reference: '4al018gzaztcr8nbukw',
    });
  });

  expect(shownOn(render({ actions }))).toHaveLength(22);
});

test('a page of the longest texts holds fewer, and is still within what Slack takes', () => {
  const long = '"'.repeat(3_000);
  const of = task({ title: long, contact: { name: long } });
  const undo = { how: 'reversed', askedAt: NOW, doneAt: NOW, reference: long } as const;
  const more = { ending: long, note: long, state: 'undone', undo, reference: long } as const;
  const actions = Array.from({ length: 40 }, (_, index) => action(of, { ...more, id: String(500 - index) }));
  const page = render({ actions });

  expectWithinLimits(page);
  expect(shownOn(page).length).toBeGreaterThan(5);
  expect(shownOn(page).length).toBeLessThan(15);
  pageThrough(actions.map((each, index) => ({ ...each, id: String(999_999_999_999_000 - index) })));
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

  const days = (reader: Reader) =>
    textsOf(render({ actions }, reader).blocks).flatMap(
      (text) => /^\*(.*day .*)\*$|^(\d\d:\d\d) {2}/.exec(text)?.[0].trim() ?? [],
    );

  expect(days(READER)).toEqual([
    '*Today, Monday 23 November*',
    '08:55',
    '00:00',
    '*Yesterday, Sunday 22 November*',
    '23:59',
    '*Wednesday 18 November*',
    '07:00',
    '06:00',
  ]);
  expect(days({ ...READER, zone: 'Asia/Tokyo' })).toEqual([
    '*Today, Monday 23 November*',
    '22:55',
    '14:00',
    '13:59',
    '*Wednesday 18 November*',
    '21:00',
    '20:00',
  ]);
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

// ---------------------------------------------------------------- an entry

function entry(more: ActionWish, of = task()): { line: string; small: string } {
  const provider = WITH_RULES.get(of.provider);
  if (!provider) throw new Error(`no provider ${of.provider}`);
  const { line, small } = entryOf(action(of, more), provider, READER);
  expect(line).toContain(`Dana Whitfield: Call about the renewal  ·  ${provider.name}`);
  return { line: line.split('  Dana')[0] ?? '', small };
}

const OUTREACH = task({ provider: 'outreach', facts: { kind: 'sequence_step_call', step: 4 } });
const unsent = { sentAt: undefined, settledAt: NOW } as const;

describe('what was changed', () => {
  const due = { dueAt: Date.parse('2026-11-30T14:00:00Z') };
  test.each<[string, ActionWish, string, string]>([
    ['done', {}, '09:00  *Done*', ''],
    ['done with a note', { note: 'Spoke to *Bo*' }, '09:00  *Done*', 'With your note “Spoke to ∗Bo∗”'],
    ['another ending', { ending: 'finish_replied' }, '09:00  *Done*', 'Sequence finished as replied'],
    ['an ending of old', { ending: 'went_well' }, '09:00  *Done*', 'Went well'],
    ['dismissed', { verb: 'dismiss' }, '09:00  *Dismissed*', ''],
    ['snoozed', { verb: 'snooze', ...due }, '09:00  *Snoozed*', 'Due Mon 23 Nov, 12:00 → Mon 30 Nov, 09:00'],
    ['moved', { verb: 'reschedule', ...due }, '09:00  *Rescheduled*', 'Due Mon 23 Nov, 12:00 → Mon 30 Nov, 09:00'],
    ['a note', { verb: 'note', note: '<b>' }, '09:00  *Note changed*', 'Now “&lt;b&gt;”'],
    ['no note', { verb: 'note', note: '' }, '09:00  *Note changed*', 'Now empty'],
    [
      'an owner',
      { verb: 'reassign', to: { externalId: '7', name: 'Theo Brandt' } },
      '09:00  *Reassigned*',
      'From you to Theo Brandt',
    ],
    [
      'a rule',
      { verb: 'rule', rule: 'recent_created' },
      '09:00  *Opportunity rule changed*',
      'Now “Most recently created opportunity”',
    ],
  ])('%s', (_name, more, line, said) => {
    expect(entry(more, OUTREACH)).toEqual({ line, small: [said, 'action 7'].filter(Boolean).join('  ·  ') });
  });

  test('a date where there was none', () => {
    expect(entry({ verb: 'snooze', ...due }, task({ dueAt: undefined })).small).toBe(
      'No due date → Mon 30 Nov, 09:00  ·  action 7',
    );
  });
});

describe('how it ended', () => {
  const waited = { settledAt: NOW + 12 * MINUTE, attempts: 9 };
  const waiting = (reason: 'rate_limited' | 'unavailable') => ({ reason, until: NOW + 27 * MINUTE });
  const queued = { ...unsent, state: 'queued', attempts: 0 } as const;
  const withdrawn = { how: 'withdrawn', askedAt: NOW, doneAt: NOW + MINUTE } as const;
  const reversed = { how: 'reversed', askedAt: NOW, doneAt: NOW + MINUTE } as const;
  const stale = { ...unsent, state: 'stale' } as const;
  test.each<[string, ActionWish, string, string]>([
    ['at once', { settledAt: NOW + 59_999, attempts: 3 }, '*Done*', ''],
    ['after a while', waited, '*Done*', 'Went through at 09:12 (tried 9 times)'],
    ['the next day', { settledAt: NOW + DAY }, '*Done*', 'Went through at Tue 24 Nov, 09:00'],
    ['under way', queued, 'Done', 'Under way'],
    ['held back', { ...queued, heldUntil: NOW + 10_000 }, 'Done', 'Goes to Gong once it can no longer be undone'],
    ['told to wait', { ...queued, waiting: waiting('rate_limited') }, 'Done', 'Waits for Gong until 09:27'],
    [
      'trying',
      { ...queued, attempts: 4, waiting: waiting('unavailable') },
      'Done',
      'Gong did not answer; Docket keeps trying until 09:27 (tried 4 times)',
    ],
    [
      'failed',
      { ...unsent, state: 'failed', failure: 'unavailable', attempts: 14 },
      '~Done~',
      'Not marked done: Gong did not answer (tried 14 times)',
    ],
    [
      'failed with an answer lost',
      { state: 'failed', failure: 'unavailable', attempts: 1_400, sentAt: NOW },
      'Done',
      'Not confirmed: Gong did not answer (tried 1,400 times)',
    ],
    [
      'put aside',
      { ...unsent, state: 'dropped', failure: 'invalid' },
      '~Done~',
      'Not marked done: Gong refused this change  ·  You chose another action',
    ],
    [
      'done elsewhere',
      { ...stale, found: { how: 'done', at: NOW - MINUTE } },
      '~Done~',
      'Nothing sent: already done in Gong at 08:59',
    ],
    [
      'done some time',
      { ...stale, found: { how: 'done', at: undefined } },
      '~Done~',
      'Nothing sent: already done in Gong',
    ],
    ['gone', { ...stale, found: { how: 'gone' } }, '~Done~', 'Nothing sent: no longer open for you in Gong'],
    [
      'gone once sent',
      { state: 'stale', found: { how: 'gone' } },
      'Done',
      'Left alone: no longer open for you in Gong',
    ],
    [
      'moved elsewhere',
      { ...stale, found: { how: 'moved', dueAt: NOW + DAY } },
      '~Done~',
      'Nothing sent: it was moved to Tue 24 Nov, 09:00 in Gong',
    ],
    [
      'its date was taken away',
      { ...stale, found: { how: 'moved', dueAt: undefined } },
      '~Done~',
      'Nothing sent: its due date was taken away in Gong',
    ],
    ['being undone', { state: 'undoing' }, '*Done*', 'Being undone'],
    ['undo waits', { state: 'undoing', waiting: waiting('unavailable') }, '*Done*', 'Undo waits for Gong until 09:27'],
    ['undone', { state: 'undone', undo: reversed, attempts: 2 }, '~Done~', 'Undone at 09:01'],
    ['withdrawn', { ...unsent, state: 'undone', undo: withdrawn }, '~Done~', 'Taken back at 09:01, before it was sent'],
    [
      'not undone',
      { undoFailure: 'conflict', attempts: 2 },
      '*Done*',
      'Not undone: the task was changed in Gong since',
    ],
    [
      'closed before it was undone',
      { state: 'stale', undoAsked: true, found: { how: 'done', at: NOW } },
      '*Done*',
      'Not undone: already done in Gong at 09:00',
    ],
  ])('%s', (_name, more, label, said) => {
    expect(entry(more)).toEqual({ line: `09:00  ${label}`, small: [said, 'action 7'].filter(Boolean).join('  ·  ') });
  });

  test.each(REASONS)('a failure says why (%s), without what the provider wrote', (failure) => {
    const { small } = entry({ ...unsent, state: 'failed', failure });

    expect(small).toMatch(/^Not marked done: [^·]{18,80} {2}· {2}action 7$/);
  });

  test('reasons differ', () => {
    const texts = REASONS.map((failure) => entry({ state: 'failed', failure }).small);

    expect(new Set(texts).size).toBe(REASONS.length);
  });
});

test('the reference is ours, and the provider’s of the verb and of its Undo, escaped', () => {
  const undo = { how: 'reversed', askedAt: NOW, doneAt: NOW, reference: 'req-2' } as const;

  expect(entry({ reference: 'req-1' }).small).toBe('action 7, Gong req-1');
  expect(entry({ state: 'undone', reference: '<req>', undo }).small).toBe(
    'Undone at 09:00  ·  action 7, Gong &lt;req&gt;, undo req-2',
  );
});
