/** The rep's working days around today: how many have begun since an instant, and when the next one is over. */
import type { Instant } from './keys.ts';
import { DAY, firstWorkingDay, isWorkingDay, localDay, type RepTime, startOfLocalDate, zoned } from './time.ts';

/** What is later than this many working days is late alike: nobody tells six weeks from seven. */
export const MOST_DAYS_LATE = 30;

export interface WorkDays {
  /** The rep's calendar date, in days since 1970. */
  today: number;
  /** When working days began, from the latest one on. */
  starts: readonly Instant[];
  /** The end of the next working day after today. */
  nextEnds: Instant;
}

type Week = Pick<RepTime, 'now' | 'zone' | 'days' | 'holidays'>;

interface Reckoned extends Omit<Week, 'days' | 'now'> {
  days: string;
  date: string;
  is: WorkDays;
}

/** The latest first. A workspace has few zones and weeks. */
let recent: Reckoned[] = [];
const MOST_RECENT = 32;

/** Cached for the rep's date, because arithmetic with zones is slow, and all rows of all lists of a morning ask for the same. */
export function workDays({ now, zone, days, holidays }: Week): WorkDays {
  const key = days.join();
  const { date } = localDay(now, zone);
  const known = recent.find(
    (one) => one.date === date && one.zone === zone && one.days === key && one.holidays === holidays,
  );
  if (known) return known.is;
  const is = reckon({ now, zone, days, holidays });
  recent = [{ zone, days: key, holidays, date, is }, ...recent].slice(0, MOST_RECENT);
  return is;
}

function reckon(week: Week): WorkDays {
  const today = zoned(week.now, week.zone).toPlainDate();
  const starts: Instant[] = [];
  for (let date = today; starts.length < MOST_DAYS_LATE; date = date.subtract({ days: 1 })) {
    if (!isWorkingDay(date, week)) continue;
    const start = startOfLocalDate(date.toString(), week.zone);
    // A date that the zone skipped begins with the one after it.
    if (start < (starts.at(-1) ?? Number.POSITIVE_INFINITY)) starts.push(start);
  }
  const next = firstWorkingDay(today.add({ days: 1 }), week);
  return {
    today: Date.UTC(today.year, today.month - 1, today.day) / DAY,
    starts,
    nextEnds: startOfLocalDate(next.add({ days: 1 }).toString(), week.zone),
  };
}

/** How many of the rep's working days have begun since then: 0 on the same day, at most `MOST_DAYS_LATE`. */
export function workingDaysSince(at: Instant, time: RepTime): number {
  return begunSince(at, workDays(time).starts);
}

export function begunSince(at: Instant, starts: WorkDays['starts']): number {
  const earlier = starts.findIndex((start) => start <= at);
  return earlier < 0 ? starts.length : earlier;
}
