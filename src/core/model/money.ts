/** Amounts as providers and CRMs write them. Only what is surely a number is read: nothing here is guessed. */

export interface Amount {
  negative: boolean;
  /** Digits without separators: `48000`. */
  whole: string;
  /** Digits after the decimal point, without zeros at the end; may be empty. */
  fraction: string;
  /** A currency's code or symbol, as it stands in the text. */
  unit: string | undefined;
}

/** Beyond this it is no sum of money. */
const MOST_DIGITS = 15;
const LONGEST = 60;

/** `USD`, `$`, `CA$`, before or after the number. */
const UNIT = String.raw`[A-Z]{3}|[A-Z]{0,2}\p{Sc}`;
const AMOUNT = new RegExp(
  String.raw`^(?<sign>-?)(?:(?<before>${UNIT})\s*)?(?<number>\d[\d.,\s'’]*?)\s*(?<scale>[kKMB]?)(?:\s*(?<after>${UNIT}))?$`,
  'u',
);
const ZEROS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, B: 9 };

/** undefined: it is not surely a number, or says two currencies. */
export function parseAmount(text: string): Amount | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = AMOUNT.exec(text.trim())?.groups;
  if (!parts || (parts.before && parts.after)) return undefined;
  const digits = digitsOf(parts.number ?? '');
  if (!digits) return undefined;
  const { whole, fraction } = scaled(digits, ZEROS[parts.scale ?? ''] ?? 0);
  if (whole.length > MOST_DIGITS) return undefined;
  const unit = parts.before ?? parts.after;
  return { negative: parts.sign === '-', whole, fraction: fraction.replace(/0+$/, ''), unit };
}

interface Digits {
  whole: string;
  fraction: string;
}

const NUMBERS = [
  // 48000, 48000.00, 48000,00
  /^(?<whole>0|[1-9]\d*)(?:[.](?<fraction>\d+)|,(?<cents>\d{1,2}))?$/,
  // 48,000.00 and, in India, 4,80,000
  /^(?<whole>[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.(?<fraction>\d+))?$/,
  // 48.000,00 and 1.234.567
  /^(?<whole>[1-9]\d{0,2}(?:\.\d{3})+),(?<fraction>\d{1,2})$/,
  /^(?<whole>[1-9]\d{0,2}(?:\.\d{3}){2,})$/,
  // 48 000,00 and 48'000.00
  /^(?<whole>[1-9]\d{0,2}(?:(?<mark>[\s'’])\d{3})(?:\k<mark>\d{3})*)(?:[.,](?<fraction>\d{1,2}))?$/,
];

function digitsOf(number: string): Digits | undefined {
  // Forty-eight, or forty-eight thousand?
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(number)) return undefined;
  for (const form of NUMBERS) {
    const found = form.exec(number)?.groups;
    if (found) return { whole: (found.whole ?? '').replace(/\D/g, ''), fraction: found.fraction ?? found.cents ?? '' };
  }
  return undefined;
}

function scaled({ whole, fraction }: Digits, zeros: number): Digits {
  const moved = fraction.padEnd(zeros, '0');
  const digits = (whole + moved.slice(0, zeros)).replace(/^0+(?=\d)/, '');
  return { whole: digits, fraction: moved.slice(zeros) };
}
