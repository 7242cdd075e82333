/** Whether a rep takes a message that comes by itself. */
import { usableLinks } from '../clicks/target.ts';
import type { SkipReason } from '../model/digest.ts';
import type { Recipient } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';
import { listElsewhere } from './elsewhere.ts';
import type { Known } from './known.ts';

/** `why`: they take none. The rep may have paused or left since a message was planned. */
export async function whyNoMessage(
  deps: Pick<Ports, 'store' | 'providers' | 'pilot' | 'organisation' | 'clock'>,
  { rep, schedule, isSwitchedOff }: Recipient,
): Promise<{ why: SkipReason } | Known> {
  if (!rep.active) return { why: 'no_link' };
  if (deps.pilot && !(await deps.pilot.includes(rep))) return { why: 'not_in_pilot' };
  if (await listElsewhere(deps, rep)) return { why: 'elsewhere' };
  if (isSwitchedOff) return { why: 'switched_off' };
  if (schedule?.pausedUntil !== undefined && schedule.pausedUntil > deps.clock()) return { why: 'paused' };
  const links = await usableLinks(deps, rep);
  return links.length > 0 ? { rep, schedule, links } : { why: 'no_link' };
}
