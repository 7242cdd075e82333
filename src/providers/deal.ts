/** What a deal says in numbers and dates, left out where it is not as documented. */
import { timeOf } from './wire.ts';

/** `YYYY-MM-DD`, as the text begins. What follows is the time of day: nobody closes a deal at an hour. */
const DAY = /^(\d{4}-\d\d-\d\d)(?:[T ]|$)/;

export function dayOf(text: string | undefined): string | undefined {
  const [, day] = DAY.exec(text ?? '') ?? [];
  try {
    return day && timeOf(`${day}T00:00:00Z`) !== undefined ? day : undefined;
  } catch {
    return undefined;
  }
}

const PERCENT = /^(\d{1,3}(?:\.\d{1,10})?) ?%?$/;

/** A percentage, with or without its sign. */
export function percentOf(value: string | number | null | undefined): number | undefined {
  const [, digits] = PERCENT.exec(String(value ?? '')) ?? [];
  const percent = Number(digits);
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

/** An ISO 4217 code. */
export function currencyOf(text: string | undefined): string | undefined {
  const code = text?.toUpperCase();
  return code && /^[A-Z]{3}$/.test(code) ? code : undefined;
}
