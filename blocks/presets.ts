/** The times of the Snooze menu, by the rep's own working days. Each option names the day on which it lands. */
import type { Instant } from '../src/core/model/keys.ts';
import {
  localDate,
  type RepTime,
  SNOOZE_PRESETS,
  type SnoozePreset,
  snoozeUntil,
  startOfWeek,
} from '../src/core/model/time.ts';
import { clockTime, daysAhead, shortDate, weekday } from './text.ts';

export interface Preset {
  text: string;
  /** The same after "Snooze to". */
  inside: string;
  at: Instant;
  /** On another day. */
  later: boolean;
}

/** The first of two that land at the same time stands for both. */
export function presetsOf(time: RepTime): Preset[] {
  const presets = SNOOZE_PRESETS.map((preset) => ({ preset, at: snoozeUntil(preset, time) }));
  return presets
    .filter(({ at }, index) => presets.findIndex((other) => other.at === at) === index)
    .map(({ preset, at }) => {
      const text = textOf(preset, at, time);
      const later = daysAhead(at, time.now, time.zone) > 0;
      // A weekday keeps its capital.
      return { text, inside: text.replace(/^(Later|Tomorrow|Next)/, (word) => word.toLowerCase()), at, later };
    });
}

function textOf(preset: SnoozePreset, at: Instant, reader: RepTime): string {
  const { now, zone } = reader;
  const days = daysAhead(at, now, zone);
  const clock = clockTime(at, reader);
  if (days === 0) return `Later today, ${clock}`;
  // All of next week may be days off.
  const isNextWeek = localDate(at, zone) < startOfWeek(reader, 2).toString();
  if (preset === 'nextweek' && isNextWeek) return `Next week, ${shortDate(at, reader)} ${clock}`;
  if (days === 1) return `Tomorrow, ${weekday(at, zone, 'short')} ${clock}`;
  // The weekday alone would read as today.
  return days < 7 ? `${weekday(at, zone, 'long')} ${clock}` : `${shortDate(at, reader)} ${clock}`;
}
