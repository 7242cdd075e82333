/**
 * Looks at providers' directories: at everyone, once a day, and at one member when something changed. What a rep decided
 * for themselves (`decide.ts`, `sign-in.ts`) is left alone.
 */

import type { ProviderId } from '../model/keys.ts';
import { LINK_ENDS, type Link, type LinkDoubt, type LinkProblem, type LinkProblemReason } from '../model/people.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { type Evidence, judge, judgeOne, LOOKS_TO_BELIEVE } from './judging.ts';
import { type Matches, matchMembers, mergeUsers } from './matching.ts';
import type { Person, SaveRep } from './reps.ts';
import { inTurns } from './turns.ts';
import { endLink, saveLink } from './write-link.ts';

export interface LookDeps {
  store: Store;
  queue: Queue;
  clock: Clock;
  log: Log;
  saveRep: SaveRep;
}

/** One look at one provider's directory. */
export interface Look {
  deps: LookDeps;
  book: Book;
  provider: TaskProvider;
  options: CallOptions;
}

export interface LinkingReport {
  /** Links that are, or were made. */
  linked: number;
  removed: number;
  /** Signs against links that were not believed, because there were so many. */
  held: number;
}

/** What is known of a workspace's links when a look begins. */
export interface Book {
  teamId: string;
  links: Link[];
  declined: ReadonlySet<string>;
  doubts: readonly LinkDoubt[];
  problems: readonly LinkProblem[];
}

export async function openBook({ store }: Pick<LookDeps, 'store'>, teamId: string): Promise<Book> {
  const declined = await store.people.declined(teamId);
  return {
    teamId,
    links: await store.links.list(teamId),
    declined: new Set(declined.map(({ userId, provider }) => keyOf(userId, provider))),
    doubts: await store.people.doubts(teamId),
    problems: await store.people.problems(teamId),
  };
}

function keyOf(userId: string, provider: ProviderId): string {
  return `${provider}:${userId}`;
}

/** Members who left are not among `members`; one who gets their first link is a rep from then on. */
export async function lookAtEveryone(look: Look, members: readonly Person[]): Promise<LinkingReport> {
  const { deps, book, provider, options } = look;
  const links = book.links.filter((link) => link.provider === provider.id);
  const matches = await matchMembers(provider, members, { ...options, fresh: true });
  const evidence = await gatherEvidence(look, links, members, matches);
  const judgement = judge(evidence, book.doubts, { now: deps.clock(), links: links.length });
  const leaving = new Set(judgement.ends.map(({ link }) => link.userId));
  const standing = links.filter(({ userId }) => !leaving.has(userId));
  const linked = new Set(standing.map(({ userId }) => userId));
  const heldUsers = new Set(standing.map(({ externalId }) => externalId));
  const isFree = ({ externalId }: ProviderUser) => !heldUsers.has(externalId);

  const removed = await endLinks(look, judgement.ends, isFree, leaving);
  const staying = evidence.filter(({ link }) => !leaving.has(link.userId));
  for await (const each of inTurns(staying)) await confirmAddress(deps, each);
  const taken = new Set<string>();
  for await (const member of inTurns(members)) {
    const user = matches.users.get(member.userId);
    if (!user || linked.has(member.userId)) continue;
    if (book.declined.has(keyOf(member.userId, provider.id))) continue;
    if (!isFree(user)) taken.add(member.userId);
    else if (!leaving.has(member.userId)) {
      const key = await deps.saveRep({ teamId: book.teamId, ...member });
      await saveLink(deps, { key, provider: provider.id, user, email: member.email, current: undefined, leaving });
    }
  }
  const reasonOf = (userId: string) => (taken.has(userId) ? ('taken' as const) : matches.problems.get(userId));
  await noteProblems(look, members, reasonOf);
  await deps.store.people.noteDoubts(book.teamId, provider.id, judgement.doubts);
  warn(look, judgement, links.length);
  const now = (await deps.store.links.list(book.teamId)).filter((link) => link.provider === provider.id);
  return { linked: now.length, removed, held: judgement.held };
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

/** Returns how many ended; the others went over to the user who has the address now. */
async function endLinks(
  { deps, book }: Look,
  ends: ReturnType<typeof judge>['ends'],
  isFree: (user: ProviderUser) => boolean,
  leaving: ReadonlySet<string>,
): Promise<number> {
  let removed = 0;
  for (const { link, address, match, why } of ends) {
    const isDeclined = book.declined.has(keyOf(link.userId, link.provider));
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

/** The same user, under another of their addresses. */
async function confirmAddress(deps: LookDeps, { link, address, user }: Evidence): Promise<void> {
  if (address === undefined || link.email === address || !user?.emails.includes(address)) return;
  await saveLink(deps, { key: link, provider: link.provider, user, email: address, current: link });
}

/** Whoever lost a link stays listed with the reason until they have one again. */
async function noteProblems(
  { deps: { store }, book, provider }: Look,
  members: readonly Person[],
  reasonOf: (userId: string) => LinkProblemReason | undefined,
): Promise<void> {
  const { teamId } = book;
  const problems = members.flatMap(({ userId, name, email }): LinkProblem[] => {
    const reason = reasonOf(userId);
    return reason ? [{ teamId, userId, provider: provider.id, reason, name, email }] : [];
  });
  const linked = new Set((await store.links.list(teamId)).map((link) => keyOf(link.userId, link.provider)));
  const reps = new Set((await store.reps.list(teamId)).flatMap(({ userId, active }) => (active ? [userId] : [])));
  const lost = (await store.people.problems(teamId)).filter(
    (problem) =>
      problem.provider === provider.id &&
      LINK_ENDS.some((end) => end === problem.reason) &&
      reps.has(problem.userId) &&
      !linked.has(keyOf(problem.userId, provider.id)) &&
      !book.declined.has(keyOf(problem.userId, provider.id)) &&
      !problems.some(({ userId }) => userId === problem.userId),
  );
  await store.people.noteProblems(teamId, provider.id, [...problems, ...lost]);
}

function warn(
  { deps: { log }, book, provider }: Look,
  { doubts, held }: ReturnType<typeof judge>,
  links: number,
): void {
  const about = { provider: provider.id, team: book.teamId, links };
  if (held > 0) {
    log.error(
      { ...about, signs: held },
      'a directory speaks against too many links at once, so none of them was ended',
    );
  }
  const unnamed = doubts.filter((doubt) => doubt.looks === LOOKS_TO_BELIEVE && !book.doubts.includes(doubt));
  if (unnamed.length > 0) {
    log.warn(
      { ...about, unnamed: unnamed.length },
      'a directory has not named linked users for days; they stay linked',
    );
  }
}

/** Makes, corrects or ends one member's link at one provider. */
export async function lookAtOne(look: Look, member: Person): Promise<void> {
  const { deps, book, provider, options } = look;
  const key = { teamId: book.teamId, userId: member.userId };
  const current = book.links.find((link) => link.userId === member.userId && link.provider === provider.id);
  if (current && current.origin !== 'address') return;
  const found = await matchMembers(provider, [member], options);
  const matches = withoutTaken(book, found, provider, member);
  const user = book.declined.has(keyOf(member.userId, provider.id)) ? undefined : matches.users.get(member.userId);
  if (!current) {
    if (user) await saveLink(deps, { key, provider: provider.id, user, email: member.email, current });
    return;
  }
  const [evidence] = await gatherEvidence(look, [current], [member], matches);
  if (!evidence) return;
  const why = judgeOne(evidence, book.doubts);
  if (!why) return confirmAddress(deps, evidence);
  if (!user) return void (await endLink(deps, current, why));
  await saveLink(deps, { key, provider: provider.id, user, email: member.email, current });
}

/**
 * One member alone shows no clash of addresses. So whoever has the user already keeps it; and one whom the last look at
 * everyone gave to nobody, because another member has one of its addresses too, is still nobody's.
 */
function withoutTaken({ links, problems }: Book, matches: Matches, { id }: TaskProvider, { userId }: Person): Matches {
  const user = matches.users.get(userId);
  if (!user) return matches;
  const others = links.filter((link) => link.provider === id && link.userId !== userId);
  const shared = problems.some(
    ({ provider, reason, userId: other, email }) =>
      provider === id && reason === 'shared' && other !== userId && email !== undefined && user.emails.includes(email),
  );
  const taken = others.some((link) => link.externalId === user.externalId);
  return taken || shared ? { users: new Map(), problems: matches.problems } : matches;
}
