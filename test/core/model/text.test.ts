import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, readable } from '../../../src/core/model/text.ts';

describe('text from outside, as a reader may see it', () => {
  test.each([
    ['a right-to-left override', 'Orrin \u202etsal', 'Orrin tsal'],
    ['an isolate that is never closed', '\u2067Dana', 'Dana'],
    ['marks of direction', 'Da\u200ena\u061c', 'Dana'],
    ['zero-width spaces and a byte order mark', '\ufeffLa\u200brk\u2060spur', 'Larkspur'],
    ['soft hyphens', 'Nego\u00adtiation', 'Negotiation'],
    ['tags', 'Kit\u{e0041}\u{e0042}', 'Kit'],
    ['breaks of every kind', 'one\r\ntwo\u2028three\u0085four\u0007', 'one two three four'],
    ['half a character', 'cut \udc00', 'cut \ufffd'],
  ])('loses %s', (_, text, expected) => {
    expect(readable(text)).toBe(expected);
  });

  const SPELLED = ['می‌خواهم', 'क्‍ष', '👩‍👩‍👧 Family', '❤️', 'Σίσυφος', 'שלום', '日本語'];
  test.each(SPELLED)('keeps what scripts and emoji are spelled with: %s', (text) => {
    expect(readable(text)).toBe(text);
  });

  const BLANK = ['', ' ', '\u200b', '\u3164\uffa0', '\u2800\u2800', '\u200d\ufe0f', '\u202e\u202c', '\u00a0\t\n'];
  test.each(BLANK)('is empty when nothing can be read: %j', (text) => {
    expect(readable(text)).toBe('');
  });

  test('is one well-formed line without direction controls, whatever Unicode brings, and does not change again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = readable(text);

        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\ufeff\u2028\u2029]/u);
        expect(readable(line)).toBe(line);
      }),
    );
  });
});

describe('text as search compares it', () => {
  test.each([
    ['d’Artagnan', "D'ARTAGNAN"],
    ['Dʼangelo', 'd`angelo'],
    ['„Kern & Söhne“', '"kern & sohne"'],
    ['“Blue Heron”', 'blue heron'],
    ['Blue–Heron', 'blue-heron'],
    ['Müller—Łukasz', 'muller-lukasz'],
    ['Łódź', 'lodz'],
    ['Große Straße', 'GROSSE STRASSE'],
    ['Ørsted', 'orsted'],
    ['Zero\u200bWidth', 'zerowidth'],
    ['two\u00a0words', 'two words'],
    ['ﬁrst', 'first'],
  ])('%j is %j', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  test('still tells different names apart', () => {
    expect(fold('Brown')).not.toBe(fold('Braun'));
    expect(fold('a-b')).not.toBe(fold('ab'));
  });
});
