/** Whether a rep takes a message that comes by itself. */
import { usableLinks } from '../clicks/target.ts';
import type { SkipReason } from '../model/digest.ts';
import type { Rep } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';

/** The rep may have paused or left since a message was planned. undefined: they take one. */
export async function whyNoMessage(
  deps: Pick<Ports, 'store' | 'providers' | 'pilot' | 'clock'>,
  rep: Rep,
): Promise<SkipReason | undefined> {
  if (!rep.active) return 'no_link';
  if (deps.pilot && !(await deps.pilot.includes(rep))) return 'not_in_pilot';
  if (await deps.store.installs.elsewhere(rep)) return 'elsewhere';
  if (await deps.store.workspaces.offSwitch(rep.teamId)) return 'switched_off';
  const schedule = await deps.store.schedules.find(rep);
  if (schedule?.pausedUntil !== undefined && schedule.pausedUntil > deps.clock()) return 'paused';
  return (await usableLinks(deps, rep)).length > 0 ? undefined : 'no_link';
}
