/** Links members by exact e-mail address: daily, at a start with other settings, after changes in Slack, and on demand. */
import type { Handler } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { DeliveryError, ProviderError } from '../model/errors.ts';
import type { RepKey } from '../model/keys.ts';
import type { Link, Rep } from '../model/people.ts';
import type { Member } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import { type LinkingReport, readSnapshot, type SyncDeps, syncEveryone, syncOne } from './directory-sync.ts';
import { matchMembers } from './matching.ts';
import { mayBeLinked } from './pilot.ts';
import { completed, isNews, isOurs, isSame, type Person } from './reps.ts';
import { fewAtOnce, inTurns } from './turns.ts';
import { endLink } from './write-link.ts';

export type LinkingDeps = SyncDeps & Pick<Ports, 'providers' | 'directory'>;

/** Someone who typed a command waits for it. */
const LOOKUP_TIMEOUT_MS = 20_000;

export interface SyncMark {
  /** A fingerprint of the settings that decide who is linked. */
  syncMark(): string;
}

export function linkHandler(deps: LinkingDeps & SyncMark): Handler<'link'> {
  return async ({ teamId }) => ({
    async run() {
      const sync = { at: deps.clock(), mark: deps.syncMark() };
      const report = await linkTeam(deps, teamId);
      deps.log[report.removed > 0 || report.held > 0 ? 'warn' : 'info']({ ...report }, 'reps linked');
      return { write: (tx) => deps.store.workspaces.noteSync(teamId, sync, tx) };
    },
  });
}

/** Links all members at every provider with a directory. A failure keeps that provider's links; thrown at the end. */
export async function linkTeam(deps: LinkingDeps, teamId: string): Promise<LinkingReport> {
  const members = await readPeople(deps, teamId);
  const snapshot = await readSnapshot(deps, teamId);
  const left = new Set(members.flatMap(({ userId, active }) => (active ? [] : [userId])));
  const isOfLeft = ({ userId }: Link) => left.has(userId);
  const removed = await endAll(deps, snapshot.links.filter(isOfLeft));
  snapshot.links = snapshot.links.filter((link) => !isOfLeft(link));
  const report = { linked: 0, removed, held: 0 };
  const linked = new Set(snapshot.links.map(({ userId }) => userId));
  const active: Person[] = [];
  for await (const member of inTurns(members.filter((each) => each.active))) {
    // Nobody else is looked for; links of those who left the pilot are kept true.
    if (!deps.pilot || linked.has(member.userId) || (await deps.pilot.includes(member))) active.push(member);
  }
  const failures: ProviderError[] = [];
  for (const provider of directories(deps)) {
    try {
      const sync = { deps, teamId, snapshot, provider, options: { priority: 'digest' } } as const;
      const { linked, removed, held } = await syncEveryone(sync, active);
      report.linked += linked;
      report.removed += removed;
      report.held += held;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not read who is who');
      failures.push(error);
    }
  }
  // A passing error goes first, so that the job is retried.
  const failure = failures.find(passes) ?? failures[0];
  if (failure) throw failure;
  return report;
}

/** All members of ours, completed with what is stored. */
async function readPeople(deps: LinkingDeps, teamId: string): Promise<Person[]> {
  const before = await repsById(deps, teamId);
  const members = await deps.directory.members(teamId);
  const reps = await repsById(deps, teamId);
  const people: Person[] = [];
  await fewAtOnce(members, async (member) => {
    const known = reps.get(member.userId);
    if (!isOurs(member, known)) return;
    // Reading all members takes minutes: a rep that changed meanwhile is newer than the list.
    if (known && !isSame(known, before.get(member.userId))) people.push({ ...known, admin: member.admin });
    else {
      const isNew = known && isNews(member, known, deps.clock());
      people.push(completed(member, isNew ? await deps.saveRep({ teamId, ...member }) : known));
    }
  });
  return people;
}

async function repsById({ store }: LinkingDeps, teamId: string): Promise<Map<string, Rep>> {
  return new Map((await store.reps.list(teamId)).map((rep) => [rep.userId, rep]));
}

/** Providers where reps sign in have no directory. */
function directories({ providers }: LinkingDeps): TaskProvider[] {
  return [...providers.values()].filter((provider) => !provider.consent);
}

/** Of members who left: whoever made the links. Deletes their grants, too. Returns how many there were. */
async function endAll(deps: LinkingDeps, links: readonly Link[]): Promise<number> {
  await fewAtOnce(links, (link) => endLink(deps, link, 'left'));
  return links.length;
}

/** Links one member at once. `unreachable`: providers that did not answer, which is not the same as "not a user there". */
export async function linkMember(
  deps: LinkingDeps,
  teamId: string,
  member: Member,
): Promise<{ rep: Rep; unreachable: string[] }> {
  const rep = await deps.saveRep({ teamId, ...member });
  const person = completed(member, rep);
  const unreachable: string[] = [];
  if (!person.active) {
    await endAll(deps, await deps.store.links.of(rep));
    return { rep, unreachable };
  }
  for (const provider of directories(deps)) {
    try {
      const options = { priority: 'person', signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) } as const;
      await syncOne({ deps, teamId, provider, options }, person);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
      unreachable.push(provider.name);
    }
  }
  return { rep, unreachable };
}

/**
 * Handles a member's change in Slack. Providers are asked only if a rep's address changed or somebody `joined`: Slack
 * reports every status change of everyone, and provider calls are limited. The daily sync finds the rest.
 */
export async function followMember(
  deps: LinkingDeps,
  teamId: string,
  changed: Member,
  { joined = false }: { joined?: boolean } = {},
): Promise<void> {
  const key = { teamId, userId: changed.userId };
  const isRep = (await deps.store.reps.find(key)) !== undefined;
  if (!isRep && (!joined || !isOurs(changed, undefined))) return;
  const member = await askedAfter(deps, key, changed);
  if (!isRep) return linkIfAnyone(deps, teamId, member);
  const before = await deps.store.reps.find(key);
  const { email, active } = completed(member, before);
  if (before?.email !== email || before?.active !== active) await linkMember(deps, teamId, member);
  else await deps.saveRep({ teamId, ...member });
}

/** Slack's event may lack the address or zone: then the whole member is read. */
async function askedAfter(deps: LinkingDeps, key: RepKey, changed: Member): Promise<Member> {
  if (changed.active === false || (changed.email && changed.zone)) return changed;
  try {
    const full = await deps.directory.member(key);
    return full ? joinedWith(changed, full) : changed;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // Stored values stay; the daily sync reads again.
    deps.log.warn({ err: error, rep: key.userId }, 'could not ask Slack about a member');
    return changed;
  }
}

function joinedWith(changed: Member, full: Member): Member {
  const { zone, zoneOffset } = changed.zone ? changed : full;
  return {
    ...changed,
    name: changed.name ?? full.name,
    email: changed.email ?? full.email,
    zone,
    zoneOffset,
    locale: changed.locale ?? full.locale,
    active: full.active === false ? false : (changed.active ?? full.active),
    elsewhere: changed.elsewhere === true || full.elsewhere === true,
  };
}

/** A member without a user at any provider is not stored. */
async function linkIfAnyone(deps: LinkingDeps, teamId: string, member: Member): Promise<void> {
  if (member.active === false || !member.email || !isOurs(member, undefined)) return;
  if (!(await mayBeLinked(deps, { ...member, teamId }))) return;
  for (const provider of directories(deps)) {
    if (await isKnownTo(deps, provider, member)) return void (await linkMember(deps, teamId, member));
  }
}

/** A failing provider is skipped; the daily sync asks it again. */
async function isKnownTo(deps: LinkingDeps, provider: TaskProvider, member: Member): Promise<boolean> {
  try {
    return (await matchMembers(provider, [member], { priority: 'digest' })).users.has(member.userId);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    deps.log.warn({ err: error, provider: provider.id }, 'could not look a member up');
    return false;
  }
}
