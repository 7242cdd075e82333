/**
 * Syncs links with a provider's directory: all members once a day, or one member after a change. Links that a rep
 * decided on (`decide.ts`, `sign-in.ts`) stay.
 */
import type { ProviderId } from '../model/keys.ts';
import { LINK_ENDS, type Link, type LinkDoubt, type LinkProblem, type LinkProblemReason } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../ports/provider.ts';
import { DAYS_TO_BELIEVE, type Evidence, type Judgement, judge, judgeOne } from './judging.ts';
import { type Matches, matchMembers, mergeUsers } from './matching.ts';
import { mayBeLinked } from './pilot.ts';
import type { Person, SaveRep } from './reps.ts';
import { fewAtOnce, inTurns } from './turns.ts';
import { endLink, saveLink } from './write-link.ts';

export interface SyncDeps extends Pick<Ports, 'store' | 'queue' | 'pilot' | 'organisation' | 'clock' | 'log'> {
  saveRep: SaveRep;
}

/** One look at one provider's directory. */
interface Look {
  deps: SyncDeps;
  teamId: string;
  provider: TaskProvider;
  options: CallOptions;
}

/** One sync with one provider's directory. */
interface DirectorySync extends Look {
  snapshot: LinkSnapshot;
}

export interface LinkingReport {
  /** Links after the sync. */
  linked: number;
  removed: number;
  /** Signs that were not believed, because there were too many. */
  held: number;
}

/** The state of a workspace's links before a sync. */
export interface LinkSnapshot {
  links: readonly Link[];
  declined: ReadonlySet<string>;
  doubts: readonly LinkDoubt[];
}

export async function readSnapshot({ store }: SyncDeps, teamId: string): Promise<LinkSnapshot> {
  const declined = await store.people.declined(teamId);
  return {
    links: await store.links.list(teamId),
    declined: new Set(declined.map(({ userId, provider }) => keyOf(userId, provider))),
    doubts: await store.people.doubts(teamId),
  };
}

function keyOf(userId: string, provider: ProviderId): string {
  return `${provider}:${userId}`;
}

/** `members` are active. A member with a first link becomes a rep. */
export async function syncEveryone(sync: DirectorySync, members: readonly Person[]): Promise<LinkingReport> {
  const { deps, teamId, snapshot, provider, options } = sync;
  const links = snapshot.links.filter((link) => link.provider === provider.id);
  const matches = await matchMembers(provider, members, { ...options, fresh: true });
  const evidence = await gatherEvidence(sync, links, members, matches);
  const judgement = judge(evidence, snapshot.doubts, { now: deps.clock(), links: links.length });
  const leaving = new Set(judgement.ends.map(({ link }) => link.userId));
  const standing = links.filter(({ userId }) => !leaving.has(userId));
  const linked = new Set(standing.map(({ userId }) => userId));
  const heldUsers = new Set(standing.map(({ externalId }) => externalId));
  const isFree = ({ externalId }: ProviderUser) => !heldUsers.has(externalId);

  const removed = await endLinks(sync, judgement.ends, isFree, leaving);
  const staying = evidence.filter(({ link }) => !leaving.has(link.userId));
  await fewAtOnce(staying, (each) => confirmAddress(deps, each));
  const taken = new Set<string>();
  const fresh: { member: Person; user: ProviderUser }[] = [];
  for await (const member of inTurns(members)) {
    const user = matches.users.get(member.userId);
    if (!user || linked.has(member.userId)) continue;
    // Who left the pilot keeps their links, and gets no other.
    if (!(await mayBeLinked(deps, { ...member, teamId }))) continue;
    if (snapshot.declined.has(keyOf(member.userId, provider.id))) continue;
    if (!isFree(user)) taken.add(member.userId);
    else if (!leaving.has(member.userId)) fresh.push({ member, user });
  }
  await fewAtOnce(fresh, async ({ member, user }) => {
    const key = await deps.saveRep({ teamId, ...member });
    await saveLink(deps, { key, provider: provider.id, user, email: member.email, current: undefined, leaving });
  });
  const reasonOf = (userId: string) => (taken.has(userId) ? ('taken' as const) : matches.problems.get(userId));
  await noteProblems(sync, members, reasonOf);
  await deps.store.people.noteDoubts(teamId, provider.id, judgement.doubts);
  warn(sync, judgement, links.length);
  const linkedNow = await deps.store.links.count(teamId, provider.id);
  return { linked: linkedNow, removed, held: judgement.held };
}

async function gatherEvidence(
  { provider, options }: Look,
  links: readonly Link[],
  members: readonly Person[],
  { users }: Matches,
): Promise<Evidence[]> {
  const made = links.filter(({ origin }) => origin === 'address');
  if (made.length === 0 || !provider.findKnown) return [];
  const named = mergeUsers([...(await provider.findKnown(made, options)), ...users.values()]);
  const chosen = new Set(links.flatMap(({ origin, externalId }) => (origin === 'address' ? [] : [externalId])));
  const addresses = new Map(members.map(({ userId, email }) => [userId, email]));
  const byId = new Map(named.map((user) => [user.externalId, user]));
  return made.map((link) => {
    const match = users.get(link.userId);
    return {
      link,
      address: addresses.get(link.userId),
      user: byId.get(link.externalId),
      match: match && match.externalId !== link.externalId && !chosen.has(match.externalId) ? match : undefined,
    };
  });
}

/** Returns the number of ended links; the others change to the user who has the address now. */
async function endLinks(
  { deps, snapshot }: DirectorySync,
  ends: Judgement['ends'],
  isFree: (user: ProviderUser) => boolean,
  leaving: ReadonlySet<string>,
): Promise<number> {
  let removed = 0;
  for (const { link, address, match, why } of ends) {
    const isDeclined = snapshot.declined.has(keyOf(link.userId, link.provider));
    if (match && isFree(match) && !isDeclined) {
      const { provider } = link;
      await saveLink(deps, { key: link, provider, user: match, email: address, current: link, leaving });
    } else if (why !== 'replaced') {
      await endLink(deps, link, why);
      removed += 1;
    }
  }
  return removed;
}

/** The same user with another address. */
async function confirmAddress(deps: SyncDeps, { link, address, user }: Evidence): Promise<void> {
  if (address === undefined || link.email === address || !user?.emails.includes(address)) return;
  await saveLink(deps, { key: link, provider: link.provider, user, email: address, current: link });
}

/** A member who lost a link stays in the list of problems until they have a link again. */
async function noteProblems(
  { deps: { store }, teamId, snapshot, provider }: DirectorySync,
  members: readonly Person[],
  reasonOf: (userId: string) => LinkProblemReason | undefined,
): Promise<void> {
  const problems = members.flatMap(({ userId, name, email }): LinkProblem[] => {
    const reason = reasonOf(userId);
    return reason ? [{ teamId, userId, provider: provider.id, reason, name, email }] : [];
  });
  const noted = new Set(problems.map(({ userId }) => userId));
  const before = (await store.people.problems(teamId)).filter(
    (problem) =>
      problem.provider === provider.id &&
      LINK_ENDS.some((end) => end === problem.reason) &&
      !snapshot.declined.has(keyOf(problem.userId, provider.id)) &&
      !noted.has(problem.userId),
  );
  const lost: LinkProblem[] = [];
  for await (const problem of inTurns(before)) {
    const isRep = (await store.reps.find(problem))?.active === true;
    if (isRep && !(await store.links.find(problem, provider.id))) lost.push(problem);
  }
  await store.people.noteProblems(teamId, provider.id, [...problems, ...lost]);
}

function warn(
  { deps: { log }, teamId, snapshot, provider }: DirectorySync,
  { doubts, held: signs }: Judgement,
  links: number,
): void {
  const about = { provider: provider.id, team: teamId, links };
  if (signs > 0) {
    log.error({ ...about, signs }, 'a directory speaks against too many links at once, so none of them was ended');
  }
  const before = new Set(snapshot.doubts);
  const late = doubts.filter((doubt) => doubt.looks === DAYS_TO_BELIEVE && !before.has(doubt));
  const unnamed = late.length;
  if (unnamed > 0) log.warn({ ...about, unnamed }, 'a directory has not named linked users for days; they stay linked');
}

/** Creates, corrects or ends one member's link at one provider. */
export async function syncOne(look: Look, member: Person): Promise<void> {
  const { deps, teamId, provider, options } = look;
  const { store } = deps;
  const key = { teamId, userId: member.userId };
  const current = await store.links.find(key, provider.id);
  if (current && current.origin !== 'address') return;
  if (!current && !(await mayBeLinked(deps, { ...member, teamId }))) return;
  const found = await matchMembers(provider, [member], options);
  const matches = (await isTaken(look, found, member)) ? { ...found, users: new Map<never, never>() } : found;
  const isDeclined = await store.people.hasDeclined(key, provider.id);
  const user = isDeclined ? undefined : matches.users.get(member.userId);
  if (!current) {
    if (user) await saveLink(deps, { key, provider: provider.id, user, email: member.email, current });
    return;
  }
  const [evidence] = await gatherEvidence(look, [current], [member], matches);
  if (!evidence) return;
  const why = judgeOne(evidence, await store.people.doubts(teamId));
  if (!why) return confirmAddress(deps, evidence);
  if (!user) return void (await endLink(deps, current, why));
  await saveLink(deps, { key, provider: provider.id, user, email: member.email, current });
}

/**
 * A look at one member cannot see clashes between members. A user with a link keeps it, and a user whose address was
 * `shared` in the last full sync stays without one.
 */
async function isTaken({ deps: { store }, teamId, provider }: Look, { users }: Matches, { userId }: Person) {
  const user = users.get(userId);
  if (!user) return false;
  const holders = await store.links.holders(teamId, provider.id, user.externalId);
  if (holders.some((link) => link.userId !== userId)) return true;
  const problems = await store.people.problems(teamId);
  return problems.some(
    ({ provider: id, reason, userId: other, email }) =>
      id === provider.id &&
      reason === 'shared' &&
      other !== userId &&
      email !== undefined &&
      user.emails.includes(email),
  );
}
