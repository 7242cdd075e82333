/** The times of the Snooze menu, by the rep's own working days. Each option names the day on which it lands. */
import type { Instant } from '../src/core/model/keys.ts';
import { type RepTime, SNOOZE_PRESETS, type SnoozePreset, snoozeUntil } from '../src/core/model/time.ts';
import { clockTime, daysAhead, shortDate, weekday } from './text.ts';

export interface Preset {
  text: string;
  at: Instant;
}

/** The first of two that land at the same time stands for both. */
export function presetsOf(time: RepTime): Preset[] {
  const presets = SNOOZE_PRESETS.map((preset) => ({ preset, at: snoozeUntil(preset, time) }));
  return presets
    .filter(({ at }, index) => presets.findIndex((other) => other.at === at) === index)
    .map(({ preset, at }) => ({ text: textOf(preset, at, time), at }));
}

function textOf(preset: SnoozePreset, at: Instant, reader: RepTime): string {
  const { now, zone } = reader;
  const days = daysAhead(at, now, zone);
  const clock = clockTime(at, reader);
  if (days === 0) return `Later today, ${clock}`;
  if (preset === 'nextweek') return `Next week, ${shortDate(at, reader)} ${clock}`;
  if (days === 1) return `Tomorrow, ${weekday(at, zone, 'short')} ${clock}`;
  // The weekday alone would read as today.
  return days < 7 ? `${weekday(at, zone, 'long')} ${clock}` : `${shortDate(at, reader)} ${clock}`;
}

const LATEST = Date.UTC(2083, 11, 31);

/** The longest texts in any locale (a test holds that): rows are counted once, and rendered for days. */
export const LARGEST_PRESETS: readonly Preset[] = [
  { text: 'Later today, 12:45 PM', at: LATEST },
  { text: 'Tomorrow, Thu 9:00 AM', at: LATEST },
  { text: 'Next week, Mon, Nov 30 9:00 AM', at: LATEST },
];
