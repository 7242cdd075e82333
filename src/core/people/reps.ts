/** What is kept of a person of the workspace when Slack tells of them. What it does not say stays as it is known. */

import { followZone } from '../digests/schedule.ts';
import type { Rep } from '../model/people.ts';
import { namedZone, nextDigestAt, WORKING_DAYS, zoneOf } from '../model/time.ts';
import type { Member } from '../ports/directory.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';

export interface RepDeps {
  store: Store;
  clock: Clock;
  log: Log;
  defaultDigestTime: string;
  /** Which rep and zone the log has named already: Slack repeats an unknown zone every day. */
  zonesLogged: Set<string>;
}

/** A member of whom nothing is left open that a link depends on. */
export interface Person extends Member {
  name: string;
  active: boolean;
}

/** Someone whom Slack counts to other workspaces is ours only if we know them already. */
export function isOurs(member: Member, known: Rep | undefined): boolean {
  return known !== undefined || member.elsewhere !== true;
}

export function completed(member: Member, known: Rep | undefined): Person {
  return {
    ...member,
    name: member.name ?? known?.name ?? member.userId,
    email: member.email ?? known?.email,
    active: member.active ?? known?.active ?? true,
  };
}

/** Stores what Slack says of a person, gives a new rep the default schedule, and follows a rep who moved. */
export async function saveRep(deps: RepDeps, member: Member & { teamId: string }): Promise<Rep> {
  const { teamId, userId } = member;
  const before = await deps.store.reps.find({ teamId, userId });
  const { name, email, active } = completed(member, before);
  const rep = { teamId, userId, name, email, zone: zoneOf(member, before?.zone, deps.clock()), active } satisfies Rep;
  logUnknownZone(deps, member, rep);
  // Slack tells of every change of a status, and the daily look goes through everyone: no write for what we know.
  if (isSame(before, rep)) return rep;
  await deps.store.transact(async (tx) => {
    await deps.store.reps.save(rep, tx);
    if (await deps.store.schedules.find(rep, tx)) return;
    const wish = { time: deps.defaultDigestTime, days: WORKING_DAYS };
    const nextDueAt = nextDigestAt(wish, rep.zone, deps.clock());
    await deps.store.schedules.save({ teamId, userId, ...wish, pausedUntil: undefined, nextDueAt }, tx);
  });
  if (before && before.zone !== rep.zone) await followZone(deps, rep);
  return rep;
}

function logUnknownZone({ log, zonesLogged }: RepDeps, { zone }: Member, rep: Rep): void {
  if (!zone || namedZone(zone)) return;
  const key = `${rep.userId} ${zone}`;
  if (zonesLogged.has(key)) return;
  zonesLogged.add(key);
  log.warn({ rep: rep.userId, zone, used: rep.zone }, 'Slack names a time zone that this runtime does not know');
}

export function isSame(one: Rep | undefined, other: Rep | undefined): boolean {
  if (!one || !other) return one === other;
  const { name, email, zone, active } = one;
  return name === other.name && email === other.email && zone === other.zone && active === other.active;
}
