/** Which Slack statuses say that somebody is out of office. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOutOfOffice } from '../../../src/core/model/out-of-office.ts';

const NOW = Date.parse('2026-11-23T14:00:00Z');
const says = (text: string, emoji = '') => isOutOfOffice({ text, emoji, endsAt: undefined }, NOW);

describe('a status says it', () => {
  test.each([
    'Out of office',
    'out of the office until Monday',
    'OUT-OF-OFFICE',
    'OOO',
    'OOO until 5 Dec',
    'OOO in Spain, back Monday',
    'Vacationing',
    'On vacation',
    'Vacation until Friday',
    'on holiday',
    'Holidays!',
    'Bank holiday',
    'Out sick',
    'sick',
    'Sick today',
    'On leave',
    'Parental leave',
    'I’m on a vacation',
  ])('in words: %s', (text) => {
    expect(says(text)).toBe(true);
  });

  test.each([':palm_tree:', ':face_with_thermometer:', ':beach_with_umbrella:', ':palm_tree::skin-tone-3:'])(
    'by its emoji alone: %s',
    (emoji) => {
      expect(says('', emoji)).toBe(true);
      expect(says('Urlaub', emoji)).toBe(true);
    },
  );
});

describe('a status does not say it', () => {
  test.each([
    '',
    'Out for lunch',
    'In a meeting',
    'Commuting',
    'Working remotely',
    'Out and about',
    'Back in the office',
    'Back from vacation',
    'Back from my holiday',
    'Not on vacation',
    'No longer sick',
    'OOO next week',
    'Vacation starting Friday',
    'Vacation in 3 days',
    'Before the holidays',
    'Holiday campaign',
    'Sick of meetings',
    'Planning vacation',
    'zooooom',
    'Homesickness',
    'Leave me alone',
  ])('in words: %s', (text) => {
    expect(says(text)).toBe(false);
  });

  test.each([':airplane:', ':house_with_garden:', ':bus:', ':spiral_calendar_pad:', 'palm_tree', ':palm:', ''])(
    'by the emoji %s',
    (emoji) => {
      expect(says('', emoji)).toBe(false);
    },
  );

  test('that has ended', () => {
    const status = { emoji: ':palm_tree:', text: 'OOO' };

    expect([NOW - 1, NOW, NOW + 1].map((endsAt) => isOutOfOffice({ ...status, endsAt }, NOW))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

test('whatever somebody writes, the words alone decide, not case, dashes, punctuation or what is around them', () => {
  const noise = fc.constantFrom('', '!', ' ', ' — ', '…', ' 🌴 ', ', ');
  const words = fc.constantFrom('out of office', 'OOO', 'on leave', 'Vacationing', 'out sick');
  fc.assert(
    fc.property(noise, words, noise, fc.boolean(), (before, text, after, loud) => {
      expect(says(before + (loud ? text.toUpperCase() : text) + after)).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => void says(text, text)));
});
