/** The results of reading a typed date. */
import type { Instant } from './keys.ts';

/** One reading of the text, and the unambiguous text for it. */
export interface Reading {
  at: Instant;
  type: string;
}

export type TypedRefusal =
  | { refused: 'past' | 'not_understood' }
  /** More than two years ahead: probably a typing error. */
  | { refused: 'far_away'; readings: readonly Reading[] }
  /** The 31st of November. */
  | { refused: 'no_such_date'; said: string }
  /** The clock change skips this time. The reading is the moment after it. */
  | { refused: 'no_such_time'; readings: readonly Reading[] }
  /** Two parts contradict each other. The readings are the text without the first part. */
  | { refused: 'contradicts'; said: string; against: string; readings: readonly Reading[] }
  | { refused: 'two_readings'; readings: readonly Reading[] };

/** `timed`: a time of day was given, not only a date. */
export type TypedDate = { at: Instant; timed: boolean } | TypedRefusal;

/** A plainer text for each reading. With `contradicts` they are the text without the contradicting part. */
export type Rewrite = { texts: readonly string[]; contradicts?: { said: string; against: string } } | TypedRefusal;

export const NOT_UNDERSTOOD = { refused: 'not_understood' } as const;
