import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSignIn, decodeSuggestion, encodeSignIn, encodeSuggestion } from '../../blocks/account-ids.ts';
import { decodeActionId, decodeMessageId, decodePage, decodeProvider, encodePage } from '../../blocks/ids.ts';
import { LIMITS } from '../../blocks/limits.ts';
import {
  decodeEdit,
  decodeFollowUp,
  decodeKind,
  decodeMenu,
  decodeRow,
  decodeSnooze,
  decodeWhen,
  encodeBlock,
  encodeEdit,
  encodeFollowUp,
  encodeKind,
  encodeMenu,
  encodeRow,
  encodeSnooze,
  encodeWhen,
  FORMS,
  type MenuChoice,
} from '../../blocks/row-ids.ts';
import type { RowRef } from '../../src/core/clicks/record.ts';

/** Whole minutes, from 1973 to 2084. */
const moment = fc.integer({ min: 36 ** 4, max: 36 ** 5 - 1 }).map((minutes) => minutes * 60_000);
const snoozeChoice = fc.oneof(fc.constant('pick' as const), moment);
const messageId = fc.bigInt({ min: 1n, max: 999_999_999_999_999n }).map(String);
const row = fc.record({ messageId, position: fc.nat(999_999_999), seq: fc.nat(999_999_999) });
/** Endings have names of adapters' own; some are called as forms are. */
const ending = fc.oneof(fc.constantFrom('finish_replied', 'done', 'note'), fc.stringMatching(/^[a-z_]{1,40}$/));
const form = fc.constantFrom(...FORMS);
const does = fc.constantFrom('done' as const, 'dismiss' as const, 'reschedule' as const, 'open' as const);
const menuChoice: fc.Arbitrary<MenuChoice> = fc.oneof(
  fc.record({ ending }),
  fc.record({ form }),
  fc.record({ does }),
  fc.record({ snooze: moment }),
);
const part = fc.constantFrom('controls' as const, 'text' as const);

test('what a button, a menu or a window carries comes back as it was, and fits into what Slack takes', () => {
  const verb = fc.constantFrom('snooze' as const, 'reschedule' as const);
  fc.assert(
    fc.property(row, snoozeChoice, verb, menuChoice, fc.tuple(form, part), (ref, choice, verb, menu, [form, part]) => {
      const { messageId, position } = ref;
      const block = encodeBlock(ref, part);
      expect(decodeRow(encodeRow(ref))).toEqual(ref);
      expect(decodeSnooze({ value: encodeSnooze(choice), block })).toEqual({ ref, choice });
      expect(decodeMenu({ value: encodeMenu(menu), block })).toEqual({ ref, choice: menu });
      // Older versions wrote the row into each option.
      expect(decodeSnooze({ value: `${encodeRow(ref)}.${encodeSnooze(choice)}`, block: 'x1' })).toEqual({
        ref,
        choice,
      });
      expect(decodeMenu({ value: `${encodeRow(ref)}.${encodeMenu(menu)}`, block: undefined })).toEqual({
        ref,
        choice: menu,
      });
      expect(block.length).toBeLessThanOrEqual(LIMITS.blockId);
      expect(decodeWhen(encodeWhen(ref, verb))).toEqual({ ref, verb });
      expect(decodeWhen(encodeWhen(ref, verb, position + 1))).toEqual({ ref, verb, dueAt: position + 1 });
      expect(decodeEdit(encodeEdit(ref, form))).toEqual({ ref, form });
      const dueAt = choice === 'pick' ? 36 ** 4 * 60_000 : choice;
      expect(decodeFollowUp(encodeFollowUp(ref, dueAt + 59_999))).toEqual({ ref, dueAt });
      expect(decodeKind(encodeKind('outreach', form))).toEqual({ provider: 'outreach', kind: form });
      expect([decodeMessageId(messageId), decodeActionId(messageId)]).toEqual([messageId, messageId]);
      expect(decodePage(encodePage(messageId, position))).toEqual({ messageId, start: position });
      for (const value of [encodeSnooze(choice), encodeMenu(menu), encodeFollowUp(ref, dueAt)]) {
        expect(value.length).toBeLessThanOrEqual(LIMITS.optionValue);
      }
      for (const metadata of [encodeWhen(ref, verb), encodeEdit(ref, form)]) {
        expect(metadata.length).toBeLessThanOrEqual(LIMITS.privateMetadata);
      }
    }),
  );
});

test('two rows never share a value, nor do two choices: another way to be done is never taken for a form', () => {
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  fc.assert(
    fc.property(row, row, menuChoice, menuChoice, (ref, otherRef, one, other) => {
      expect(encodeRow(ref) === encodeRow(otherRef)).toBe(isSame(ref, otherRef));
      expect(encodeBlock(ref) === encodeBlock(otherRef)).toBe(isSame(ref, otherRef));
      expect(encodeMenu(one) === encodeMenu(other)).toBe(isSame(one, other));
    }),
  );
});

/** One of each kind: too few or too many parts, other ways to write a number, other digits, names of objects, JSON. */
const FORGED = [
  ...['', '.', '..', '1', '1.2', '1.2.3.4', '1.2.3.', '.1.2.3', '1,2,3', '1.2.3.done'],
  ...['01.2.3', '1.02.3', '0.1.2', '-1.2.3', '1.-2.3', '+1.2.3', '1.2.1e3', '1.2.0x3'],
  ...['1.2.3 ', ' 1.2.3', '1.2.3\n', '1.2.3\u0000', '١.٢.٣', '1.２.3', '¹.².³', '1．2．3'],
  ...[
    '1.2.3.LATER',
    '1.2.3.PICK',
    '1.2.3.HSQ3K',
    '1.2.3.0sq3k',
    '1.2.3.hsq3',
    '1.2.3.hsq3k0',
    '1.2.3.-hsq3',
    '1.2.3.hsq.3',
  ],
  ...['1.2.3.__proto__', '1.2.3.toString', '__proto__', 'constructor.prototype.0', 'Infinity.1.1', 'undefined.1.1'],
  ...[
    '1234567890123456.1.1',
    '1.9999999999.1',
    '1.1.99999999999999999999',
    '9'.repeat(5_000),
    `${'1.'.repeat(5_000)}1`,
  ],
  '{"messageId":"1","position":2,"seq":3}',
];

test.each(FORGED)('a value that we never wrote is no row: %j', (value) => {
  expect(decodeRow(value)).toBeUndefined();
  expect(decodeSnooze({ value, block: undefined })).toBeUndefined();
  expect(decodeSnooze({ value: 'pick', block: value })).toBeUndefined();
  expect(decodeWhen(value)).toBeUndefined();
  expect(decodeWhen(JSON.stringify({ row: value, verb: 'snooze' }))).toBeUndefined();
  expect(decodeEdit(value)).toBeUndefined();
  expect(decodeEdit(JSON.stringify({ row: value, form: 'note' }))).toBeUndefined();
});

test.each([
  // Any small word may be the name of an ending; whether the task has it is core's to say.
  ...FORGED.filter((value) => !/^1\.2\.3\.[a-z_]+$/.test(value)),
  ...['1.2.3', '1.2.3.+', '1.2.3.+snooze', '1.2.3.+__proto__', '1.2.3.+toString', '1.2.3.++note', '1.2.3.note.'],
  ...['1.2.3.finish-replied', '1.2.3.Finish', '1.2.3.+note\n', `1.2.3.${'a'.repeat(41)}`],
])('a value that no menu of ours has is no choice: %j', (value) => {
  expect(decodeMenu({ value, block: undefined })).toBeUndefined();
});

test.each([
  ...['{"row":"1.2.3"}', '{"row":"1.2.3","form":"snooze"}', '{"row":"1.2.3","verb":"done"}', 'null', '"1.2.3"', '{'],
  ...['{"row":"1.2.3","form":"toString"}', '{"row":"1.2.3","verb":"toString"}', '{"row":["1.2.3"],"form":"note"}'],
  ...['{"row":["1.2.3"],"verb":"snooze"}', '{"row":{"messageId":"1","position":2,"seq":3},"verb":"snooze"}'],
  ...['[{"row":"1.2.3","verb":"snooze"}]', '{"__proto__":{"row":"1.2.3","verb":"snooze"}}'],
])('metadata that no window of ours has is refused: %s', (metadata) => {
  expect(decodeEdit(metadata)).toBeUndefined();
  expect(decodeWhen(metadata)).toBeUndefined();
});

test('the metadata of one window is none of the other', () => {
  expect(decodeEdit('{"row":"1.2.3","verb":"snooze"}')).toBeUndefined();
  expect(decodeWhen('{"row":"1.2.3","form":"note"}')).toBeUndefined();
});

test.each(['gong', 'outreach', 'reply', 'reply_2'])('%s names a provider', (id) => {
  expect(decodeProvider(id)).toBe(id);
});

test.each([undefined, null, 1, '', 'Gong', '2gong', ' gong', 'gong\n', 'go.ng', 'gång', '../gong', 'a'.repeat(32), {}])(
  'no provider is called %j',
  (value) => {
    expect(decodeProvider(value)).toBeUndefined();
  },
);

test.each(['later', 'tomorrow', 'nextweek'])('what an older version called %j has passed', (name) => {
  expect(decodeSnooze({ value: `1.2.3.${name}`, block: undefined })).toEqual({
    ref: { messageId: '1', position: 2, seq: 3 },
    choice: 0,
  });
});

test.each(['1.2.3.hsq3k', '1.2.3.pick'])('a choice of the snooze menu is no row, and a row no choice: %j', (value) => {
  expect(decodeRow(value)).toBeUndefined();
  expect(decodeSnooze({ value: '1.2.3', block: '1.2.3' })).toBeUndefined();
});

test('whatever arrives, decoding never throws, and what it accepts is exactly what we would have written', () => {
  const parts = ['0', '1', '12', '.', '..', ' ', '-', '+', 'pick', 'hsq3k', 'note', '٣', '１'];
  const near = fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 7 })
    .map((some) => some.join(''));
  const anything = fc.oneof(near, fc.string({ unit: 'binary' }), fc.anything());
  fc.assert(
    fc.property(anything, (value) => {
      const found = decodeRow(value);
      const text = typeof value === 'string' ? value : undefined;
      const chosen = decodeSnooze({ value: text, block: '1.2.3' });
      const id = decodeMessageId(value);
      const picked = decodeMenu({ value: text, block: '1.2.3.t' });
      if (found) expect(encodeRow(found)).toBe(value);
      const written = (ref: RowRef, option: string) => [option, `${encodeRow(ref)}.${option}`];
      if (chosen) expect(written(chosen.ref, encodeSnooze(chosen.choice))).toContain(value);
      if (id !== undefined) expect(id).toBe(value);
      expect(decodeActionId(value)).toBe(id);
      const page = decodePage(value);
      if (page) expect(encodePage(page.messageId, page.start)).toBe(value);
      if (picked) expect(written(picked.ref, encodeMenu(picked.choice))).toContain(value);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever JSON the metadata holds, decoding never throws', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('snooze', 'note', '1.2.3', '1.02.3'));
  const shaped = fc.record({ row: value, verb: value, form: value }, { requiredKeys: [] });
  const json = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    shaped.map((each) => JSON.stringify(each)),
  );
  fc.assert(
    fc.property(json, (text) => {
      const found = decodeWhen(text);
      if (found) expect(JSON.parse(text)).toMatchObject({ row: encodeRow(found.ref), verb: found.verb });
      const edited = decodeEdit(text);
      if (edited) expect(JSON.parse(text)).toMatchObject({ row: encodeRow(edited.ref), form: edited.form });
    }),
    { numRuns: 1_000 },
  );
});

test.each([undefined, null, 0, 1, '0', '00', '01', '1.0', ' 1', '1234567890123456', '٣', {}, [], ['1'], true])(
  'no message and no action has the id %j',
  (value) => {
    expect(decodeMessageId(value)).toBeUndefined();
    expect(decodeActionId(value)).toBeUndefined();
  },
);

test('an answer to a suggestion names the one that was read, and anything else names none', () => {
  const suggestion = { provider: 'reply', suggestedAt: 1_795_356_000_000 };
  expect(decodeSuggestion(encodeSuggestion(suggestion))).toEqual(suggestion);
  for (const value of [undefined, 1, '', 'reply', 'reply.', 'reply.0', 'reply.-1', 'reply.1.2', 'Reply.1', '.1']) {
    expect(decodeSuggestion(value)).toBeUndefined();
  }
});

test('an answer about a sign-in names the one that was asked about, and anything else names none', () => {
  const signIn = { provider: 'outreach', stateHash: `${'aB3_-'.repeat(8)}xyz` };
  expect(decodeSignIn(encodeSignIn(signIn))).toEqual(signIn);
  const hash = signIn.stateHash;
  for (const value of [undefined, 1, '', 'outreach', `outreach.${hash}x`, `outreach.${hash}.x`, `Outreach.${hash}`]) {
    expect(decodeSignIn(value)).toBeUndefined();
  }
  expect(decodeSignIn(encodeSuggestion({ provider: 'outreach', suggestedAt: 1_795_356_000_000 }))).toBeUndefined();
  expect(decodeSuggestion(encodeSignIn(signIn))).toBeUndefined();
});
