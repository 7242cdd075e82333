/** Plays the week (`week.ts`) at the tools while the clock goes through it. */
import { Temporal } from 'temporal-polyfill';
import type { ProviderPanel } from './panel.ts';
import { type DayTime, type Doing, type Happening, WEEK } from './week.ts';

const MORNINGS = 5;
const MORNING = '09:00';

interface Told {
  at: number;
  says: string;
}

export interface Script {
  /** Plans the week from the next morning on; returns the mornings' instants. */
  begin(zone: string, now: number): number[];
  /** Forgets what is still planned; a tool that is away comes back. */
  end(): void;
  /** Does what was planned until now. */
  happen(now: number): void;
  nextAt(): number | undefined;
  /** What happened, and what was planned and could not happen. */
  readonly told: readonly Told[];
  readonly missing: readonly Told[];
}

export function createScript(panels: readonly ProviderPanel[], week: readonly Happening[] = WEEK): Script {
  let planned: (Happening & { at: number })[] = [];
  let instantOf = (_: DayTime): number => 0;
  const away = new Set<ProviderPanel>();
  const told: Told[] = [];
  const missing: Told[] = [];

  function happen(now: number): void {
    const due = planned.filter(({ at }) => at <= now);
    planned = planned.filter(({ at }) => at > now);
    for (const { at, provider, does, says } of due) {
      const panel = panels.find(({ id }) => id === provider);
      if (!panel) continue;
      (play(panel, does, (when) => new Date(instantOf(when)).toISOString()) ? told : missing).push({ at, says });
      if (does.kind === 'away') away.add(panel);
      if (does.kind === 'back') away.delete(panel);
    }
  }

  return {
    begin(zone, now) {
      const mornings = nextMornings(zone, now);
      instantOf = ({ morning, at, weeksOn = 0 }) =>
        zoned(mornings[morning - 1] ?? 0, zone)
          .add({ weeks: weeksOn })
          .withPlainTime(at).epochMilliseconds;
      planned = week.map((happening) => ({ ...happening, at: instantOf(happening.when) })).sort((a, b) => a.at - b.at);
      return mornings;
    },
    end() {
      planned = [];
      for (const panel of away) panel.setDown(false);
      away.clear();
    },
    happen,
    nextAt: () => planned[0]?.at,
    told,
    missing,
  };
}

/** False: it cannot happen, for example because the task was done meanwhile. */
function play(panel: ProviderPanel, does: Doing, text: (when: DayTime) => string): boolean {
  switch (does.kind) {
    case 'close': {
      const isOpen = panel.tasks(does.of).some(({ id, isOpen }) => id === does.taskId && isOpen);
      return isOpen && panel.closeTask(does.of, does.taskId, does.by);
    }
    case 'move':
      return panel.moveTask(does.of, does.taskId, text(does.to));
    case 'plan skip':
      return panel.planSkip(does.of, does.taskId, text(does.at));
    case 'add': {
      const { of, id, title, contact, due } = does;
      return panel.addTask(of, { id, title, contact, due: text(due) });
    }
    case 'away':
      panel.setDown(true);
      return true;
    case 'back':
      panel.setDown(false);
      return true;
  }
}

/** Nine o'clock on the next working day of a zone. */
export function nextMorning(zone: string, now: number): number {
  const at = zoned(now, zone);
  let morning = at.withPlainTime(MORNING);
  while (morning.epochMilliseconds <= now || morning.dayOfWeek > 5) morning = morning.add({ days: 1 });
  return morning.epochMilliseconds;
}

function nextMornings(zone: string, now: number): number[] {
  const mornings: number[] = [];
  for (let at = now; mornings.length < MORNINGS; ) {
    at = nextMorning(zone, at);
    mornings.push(at);
  }
  return mornings;
}

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
