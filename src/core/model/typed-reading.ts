/** The results of reading a typed date. */
import type { Instant } from './keys.ts';

/** One way to read it, and what to type for just that. */
export interface Reading {
  at: Instant;
  type: string;
}

export type TypedRefusal =
  | { refused: 'past' | 'not_understood' }
  /** More than two years ahead: more likely a slip than meant. */
  | { refused: 'far_away'; readings: readonly Reading[] }
  /** The 31st of November. */
  | { refused: 'no_such_date'; said: string }
  /** The clock is put forward and never shows this time; the reading is the moment after. */
  | { refused: 'no_such_time'; readings: readonly Reading[] }
  /** Two parts of it cannot both be true; the readings are what remains without the first. */
  | { refused: 'contradicts'; said: string; against: string; readings: readonly Reading[] }
  | { refused: 'two_readings'; readings: readonly Reading[] };

/** `timed`: a time of day was given, not only a date. */
export type TypedDate = { at: Instant; timed: boolean } | TypedRefusal;

/**
 * What a rule about words makes of a text: texts that say it more plainly, one for each way to read it. With `contradicts`
 * they are what remains when the first part is left out.
 */
export type Rewrite = { texts: readonly string[]; contradicts?: { said: string; against: string } } | TypedRefusal;
