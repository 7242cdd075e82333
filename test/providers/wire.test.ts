import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_FIELD } from '../../src/providers/text.ts';
import { Address, Text, Time, Word } from '../../src/providers/wire.ts';

const FIRST = Date.UTC(1900, 0, 1);
const LAST = Date.UTC(2201, 0, 1);

describe('a time', () => {
  it.for([
    ...['0001-01-01T00:00:00Z', '0001-01-01T00:00:00', '0000-00-00T00:00:00Z', '1753-01-01T00:00:00+01:00'],
    ...['1899-12-30T00:00:00Z', '9999-12-31T23:59:59.9999999Z', '+275760-09-13T00:00:00Z'],
    ...['+999999-01-01T00:00:00Z', '-271821-04-20T00:00:00Z', '', '  ', null, undefined],
  ])('that nobody means is none: %j', (text) => {
    expect(Time.parse(text)).toBeUndefined();
  });

  it.for([
    ['1900-01-01T00:00:00Z', FIRST],
    ['2200-12-31T23:59:59Z', LAST - 1_000],
    [' 2026-11-27T10:30:00+01:00 ', Date.UTC(2026, 10, 27, 9, 30)],
  ] as const)('between is what it says: %s', ([text, at]) => {
    expect(Time.parse(text)).toBe(at);
  });

  it.for([
    'soon',
    '2026-11-27',
    '2026-13-27T10:30:00Z',
    '2026-11-27T10:30:00',
    '2026-02-29T10:30:00Z',
    '2026-02-30T10:30:00Z',
    '2026-11-31T10:30:00Z',
    '2026-11-27T24:30:00Z',
    `${' '.repeat(1e6)}2026`,
    7,
    {},
  ])('that cannot be read is refused: %s', (value) => {
    expect(Time.safeParse(value).success).toBe(false);
  });

  it('is read alike, whether its day is one that every month has or not, and with or without milliseconds', () => {
    const moment = fc.date({ min: new Date(FIRST), max: new Date(LAST - 1), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        const text = date.toISOString();
        expect(Time.parse(text)).toBe(date.getTime());
        expect(Time.parse(text.replace('Z', '+00:00'))).toBe(date.getTime());
        expect(Time.parse(text.replace(/\.\d+/, ''))).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
      }),
    );
  });

  it('is within three centuries or none, whatever the text', () => {
    const odd = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string(),
      fc.stringMatching(/^[+-]?\d{1,7}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    );
    fc.assert(
      fc.property(odd, (text) => {
        const at = Time.safeParse(text).data;
        if (at === undefined) return;
        expect(at).toBeGreaterThanOrEqual(FIRST - 86_400_000);
        expect(at).toBeLessThan(LAST + 86_400_000);
      }),
    );
  });
});

describe('a text', () => {
  it('is cut, trimmed and well-formed before anyone looks at it', () => {
    const long = Text.parse('😀'.repeat(1_000_000));
    expect(long?.length).toBeLessThanOrEqual(LONGEST_FIELD);
    expect(Text.parse(`  a${'\ud800'}  `)).toBe('a\ufffd');
    for (const nothing of ['', '  ', ' '.repeat(1_000_000), null, undefined, 7, {}, []])
      expect(Text.parse(nothing)).toBeUndefined();
  });

  it('that leads somewhere is whole or not there', () => {
    expect(Address.parse(' https://crm.example/1 ')).toBe('https://crm.example/1');
    expect(Address.parse(`https://crm.example/${'1'.repeat(2_000)}`)).toBeUndefined();
  });
});

it('a status is compared without case, as a number or its digits, alone in an array or not', () => {
  for (const word of ['OPEN', 'open', ' Open ', ['OPEN']]) expect(Word.parse(word)).toBe('open');
  for (const word of [0, '0', [0]]) expect(Word.parse(word)).toBe('0');
  for (const nothing of [null, undefined, '', []]) expect(Word.parse(nothing)).toBeUndefined();
  for (const odd of [{}, ['OPEN', 'DONE'], true, [null]]) expect(Word.safeParse(odd).success).toBe(false);
});
