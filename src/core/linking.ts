/**
 * Who is who: members of the workspace are linked by exact e-mail, at start, once a day, when Slack says that they changed,
 * and on demand. What a rep decided for themselves (`links.ts`, `consent.ts`) is left alone.
 */
import { ProviderError } from './errors.ts';
import { type Matches, matchMembers } from './matching.ts';
import type { Clock, Directory, Log, Member, ProviderUser, Store, TaskProvider } from './ports.ts';
import { followZone } from './schedule.ts';
import { knownZone, nextDigestAt, WORKING_DAYS } from './time.ts';
import type { Link, LinkProblem, ProviderId, Rep, RepKey } from './types.ts';

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

/** What is known of a workspace's links while its members are gone through. */
interface Book {
  teamId: string;
  links: Link[];
  declined: ReadonlySet<string>;
}

/**
 * Matches all members of the workspace with every provider that has a directory. One that cannot be asked leaves its links
 * as they were, and is thrown once the others are done.
 */
export async function linkTeam(deps: LinkingDeps, teamId: string): Promise<LinkingReport> {
  const members = await deps.directory.members();
  const known = new Set((await deps.store.reps.list(teamId)).map(({ userId }) => userId));
  for (const member of members) if (known.has(member.userId)) await saveRep(deps, { teamId, ...member });
  const book = await openBook(deps, teamId);
  const report = { linked: 0, removed: 0 };
  for (const member of members) if (!member.active) report.removed += await endAll(deps, book, member);
  const failures: ProviderError[] = [];
  for (const provider of directories(deps)) {
    try {
      await linkWith(deps, book, provider, members, report);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (failure) throw failure;
  return report;
}

/** Where a rep has to consent, nobody is linked by a directory. */
function directories({ providers }: LinkingDeps): TaskProvider[] {
  return [...providers.values()].filter((provider) => !provider.consent);
}

async function openBook({ store }: LinkingDeps, teamId: string): Promise<Book> {
  const declined = await store.people.declined(teamId);
  return {
    teamId,
    links: await store.links.list(teamId),
    declined: new Set(declined.map(({ userId, provider }) => keyOf(userId, provider))),
  };
}

function keyOf(userId: string, provider: ProviderId): string {
  return `${provider}:${userId}`;
}

async function linkWith(
  deps: LinkingDeps,
  book: Book,
  provider: TaskProvider,
  members: readonly Member[],
  report: LinkingReport,
): Promise<void> {
  const active = members.filter((member) => member.active);
  const matches = await matchMembers(provider, active, { priority: 'digest', fresh: true });
  const problems: LinkProblem[] = [];
  for (const member of active) {
    const outcome = await follow(deps, book, provider, member, matches);
    if (outcome === 'linked') report.linked += 1;
    if (outcome === 'removed') report.removed += 1;
    const reason = outcome === 'taken' ? outcome : matches.problems.get(member.userId);
    if (reason) {
      const { userId, name, email } = member;
      problems.push({ teamId: book.teamId, userId, provider: provider.id, reason, name, email });
    }
  }
  await deps.store.people.noteProblems(book.teamId, provider.id, problems);
}

/** Makes one member's link at one provider what the directory says, unless the rep decided otherwise. */
async function follow(
  deps: LinkingDeps,
  book: Book,
  provider: TaskProvider,
  member: Member,
  matches: Matches,
): Promise<'linked' | 'removed' | 'taken' | 'none'> {
  const { teamId, links, declined } = book;
  const key = { teamId, userId: member.userId };
  const current = links.find((link) => link.userId === member.userId && link.provider === provider.id);
  if (current && current.origin !== 'address') return 'none';
  const user = matches.users.get(member.userId);
  if (!user || declined.has(keyOf(member.userId, provider.id))) {
    if (!current) return 'none';
    await endLink(deps, current, 'removed');
    return 'removed';
  }
  const chosen = links.some(
    (link) =>
      link.provider === provider.id &&
      link.externalId === user.externalId &&
      link.userId !== member.userId &&
      link.origin !== 'address',
  );
  if (chosen) {
    // Whose user it is by their own decision stays theirs, and what the address said before no longer holds.
    if (current) await endLink(deps, current, 'removed');
    return 'taken';
  }
  if (!current) await saveRep(deps, { teamId, ...member });
  await saveLink(deps, key, provider.id, user, member.email, current);
  return 'linked';
}

async function saveLink(
  deps: LinkingDeps,
  key: RepKey,
  provider: ProviderId,
  { externalId }: ProviderUser,
  email: string | undefined,
  current: Link | undefined,
): Promise<void> {
  const at = deps.clock();
  const same = current?.externalId === externalId;
  if (same && current.email === email) return;
  const { people, links } = deps.store;
  await deps.store.transact(async (tx) => {
    await links.save(
      { ...key, provider, externalId, email, origin: 'address', linkedAt: same ? current.linkedAt : at },
      tx,
    );
    const event = current ? 'corrected' : 'linked';
    await people.record({ ...key, provider, event, by: 'directory', externalId, origin: 'address', at }, tx);
  });
}

async function endLink(deps: LinkingDeps, link: Link, event: 'removed' | 'disconnected'): Promise<void> {
  const { teamId, userId, provider, externalId, origin } = link;
  await deps.store.transact(async (tx) => {
    await deps.store.links.remove(link, provider, tx);
    await deps.store.connections.remove(link, provider, tx);
    await deps.store.people.record(
      { teamId, userId, provider, event, by: 'directory', externalId, origin, at: deps.clock() },
      tx,
    );
  });
}

/** Someone who left the workspace: however their links were made, and with the consents that they gave. */
async function endAll(deps: LinkingDeps, book: Pick<Book, 'links'>, { userId }: Member): Promise<number> {
  const theirs = book.links.filter((link) => link.userId === userId);
  for (const link of theirs) await endLink(deps, link, 'removed');
  book.links = book.links.filter((link) => link.userId !== userId);
  return theirs.length;
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
  const book = await openBook(deps, teamId);
  const unreachable: string[] = [];
  if (!member.active) {
    await endAll(deps, book, member);
    return { rep, unreachable };
  }
  for (const provider of directories(deps)) {
    try {
      const options = { priority: 'person', signal: AbortSignal.timeout(LOOK_UP_PATIENCE) } as const;
      const matches = await matchMembers(provider, [member], options);
      await follow(deps, book, provider, member, withoutTaken(matches, book, provider, member));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
      unreachable.push(provider.name);
    }
  }
  return { rep, unreachable };
}

/** One member alone shows no clash of addresses, so whoever has the user already keeps it. */
function withoutTaken(matches: Matches, { links }: Book, { id }: TaskProvider, { userId }: Member): Matches {
  const user = matches.users.get(userId);
  const taken = links.some(
    (link) => link.provider === id && link.externalId === user?.externalId && link.userId !== userId,
  );
  return taken ? { users: new Map(), problems: matches.problems } : matches;
}

/**
 * Follows what Slack says of a person: name, zone, address, and whether they are still here. Only someone new, or whose
 * address changed, is looked up at the providers: Slack tells of every change of a status, too.
 */
export async function followMember(deps: LinkingDeps, teamId: string, member: Member): Promise<void> {
  const before = await deps.store.reps.find({ teamId, userId: member.userId });
  const moved = before?.email !== member.email || before?.active !== member.active;
  if (moved) await linkIfAnyone(deps, teamId, member, before);
  else if (before) await saveRep(deps, { teamId, ...member });
}

/** Someone whom no provider knows is no rep, and is not stored. */
async function linkIfAnyone(deps: LinkingDeps, teamId: string, member: Member, before: Rep | undefined): Promise<void> {
  if (before) return void (await linkMember(deps, teamId, member));
  if (!member.active || !member.email) return;
  for (const provider of directories(deps)) {
    if (await isKnownTo(deps, provider, member)) return void (await linkMember(deps, teamId, member));
  }
}

/** One that cannot be asked does not speak for the others; the daily look asks it again. */
async function isKnownTo(deps: LinkingDeps, provider: TaskProvider, member: Member): Promise<boolean> {
  try {
    return (await matchMembers(provider, [member], { priority: 'digest' })).users.has(member.userId);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
    return false;
  }
}

/** Stores what Slack says of a person, gives a new rep the default schedule, and follows a rep who moved. */
export async function saveRep(deps: LinkingDeps, member: Member & { teamId: string }): Promise<Rep> {
  const rep = {
    teamId: member.teamId,
    userId: member.userId,
    name: member.name,
    email: member.email,
    zone: knownZone(member.zone),
    active: member.active,
  } satisfies Rep;
  const before = await deps.store.reps.find(rep);
  await deps.store.transact(async (tx) => {
    await deps.store.reps.save(rep, tx);
    if (await deps.store.schedules.find(rep, tx)) return;
    const wish = { time: deps.defaultDigestTime, days: WORKING_DAYS };
    const nextDueAt = nextDigestAt(wish, rep.zone, deps.clock());
    const { teamId, userId } = rep;
    await deps.store.schedules.save({ teamId, userId, ...wish, pausedUntil: undefined, nextDueAt }, tx);
  });
  if (before && before.zone !== rep.zone) await followZone(deps, rep);
  return rep;
}
