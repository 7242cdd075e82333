/** Five mornings of one person, one after the other, with what happened at the tools before each. */
import type { SandboxClock } from './clock.ts';
import type { ProviderPanel } from './panel.ts';
import type { Script } from './script.ts';
import type { Travel } from './travel.ts';

export interface Morning {
  /** From 1. */
  number: number;
  of: number;
  at: number;
  /** Since the morning before, or since the beginning. */
  since: number;
  /** In the order in which it happened. */
  told: readonly { at: number; says: string }[];
  /** Tasks that nobody touched, and whose time has passed. */
  becameOverdue: readonly string[];
}

export interface Walked {
  clock: SandboxClock;
  travel: Travel;
  script: Script;
  panels: readonly ProviderPanel[];
}

/** The clock is at each morning's time, and the app has done what it does then. Ends early where the journey is stopped. */
export async function* walkWeek(
  { clock, travel, script, panels }: Walked,
  { slackId, zone }: { slackId: string; zone: string },
): AsyncGenerator<Morning> {
  let since = clock.now();
  const mornings = script.begin(zone, since);
  try {
    for (const [index, at] of mornings.entries()) {
      const told = script.told.length;
      if (!(await travel.to(at))) return;
      const becameOverdue = panels.flatMap((panel) => overdueBetween(panel, slackId, since, at));
      yield { number: index + 1, of: mornings.length, at, since, told: script.told.slice(told), becameOverdue };
      since = at;
    }
  } finally {
    script.end();
  }
}

function overdueBetween(panel: ProviderPanel, slackId: string, after: number, until: number): string[] {
  return panel
    .tasks(slackId)
    .filter(({ isOpen, due }) => isOpen && due !== undefined && Date.parse(due) > after && Date.parse(due) <= until)
    .map(({ title, about }) => {
      const short = shortened(title.replaceAll(/\s+/g, ' ').trim());
      return about === '' ? short : `${short} (${about})`;
    });
}

/** Some tools have no titles, and the whole of a template stands in their place. */
const MOST_CHARACTERS = 60;

function shortened(title: string): string {
  return title.length <= MOST_CHARACTERS ? title : `${title.slice(0, MOST_CHARACTERS).replace(/\s+\S*$/, '')}…`;
}
