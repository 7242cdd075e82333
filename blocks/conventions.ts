/** Clocks and dates as a locale writes them. Only the clock and the order follow it: words stay English. */

interface Conventions {
  /** `3:00 PM`, not `15:00`. */
  twelveHour: boolean;
  /** `Nov 20`, not `20 Nov`. */
  monthFirst: boolean;
}

/** For readers whose locale is not known. */
const USUAL: Conventions = { twelveHour: false, monthFirst: false };

/** Locales come from outside, so the cache is bounded. Slack offers about twenty. */
const MOST_KNOWN = 200;
const known = new Map<string, Conventions>();

/** `15:00` or `3:00 PM` */
export function clockIn(locale: string | undefined, { hour, minute }: { hour: number; minute: number }): string {
  const minutes = String(minute).padStart(2, '0');
  if (!conventionsOf(locale).twelveHour) return `${String(hour).padStart(2, '0')}:${minutes}`;
  return `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'AM' : 'PM'}`;
}

interface DateParts {
  weekday?: string | undefined;
  day: number;
  month: string | undefined;
  year?: number | undefined;
}

/** `Fri 20 Nov 2026` or `Fri, Nov 20, 2026`, of the parts that are given. */
export function dateIn(locale: string | undefined, { weekday, day, month, year }: DateParts): string {
  const { monthFirst } = conventionsOf(locale);
  const parts = monthFirst ? [weekday, `${month} ${day}`, year] : [weekday, `${day} ${month}`, year];
  return parts.filter((part) => part !== undefined).join(monthFirst ? ', ' : ' ');
}

function conventionsOf(locale: string | undefined): Conventions {
  if (!locale) return USUAL;
  const found = known.get(locale);
  if (found) return found;
  const conventions = ask(locale);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(locale, conventions);
  return conventions;
}

function ask(locale: string): Conventions {
  try {
    // Of a locale that it does not know, Intl gives the runtime's own conventions.
    if (Intl.DateTimeFormat.supportedLocalesOf(locale).length === 0) return USUAL;
    const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
    // With the month in letters, as Docket writes it: Swedish has `2026-11-20`, but `20 nov.`.
    const date = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', calendar: 'gregory' });
    const order = date.formatToParts(0).map(({ type }) => type);
    return {
      twelveHour: hourCycle === 'h11' || hourCycle === 'h12',
      monthFirst: order.indexOf('month') < order.indexOf('day'),
    };
  } catch {
    // Malformed.
    return USUAL;
  }
}
