/**
 * Who is who: reps are linked by exact e-mail, at start, once a day and on demand.
 *
 * Only what a provider's directory says for certain makes a link: one active user under the address, and no other
 * member of the workspace who would get the same user.
 */

import { ProviderError } from './errors.ts';
import type { CallOptions, Clock, Directory, Log, Member, ProviderUser, Store, TaskProvider } from './ports.ts';
import { followZone } from './schedule.ts';
import { knownZone, nextDigestAt, WORKING_DAYS } from './time.ts';
import type { Link, ProviderId, Rep } from './types.ts';

export interface LinkingDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  directory: Directory;
  clock: Clock;
  defaultDigestTime: string;
  log: Log;
}

/** How long someone who typed a command waits to be looked up, in milliseconds. */
const LOOK_UP_PATIENCE = 20_000;

export interface LinkingReport {
  linked: number;
  removed: number;
}

/** Matches all members of the workspace with every provider's users. A provider that cannot be asked is thrown. */
export async function linkTeam(deps: LinkingDeps, teamId: string): Promise<LinkingReport> {
  const members = await deps.directory.members();
  const known = new Map((await deps.store.reps.list(teamId)).map((rep) => [rep.userId, rep]));
  const report = { linked: 0, removed: 0 };
  const links = await deps.store.links.list(teamId);
  const wanted = new Map<string, Link[]>();
  const active = members.filter((member) => member.active);
  // All are asked before anything is written: one that cannot be asked leaves everything as it was.
  const answers: [TaskProvider, Map<string, string>][] = [];
  for (const provider of deps.providers.values())
    answers.push([provider, await matchMembers(provider, active, { priority: 'digest', fresh: true })]);
  for (const [provider, matched] of answers) {
    for (const member of members) {
      const externalId = matched.get(member.userId);
      const current = links.find((link) => link.userId === member.userId && link.provider === provider.id);
      if (externalId) {
        const link = linkOf(deps, { teamId, userId: member.userId }, provider.id, externalId, current);
        wanted.set(member.userId, [...(wanted.get(member.userId) ?? []), link]);
      } else if (current) {
        await deps.store.links.remove(current, provider.id);
        report.removed += 1;
      }
    }
  }
  for (const member of members) {
    const matches = wanted.get(member.userId) ?? [];
    if (matches.length === 0 && !known.has(member.userId)) continue;
    await saveRep(deps, { teamId, ...member });
    for (const link of matches) await deps.store.links.save(link);
    report.linked += matches.length;
  }
  return report;
}

/**
 * Looks one member up at once: makes, corrects or removes their links. Says which providers could not be asked: "you are
 * not in Gong" and "Gong did not answer" are different news.
 */
export async function linkMember(
  deps: LinkingDeps,
  teamId: string,
  member: Member,
): Promise<{ rep: Rep; unreachable: string[] }> {
  const rep = await saveRep(deps, { teamId, ...member });
  const unreachable: string[] = [];
  for (const provider of deps.providers.values()) {
    try {
      await followDirectory(deps, rep, member, provider);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
      unreachable.push(provider.name);
    }
  }
  return { rep, unreachable };
}

async function followDirectory(deps: LinkingDeps, rep: Rep, member: Member, provider: TaskProvider): Promise<void> {
  const { links } = deps.store;
  const options = { priority: 'person', signal: AbortSignal.timeout(LOOK_UP_PATIENCE) } as const;
  const externalId = (await matchMembers(provider, [member], options)).get(member.userId);
  if (!externalId) return links.remove(rep, provider.id);
  const all = (await links.list(rep.teamId)).filter((link) => link.provider === provider.id);
  const current = all.find((link) => link.userId === rep.userId);
  const taken = all.some((link) => link.externalId === externalId && link.userId !== rep.userId);
  if (!taken) await links.save(linkOf(deps, rep, provider.id, externalId, current));
}

/** Member id -> the provider's user id, for those about whom there is no doubt. */
async function matchMembers(
  provider: TaskProvider,
  members: readonly Member[],
  options: CallOptions & { fresh?: boolean },
): Promise<Map<string, string>> {
  const emails = members.flatMap((member) => (member.email ? [member.email] : []));
  if (emails.length === 0) return new Map();
  const found = await provider.findUsers(emails, options);
  const claims = new Map<string, string[]>();
  for (const member of members) {
    const user = onlyOne(member.email ? found.get(member.email) : undefined);
    if (user) claims.set(user.externalId, [...(claims.get(user.externalId) ?? []), member.userId]);
  }
  const matched = new Map<string, string>();
  for (const [externalId, userIds] of claims) {
    const [userId, ...others] = userIds;
    if (userId && others.length === 0) matched.set(userId, externalId);
  }
  return matched;
}

function onlyOne(users: readonly ProviderUser[] | undefined): ProviderUser | undefined {
  return users?.length === 1 ? users[0] : undefined;
}

function linkOf(
  deps: LinkingDeps,
  key: { teamId: string; userId: string },
  provider: ProviderId,
  externalId: string,
  current: Link | undefined,
): Link {
  const same = current?.externalId === externalId;
  return {
    teamId: key.teamId,
    userId: key.userId,
    provider,
    externalId,
    linkedAt: same ? current.linkedAt : deps.clock(),
    lastListedAt: same ? current.lastListedAt : undefined,
  };
}

/** Stores what Slack says of a person, gives a new rep the default schedule, and follows a rep who moved. */
async function saveRep(deps: LinkingDeps, member: Member & { teamId: string }): Promise<Rep> {
  const rep = {
    teamId: member.teamId,
    userId: member.userId,
    name: member.name,
    email: member.email,
    zone: knownZone(member.zone),
    active: member.active,
  } satisfies Rep;
  const before = await deps.store.reps.find(rep);
  await deps.store.reps.save(rep);
  if (!before) {
    const wish = { time: deps.defaultDigestTime, days: WORKING_DAYS };
    const nextDueAt = nextDigestAt(wish, rep.zone, deps.clock());
    await deps.store.schedules.save({
      teamId: rep.teamId,
      userId: rep.userId,
      ...wish,
      pausedUntil: undefined,
      nextDueAt,
    });
  } else if (before.zone !== rep.zone) {
    await followZone(deps, rep);
  }
  return rep;
}
