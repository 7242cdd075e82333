/**
 * Outreach's limit: 10,000 requests an hour for each user (outreach.md 6). Every request counts, refused ones too. The
 * headers say so in the traps that were seen: Reset in epoch seconds, Remaining with a second number, and Retry-After as
 * an alias of Reset instead of a number of seconds to wait.
 */
const HOUR_MS = 3_600_000;

export interface Quota {
  headers: Record<string, string>;
  exceeded: boolean;
}

export interface Limiter {
  /** Counts a request of this user. */
  admit(userId: string, now: number): Quota;
}

export function createLimiter(perHour: number, enforced: boolean): Limiter {
  const hours = new Map<string, { hour: number; used: number }>();

  return {
    admit(userId, now) {
      const hour = Math.floor(now / HOUR_MS);
      const known = hours.get(userId);
      const used = (known?.hour === hour ? known.used : 0) + 1;
      hours.set(userId, { hour, used });
      const reset = String(((hour + 1) * HOUR_MS) / 1000);
      const exceeded = enforced && used > perHour;
      return {
        exceeded,
        headers: {
          'X-RateLimit-Limit': String(perHour),
          // `9999, 19988` after the first request, as it was seen (outreach.md 6).
          'X-RateLimit-Remaining': `${Math.max(0, perHour - used)}, ${Math.max(0, 2 * perHour - used - 11)}`,
          'X-RateLimit-Reset': reset,
          ...(exceeded && { 'Retry-After': reset }),
        },
      };
    },
  };
}
