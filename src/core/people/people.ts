/** Identifies the Slack user behind a request: a known rep, or a member to look up. */
import { usableLinks } from '../clicks/target.ts';
import type { Circuit } from '../jobs/circuit.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link, Rep } from '../model/people.ts';
import type { RepTime } from '../model/time.ts';
import type { Member } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import { readAccounts } from './accounts.ts';
import { isAdmin } from './decide.ts';
import { whyOutside } from './pilot.ts';
import { isOurs } from './reps.ts';
import { followMember, type LinkingDeps, linkMember } from './sync.ts';
import { readTeam } from './team.ts';

export interface Known {
  rep: Rep;
  /** Empty: no provider has this person. */
  links: readonly Link[];
  /** Names of providers that did not answer. */
  unreachable: readonly string[];
}

/** A bot, or a member of another workspace. */
export class StrangerError extends Error {
  override name = 'StrangerError' as const;
}

interface PeopleDeps extends LinkingDeps, Pick<Ports, 'calendar' | 'presence' | 'admins'> {
  circuits: ReadonlyMap<ProviderId, Pick<Circuit, 'outage'>>;
}

export type People = ReturnType<typeof createPeople>;

/** Calls of Slack or a provider throw `DeliveryError` if Slack does not answer, and `StrangerError`. */
export function createPeople(deps: PeopleDeps) {
  const { store, calendar, clock } = deps;
  return {
    find: (key: RepKey) => store.reps.find(key),
    /** Looks the person up at Slack and at the providers if they have no link, or `again`. */
    identify: (key: RepKey, options: { again?: boolean } = {}) => identify(deps, key, options),
    /** Asks no provider: Slack waits three seconds for a window. */
    async known(key: RepKey): Promise<Rep> {
      const member = async () => deps.saveRep({ teamId: key.teamId, ...(await memberOf(deps, key)) });
      return (await store.reps.find(key)) ?? member();
    },
    /** The current time in the rep's zone and working week; UTC for an unknown person. */
    async readerOf(key: RepKey): Promise<RepTime> {
      const { rep, schedule } = (await store.reps.recipient(key)) ?? {};
      const holidays = await calendar.holidaysOf(schedule?.country);
      return { now: clock(), zone: rep?.zone ?? 'UTC', locale: rep?.locale, days: schedule?.days ?? [], holidays };
    },
    accounts: (rep: Rep) => readAccounts(deps, rep),
    /** undefined: `by` is no admin. */
    team: async (by: RepKey) => ((await isAdmin(deps, by)) ? readTeam(deps, by.teamId) : undefined),
    isAdmin: (key: RepKey) => isAdmin(deps, key),
    /** Why they are not served here; undefined: they are. */
    outside: (key: RepKey) => whyOutside(deps, key),
    /** Whom the operator named. */
    admins: deps.admins?.named,
    /** Handles a change of a Slack member (`sync.ts`). */
    follow: (teamId: string, member: Member, options: { joined: boolean }) =>
      followMember(deps, teamId, member, options),
  };
}

async function identify(deps: PeopleDeps, key: RepKey, { again = false }: { again?: boolean }): Promise<Known> {
  const rep = await deps.store.reps.find(key);
  const links = await usableLinks(deps, key);
  if (rep && links.length > 0 && !again) return { rep, links, unreachable: [] };
  const { rep: found, unreachable } = await linkMember(deps, key.teamId, await memberOf(deps, key));
  return { rep: found, links: await usableLinks(deps, key), unreachable };
}

async function memberOf({ directory, store }: PeopleDeps, key: RepKey): Promise<Member> {
  const member = await directory.member(key);
  if (!member || !isOurs(member, await store.reps.find(key))) {
    throw new StrangerError(`${key.userId} is no member of ${key.teamId}`);
  }
  return member;
}
