/** When the next digest comes, and what is skipped before it. */
import { FOREVER, type Run, type Schedule } from '../src/core/model/digest.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { nextHoliday, type Skipped, skippedDigests } from '../src/core/model/skipped.ts';
import { type RepTime, startOfLocalDate } from '../src/core/model/time.ts';
import { countryName } from './country-options.ts';
import { statusFollowed } from './status-choice.ts';
import { clockTime, count, daysAhead, exactTime, plainText, shortDate, weekday, zoneName } from './text.ts';

interface ScheduleState {
  schedule: Schedule;
  /** The last digest. */
  lastRun?: Run | undefined;
}

/** For `/tasks status`, Home and the settings window. */
export function scheduleText({ schedule, lastRun }: ScheduleState, reader: RepTime): string {
  return plannedText(schedule, skippedDigests(schedule, reader, lastRun?.localDate), reader);
}

/** The answer to a change. */
export function plannedText(schedule: Schedule, skipped: readonly Skipped[], reader: RepTime): string {
  const { pausedUntil, nextDueAt } = schedule;
  if (pausedUntil !== undefined && pausedUntil >= FOREVER) {
    return 'Digests are paused. `/tasks resume` brings them back.';
  }
  if (nextDueAt >= FOREVER) return 'No digest is planned: no working day is chosen. `/tasks settings` changes that.';
  const isPaused = pausedUntil !== undefined && pausedUntil > reader.now;
  if (isPaused && skipped.length === 0) {
    return `Nothing is skipped: your next digest comes ${soon(nextDueAt, reader)} anyway.`;
  }
  const parts = [
    skippedText(skipped, reader),
    `Next digest: ${exactTime(nextDueAt, reader)}.`,
    // Holidays stay skipped.
    isPaused && skipped.some(({ holiday }) => holiday === undefined) && '`/tasks resume` brings them back now.',
  ];
  return parts.filter(Boolean).join(' ');
}

/** Named one by one as long as that is short. */
const MOST_NAMED = 3;

function skippedText(skipped: readonly Skipped[], reader: RepTime): string {
  const [first, last] = [skipped[0], skipped.at(-1)];
  if (!first || !last) return '';
  if (skipped.length <= MOST_NAMED) {
    const days = skipped.map(({ at, holiday }) => dayText(at, holiday, reader));
    return `Skipped: ${days.join(', ')}.`;
  }
  return `Skipped: ${count(skipped.length, 'digest')}, from ${dayText(first.at, undefined, reader)} to ${dayText(last.at, undefined, reader)}.`;
}

/** `Thu 26 Nov (Thanksgiving Day)` */
function dayText(at: Instant, holiday: string | undefined, reader: RepTime): string {
  const day = shortDate(at, reader);
  return holiday === undefined ? day : `${day} (${plainText(holiday, 60)})`;
}

/** `Friday 09:00`; beyond a week the date, because the weekday alone would be nearer. */
function soon(at: Instant, reader: RepTime): string {
  const days = daysAhead(at, reader.now, reader.zone);
  if (days === 0) return `today at ${clockTime(at, reader)}`;
  return days < 7 ? `${weekday(at, reader.zone, 'long')} ${clockTime(at, reader)}` : exactTime(at, reader);
}

/** What follows from the settings that were just saved. */
export function savedText(schedule: Schedule, skipped: readonly Skipped[], reader: RepTime): string {
  const { country, ownZone } = schedule;
  const lines = [
    `*Saved.* ${plannedText(schedule, skipped, reader)}`,
    country && holidaysText(country, schedule, reader),
    statusFollowed(schedule.choices),
    ownZone && `Times stay in ${zoneName(ownZone)}, whatever Slack's time zone is.`,
  ];
  return lines.filter(Boolean).join('\n');
}

function holidaysText(country: string, schedule: Schedule, reader: RepTime): string {
  const next = nextHoliday(schedule, reader);
  const rule = `Public holidays (${countryName(country)}) are days off`;
  if (!next) return `${rule}; none falls on a working day within a year.`;
  const day = dayText(startOfLocalDate(next.date, reader.zone), next.name, reader);
  return `${rule}; the next one on a working day is ${day}.`;
}
