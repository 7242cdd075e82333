/** The currency of an amount, where it can be said. Nothing here converts one into another. */
import { type Amount, parseAmount } from './money.ts';

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

/** A code, or a symbol that may mean several, as it is written; undefined where nobody says one. */
export interface Currency {
  said: string | undefined;
}

/** undefined: the amount and the provider say different currencies, or it is none. */
export function currencyOf({ unit }: Amount, named: string | undefined): Currency | undefined {
  const currency = named?.trim() || undefined;
  const written = unit && (CODE_OF.get(unit) ?? unit);
  if (written === undefined) return { said: currency };
  if (/^[A-Z]{3}$/.test(written) && !isCurrency(written)) return undefined;
  if (currency === undefined) return { said: written };
  return agrees(written, currency) ? { said: currency } : undefined;
}

function agrees(written: string, currency: string): boolean {
  const code = currency.toUpperCase();
  return written === code || (isCurrency(code) && symbolOf(code, 'narrowSymbol') === written);
}

/** A sum that can be compared with others of the same `currency`; `''` where nobody says one. */
export interface Money {
  currency: string;
  value: number;
}

/** undefined: it is not surely a sum of one currency, or there is nothing to win. */
export function moneyOf(written: string | undefined, named: string | undefined): Money | undefined {
  const amount = written === undefined ? undefined : parseAmount(written);
  const currency = amount && currencyOf(amount, named);
  if (!currency || amount.negative) return undefined;
  const value = Number(`${amount.whole}.${amount.fraction || 0}`);
  if (value === 0) return undefined;
  return { currency: oneName(currency.said ?? ''), value };
}

/** `€` and `EUR` are one currency; `$` alone is one of several. */
function oneName(currency: string): string {
  return CODE_OF_SYMBOL.get(currency) ?? currency.toUpperCase();
}

const CODE_OF_SYMBOL: ReadonlyMap<string, string> = new Map([
  ['€', 'EUR'],
  ['₹', 'INR'],
  ['₪', 'ILS'],
  ['₫', 'VND'],
]);

let currencies: ReadonlySet<string> | undefined;

export function isCurrency(code: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(code);
}

type Display = 'symbol' | 'narrowSymbol';
const symbols = new Map<string, string>();

/** Cached, because it is asked for every row. There are some hundred currencies. */
export function symbolOf(code: string, currencyDisplay: Display): string {
  const key = `${code} ${currencyDisplay}`;
  const known = symbols.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: code, currencyDisplay });
  const symbol = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? code;
  symbols.set(key, symbol);
  return symbol;
}
