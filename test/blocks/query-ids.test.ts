import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ASK, decodeAsked, encodeAsk, searchBlock } from '../../blocks/query-ids.ts';
import { SORTS, type When } from '../../src/core/model/query.ts';
import { KINDS_OF_TASK } from '../../src/core/model/task.ts';

const wholly = (action: string, value: string) => decodeAsked({ action, value });

test.each<When>([{ is: 'this week' }, { is: 'no date' }, { is: 'snoozed' }, { is: 'before', date: '2026-12-01' }])(
  'a choice of %j comes back as it went',
  (when) => {
    const ask = { part: 'when', to: { when } };
    expect(wholly(ASK.when, encodeAsk('12', { when }))).toEqual({ messageId: '12', ask });
  },
);

test('kinds, tools and orders come back as they went, and nothing chosen drops the part', () => {
  const kinds = [...KINDS_OF_TASK];
  expect(wholly(ASK.kinds, encodeAsk('1', { kinds }))).toEqual({
    messageId: '1',
    ask: { part: 'kinds', to: { kinds } },
  });
  const tools = ['gong', 'reply'];
  expect(wholly(ASK.tools, encodeAsk('1', { tools }))).toEqual({
    messageId: '1',
    ask: { part: 'tools', to: { tools } },
  });
  for (const sort of SORTS) expect(wholly(ASK.sort, encodeAsk('1', { sort }))).toMatchObject({ ask: { to: { sort } } });
  expect(wholly(ASK.kinds, encodeAsk('1', { kinds: [] }))).toEqual({ messageId: '1', ask: { part: 'kinds', to: {} } });
});

test('another search has another block', () => {
  expect(searchBlock('acme')).not.toBe(searchBlock(''));
});

test('whatever else comes is none of ours, and never throws', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom('1.', '1.nope', '0.any', '1.any.x', '1.before+2026-13-01', 'x.any'),
  );
  fc.assert(
    fc.property(fc.constantFrom(ASK.when, ASK.kinds, ASK.tools, ASK.sort), words, (action, value) => {
      const meant = decodeAsked({ action, value });
      expect(meant === undefined || /^[1-9]/.test(value)).toBe(true);
    }),
  );
  for (const value of ['1.', '1.nope', '0.any', '1.any.x', '1.before+2026-13-01'])
    expect(wholly(ASK.when, value)).toBeUndefined();
});
