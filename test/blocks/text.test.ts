import type { ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suggestionBlocks } from '../../blocks/accounts.ts';
import { consentModal } from '../../blocks/consent-modal.ts';
import {
  doneModal,
  noteModal,
  readingModal,
  reassignModal,
  refusedModal,
  ruleModal,
} from '../../blocks/edit-modals.ts';
import { followUpModal } from '../../blocks/follow-up-modal.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { noticeMessage } from '../../blocks/notices.ts';
import { explain } from '../../blocks/reasons.ts';
import { FORMS } from '../../blocks/row-ids.ts';
import { suggestModal } from '../../blocks/team.ts';
import { anchor, dealText, distance, exactTime, longDate, mrkdwn, plainText } from '../../blocks/text.ts';
import { whenModal } from '../../blocks/when-modal.ts';
import { checkView } from '../../sandbox/slack/validate.ts';
import type { Task } from '../../src/core/model/task.ts';
import { readable } from '../../src/core/model/text.ts';
import type { Notice } from '../../src/core/ports/screen.ts';
import {
  DAY,
  HOUR,
  loaded,
  MINUTE,
  NOW,
  READER,
  REASONS,
  renderLoaded,
  rowOf,
  seenAs,
  suggestionOf,
  task,
  textsOf,
} from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { ROW_STATES, wildFilter, wildReports, wildSeen, wildTask, wildText } from './wild.ts';

describe('text from outside', () => {
  test.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U012> & co', '&lt;@U012&gt; &amp; co'],
    ['<https://x.example|y>', '&lt;https://x.example|y&gt;'],
    ['&lt;', '&amp;lt;'],
    ['*bold* ~gone~ `code`', '∗bold∗ ∼gone∼ ˋcodeˋ'],
    ['two\nlines\tand\u0000more', 'two lines and more'],
    ['  wide   open  ', 'wide open'],
    ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
    ['_final_ offer, file_name_2', 'ˍfinalˍ offer, file_name_2'],
    ['__init__', 'ˍˍinitˍˍ'],
    ['mail ines_c@orrin.example', 'mail ines_c@orrin.example'],
    ['call :rocket: team', 'call ꞉rocket: team'],
    ['::wave::', ':꞉wave::'],
    [':+1: and :skin-tone-2:', '꞉+1: and ꞉skin-tone-2:'],
    ['at 9: call', 'at 9: call'],
    ['> quoted', '› quoted'],
    ['>>> a > b', '››› a &gt; b'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['\u200b\u2060', ''],
  ])('is said as it is written: %j', (text, expected) => {
    expect(mrkdwn(text, 200)).toBe(expected);
  });

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['abcd efg', 6, 'abcd…'],
    ['a&b', 5, 'a…'],
    ['a&b', 7, 'a&amp;b'],
    ['😀😀😀', 6, '😀😀😀'],
    ['😀😀😀', 5, '😀😀…'],
    ['😀😀😀', 4, '😀…'],
  ])('%j in %i characters', (text, max, expected) => {
    expect(mrkdwn(text, max)).toBe(expected);
  });

  test('plain text has no mark-up but emoji codes', () => {
    expect(plainText('_kept_ > as is, no :tada: here', 200)).toBe('_kept_ > as is, no ꞉tada: here');
  });

  test('never loses its end without an ellipsis, never exceeds its room, and never breaks a character', () => {
    fc.assert(
      fc.property(wildText, fc.integer({ min: 1, max: 200 }), (text, max) => {
        for (const shorten of [mrkdwn, plainText]) {
          const whole = shorten(text, Number.POSITIVE_INFINITY);
          const fitted = shorten(text, max);

          expect(fitted.length).toBeLessThanOrEqual(max);
          expect(fitted.isWellFormed()).toBe(true);
          expect(/[\p{Cc}\n]/u.test(fitted)).toBe(false);
          if (whole.length <= max) expect(fitted).toBe(whole);
          else {
            expect(fitted.endsWith('…')).toBe(true);
            expect(whole.startsWith(fitted.slice(0, -1))).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('English is said by the same rules as any other language', () => {
    const character = fc.constantFrom(
      ...Array.from({ length: 127 - 32 }, (_, n) => String.fromCharCode(32 + n)),
      ...'eee   ::__>',
    );
    const text = fc.array(character, { maxLength: 40 }).map((all) => `${all.join('')}e`);
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 45 }), (english, max) => {
        const french = english.replaceAll('e', 'é');
        for (const shorten of [mrkdwn, plainText, readable]) {
          expect(shorten(english, max)).toBe(shorten(french, max).replaceAll('é', 'e'));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('names that are too long end with an ellipsis wherever they stand', () => {
    const long = task({ title: 't'.repeat(3_000), contact: { name: 'n'.repeat(3_000) }, flow: 'f'.repeat(3_000) });

    const said = textsOf(renderLoaded(loaded([rowOf(long), rowOf(long, {})])).blocks).join('\n');

    expect(said).not.toMatch(/t{140}[^…]|n{80}[^…]|f{60}[^…]/);
    expect(said.match(/n…/g)).toHaveLength(2);
  });
});

/** Every text of the blocks that Slack reads as mrkdwn. */
function marked(value: unknown): { text: string; verbatim?: boolean }[] {
  if (Array.isArray(value)) return value.flatMap(marked);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && value.type === 'mrkdwn' ? [value as { type: 'mrkdwn'; text: string }] : [];
  return [...own, ...Object.values(value).flatMap(marked)];
}

/** Angle brackets that are not a whole link to a web page. */
const STRAY = /<(?!https?:\/\/[^|<>\s]+\|[^<>]*>)|(?<!<https?:\/\/[^<>]*)>/;

test('the check for stray brackets finds what it is for', () => {
  for (const bad of ['<!channel>', '<@U1>', '<#C1|x>', 'a > b', '<javascript:x|y>', '<https://x.example>']) {
    expect(STRAY.test(bad)).toBe(true);
  }
  expect(STRAY.test('*<https://x.example/?a=1|Dana &lt;3>*')).toBe(false);
});

const RULES = [
  { value: 'recent_created', text: 'Most recently created opportunity' },
  { value: 'noop', text: 'No opportunity' },
];
const LARGE_REF = { messageId: '999999999999999', position: 999_999_999, seq: 999_999_999 };

const named = (text: string) => [
  { id: '1', name: text, email: `${text}@x.example` },
  { id: '2', name: '' },
];

/** Every window, about any task, with any text in it. */
function windowsOf(of: Task, text: string): ModalView[] {
  const capabilities = PROVIDERS.get(of.provider)?.capabilities.of(of) ?? { verbs: {} };
  const asked = { verbs: { done: { reversible: false, repeatable: false, consequence: text } } };
  const provider = { id: 'outreach', name: 'Outreach' };
  const when = { ref: LARGE_REF, task: of, provider: 'Outreach', suggestion: NOW + DAY };
  const creators = [provider, { id: 'other', name: text.slice(0, 20) || 'x' }].map((each) => ({
    ...each,
    creating: { kinds: RULES },
  }));
  const followUp = { creators, dueAt: NOW + DAY };
  return [
    whenModal({ ...when, verb: 'snooze' }, READER),
    whenModal({ ...when, verb: 'reschedule', consequence: text || 'x' }, READER),
    doneModal(LARGE_REF, of, capabilities),
    doneModal(LARGE_REF, of, asked),
    ...FORMS.map((form) => readingModal(LARGE_REF, form, of, 'Outreach')),
    noteModal(LARGE_REF, of, text),
    ruleModal(LARGE_REF, of, { rules: RULES, rule: text }),
    ruleModal(LARGE_REF, of, { rules: RULES, rule: 'noop' }),
    reassignModal(LARGE_REF, of, 'Outreach'),
    consentModal(provider, `https://x.example/?${'s'.repeat(1_500)}`),
    consentModal({ id: 'long', name: 'A sales tool with a long name' }, 'https://x.example/'),
    suggestModal([provider]),
    followUpModal({ ...followUp, who: undefined, note: '' }),
    followUpModal({ ...followUp, who: `${text}@x.example`, note: text.slice(0, 3_000) }),
    followUpModal({ ...followUp, who: text, note: '', found: { provider, people: [], more: true } }),
    followUpModal({ ...followUp, who: text, note: '', found: { provider, people: named(text), more: false } }),
    ...REASONS.map((reason) => refusedModal('Opportunity rule', explain(reason, 'Outreach'))),
  ];
}

test('a note that a field of Slack cannot hold is not cut: the window says so and takes none', () => {
  const fits = noteModal(LARGE_REF, task(), 'n'.repeat(LIMITS.inputText));
  const refused = noteModal(LARGE_REF, task(), 'n'.repeat(LIMITS.inputText + 1));

  expect(JSON.stringify(fits)).toContain('n'.repeat(LIMITS.inputText));
  expect(refused.submit).toBeUndefined();
  expect(JSON.stringify(refused)).toContain('This note has 3,001 characters');
  expect(checkView(fits, 'modal')).toBeUndefined();
  expect(checkView(refused, 'modal')).toBeUndefined();
});

// contracts, rule 10: text from outside is shown as text
test('no text can become a mention or a link, whatever state its row is in, nor be too long for a window', () => {
  const world = fc.record({
    wild: wildTask,
    see: wildSeen,
    reports: wildReports,
    filter: wildFilter,
    reference: wildText,
    name: wildText,
  });
  fc.assert(
    fc.property(world, ({ wild, see, reports, filter, reference, name }) => {
      const details = { reference, note: name, to: { externalId: '9', name } };
      const rows = ROW_STATES.map(([, more]) => seenAs(rowOf(wild, more && { ...more, ...details }), see(wild)));
      const newLinks = [{ provider: 'gong', name: 'Gong', email: name }];
      const { blocks } = renderLoaded(loaded(rows, { kind: 'home', reports, filter, newLinks }));
      const modals = windowsOf(wild, name);
      const not = {
        about: 'not_created',
        provider: 'outreach',
        email: name,
        reference: 'job 7',
        unsure: false,
      } as const;
      const notices: Notice[] = [
        { about: 'created', provider: 'outreach', person: name, dueAt: NOW },
        { ...not, why: 'no_person' },
        { ...not, why: 'unavailable' },
        { about: 'wrong_person', provider: 'outreach', signedIn: name, email: name },
      ];
      const messages = notices.map((notice) => noticeMessage(notice, 'Outreach', READER).blocks);

      for (const view of modals) expect(checkView(view, 'modal')).toBeUndefined();
      for (const text of [blocks, modals, messages].flatMap(marked)) {
        expect(text.text).not.toMatch(STRAY);
        expect(text.verbatim).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test('the one who suggests a link is mentioned, and nothing that they wrote is', () => {
  fc.assert(
    fc.property(wildText, wildText, (name, email) => {
      const [said = ''] = textsOf(suggestionBlocks(suggestionOf('gong', { name, email }), 'Gong'));

      expect(said).toMatch(/^<@U9> suggests/);
      expect(said.replace('<@U9>', '')).not.toMatch(STRAY);
    }),
    { numRuns: 100 },
  );
});

test.each([undefined, {}, { state: 'failed' }, { state: 'stale' }] as const)(
  'a contact with a mention and a link for a name is shown by that name: %j',
  (more) => {
    const sly = rowOf(task({ contact: { name: '<!channel> & <https://x|y>' } }), more);

    expect(textsOf(renderLoaded(loaded([sly])).blocks).join('\n')).toContain(
      '&lt;!channel&gt; &amp; &lt;https://x|y&gt;',
    );
  },
);

test('a filter is repeated in the title as it was typed', () => {
  const { blocks } = renderLoaded(loaded([], { filter: { by: 'text', text: '&lt;b> & "co"' } }));

  expect(blocks[0]).toMatchObject({ type: 'header', text: { text: 'Your open tasks with “&lt;b> & "co"”' } });
});

describe('a link', () => {
  test.each([
    ['https://x.example/a?b=1&c=2', '<https://x.example/a?b=1&amp;c=2|Dana>'],
    ['http://x.example', '<http://x.example/|Dana>'],
    ['https://x.example/a|b', '<https://x.example/a%7Cb|Dana>'],
    ['https://x.example/?a=<!channel>', '<https://x.example/?a=%3C!channel%3E|Dana>'],
    ['https://x.example/#<>|', '<https://x.example/#%3C%3E%7C|Dana>'],
    [undefined, 'Dana'],
    ['', 'Dana'],
    ['x.example', 'Dana'],
    ['javascript:alert(1)', 'Dana'],
    ['slack://channel?id=1', 'Dana'],
    ['https://', 'Dana'],
  ])('to %s', (url, expected) => {
    expect(anchor(url, 'Dana')).toBe(expected);
  });

  test('that does not fit is dropped, never cut', () => {
    const fits = `https://x.example/${'a'.repeat(300 - 'https://x.example/'.length)}`;

    expect(anchor(fits, 'Dana')).toBe(`<${fits}|Dana>`);
    expect(anchor(`${fits}a`, 'Dana')).toBe('Dana');
  });
});

describe('times', () => {
  test.each([
    [NOW, 'America/New_York', 'Mon 23 Nov, 09:00'],
    [NOW, 'Asia/Kathmandu', 'Mon 23 Nov, 19:45'],
    [NOW, 'Pacific/Kiritimati', 'Tue 24 Nov, 04:00'],
    [NOW + 39 * DAY, 'America/New_York', 'Fri 1 Jan 2027, 09:00'],
    [NOW - 365 * DAY, 'America/New_York', 'Sun 23 Nov 2025, 09:00'],
    [Date.parse('2026-10-25T00:30:00Z'), 'Europe/Berlin', 'Sun 25 Oct, 02:30'],
    [Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin', 'Sun 25 Oct, 02:30'],
  ])('%i in %s', (at, zone, expected) => {
    expect(exactTime(at, { now: NOW, zone })).toBe(expected);
  });

  test.each([
    [0, 'less than a minute'],
    [29_000, 'less than a minute'],
    [31_000, '1 minute'],
    [59 * MINUTE, '59 minutes'],
    [59 * MINUTE + 40_000, '1 hour'],
    [90 * MINUTE, '2 hours'],
    [14 * HOUR, '14 hours'],
    [15 * HOUR, '1 day'],
    [-11 * HOUR, '11 hours'],
    [-13 * HOUR, '1 day'],
    [36 * HOUR, '1 day'],
    [2 * DAY, '2 days'],
    [13 * DAY, '13 days'],
    [14 * DAY, '2 weeks'],
    [59 * DAY, '8 weeks'],
    [60 * DAY, '2 months'],
    [-400 * DAY, '13 months'],
  ])('%i ms from nine in the morning is %s', (away, expected) => {
    expect(distance(NOW + away, READER)).toBe(expected);
  });

  // contracts, rule 2: times are instants, shown in the rep's zone
  test('days are calendar days of the reader, also where the clock changes', () => {
    const evening = Date.parse('2026-10-31T23:00:00-04:00');
    const afterChange = Date.parse('2026-11-01T23:00:00-05:00');

    expect(distance(afterChange, { ...READER, now: evening })).toBe('1 day');
  });

  test('a date has its weekday and month in words', () => {
    expect(longDate('2026-11-23', READER)).toBe('Monday 23 November');
    expect(longDate('2028-02-29', READER)).toBe('Tuesday 29 February');
  });
});

test.each([
  [{ stage: 'Negotiation', amount: '48000' }, 'Negotiation, 48,000'],
  [{ stage: 'Negotiation', amount: '$48,000' }, 'Negotiation, $48,000'],
  [{ stage: 'Negotiation', amount: '48000', currency: 'CHF' }, 'Negotiation, 48,000 CHF'],
  [{ name: 'Fleet renewal', amount: 'about 48k', currency: 'USD' }, 'Fleet renewal, about 48k'],
  [{ stage: 'Won', amount: '', currency: 'USD' }, 'Won'],
  [{ amount: '1234567.5' }, '1,234,567.5'],
  [{ name: 'Fleet renewal', amount: '999' }, 'Fleet renewal, 999'],
  [{ name: 'Fleet renewal', stage: 'Won' }, 'Won'],
  [{ name: 'Fleet renewal' }, 'Fleet renewal'],
  [{ stage: '', amount: '' }, ''],
  [{}, ''],
])('a deal of %j is shown as %j', (deal, expected) => {
  expect(dealText(deal)).toBe(expected);
});

test('a deal that says nothing leaves no gap in the row', () => {
  const texts = textsOf(renderLoaded(loaded([rowOf(task({ deal: {} }))])).blocks);

  expect(texts.at(-1)).toMatch(/12:00\)\s+·\s+Gong$/);
});
