/**
 * Reply's limit for each user: 100 calls a minute and 3,000 an hour (reply.md 6). Refused calls count too, so that a
 * client which hammers on stays refused; one that waits for as long as it was told gets in.
 */
const MINUTE = 60_000;
const HOUR = 3_600_000;
const WINDOWS = [
  { length: MINUTE, most: 100 },
  { length: HOUR, most: 3_000 },
];

export interface Limiter {
  /** Counts a call of this user. Seconds to wait when it is one too many, undefined when it may pass. */
  admit(user: string, now: number): number | undefined;
}

export function createLimiter(): Limiter {
  const calls = new Map<string, number[]>();

  return {
    admit(user, now) {
      const recent = (calls.get(user) ?? []).filter((at) => at > now - HOUR);
      const waits = WINDOWS.map(({ length, most }) => {
        const oldest = recent.at(-most);
        return oldest === undefined ? 0 : oldest + length - now;
      });
      recent.push(now);
      calls.set(user, recent);
      const wait = Math.max(...waits);
      return wait > 0 ? Math.ceil(wait / 1_000) : undefined;
    },
  };
}
