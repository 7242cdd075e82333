/** What buttons under answers to typed lines carry, and that help fits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnswer, decodeLine, encodeAnswer } from '../../blocks/ask-ids.ts';
import { nearMessage, unclearMessage } from '../../blocks/ask-words.ts';
import { helpMessage } from '../../blocks/help.ts';
import { readLine } from '../../src/core/ask/read.ts';
import { CONTEXT } from '../ask/corpus.ts';
import { anyLine } from '../ask/lines.ts';

const at = Date.parse('2026-12-01T15:00:00Z');

test.each([
  { ref: { messageId: '12', position: 3, seq: 0 }, change: { verb: 'done' }, skippedFirst: false },
  { ref: { messageId: '12', position: 3, seq: 4 }, change: { verb: 'snooze', dueAt: at }, skippedFirst: true },
  { messageId: '9', positions: [0, 7, 99], change: { verb: 'reschedule', dueAt: at }, command: '12.34.ab' },
  { undo: '42' },
] as const)('what a question asks about comes back from its button: %j', (answer) => {
  expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
});

test('a hundred rows fit into a button', () => {
  const positions = Array.from({ length: 100 }, (_, index) => 900 + index);
  const answer = {
    messageId: '9'.repeat(15),
    positions,
    change: { verb: 'snooze', dueAt: at },
    command: 'x'.repeat(200),
  } as const;

  expect(encodeAnswer(answer).length).toBeLessThanOrEqual(2_000);
});

test.each(['', 'x', '{}', '{"undo":"x"}', '{"row":"1.2","what":"done"}', '{"row":"1.2.3","what":"snooze"}', null, 7])(
  'a forged answer is none: %j',
  (value) => {
    expect(decodeAnswer(value)).toBeUndefined();
  },
);

test('whatever was typed, its answer fits Slack and its buttons run what they say', () => {
  const reader = CONTEXT.time;
  fc.assert(
    fc.property(anyLine, (line) => {
      const asked = readLine(line, CONTEXT);
      if (asked.is !== 'near' && asked.is !== 'unclear') return;
      const { text, blocks } = asked.is === 'near' ? nearMessage(asked) : unclearMessage(asked, reader);
      expect(text.length).toBeLessThanOrEqual(3_000);
      for (const block of blocks) {
        if (block.type !== 'actions') continue;
        for (const element of block.elements) {
          if (element.type !== 'button') continue;
          expect(element.text.text.length).toBeLessThanOrEqual(75);
          const runs = readLine(decodeLine(element.value) ?? '', CONTEXT);
          expect(element.action_id === 'ask_search' ? runs.is : 'list').toBe('list');
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each([298, 299, 300])('a line of %i characters can be searched for by its button', (length) => {
  const asked = readLine('snooze '.repeat(50).slice(0, length).padEnd(length, 'x'), CONTEXT);
  if (asked.is !== 'unclear') throw new Error(`it is ${asked.is}`);
  const { blocks } = unclearMessage(asked, CONTEXT.time);
  const [search] = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

  expect(search?.type === 'button' && readLine(decodeLine(search.value) ?? '', CONTEXT).is).toBe('list');
});

test('help fits into the sections that Slack takes', () => {
  const { blocks } = helpMessage([{ name: 'Gong' }, { name: 'Outreach' }, { name: 'Reply.io' }]);

  for (const block of blocks) if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(3_000);
  expect(JSON.stringify(blocks)).toContain('`reply`');
});
