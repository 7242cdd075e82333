/** Stores Slack members as reps. Fields that Slack leaves out keep their values. */
import { createSchedules } from '../digests/schedule.ts';
import { DEFAULT_CHOICES } from '../model/digest.ts';
import type { Instant } from '../model/keys.ts';
import type { Profile, Rep } from '../model/people.ts';
import { namedZone, nextDigestAt, WORKING_DAYS, zoneOf } from '../model/time.ts';
import type { Member } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import { about } from '../ports/transaction.ts';

interface RepDeps extends Pick<Ports, 'store' | 'queue' | 'calendar' | 'clock' | 'log'> {
  defaultDigestTime: string;
}

/** Stores a member, gives a new rep the default schedule, and follows a changed time zone. No write if nothing changed. */
export type SaveRep = (member: Member & { teamId: string }) => Promise<Rep>;

/** A member with all fields that links depend on. */
export interface Person extends Member {
  name: string;
  active: boolean;
}

/** A member of other workspaces is ours only if we know them already. */
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

export function createSaveRep(deps: RepDeps): SaveRep {
  const schedules = createSchedules(deps);
  /** Unknown zones that were logged already. */
  const logged = new Set<string>();
  return async (member) => {
    const { rep, before } = await save(deps, member);
    const { zone } = member;
    const key = `${rep.userId} ${zone}`;
    if (zone && !namedZone(zone) && !logged.has(key)) {
      logged.add(key);
      const about = { rep: rep.userId, zone, used: rep.slackZone };
      deps.log.warn(about, 'Slack names a time zone that this runtime does not know');
    }
    if (before && before.zone !== rep.zone) await schedules.followZone(rep);
    return rep;
  };
}

/** False: all that Slack says is stored already, and needs no line in the log either. The sync visits everyone. */
export function isNews(member: Member, known: Rep, now: Instant): boolean {
  const isOddZone = member.zone !== undefined && namedZone(member.zone) === undefined;
  return isOddZone || !isSame(known, profileOf({ ...member, teamId: known.teamId }, known, now));
}

function profileOf(member: Member & { teamId: string }, before: Rep | undefined, now: Instant): Profile {
  const { teamId, userId } = member;
  const { name, email, active } = completed(member, before);
  const slackZone = zoneOf(member, before?.slackZone, now);
  return { teamId, userId, name, email, slackZone, locale: member.locale ?? before?.locale, active };
}

async function save(
  { store, clock, defaultDigestTime }: RepDeps,
  member: Member & { teamId: string },
): Promise<{ rep: Rep; before: Rep | undefined }> {
  const { teamId, userId } = member;
  const before = await store.reps.find({ teamId, userId });
  const profile = profileOf(member, before, clock());
  const { slackZone } = profile;
  // Slack reports every status change.
  if (before && isSame(before, profile)) return { rep: before, before };
  await store.transact(async (tx) => {
    await store.reps.save(profile, tx);
    if (await store.schedules.find(profile, tx)) return;
    const wish = { time: defaultDigestTime, days: WORKING_DAYS };
    const nextDueAt = nextDigestAt(wish, slackZone, clock());
    const nothing = { ownZone: undefined, country: undefined, pausedUntil: undefined };
    const schedule = { teamId, userId, ...wish, ...nothing, nextDueAt, choices: DEFAULT_CHOICES };
    await store.schedules.save(schedule, tx);
  }, about(profile));
  return { rep: (await store.reps.find(profile)) ?? { ...profile, zone: slackZone }, before };
}

export function isSame(one: Profile | undefined, other: Profile | undefined): boolean {
  if (!one || !other) return one === other;
  const { name, email, slackZone, locale, active } = one;
  const isSamePlace = slackZone === other.slackZone && locale === other.locale;
  return name === other.name && email === other.email && isSamePlace && active === other.active;
}
