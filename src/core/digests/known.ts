/** A rep, their schedule and their links: read once for a list, and passed along. */
import { usableLinks } from '../clicks/target.ts';
import type { Link, Recipient, Rep } from '../model/people.ts';
import type { RepTime } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';

export interface Known extends Pick<Recipient, 'rep' | 'schedule'> {
  /** To configured providers. */
  links: readonly Link[];
}

export async function knownOf({ store, providers }: Pick<Ports, 'store' | 'providers'>, rep: Rep): Promise<Known> {
  const [schedule, links] = await Promise.all([store.schedules.find(rep), usableLinks({ store, providers }, rep)]);
  return { rep, schedule, links };
}

/** The rep's working week as of `now`. */
export async function weekOf(
  { calendar }: Pick<Ports, 'calendar'>,
  { rep, schedule }: Pick<Recipient, 'rep' | 'schedule'>,
  now: RepTime['now'],
): Promise<RepTime> {
  const holidays = await calendar.holidaysOf(schedule?.country);
  return { now, zone: rep.zone, locale: rep.locale, days: schedule?.days ?? [], holidays };
}
