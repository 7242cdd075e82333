/**
 * Who is who: members of the workspace are linked by exact e-mail, at start, once a day, when Slack says that they changed,
 * and on demand. What a rep decided for themselves (`decide.ts`, `sign-in.ts`) is left alone.
 */

import type { Handler } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { DeliveryError, ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import type { Directory, Member } from '../ports/directory.ts';
import type { TaskProvider } from '../ports/provider.ts';
import { type Book, type LinkingReport, type LookDeps, lookAtEveryone, lookAtOne, openBook } from './directory-sync.ts';
import { matchMembers } from './matching.ts';
import { completed, isOurs, isSame, type Person } from './reps.ts';
import { inTurns } from './turns.ts';
import { endLink } from './write-link.ts';

export interface LinkingDeps extends LookDeps {
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  directory: Directory;
}

/** How long someone who typed a command waits to be looked up, in milliseconds. */
const LOOK_UP_PATIENCE = 20_000;

export function linkHandler(deps: LinkingDeps): Handler<'link'> {
  return async ({ teamId }) => ({
    async run() {
      const report = await linkTeam(deps, teamId);
      deps.log[report.removed > 0 || report.held > 0 ? 'warn' : 'info']({ ...report }, 'reps linked');
      return {};
    },
  });
}

/**
 * Matches all members of the workspace with every provider that has a directory. One that cannot be asked leaves its links
 * as they were, and is thrown once the others are done.
 */
export async function linkTeam(deps: LinkingDeps, teamId: string): Promise<LinkingReport> {
  const members = await readPeople(deps, teamId);
  const book = await openBook(deps, teamId);
  const report = { linked: 0, removed: 0, held: 0 };
  const left = members.filter((member) => !member.active);
  for await (const member of inTurns(left)) report.removed += await endAll(deps, book, member);
  const active = members.filter((member) => member.active);
  const failures: ProviderError[] = [];
  for (const provider of directories(deps)) {
    try {
      const look = { deps, book, provider, options: { priority: 'digest' } } as const;
      const { linked, removed, held } = await lookAtEveryone(look, active);
      report.linked += linked;
      report.removed += removed;
      report.held += held;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not read who is who');
      failures.push(error);
    }
  }
  // One that may answer later decides: another that refuses us for good must not keep it from being asked again.
  const failure = failures.find(passes) ?? failures[0];
  if (failure) throw failure;
  return report;
}

/** Everyone who is ours, with what is known of them where Slack said nothing. */
async function readPeople(deps: LinkingDeps, teamId: string): Promise<Person[]> {
  const before = await repsById(deps, teamId);
  const members = await deps.directory.members(teamId);
  const reps = await repsById(deps, teamId);
  const people: Person[] = [];
  for await (const member of inTurns(members)) {
    const known = reps.get(member.userId);
    if (!isOurs(member, known)) continue;
    // Reading everyone takes minutes: what Slack told of a rep meanwhile is newer than their page.
    const isNewer = known && !isSame(known, before.get(member.userId));
    if (isNewer) people.push({ ...known, admin: member.admin });
    else people.push(completed(member, known && (await deps.saveRep({ teamId, ...member }))));
  }
  return people;
}

async function repsById({ store }: LinkingDeps, teamId: string): Promise<Map<string, Rep>> {
  return new Map((await store.reps.list(teamId)).map((rep) => [rep.userId, rep]));
}

/** Where a rep has to consent, nobody is linked by a directory. */
function directories({ providers }: LinkingDeps): TaskProvider[] {
  return [...providers.values()].filter((provider) => !provider.consent);
}

/** Someone who left the workspace: however their links were made, and with the consents that they gave. */
async function endAll(deps: LinkingDeps, book: Pick<Book, 'links'>, { userId }: Person): Promise<number> {
  const theirs = book.links.filter((link) => link.userId === userId);
  for (const link of theirs) await endLink(deps, link, 'left');
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
  const rep = await deps.saveRep({ teamId, ...member });
  const person = completed(member, rep);
  const book = await openBook(deps, teamId);
  const unreachable: string[] = [];
  if (!person.active) {
    await endAll(deps, book, person);
    return { rep, unreachable };
  }
  for (const provider of directories(deps)) {
    try {
      const options = { priority: 'person', signal: AbortSignal.timeout(LOOK_UP_PATIENCE) } as const;
      await lookAtOne({ deps, book, provider, options }, person);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
      unreachable.push(provider.name);
    }
  }
  return { rep, unreachable };
}

/**
 * Follows what Slack says of a person: name, zone, address, and whether they are still here. Only someone who `joined`, or
 * a rep whose address changed, is looked up at the providers: Slack tells of every change of everyone's status, too, and
 * those who are no reps would use up a company's calls. The daily look finds who of them has become one.
 */
export async function followMember(
  deps: LinkingDeps,
  teamId: string,
  told: Member,
  { joined = false }: { joined?: boolean } = {},
): Promise<void> {
  const key = { teamId, userId: told.userId };
  const isRep = (await deps.store.reps.find(key)) !== undefined;
  if (!isRep && (!joined || !isOurs(told, undefined))) return;
  const member = await askedAfter(deps, key, told);
  if (!isRep) return linkIfAnyone(deps, teamId, member);
  const before = await deps.store.reps.find(key);
  const { email, active } = completed(member, before);
  if (before?.email !== email || before?.active !== active) await linkMember(deps, teamId, member);
  else await deps.saveRep({ teamId, ...member });
}

/** News of a person may leave out their address or zone: Slack is asked for the whole person then. */
async function askedAfter(deps: LinkingDeps, key: RepKey, told: Member): Promise<Member> {
  if (told.active === false || (told.email && told.zone)) return told;
  try {
    const asked = await deps.directory.member(key);
    return asked ? joinedWith(told, asked) : told;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // What is known stays; the daily look asks again.
    deps.log.warn({ err: error, rep: key.userId }, 'could not ask Slack about a member');
    return told;
  }
}

function joinedWith(told: Member, asked: Member): Member {
  const { zone, zoneOffset } = told.zone ? told : asked;
  return {
    ...told,
    name: told.name ?? asked.name,
    email: told.email ?? asked.email,
    zone,
    zoneOffset,
    active: asked.active === false ? false : (told.active ?? asked.active),
    elsewhere: told.elsewhere === true || asked.elsewhere === true,
  };
}

/** Someone whom no provider knows is no rep, and is not stored. */
async function linkIfAnyone(deps: LinkingDeps, teamId: string, member: Member): Promise<void> {
  if (member.active === false || !member.email || !isOurs(member, undefined)) return;
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
