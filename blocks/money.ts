/** Amounts of money as rows show them: alike, whichever provider wrote them. */
import { type Amount, parseAmount } from '../src/core/model/money.ts';

/** From here on, an amount with a currency is shown as `$12.5M`. */
const TOO_LARGE_IN_FULL = 10_000_000;
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
/** Symbols that mean one currency. `$` and `¥` alone do not. */
const CODE_OF: ReadonlyMap<string, string> = new Map([
  ...([
    ['US$', 'USD'],
    ['CA$', 'CAD'],
    ['A$', 'AUD'],
    ['AU$', 'AUD'],
    ['NZ$', 'NZD'],
    ['HK$', 'HKD'],
  ] as const),
  ...([
    ['MX$', 'MXN'],
    ['R$', 'BRL'],
    ['NT$', 'TWD'],
    ['CN¥', 'CNY'],
  ] as const),
]);

/** `$48,000`, `€48,000`, `48,000 CHF`; a number without a currency stays one; anything else is shown as it was written. */
export function amountText(written: string, currency: string | undefined): string {
  const amount = parseAmount(written);
  const unit = amount && unitOf(amount, currency?.trim() || undefined);
  if (!amount || unit === 'unclear') return written;
  const sign = amount.negative ? '-' : '';
  if (unit === undefined) return `${sign}${grouped(amount.whole)}${amount.fraction && `.${amount.fraction}`}`;
  const number = withCents(amount);
  return 'symbol' in unit ? `${sign}${unit.symbol}${number}` : `${sign}${number} ${unit.code}`;
}

type Unit = { symbol: string } | { code: string };

/** undefined: nobody says a currency. `unclear`: the amount and the provider say different ones, or it is no currency. */
function unitOf({ unit }: Amount, currency: string | undefined): Unit | undefined | 'unclear' {
  const written = unit && (CODE_OF.get(unit) ?? unit);
  if (written === undefined) return currency === undefined ? undefined : unitOfCode(currency);
  if (/^[A-Z]{3}$/.test(written) && !isCurrency(written)) return 'unclear';
  if (currency === undefined) return unitOfCode(written);
  return agrees(written, currency) ? unitOfCode(currency) : 'unclear';
}

function agrees(written: string, currency: string): boolean {
  const code = currency.toUpperCase();
  return written === code || (isCurrency(code) && symbolOf(code, 'narrowSymbol') === written);
}

/** A currency that nobody knows is shown as it was written. */
function unitOfCode(currency: string): Unit {
  const code = currency.toUpperCase();
  if (/\p{Sc}$/u.test(currency)) return { symbol: currency };
  if (!isCurrency(code)) return { code: currency };
  const symbol = symbolOf(code, 'symbol');
  return /\p{Sc}/u.test(symbol) ? { symbol } : { code };
}

let currencies: ReadonlySet<string> | undefined;

function isCurrency(code: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(code);
}

type Display = 'symbol' | 'narrowSymbol';
const symbols = new Map<string, string>();

/** Cached, because it is asked for every row. There are some hundred currencies. */
function symbolOf(code: string, currencyDisplay: Display): string {
  const key = `${code} ${currencyDisplay}`;
  const known = symbols.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: code, currencyDisplay });
  const symbol = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? code;
  symbols.set(key, symbol);
  return symbol;
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
