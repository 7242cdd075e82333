import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLossless } from '../../src/providers/json.ts';

/** JSON text, with integers of any length for bigints. */
function write(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[ ${value.map(write).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)} : ${write(member)}`);
  return `{${members.join(',')}}`;
}

function withTexts(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTexts(member)]));
}

// contracts, conflict 14: integers beyond 2^53 are read losslessly
it('keeps every digit of every long integer and leaves the rest as it is', () => {
  const long = fc.bigInt({ min: 10n ** 15n, max: 10n ** 40n });
  const digits = long.map(String);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    digits,
    digits.map((id) => `{"id":${id},"\\":[${id}]`),
  );
  const fraction = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number));
  const short = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
  const signed = long.chain((id) => fc.constantFrom(id, -id));
  const leaf = fc.oneof(signed, text, fraction, short, fc.boolean(), fc.constant(null));
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('json')), fc.dictionary(text, tie('json'))),
  }));
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.stringify(parseLossless(write(value)))).toBe(JSON.stringify(withTexts(value)));
    }),
  );
});

it('keeps numbers that are no integer literals', () => {
  const read = parseLossless('[1234567890123456.5,1e20,999999999999999,1000000000000000]');
  expect(read).toEqual([1234567890123456.5, 1e20, 999999999999999, '1000000000000000']);
});

it('is JSON.parse for whatever text has no long integer', () => {
  const text = fc.oneof(
    fc.json(),
    fc
      .array(fc.constantFrom('"', '\\', '1', '-', '.', 'e', '[', ']', '{', '}', ',', ':', ' ', '0'))
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (json) => {
      fc.pre(!/\d{16}/.test(json));
      const outcome = (parse: () => unknown) => {
        try {
          return JSON.stringify(parse());
        } catch {
          return 'no JSON';
        }
      };
      expect(outcome(() => parseLossless(json))).toBe(outcome(() => JSON.parse(json)));
    }),
    { numRuns: 2_000 },
  );
});

it.for([
  ...['01234567890123456789', '[-01234567890123456789]', '[1234567890123456789.]'],
  ...['{1234567890123456789:1', '"\\', '"1234567890123456789'],
])('takes no more for JSON than JSON.parse does: %s', (json) => {
  expect(() => parseLossless(json)).toThrow();
});

it.for([
  ['values', `[${'1,'.repeat(600_000)}1]`],
  ['objects', `[${'{},'.repeat(400_000)}1]`],
  ['levels', '['.repeat(2_000) + ']'.repeat(2_000)],
])('refuses more %s than any answer has', ([, json = '']) => {
  expect(() => parseLossless(json)).toThrow(RangeError);
});

it('counts no commas and brackets inside of texts', () => {
  const note = ',[{'.repeat(500_000);
  expect(parseLossless(JSON.stringify([note]))).toEqual([note]);
});
