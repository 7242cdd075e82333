/**
 * Gong's limit for a whole company: 3 calls a second and 10,000 a day (gong.md 6). Every call counts, refused ones too,
 * so that a client which hammers on stays refused.
 */
const SECOND = 1_000;
const DAY = 86_400_000;
const PER_SECOND = 3;
const PER_DAY = 10_000;

export interface Limiter {
  /** Counts a call. Seconds to wait when it is one too many, undefined when it may pass. */
  admit(now: number): number | undefined;
}

export function createLimiter(): Limiter {
  let recent: number[] = [];
  let today = Number.NaN;
  let callsToday = 0;

  return {
    admit(now) {
      const day = Math.floor(now / DAY);
      if (day !== today) {
        today = day;
        callsToday = 0;
      }
      callsToday += 1;
      recent = recent.filter((at) => at > now - SECOND);
      recent.push(now);
      if (callsToday > PER_DAY) return Math.ceil(((day + 1) * DAY - now) / SECOND);
      return recent.length > PER_SECOND ? 1 : undefined;
    },
  };
}
