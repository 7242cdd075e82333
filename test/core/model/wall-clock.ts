/**
 * What clocks on walls show, found by asking Intl and nothing else: the zone's changes by halving the time between two
 * different offsets, and from them every digest time. It knows nothing of the code that it is compared with.
 */
const DAY = 86_400_000;

export interface WallTime {
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM` */
  time: string;
  /** 1 is Monday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

/** The wall clock as if it were UTC, in whole seconds. */
function wallAt(at: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function offsetAt(at: number, zone: string): number {
  return wallAt(at, zone) - Math.floor(at / 1_000) * 1_000;
}

export function wallTime(at: number, zone: string): WallTime {
  return ofWall(wallAt(at, zone));
}

function ofWall(wall: number): WallTime {
  const text = new Date(wall).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16), weekday: ((new Date(wall).getUTCDay() + 6) % 7) + 1 };
}

/** A stretch without a change of the clock. */
export interface Stretch {
  start: number;
  end: number;
  offset: number;
}

export function stretchesOf(zone: string, from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  let start = from;
  for (let at = from; at < to; at += DAY / 2) {
    const offset = offsetAt(at, zone);
    const next = at + DAY / 2;
    if (offsetAt(next, zone) === offset && next < to) continue;
    let [low, high] = [at, next];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (offsetAt(middle, zone) === offset) low = middle;
      else high = middle;
    }
    const end = next < to ? high : to;
    stretches.push({ start, end, offset });
    start = end;
  }
  return stretches;
}

/** An exact moment, or, where a gap ends the day, any moment of that day that is no later than the gap. */
export interface Expected {
  date: string;
  earliest: number;
  latest: number;
}

/** Every moment from `from` to `to` at which the clock shows `time` on one of the weekdays. */
export function digestTimes(
  stretches: readonly Stretch[],
  { time, days }: { time: string; days: readonly number[] },
  from: number,
  to: number,
): Expected[] {
  const expected: Expected[] = [];
  for (let midnight = from - 2 * DAY; midnight < to + 2 * DAY; midnight += DAY) {
    const wished = Date.parse(`${new Date(midnight).toISOString().slice(0, 10)}T${time}:00Z`);
    const { date, weekday } = ofWall(wished);
    const found = days.includes(weekday) ? momentOf(stretches, wished) : undefined;
    if (found && found.latest > from && found.earliest < to) expected.push({ date, ...found });
  }
  return expected;
}

function momentOf(stretches: readonly Stretch[], wished: number): { earliest: number; latest: number } | undefined {
  const moments = stretches
    .map(({ start, end, offset }) => ({ at: wished - offset, start, end }))
    .filter(({ at, start, end }) => at >= start && at < end)
    .map(({ at }) => at);
  if (moments.length > 0) return { earliest: Math.min(...moments), latest: Math.min(...moments) };
  for (const [index, after] of stretches.entries()) {
    const before = stretches[index - 1];
    if (!before || wished < before.end + before.offset || wished >= after.start + after.offset) continue;
    const date = ofWall(wished).date;
    if (ofWall(after.start + after.offset).date === date) return { earliest: after.start, latest: after.start };
    const midnight = Date.parse(`${date}T00:00:00Z`) - before.offset;
    return midnight < before.end ? { earliest: midnight, latest: before.end - 1 } : undefined;
  }
  return undefined;
}
