/** A rep's choices for the day after its digest, in sentences. */
import type { DayChoices } from '../src/core/model/digest.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { clockIn } from './conventions.ts';
import { clockTime, daysAhead, type Reader, shortDate } from './text.ts';

/** For `/tasks status`: what is on; empty if nothing is. */
export function dayText({ closesAt, nudges, quiet }: DayChoices, reader: Pick<Reader, 'locale'>): string {
  if (closesAt === undefined && !nudges) return '';
  const parts = [
    closesAt !== undefined && `Your day closes at ${clockOf(closesAt, reader)}.`,
    nudges && 'Calls that are due at a time of day are announced 15 minutes before.',
    quiet.from !== quiet.until && `Quiet hours: ${quietText(quiet, reader)}.`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** What follows from the settings that were just saved. `next`: when the next day is closed. */
export function daySaved(choices: DayChoices, next: Instant | undefined, reader: Reader): string {
  const { closesAt, nudges, quiet } = choices;
  if (closesAt === undefined && !nudges) return '';
  const parts = [
    closesAt !== undefined && `Your day closes at ${clockOf(closesAt, reader)}${firstTime(next, reader)}.`,
    nudges && `A reminder comes 15 minutes before a call that is due at a time of day${butNot(quiet, reader)}.`,
  ];
  return parts.filter(Boolean).join('\n');
}

/** A close in the quiet hours was refused. */
function butNot(quiet: DayChoices['quiet'], reader: Reader): string {
  return quiet.from === quiet.until ? '' : `, but not in your quiet hours, ${quietText(quiet, reader)}`;
}

function firstTime(next: Instant | undefined, reader: Reader): string {
  if (next === undefined) return ' on days with a digest';
  const days = daysAhead(next, reader.now, reader.zone);
  if (days === 0) return '; the first time today';
  return days === 1 ? '; the first time tomorrow' : `; the first time on ${shortDate(next, reader)}`;
}

function quietText({ from, until }: DayChoices['quiet'], reader: Pick<Reader, 'locale'>): string {
  return `${clockOf(from, reader)} to ${clockOf(until, reader)}`;
}

/** `17:30` or `5:30 PM`, from `HH:MM`. */
export function clockOf(time: string, { locale }: Pick<Reader, 'locale'>): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return clockIn(locale, { hour, minute });
}

/** Plain text beside the field for the time of the close. */
export function closeRefused(
  why: 'quiet' | 'before_digest',
  { quiet, digestAt }: { quiet: DayChoices['quiet']; digestAt: string },
  reader: Pick<Reader, 'locale'>,
): string {
  return why === 'quiet'
    ? `That is in your quiet hours, ${quietText(quiet, reader)}. Choose another time, or other hours.`
    : `Your digest comes at ${clockOf(digestAt, reader)}. Choose a later time: a day is closed after its digest.`;
}

/** `In 15 minutes: a call at 10:00`; afterwards `A call at 10:00`. */
export function soonTitle(dueAt: Instant, calls: number, reader: Reader): string {
  const what =
    calls === 1 ? `a call at ${clockTime(dueAt, reader)}` : `${calls} calls from ${clockTime(dueAt, reader)}`;
  const minutes = Math.ceil((dueAt - reader.now) / 60_000);
  if (minutes > 0) return `In ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}: ${what}`;
  return what.replace(/^a/, 'A');
}
