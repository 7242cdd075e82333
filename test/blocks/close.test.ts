/** The message that closes a day, the fields of the window about it, and what is said of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeRefused, daySaved, dayText, soonTitle } from '../../blocks/day-words.ts';
import { weightOf } from '../../blocks/limits.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { checkMessageBlocks, checkView } from '../../sandbox/slack/validate.ts';
import { DEFAULT_CHOICES, FOREVER } from '../../src/core/model/digest.ts';
import type { DayClose } from '../../src/core/model/message.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import {
  DAY,
  HOUR,
  type ListOptions,
  labelsOf,
  loaded,
  NOW,
  READER,
  REP,
  renderLoaded,
  rowOf,
  SCHEDULE,
  seenAs,
  task,
  textsOf,
  unreached,
} from './fixtures.ts';
import { ROW_STATES, wildTask } from './wild.ts';

/** Half past five on a Monday. */
const EVENING = { ...READER, now: NOW + 8.5 * HOUR };
const TUESDAY = NOW + DAY;
const LATE = task({ id: '1', dueAt: NOW - DAY, contact: { name: 'Dana Whitfield' }, title: 'Renewal' });
const TODAY = task({ id: '2', dueAt: NOW + HOUR, contact: { name: 'Bo Tanaka' }, title: 'Pilot' });
const TONIGHT = task({ id: '3', dueAt: NOW + 10 * HOUR, contact: { name: 'Ines Calder' }, title: 'Terms' });
const THREE = [LATE, TODAY, TONIGHT].map((each, position) => rowOf(each, undefined, position));

interface Wish extends ListOptions {
  day?: Partial<DayClose>;
  reader?: typeof READER;
}

function closeOf(rows: readonly Row[], { day, reader = EVENING, ...options }: Wish = {}) {
  const message = loaded(rows, { filter: { by: 'today' }, ...options });
  const summary = { ...message.summary, day: { total: 12, moved: 0, nextAt: TUESDAY, ...day } };
  return renderLoaded({ ...message, summary }, reader);
}

const buttonsOf = ({ blocks }: ReturnType<typeof closeOf>) => labelsOf(blocks.at(-1));
const movedTo = (row: Row, dueAt = TUESDAY) => rowOf(row.task, { verb: 'reschedule', dueAt }, row.position);

describe('the close of a day', () => {
  test('says what is done and left, names what is left, and offers to move it to a named day', () => {
    const shown = closeOf(THREE);

    expect(textsOf(shown.blocks)).toEqual([
      '*9 of 12 done, 3 left:*\n• Dana Whitfield: Renewal\n• Bo Tanaka: Pilot\n• Ines Calder: Terms  ·  due 19:00',
      "This counts what today's digest had due by the end of today, not what is due later or has no date.",
    ]);
    expect(buttonsOf(shown)).toEqual(['Move 3 to Tue 24 Nov', 'Leave them']);
    expect(shown.text).toBe('9 of 12 done, 3 left: Dana Whitfield, Bo Tanaka, Ines Calder.');
  });

  test('follows what happens to its tasks, here and at the tool', () => {
    const shown = closeOf([
      rowOf(LATE, { verb: 'done' }, 0),
      seenAs(rowOf(TODAY, undefined, 1), { how: 'done', at: EVENING.now }),
      rowOf(TONIGHT, undefined, 2),
    ]);

    expect(textsOf(shown.blocks)[0]).toBe('*11 of 12 done, 1 left:*\n• Ines Calder: Terms  ·  due 19:00');
    expect(buttonsOf(shown)).toEqual(['Move 1 to Tue 24 Nov', 'Leave it']);
  });

  test.each<[string, readonly Row[], Partial<DayClose>, string]>([
    ['all done', [], {}, 'All 12 done'],
    ['the only one done', [], { total: 1 }, 'The one task of today is done'],
    ['the rest done since', [rowOf(LATE, { verb: 'done' })], {}, 'All 12 done'],
    ['some moved before', [], { moved: 2 }, '10 of 12 done, 2 moved, none left'],
    ['all moved', [], { total: 2, moved: 2 }, '0 of 2 done, 2 moved, none left'],
  ])('is one line without a button: %s', (_, rows, day, words) => {
    const { blocks, text } = closeOf(rows, { day });

    expect(textsOf(blocks)).toEqual([`*${words}*`]);
    expect(text).toBe(`${words}.`);
  });

  test('says how many tasks came since the digest, which it does not count', () => {
    const since = '2 tasks came since the digest and are not counted: `/tasks` lists what is open.';

    expect(textsOf(closeOf(THREE, { day: { later: 2 } }).blocks)[1]).toMatch(/has no date\. 2 tasks came/);
    expect(textsOf(closeOf([], { day: { later: 2 } }).blocks)).toEqual(['*All 12 done*', since]);
    expect(textsOf(closeOf([], { day: { later: 1 } }).blocks)[1]).toContain('1 task came since the digest and is not');
  });

  test('turns into what was chosen, without a button', () => {
    const left = closeOf(THREE, { day: { answer: 'left' } });
    expect(textsOf(left.blocks)[1]).toBe('You left them as they are. What is open then is in your next digest.');

    const moved = closeOf(
      THREE.map((row) => movedTo(row)),
      { day: { answer: 'moved' } },
    );
    expect(textsOf(moved.blocks)).toEqual([
      '*9 of 12 done, 3 moved, none left*',
      'You moved what was left to Tue 24 Nov, 09:00. The message about that has *Undo all*.',
    ]);
    const some = closeOf(
      [...THREE.slice(1), rowOf(LATE, { verb: 'reschedule', state: 'failed', failure: 'forbidden' })],
      {
        day: { answer: 'moved' },
      },
    );
    expect(textsOf(some.blocks)[1]).toContain('Still open here: 3.');

    const going = closeOf([rowOf(LATE, { verb: 'reschedule', state: 'queued' }), ...THREE.slice(1)], {
      day: { answer: 'moved' },
    });
    expect(textsOf(going.blocks)[1]).toBe('What was left is being moved to Tue 24 Nov, 09:00 …');
    const doneSince = closeOf([rowOf(LATE, { verb: 'done' })], { day: { answer: 'left' } });
    expect(textsOf(doneSince.blocks)).toEqual(['*All 12 done*']);

    for (const { blocks } of [left, moved, some, going])
      expect(blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  test('has no button that would do nothing: none once its time has passed, and no Move without a next working day', () => {
    expect(closeOf(THREE, { reader: { ...EVENING, now: TUESDAY } }).blocks.at(-1)?.type).toBe('context');
    expect(buttonsOf(closeOf(THREE, { day: { nextAt: FOREVER } }))).toEqual(['Leave them']);
  });

  test('says what is not known of a tool that does not answer', () => {
    const at = (lastListedAt?: number) =>
      textsOf(closeOf(THREE, { reports: [unreached('gong', 'unavailable', lastListedAt)] }).blocks)[1];

    expect(at(NOW + 5 * HOUR)).toBe(
      '*Gong could not be reached*, so what is counted of it is as it was known at 14:00.',
    );
    expect(at()).toContain('as it was known in the digest.');
  });

  test('names ten, counts the rest, and is within what Slack takes, whatever the tasks say', () => {
    const many = Array.from({ length: 14 }, (_, id) => rowOf(task({ id: String(id), dueAt: NOW }), undefined, id));
    expect(textsOf(closeOf(many, { day: { total: 14 } }).blocks)[0]).toContain("… and 4 more, in today's digest");

    const state = fc.constantFrom(...ROW_STATES);
    fc.assert(
      fc.property(fc.array(fc.tuple(wildTask, state), { maxLength: 40 }), (all) => {
        const rows = all.map(([each, [, wish]], position) => rowOf({ ...each, id: String(position) }, wish, position));
        const { blocks, text } = closeOf(rows, { day: { total: rows.length } });
        expect(checkMessageBlocks(blocks)).toBeUndefined();
        expect(weightOf(blocks)).toBeLessThan(4_000);
        expect(text.length).toBeLessThan(1_000);
      }),
      { numRuns: 50 },
    );
  });
});

test.each([
  [15, 1, 'In 15 minutes: a call at 10:00'],
  [1, 1, 'In 1 minute: a call at 10:00'],
  [15, 3, 'In 15 minutes: 3 calls from 10:00'],
  [0, 1, 'A call at 10:00'],
  [-60, 2, '2 calls from 10:00'],
])('the title of a reminder %i minutes before %i calls', (minutes, calls, words) => {
  const dueAt = NOW + HOUR;

  expect(soonTitle(dueAt, calls, { ...READER, now: dueAt - minutes * 60_000 })).toBe(words);
});

test('a reminder is a list of full rows, whose text for notifications begins with when', () => {
  const dueAt = NOW + HOUR;
  const filter = { by: 'soon', tasks: [{ provider: 'gong', id: '1' }], dueAt } as const;
  const rows = [rowOf(task({ id: '1', kind: 'call', dueAt }))];
  const shown = renderLoaded(loaded(rows, { filter }), { ...READER, now: dueAt - 15 * 60_000 });

  expect(shown.text).toMatch(/^In 15 minutes: a call at 10:00: 1 due today\.\n1\. Dana Whitfield/);
  expect(labelsOf(shown.blocks.find(({ type }) => type === 'actions'))).toContain('Done');
});

describe('what is said of the day', () => {
  const BOTH = { ...DEFAULT_CHOICES, closesAt: '17:30', nudges: true };

  test('is nothing where nothing is on', () => {
    expect(dayText(DEFAULT_CHOICES, READER)).toBe('');
    expect(daySaved(DEFAULT_CHOICES, undefined, READER)).toBe('');
  });

  test('in /tasks status is what is on, in the rep’s own clock', () => {
    expect(dayText(BOTH, READER)).toBe(
      'Your day closes at 17:30. Calls that are due at a time of day are announced 15 minutes before. Quiet hours: 20:00 to 07:00.',
    );
    expect(dayText({ ...BOTH, nudges: false, quiet: { from: '00:00', until: '00:00' } }, { locale: 'en-US' })).toBe(
      'Your day closes at 5:30 PM.',
    );
  });

  test.each([
    [NOW + 8 * HOUR, 'Your day closes at 17:30; the first time today.'],
    [NOW + DAY, 'Your day closes at 17:30; the first time tomorrow.'],
    [NOW + 4 * DAY, 'Your day closes at 17:30; the first time on Fri 27 Nov.'],
    [undefined, 'Your day closes at 17:30 on days with a digest.'],
  ])('after Save is when it begins', (next, words) => {
    expect(daySaved({ ...BOTH, nudges: false, quiet: { from: '00:00', until: '00:00' } }, next, READER)).toBe(words);
  });

  test('after Save has the reminders and the quiet hours', () => {
    expect(daySaved({ ...BOTH, closesAt: undefined }, undefined, READER)).toBe(
      'A reminder comes 15 minutes before a call that is due at a time of day, but not in your quiet hours, 20:00 to 07:00.',
    );
  });

  test('beside the field is why a time is refused, and what to do', () => {
    const about = { quiet: DEFAULT_CHOICES.quiet, digestAt: '09:00' };
    expect(closeRefused('quiet', about, READER)).toBe(
      'That is in your quiet hours, 20:00 to 07:00. Choose another time, or other hours.',
    );
    expect(closeRefused('before_digest', about, READER)).toBe(
      'Your digest comes at 09:00. Choose a later time: a day is closed after its digest.',
    );
  });

  test('in the window is what is chosen, within what Slack takes', () => {
    const viewOf = (choices: typeof BOTH | typeof DEFAULT_CHOICES) =>
      settingsModal({ rep: REP, schedule: { ...SCHEDULE, choices }, readsStatus: true }, READER);
    expect(checkView(viewOf(BOTH), 'modal')).toBeUndefined();
    const [on, off] = [BOTH, DEFAULT_CHOICES].map((choices) => JSON.stringify(viewOf(choices)));
    expect(on).toContain('"initial_time":"17:30"');
    expect(off).not.toContain('"initial_time":"17:30"');
    expect(on?.match(/initial_options/g)).toHaveLength(2);
    expect(off?.match(/initial_options/g)).toHaveLength(1);
    for (const time of ['20:00', '07:00']) expect(off).toContain(`"initial_time":"${time}"`);
  });
});
