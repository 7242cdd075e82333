/** How a person can be reached, whatever a tool says of it. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { currencyOf } from '../../src/providers/deal.ts';
import { phoneOf, reachOf, Some } from '../../src/providers/reach.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => phoneOf(`+1 312 555 01${10 + index}`));

describe('phones', () => {
  it.for(['n/a', '', ' ', '+', null, undefined])('that have no digit are none: %j', (text) => {
    expect(phoneOf(text)).toBeUndefined();
  });

  it('are one line of at most 40 characters, and so are their labels', () => {
    const { number, label } = phoneOf(`+1\n312\t${'5'.repeat(1e6)}`, `mobile ${'x'.repeat(1e6)}`) ?? expect.fail();
    expect(number).toMatch(/^\+1 312 5+…$/);
    expect([number.length, label?.length]).toEqual([40, 40]);
  });

  it('are at most four, and each is there once, however it is written', () => {
    expect(reachOf({ phones: numbers(9) }).phones).toHaveLength(4);
    expect(reachOf({ phones: [phoneOf('+1 312 555 0101'), undefined, phoneOf('+1 (312) 555-0101')] })).toEqual({
      phones: [{ number: '+1 312 555 0101' }],
    });
  });
});

describe('e-mail addresses', () => {
  it.for([
    'dana',
    'dana@',
    '@larkspur.example',
    'a b@larkspur.example',
    '<a@b.example>',
    `${'a'.repeat(250)}@b.example`,
  ])('that are none are left out: %s', (email) => {
    expect(reachOf({ emails: [email, null, undefined] })).toEqual({});
  });

  it('are at most three', () => {
    const emails = Array.from({ length: 9 }, (_, index) => `d${index}@larkspur.example`);
    expect(reachOf({ emails })).toEqual({ emails: emails.slice(0, 3) });
  });
});

describe('a zone', () => {
  it.for(['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia', 'america/new_york'])(
    'can be reckoned with: %s',
    (name) => {
      const { zone = expect.fail() } = reachOf({ zones: [name] });
      expect(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)).not.toThrow();
    },
  );

  it.for(['Mountain Time (US & Canada)', 'Mars/Base', '+02:00', '2026-11-27T10:30Z', '', 'x'.repeat(1e6), undefined])(
    'that is none is left out: %s',
    (name) => {
      expect(reachOf({ zones: [name] })).toEqual({});
    },
  );
});

it.for(['javascript:alert(1)', 'social.example/in/dana', 'ftp://social.example'])(
  'a profile that no browser should open is left out: %s',
  (linkedIn) => {
    expect(reachOf({ linkedIn })).toEqual({});
  },
);

it('of an array only the beginning is read, and what is not as documented is left out', () => {
  let read = 0;
  const counted = z.string().transform((text) => {
    read += 1;
    return text;
  });
  expect(Some(counted).parse([7, null, 'a', {}, ...Array<string>(1_000).fill('b')])).toHaveLength(17);
  expect(read).toBe(17);
  for (const odd of [undefined, null, 7, 'text', {}]) expect(Some(z.string()).parse(odd)).toEqual([]);
});

it.for([
  ['usd', 'USD'],
  ['€', undefined],
  ['US Dollar', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('the currency %j is %j', ([text, code]) => {
  expect(currencyOf(text)).toBe(code);
});

it('whatever is given, nothing is thrown, and nothing is longer than it may be', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.emailAddress(),
    fc.constantFrom('😀'.repeat(99)),
  );
  fc.assert(
    fc.property(fc.array(text), text, (texts, one) => {
      const reach = reachOf({
        phones: texts.map((each) => phoneOf(each, one)),
        emails: texts,
        linkedIn: one,
        zones: texts,
      });
      for (const { number, label } of reach.phones ?? []) {
        expect([...number].length).toBeLessThanOrEqual(40);
        expect(number.isWellFormed() && (label?.isWellFormed() ?? true)).toBe(true);
      }
      for (const list of [reach.phones, reach.emails]) expect(list?.length ?? 1).toBeGreaterThan(0);
    }),
  );
});
