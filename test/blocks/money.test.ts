/** Amounts of deals: alike in all rows where they are surely a number, and as the CRM wrote them where they are not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountText } from '../../blocks/money.ts';
import { parseAmount } from '../../src/core/model/money.ts';
import { optional, wildText } from './wild.ts';

describe('an amount with a currency is shown alike, however it is written', () => {
  const DOLLARS = ['$48,000', '$ 48,000.00', '48000 $', '$48000', '$48k', '48 K $', '$48 000', "$48'000", '$48,000.0'];
  test.each([
    ...DOLLARS.map((written) => [written, undefined, '$48,000']),
    ...['48000', '48,000.00', '48.000,00', '48\u00a0000', '48\u202f000,00', 'USD 48000', '48000 USD', '48,000USD'].map(
      (written) => [written, 'USD', '$48,000'],
    ),
    ['USD 48000', undefined, '$48,000'],
    ['US$48,000', undefined, '$48,000'],
    ['US$48,000', 'usd', '$48,000'],
    ['€48,000', undefined, '€48,000'],
    ['48.000,00 €', undefined, '€48,000'],
    ['48000', 'EUR', '€48,000'],
    ['48000', ' eur ', '€48,000'],
    ['48000', 'CHF', '48,000 CHF'],
    ['CHF 48’000', undefined, '48,000 CHF'],
    ['48000', 'SEK', '48,000 SEK'],
    // Letters alone are no symbol.
    ['48000', 'XOF', '48,000 XOF'],
    ['48000', 'CAD', 'CA$48,000'],
    ['$48,000', 'CAD', 'CA$48,000'],
    ['$48,000', 'SGD', '48,000 SGD'],
    ['¥1,000', 'CNY', 'CN¥1,000'],
    ['¥1,000', 'JPY', '¥1,000'],
    ['R$ 1.234.567,00', undefined, 'R$1,234,567'],
    ['4,80,000', 'INR', '₹480,000'],
    ['-48000', 'USD', '-$48,000'],
    ['-48000', 'CHF', '-48,000 CHF'],
    // Nobody knows it, so it stays the CRM's word.
    ['48000', 'doubloons', '48,000 doubloons'],
    ['0', 'USD', '$0'],
  ])('%j of %j is %j', (written, currency, shown) => {
    expect(amountText(written ?? '', currency)).toBe(shown);
  });
});

test.each([
  ['48000.5', 'USD', '$48,000.50'],
  ['48000.50', 'USD', '$48,000.50'],
  ['48000.05', 'USD', '$48,000.05'],
  ['0.5', 'CHF', '0.50 CHF'],
  ['48,5', 'EUR', '€48.50'],
  // It was written, so it is not rounded.
  ['1234.5678', 'USD', '$1,234.5678'],
  ['9,999,999', 'USD', '$9,999,999'],
  ['9999999.99', 'USD', '$9,999,999.99'],
  ['10000000', 'USD', '$10M'],
  ['12500000', 'USD', '$12.5M'],
  ['12345678', 'CHF', '12.3M CHF'],
  ['-12500000', 'EUR', '-€12.5M'],
  ['€1.2M', undefined, '€1,200,000'],
  ['€12.5M', undefined, '€12.5M'],
  ['$2B', undefined, '$2B'],
  ['999999999999999', 'USD', '$1000T'],
])('cents and large amounts: %j of %j is %j', (written, currency, shown) => {
  expect(amountText(written, currency)).toBe(shown);
});

test.each([
  ['48000', '48,000'],
  ['48,000.00', '48,000'],
  ['1234567.5', '1,234,567.5'],
  ['12500000', '12,500,000'],
  ['123456789012345.67', '123,456,789,012,345.67'],
  ['-7', '-7'],
  ['48k', '48,000'],
])('a number without a currency stays a number: %j is %j', (written, shown) => {
  expect(amountText(written, undefined)).toBe(shown);
  expect(amountText(written, '  ')).toBe(shown);
});

describe('what is not surely an amount is shown as the CRM wrote it', () => {
  test.each([
    ['forty-eight, or forty-eight thousand', '48.000', 'EUR'],
    ['the same with its symbol', '€48.000', undefined],
    ['the same in millions', '€1.234M', undefined],
    ['two currencies', '€48,000', 'USD'],
    ['two codes', '48000 CHF', 'EUR'],
    ['two units', '$48000 USD', undefined],
    ['letters that are no currency', 'FOO 12', undefined],
    ['crowns of some country', '48 000 kr', 'SEK'],
    ['a range', '48000-50000', 'USD'],
    ['words', 'about 48k', 'USD'],
    ['milli, or million', '48m', 'USD'],
    ['leading zeros', '0048000', 'USD'],
    ['groups of other sizes', '48,00,0', 'USD'],
    ['groups with different marks', "1'000 000", 'USD'],
    ['two points', '1.2.3', 'USD'],
    ['more digits than money has', '9'.repeat(16), 'USD'],
    ['the same by its scale', '1234567890B', 'USD'],
    ['a number as programs write it', '4.8e4', 'USD'],
    ['figures of another script', '٤٨٠٠٠', 'USD'],
    ['brackets', '(48,000)', 'USD'],
    ['a percentage', '48%', 'USD'],
    ['nothing', '', 'USD'],
    ['much', `${' '.repeat(80)}48000`, 'USD'],
  ])('%s: %j', (_name, written, currency) => {
    expect(amountText(written, currency)).toBe(written);
  });
});

/** What the shown text says, as an exact number of hundred-thousandths. */
function amountIn(shown: string): { value: bigint; scale: string } {
  const [, whole = '', fraction = '', scale = ''] = /(\d[\d,]*)(?:\.(\d+))?([KMBT]?)/.exec(shown) ?? [];
  const sign = shown.startsWith('-') ? -1n : 1n;
  return { value: sign * BigInt(whole.replaceAll(',', '') + fraction.padEnd(5, '0').slice(0, 5)), scale };
}

const MILLION: Readonly<Record<string, bigint>> = { '': 1n, M: 10n ** 6n, B: 10n ** 9n, T: 10n ** 12n };

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max });
const number = fc.record({
  whole: digits(14).map((text) => text.replace(/^0+/, '') || '0'),
  fraction: digits(5),
  sign: fc.constantFrom('', '-'),
});
const grouped = (whole: string, mark: string) => whole.replace(/\B(?=(?:\d{3})+$)/g, mark);
const unit = fc.constantFrom('', '$', '€', '£', '₹', 'USD', 'CHF', 'JPY', 'XOF');

test('a number in any usual writing keeps its value to the last digit, and a compact one to half of its last', () => {
  const form = fc.constantFrom('plain', 'english', 'german', 'french', 'swiss');
  fc.assert(
    fc.property(number, form, unit, fc.boolean(), ({ whole, fraction, sign }, how, currency, before) => {
      const cents = how === 'plain' || how === 'english' ? fraction : fraction.slice(0, 2);
      const mark = { plain: '', english: ',', german: '.', french: '\u00a0', swiss: "'" }[how];
      const point = how === 'german' || how === 'french' ? ',' : '.';
      const written = grouped(whole, mark) + (cents && `${point}${cents}`);
      const text = before ? `${sign}${currency}${written}` : `${sign}${written} ${currency}`.trim();
      const shown = amountText(text, undefined);
      const amount = parseAmount(text);
      if (!amount) return void expect(shown).toBe(text);

      const exact = amountIn(`${sign}${whole}.${cents || '0'}`).value;
      const { value, scale } = amountIn(shown);
      if (scale === '') return void expect(value).toBe(exact);
      const size = MILLION[scale] ?? 0n;
      const off = value * size - exact;
      expect(off < 0n ? -off : off).toBeLessThanOrEqual((size * 10_000n) / 2n);
      expect(currency).not.toBe('');
    }),
    { numRuns: 3_000 },
  );
});

test('whatever the CRM wrote, nothing throws, and it is shown as written or with the very same digits', () => {
  const pieces = fc.array(
    fc.oneof(digits(6), fc.constantFrom(...".,'’ \u00a0-+kKMBTm$€¥%()", 'USD', 'CHF', 'EUR', 'XXX', 'US$', 'kr', '\n')),
    { maxLength: 8 },
  );
  const amount = fc.oneof(
    wildText,
    fc.string(),
    pieces.map((parts) => parts.join('')),
  );
  const currency = optional(fc.oneof(wildText, unit, fc.constantFrom('constructor', '__proto__', 'usd', 'US$')));
  fc.assert(
    fc.property(amount, currency, (written, said) => {
      const shown = amountText(written, said);

      if (shown === written || parseAmount(written) === undefined) return void expect(shown).toBe(written);
      if (/[KMBT]/.test(shown.replace(said?.trim() ?? '', '').replace(/[A-Z]{2,3}\$?/, ''))) return;
      const significant = (text: string) =>
        text
          .replace(/^\D*/, '')
          .replace(/\D/g, '')
          .replace(/^0+|0+$/g, '');
      const own = /\d[\d,.]*/.exec(shown)?.[0] ?? '';
      expect(significant(own)).toBe(significant(written));
    }),
    { numRuns: 5_000 },
  );
});

test('no currency is shown that neither the amount nor the provider names', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        wildText,
        number.map(({ whole, fraction }) => `${whole}.${fraction || 0}`),
      ),
      (written) => {
        const named = written.match(/\p{Sc}|[A-Z]{3}/gu)?.join() ?? '';
        const shown =
          amountText(written, undefined)
            .match(/\p{Sc}|[A-Z]{3}/gu)
            ?.join() ?? '';
        // A code may have become its symbol.
        if (named === '') expect(shown).toBe('');
      },
    ),
    { numRuns: 1_000 },
  );
});
