/** Times in the zone of the person whose screen the page shows. */
import { Temporal } from 'temporal-polyfill';

/** The sandbox's clock, which may stand at another day than the machine's. */
export interface Local {
  /** IANA zone. */
  zone: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A message's timestamp has microseconds, which Temporal does not take. */
function zoned(milliseconds: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(milliseconds)).toZonedDateTimeISO(zone);
}

/** `2026-12-01` and `15:00`, for the two fields of a date-and-time picker. */
export function toFields(seconds: number, zone: string): { date: string; time: string } {
  const local = zoned(seconds * 1_000, zone);
  return { date: local.toPlainDate().toString(), time: local.toPlainTime().toString({ smallestUnit: 'minute' }) };
}

/** Unix seconds, as Slack sends them; undefined while one of the fields is empty. */
export function fromFields(date: string, time: string, zone: string): number | undefined {
  if (date === '' || time === '') return undefined;
  const local = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone);
  return Math.floor(local.epochMilliseconds / 1_000);
}

function text(milliseconds: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, ...options }).format(milliseconds);
}

export function clockText(milliseconds: number, zone: string): string {
  return text(milliseconds, zone, { hour: 'numeric', minute: '2-digit' });
}

export function secondsText(milliseconds: number, zone: string): string {
  return text(milliseconds, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** `Tue, Nov 24, 3:00 PM` */
export function momentText(milliseconds: number, zone: string): string {
  return `${dateText(milliseconds, zone)}, ${clockText(milliseconds, zone)}`;
}

/** `Tue, Nov 24` */
function dateText(milliseconds: number, zone: string): string {
  return text(milliseconds, zone, { weekday: 'short', month: 'short', day: 'numeric' });
}

export interface ClockChange {
  /** The local date, `2026-12-01`. */
  date: string;
  /** `Sun, Mar 14: the clock goes forward by 1 hour, at 2:00 AM` */
  says: string;
}

/** The next changes between summer and winter time in a zone, within a year; none where there are none. */
export function clockChanges(zone: string, after: number): ClockChange[] {
  const changes: ClockChange[] = [];
  const end = zoned(after, zone).add({ years: 1 });
  let at = zoned(after, zone).getTimeZoneTransition('next');
  for (; at && Temporal.ZonedDateTime.compare(at, end) < 0; at = at.getTimeZoneTransition('next')) {
    const before = at.subtract({ nanoseconds: 1 });
    const minutes = Math.round((at.offsetNanoseconds - before.offsetNanoseconds) / 60e9);
    if (minutes === 0) continue;
    const way = `${minutes > 0 ? 'forward' : 'back'} by ${minutesText(Math.abs(minutes))}`;
    // The end of the old time, as clocks on the wall show it.
    const old = before.toPlainDateTime().round('minute').toZonedDateTime('UTC').epochMilliseconds;
    const says = `${dateText(at.epochMilliseconds, zone)}: the clock goes ${way}, at ${clockText(old, 'UTC')}`;
    changes.push({ date: at.toPlainDate().toString(), says });
  }
  return changes;
}

function minutesText(minutes: number): string {
  return minutes === 60 ? '1 hour' : `${minutes} minutes`;
}

/** `Tue, Nov 24` and `3:00 PM` */
export function dueTexts(iso: string, zone: string): { day: string; time: string } {
  const at = Temporal.Instant.from(iso).epochMilliseconds;
  return { day: text(at, zone, { weekday: 'short', month: 'short', day: 'numeric' }), time: clockText(at, zone) };
}

export function dayText(milliseconds: number, local: Local): string {
  return (
    nearDay(milliseconds, local) ?? text(milliseconds, local.zone, { weekday: 'long', month: 'long', day: 'numeric' })
  );
}

function nearDay(milliseconds: number, { zone, now }: Local): string | undefined {
  const day = zoned(milliseconds, zone).toPlainDate();
  const today = zoned(now, zone).toPlainDate();
  const names: Record<number, string> = { [-1]: 'Yesterday', 0: 'Today', 1: 'Tomorrow' };
  return names[today.until(day, { largestUnit: 'days' }).days];
}

const DATE = { month: 'long', day: 'numeric', year: 'numeric' } as const;
const SHORT = { month: 'short', day: 'numeric', year: 'numeric' } as const;
const LONG = { weekday: 'long', ...DATE } as const;

/** The tokens of `<!date^…>`; undefined when the seconds make no date, so that the fallback shows. */
export function formatSlackDate(seconds: number, format: string, local: Local): string | undefined {
  const { zone } = local;
  const at = seconds * 1_000;
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return undefined;
  const tokens: Record<string, () => string> = {
    date_num: () => zoned(at, zone).toPlainDate().toString(),
    date_slash: () => text(at, zone, { month: '2-digit', day: '2-digit', year: 'numeric' }),
    date: () => text(at, zone, DATE),
    date_short: () => text(at, zone, SHORT),
    date_long: () => text(at, zone, LONG),
    date_pretty: () => nearDay(at, local)?.toLowerCase() ?? text(at, zone, DATE),
    date_short_pretty: () => nearDay(at, local)?.toLowerCase() ?? text(at, zone, SHORT),
    date_long_pretty: () => nearDay(at, local)?.toLowerCase() ?? text(at, zone, LONG),
    time: () => clockText(at, zone),
    time_secs: () => text(at, zone, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => nearDay(at, local)?.toLowerCase() ?? text(at, zone, SHORT),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => tokens[name]?.() ?? whole);
}

/** The zone as people say it: `New York`. */
export function zoneName(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}
