/** Who is speaking: a rep we know, or someone to be looked up at once. */
import { usableLinks } from '../clicks/target.ts';
import type { Circuit } from '../jobs/circuit.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link, Rep } from '../model/people.ts';
import type { RepTime } from '../model/time.ts';
import type { Member } from '../ports/directory.ts';
import { type AccountState, readAccounts } from './accounts.ts';
import { isAdmin } from './decide.ts';
import { isOurs } from './reps.ts';
import { followMember, type LinkingDeps, linkMember } from './sync.ts';
import { readTeam, type Team } from './team.ts';

export interface Known {
  rep: Rep;
  /** Empty: no provider knows this person. */
  links: readonly Link[];
  /** Names of providers that could not be asked just now. */
  unreachable: readonly string[];
}

/** A bot, or someone of another workspace: nobody to whom the providers of this one could be linked. */
export class StrangerError extends Error {
  override name = 'StrangerError' as const;
}

/** Those that ask Slack or a provider throw `DeliveryError` when Slack does not answer, and `StrangerError`. */
export interface People {
  find(key: RepKey): Promise<Rep | undefined>;
  /** Looks the person up at Slack and at the providers when no link is known yet, or when `again` asks for it. */
  identify(key: RepKey, options?: { again?: boolean }): Promise<Known>;
  /** For a window, for which Slack waits three seconds: no provider is asked. */
  known(key: RepKey): Promise<Rep>;
  /** Now, as this rep's clock and working week have it; UTC for someone who is not known. */
  readerOf(key: RepKey): Promise<RepTime>;
  accounts(rep: Rep): Promise<AccountState>;
  /** undefined: `by` is no admin of the workspace. */
  team(by: RepKey): Promise<Team | undefined>;
  isAdmin(key: RepKey): Promise<boolean>;
  /** Follows what Slack says of a person (`sync.ts`). */
  follow(teamId: string, told: Member, options: { joined: boolean }): Promise<void>;
}

export interface PeopleDeps extends LinkingDeps {
  circuits: ReadonlyMap<ProviderId, Pick<Circuit, 'outage'>>;
}

export function createPeople(deps: PeopleDeps): People {
  const { store, clock } = deps;
  return {
    find: (key) => store.reps.find(key),
    identify: (key, options = {}) => identify(deps, key, options),
    async known(key) {
      const member = async () => deps.saveRep({ teamId: key.teamId, ...(await memberOf(deps, key)) });
      return (await store.reps.find(key)) ?? member();
    },
    async readerOf(key) {
      const [rep, schedule] = await Promise.all([store.reps.find(key), store.schedules.find(key)]);
      return { now: clock(), zone: rep?.zone ?? 'UTC', days: schedule?.days ?? [] };
    },
    accounts: (rep) => readAccounts(deps, rep),
    team: async (by) => ((await isAdmin(deps, by)) ? readTeam(deps, by.teamId) : undefined),
    isAdmin: (key) => isAdmin(deps, key),
    follow: (teamId, told, options) => followMember(deps, teamId, told, options),
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
