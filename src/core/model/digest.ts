/** Digest schedules and runs. */
import type { Instant, RepKey } from './keys.ts';

/** Later than any instant that we meet, and still a valid JavaScript date. */
export const FOREVER: Instant = 8_640_000_000_000_000;

/** Digests are kept up to date for this long; then they lose their buttons (`retire.ts`). */
export const KEEP_UPDATED_MS = 3 * 86_400_000;

export interface Schedule extends RepKey {
  /** Local wall-clock time, `HH:MM`. */
  time: string;
  /** ISO weekdays, ascending: 1 is Monday, 7 is Sunday. */
  days: readonly number[];
  /** IANA zone that the rep chose. undefined: the schedule follows Slack's. */
  ownZone: string | undefined;
  /** ISO 3166-1 code of the country whose public holidays are days off. undefined: none is. */
  country: string | undefined;
  /** No digest before this instant; `FOREVER` until the rep resumes. */
  pausedUntil: Instant | undefined;
  /** The next digest, already beyond any pause; `FOREVER` when none will come. */
  nextDueAt: Instant;
}

/** One attempt to send one rep's digest for one local date. */
export interface Run extends RepKey {
  /** The rep's calendar date, `YYYY-MM-DD`. */
  localDate: string;
  state: 'claimed' | 'posted' | 'skipped';
  claimedAt: Instant;
  postedAt: Instant | undefined;
  messageId: string | undefined;
}
