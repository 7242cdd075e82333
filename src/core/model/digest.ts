/** Digest schedules and runs. */
import type { Instant, ProviderId, RepKey } from './keys.ts';

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
  choices: DayChoices;
}

/** What a rep chooses besides when the digest comes. Times are local wall-clock times, `HH:MM`. */
export interface DayChoices {
  /** On mornings with nothing open: one line a week, or one each morning. */
  allClear: 'weekly' | 'daily';
  /** No digest while the Slack status says that they are out of office. */
  followsStatus: boolean;
  /** When a message says what is left of the day. undefined: never. */
  closesAt: string | undefined;
  /** A reminder before calls that are due at a time of day. */
  nudges: boolean;
  /** From `from` until `until` no day is closed and no reminder comes (`day.ts`). */
  quiet: { from: string; until: string };
}

export const DEFAULT_CHOICES: DayChoices = {
  allClear: 'weekly',
  followsStatus: false,
  closesAt: undefined,
  nudges: false,
  quiet: { from: '20:00', until: '07:00' },
};

/** Why a run sent nothing. `late`: by more than four hours. `away`: out of office by the Slack status.
 * `elsewhere`: another workspace of the organisation sends it. */
export type SkipReason =
  | 'late'
  | 'holiday'
  | 'paused'
  | 'away'
  | 'nothing_open'
  | 'no_link'
  | 'refused'
  | 'not_in_pilot'
  | 'elsewhere'
  | 'switched_off';

/** One attempt to send one rep's digest for one local date. */
export interface Run extends RepKey {
  /** The rep's calendar date, `YYYY-MM-DD`. */
  localDate: string;
  state: 'claimed' | 'posted' | 'skipped';
  /** Only of a skipped run. undefined: an older version did not say. */
  why?: SkipReason | undefined;
  /** Only of a refused run: Slack's error code, or in one word what else went wrong. */
  refusal?: string | undefined;
  /** undefined: an older version did not say. */
  dueAt?: Instant | undefined;
  claimedAt: Instant;
  postedAt: Instant | undefined;
  messageId: string | undefined;
  /** Only of a posted run, as those below: the tasks that the digest held when it was posted. */
  rows?: number | undefined;
  /** Providers whose tasks are missing, because they did not answer. */
  unanswered?: readonly ProviderId[] | undefined;
  /** Its overdue tasks, and by how many of the rep's working days the oldest is. undefined: an older version did not count. */
  overdue?: { tasks: number; days: number } | undefined;
}

/** What a digest held when it was posted. */
export type Delivered = Pick<Run, 'rows' | 'unanswered' | 'overdue'> & { messageId: string; at: Instant };
