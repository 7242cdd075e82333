/** Amounts of money as rows show them: alike, whichever provider wrote them. */
import { currencyOf, isCurrency, symbolOf } from '../src/core/model/currency.ts';
import { type Amount, parseAmount } from '../src/core/model/money.ts';

/** From here on, an amount with a currency is shown as `$12.5M`. */
const TOO_LARGE_IN_FULL = 10_000_000;
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `$48,000`, `€48,000`, `48,000 CHF`; a number without a currency stays one; anything else is shown as it was written. */
export function amountText(written: string, currency: string | undefined): string {
  const amount = parseAmount(written);
  const of = amount && currencyOf(amount, currency);
  if (!of) return written;
  const sign = amount.negative ? '-' : '';
  if (of.said === undefined) return `${sign}${grouped(amount.whole)}${amount.fraction && `.${amount.fraction}`}`;
  const unit = unitOf(of.said);
  const number = withCents(amount);
  return 'symbol' in unit ? `${sign}${unit.symbol}${number}` : `${sign}${number} ${unit.code}`;
}

/** A currency that nobody knows is shown as it was written. */
function unitOf(currency: string): { symbol: string } | { code: string } {
  const code = currency.toUpperCase();
  if (/\p{Sc}$/u.test(currency)) return { symbol: currency };
  if (!isCurrency(code)) return { code: currency };
  const symbol = symbolOf(code, 'symbol');
  return /\p{Sc}/u.test(symbol) ? { symbol } : { code };
}

/** No cents where there are none. More digits than cents are kept, because they were written. */
function withCents({ whole, fraction }: Amount): string {
  const value = Number(`${whole}.${fraction || 0}`);
  if (value >= TOO_LARGE_IN_FULL) return COMPACT.format(value);
  return `${grouped(whole)}${fraction && `.${fraction.padEnd(2, '0')}`}`;
}

/** By text: a number of fifteen digits with cents has more of them than a JavaScript number. */
function grouped(whole: string): string {
  return BigInt(whole).toLocaleString('en-US');
}
