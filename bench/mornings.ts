/** Mornings to which a benchmark sets the clock ahead. All reps are in one zone, without summer time. */
export const DAY = 86_400_000;
/** Before the hours in which Docket welcomes people. */
export const DIGEST_TIME = '07:00';
const SEVEN = 7 * 3_600_000;

/** Digest time of the first working day after `after`'s day, in UTC milliseconds. */
export function nextMorning(after = Date.now()): number {
  let at = Math.floor(after / DAY) * DAY + DAY + SEVEN;
  while ([0, 6].includes(new Date(at).getUTCDay())) at += DAY;
  return at;
}
