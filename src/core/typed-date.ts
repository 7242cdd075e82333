/** Dates as people type them, read in the rep's zone. */
import * as chrono from 'chrono-node';
import { Temporal } from 'temporal-polyfill';
import { zoned } from './time.ts';
import type { Instant } from './types.ts';

export type TypedDate = { at: Instant } | { refused: 'past' | 'not_understood' };

/** A date without a time means that morning. */
const MORNING = 9;
/** Words that belong to a date without being one; anything else left over means that we did not understand it all. */
const FILLERS = /\b(on|at|by|the|until|till|in|of)\b|[\s,.;:–-]+/gi;

/** `2026-12-01 15:00`, "tomorrow at 3pm", "next Tuesday". Refuses the past, and whatever is not a date throughout. */
export function parseTypedDate(text: string, now: Instant, zone: string): TypedDate {
  const local = zoned(now, zone);
  const reference = { instant: new Date(now), timezone: local.offsetNanoseconds / 60e9 };
  const results = chrono.parse(text, reference, { forwardDate: true });
  const [result] = results;
  if (!result || results.length > 1 || result.end) return { refused: 'not_understood' };
  const leftOver = text.replace(result.text, ' ').replace(FILLERS, '');
  if (leftOver !== '') return { refused: 'not_understood' };
  const at = toInstant(result.start, zone, now);
  if (at === undefined) return { refused: 'not_understood' };
  return at > now ? { at } : { refused: 'past' };
}

function toInstant(parts: chrono.ParsedComponents, zone: string, now: Instant): Instant | undefined {
  // "in 2 hours" is a distance, "3pm EST" names its own zone: both are instants already.
  const ownZone = parts.isCertain('timezoneOffset');
  if (ownZone) return parts.date().getTime();
  const hasTime = parts.isCertain('hour');
  try {
    const wall = Temporal.PlainDateTime.from(
      {
        year: parts.get('year') ?? zoned(now, zone).year,
        month: parts.get('month') ?? 1,
        day: parts.get('day') ?? 1,
        hour: hasTime ? (parts.get('hour') ?? MORNING) : MORNING,
        minute: hasTime ? (parts.get('minute') ?? 0) : 0,
      },
      { overflow: 'reject' },
    );
    return wall.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return undefined;
  }
}
