/** What typed lines come to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Asked } from '../../src/core/ask/asked.ts';
import { mayAct, readLine } from '../../src/core/ask/read.ts';
import type { Query } from '../../src/core/model/query.ts';
import { zoned } from '../../src/core/model/time.ts';
import { NEW_YORK } from '../core/docket.ts';
import { CONTEXT, CORPUS } from './corpus.ts';
import { anyLine, isRightToAct } from './lines.ts';

const LINES = CORPUS.flatMap(([comesTo, lines]) => lines.split('\n').map((line) => [line, comesTo] as const));

test('the corpus has three hundred lines and more, each once', () => {
  expect(LINES.length).toBeGreaterThanOrEqual(300);
  expect(LINES.length - new Set(LINES.map(([line]) => line)).size).toBeLessThanOrEqual(1);
});

test.each(CORPUS.map(([comesTo, lines]) => ({ comesTo, lines })))('$comesTo', ({ comesTo, lines }) => {
  const found = lines.split('\n').map((line) => [line, said(readLine(line, CONTEXT))]);

  expect(found).toEqual(lines.split('\n').map((line) => [line, comesTo]));
});

test('what may act is known before it is read, so that it is recorded before it is acknowledged', () => {
  const acting = LINES.filter(([line]) => ['act', 'undo'].includes(readLine(line, CONTEXT).is));

  expect(acting.length).toBeGreaterThan(60);
  expect(acting.filter(([line]) => !mayAct(line))).toEqual([]);
});

test('no line acts without a verb and a number, whatever it is, and what acts may act', () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const asked = readLine(line, CONTEXT);
      if (asked.is !== 'act' && asked.is !== 'undo') return;
      expect(isRightToAct(line, asked)).toBe(true);
      expect(mayAct(line)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

/** As the corpus writes it. */
function said(asked: Asked): string {
  switch (asked.is) {
    case 'list':
      return ['list', ...partsOf(asked.query)].join(' ');
    case 'act':
      return [
        'act',
        asked.verb,
        asked.numbers.join(','),
        ...(asked.dueAt === undefined ? [] : [local(asked.dueAt)]),
      ].join(' ');
    case 'command':
      return ['command', asked.word, asked.rest].filter(Boolean).join(' ');
    case 'near':
      return `near ${asked.line}`;
    case 'unclear':
      return `unclear ${asked.why}`;
    case 'undo':
      return 'undo';
  }
}

function partsOf({ when, kinds = [], tools = [], urgent, text, sort }: Query): string[] {
  const due = when && (when.is === 'before' ? `before ${when.date}` : when.is);
  const parts = [
    due,
    ...kinds,
    ...tools,
    urgent && 'urgent',
    sort && `sort:${sort}`,
    text !== undefined && `text:${text}`,
  ];
  return parts.filter((part) => typeof part === 'string');
}

function local(at: number): string {
  const there = zoned(at, NEW_YORK);
  return there
    .toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    .replaceAll(',', '');
}
