import { expect, test } from 'vitest';
import { createRepeats } from '../../../src/core/model/log-limit.ts';

test('what repeats is written at once, then once a minute with its number, and anew once it has been quiet', () => {
  const lines: object[] = [];
  const repeats = createRepeats({ warn: (fields, message) => void lines.push([message, fields]) });
  for (const job of ['1', '2', '3']) repeats.of('digest').warn({ job }, 'failed');
  repeats.of('link').warn({ job: '4' }, 'failed');

  expect(lines.splice(0)).toEqual([
    ['failed', { job: '1' }],
    ['failed', { job: '4' }],
  ]);
  repeats.sumUp();
  expect(lines.splice(0)).toEqual([['failed', { job: '3', times: 2 }]]);
  repeats.of('digest').warn({ job: '5' }, 'failed');
  repeats.sumUp();
  expect(lines.splice(0)).toEqual([['failed', { job: '5', times: 1 }]]);
  repeats.sumUp();
  repeats.sumUp();
  expect(lines).toEqual([]);
  repeats.of('digest').warn({ job: '6' }, 'failed');
  expect(lines).toEqual([['failed', { job: '6' }]]);
});
