/** The times of the Snooze menu, by the rep's own working days. Each option names the day on which it lands. */
import type { Instant } from '../src/core/model/keys.ts';
import { type RepTime, SNOOZE_PRESETS, type SnoozePreset, snoozeUntil } from '../src/core/model/time.ts';
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

function textOf(preset: SnoozePreset, at: Instant, { now, zone }: RepTime): string {
  const days = daysAhead(at, now, zone);
  const clock = clockTime(at, zone);
  if (days === 0) return `Later today, ${clock}`;
  if (preset === 'nextweek') return `Next week, ${shortDate(at, zone)} ${clock}`;
  if (days === 1) return `Tomorrow, ${weekday(at, zone, 'short')} ${clock}`;
  // The weekday alone would read as today.
  return days < 7 ? `${weekday(at, zone, 'long')} ${clock}` : `${shortDate(at, zone)} ${clock}`;
}
