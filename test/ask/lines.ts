/** Lines that nobody and everybody would type: words of the grammar, numbers, dates, marks and noise in any order. */
import fc from 'fast-check';
import type { Asked } from '../../src/core/ask/asked.ts';
import { COMMAND_RULES, SMALL_WORDS, TERMS, UNDO, VERB_RULES } from '../../src/core/ask/grammar.ts';
import { fold } from '../../src/core/model/text.ts';

const VERBS = VERB_RULES.flatMap(({ words }) => [...words]);

const WORDS = [
  ...VERBS,
  UNDO.word,
  ...TERMS.flatMap(({ words }) => [...words]),
  ...COMMAND_RULES.flatMap(({ words }) => [...words]),
  ...[...SMALL_WORDS].slice(0, 40),
  ...[
    'before',
    'until',
    'by',
    'sort:due',
    'sort by',
    'everything',
    'not',
    'gong',
    'reply.io',
    'acme',
    "O'Brien",
    'Müller',
  ],
  ...[
    'fri',
    'monday',
    '12 dec',
    '5/12',
    '9am',
    '15:00',
    'tomorrow at 5',
    'in 2 days',
    'midnight',
    'noon',
    '2026-12-01',
    'eod',
  ],
];

const MARKS = [',', ';', '-', '–', '&', 'and', '"', '“', '«', "'", '.', '!', '#', '\u202e', '\u200b', '👍', '\n', '\t'];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 4, arbitrary: fc.nat(150).map(String) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(20), fc.nat(20)).map(([from, to]) => `${from}-${to}`) },
  { weight: 2, arbitrary: fc.constantFrom(...MARKS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
);

export const anyLine: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom(' ', ' ', ''))
      .map(([parts, gap]) => parts.join(gap)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 400 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(piece, fc.integer({ min: 1, max: 400 })).map(([part, times]) => `${part} `.repeat(times)),
  },
);

/** By other means than the parser: the line has a verb, and every number that it acts on or the ends of its range. */
export function isRightToAct(line: string, asked: Extract<Asked, { is: 'act' | 'undo' }>): boolean {
  const folded = fold(line);
  const words = folded.split(/[^a-z]+/);
  if (asked.is === 'undo') return words.includes(UNDO.word) && !/\d/.test(folded);
  const rule = VERB_RULES.find(({ verb }) => verb === asked.verb);
  const hasVerb = rule !== undefined && words.some((word) => rule.words.includes(word));
  const others = VERBS.filter((word) => !rule?.words.includes(word));
  const ends = [Math.min(...asked.numbers), Math.max(...asked.numbers)];
  const said = (folded.match(/\d+/g) ?? []).map(Number);
  return (
    hasVerb &&
    asked.numbers.length > 0 &&
    ends.every((end) => said.includes(end)) &&
    !words.some((word) => others.includes(word))
  );
}
