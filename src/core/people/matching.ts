/** A match: exactly one active user has the member's address, and no other member matches that user. */
import type { RepKey } from '../model/keys.ts';
import type { LinkProblemReason } from '../model/people.ts';
import type { Member } from '../ports/directory.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../ports/provider.ts';
import { inTurns } from './turns.ts';

export interface Matches {
  /** Member id -> user, for certain matches. */
  users: ReadonlyMap<string, ProviderUser>;
  /** Member id -> why there is no match, if a user has the address. */
  problems: ReadonlyMap<string, LinkProblemReason>;
}

export async function matchMembers(
  provider: TaskProvider,
  members: readonly Pick<Member, 'userId' | 'email'>[],
  options: CallOptions & { fresh?: boolean; as?: RepKey },
): Promise<Matches> {
  const emails = members.flatMap((member) => (member.email ? [member.email] : []));
  const found = emails.length > 0 ? await provider.findUsers(emails, options) : new Map<string, ProviderUser[]>();
  const users = new Map<string, ProviderUser>();
  const problems = new Map<string, LinkProblemReason>();
  const claims = new Map<string, string[]>();
  for await (const { userId, email } of inTurns(members)) {
    const user = onlyOne(email ? (found.get(email) ?? []) : []);
    if (!user) continue;
    if (typeof user === 'string') problems.set(userId, user);
    else {
      users.set(userId, user);
      const claimants = claims.get(user.externalId);
      if (claimants) claimants.push(userId);
      else claims.set(user.externalId, [userId]);
    }
  }
  for (const claimants of claims.values()) {
    if (claimants.length === 1) continue;
    for (const userId of claimants) {
      users.delete(userId);
      problems.set(userId, 'shared');
    }
  }
  return { users, problems };
}

/** The only active user, or why there is none; undefined: nobody has the address. */
export function onlyOne(found: readonly ProviderUser[]): ProviderUser | LinkProblemReason | undefined {
  const users = mergeUsers(found);
  const [user, ...others] = users.filter(({ state }) => state === 'active' || state === 'unknown');
  if (others.length > 0) return 'ambiguous';
  if (user) return user.state === 'active' ? user : 'unknown';
  if (users.length === 0) return undefined;
  return users.some(({ state }) => state === 'locked') ? 'locked' : 'inactive';
}

/** Merges entries of the same user. If entries contradict each other, the state is unknown. */
export function mergeUsers(users: readonly ProviderUser[]): ProviderUser[] {
  const merged = new Map<string, ProviderUser>();
  const disputed = new Set<string>();
  for (const user of users) {
    const other = merged.get(user.externalId);
    if (!other) {
      merged.set(user.externalId, user);
      continue;
    }
    const said = [other.state, user.state].filter((state) => state !== 'unknown');
    if (new Set(said).size > 1) disputed.add(user.externalId);
    merged.set(user.externalId, {
      externalId: user.externalId,
      emails: [...new Set([...other.emails, ...user.emails])],
      ...((other.partial || user.partial) && { partial: true }),
      name: other.name ?? user.name,
      state: disputed.has(user.externalId) ? 'unknown' : (said[0] ?? 'unknown'),
    });
  }
  return [...merged.values()];
}
