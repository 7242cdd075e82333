/** Who is who at Reply.io, by e-mail: the list of everyone in the workspace's teams, or else one question for each. */
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import { mergeUsers } from '../../core/people/matching.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { untilAborted } from '../until-aborted.ts';
import type { ReplyClient } from './client.ts';
import { TeamUser, TeamUsers, Whoami } from './wire.ts';

const KEEP_MS = 24 * 60 * 60_000;
/** Someone who was just added is found within this time, and people without an account use up no more than one call of it. */
const KEEP_ON_MISS_MS = 60_000;
/** Nobody's address (RFC 2606). */
const NOBODY = 'nobody@docket.invalid';

interface Directory {
  readAt: Instant;
  /** undefined: this key may not list users. */
  everyone: Everyone | undefined;
}

interface Everyone {
  byEmail: ReadonlyMap<string, readonly ProviderUser[]>;
  byId: ReadonlyMap<string, ProviderUser>;
}

interface Named {
  readAt: Instant;
  users: readonly ProviderUser[];
}

export function createUsers(
  client: ReplyClient,
  clock: Clock,
): Required<Pick<TaskProvider, 'findUsers' | 'findKnown'>> {
  let known: Directory | undefined;
  let reading: Promise<Directory> | undefined;
  const named = new Map<string, Named>();

  /** Everyone who asks during a reading shares it, so it belongs to no one caller's signal. */
  async function read({ priority, signal }: CallOptions): Promise<Directory> {
    if (signal?.aborted) throw stopped(signal.reason);
    reading ??= readDirectory(client, clock, { priority })
      .then((directory) => {
        known = directory;
        return directory;
      })
      .finally(() => {
        reading = undefined;
      });
    return untilAborted(reading, signal, stopped);
  }

  /** By the only other way: acting as the address that is asked for. */
  async function findNamed(
    email: string,
    options: CallOptions & { fresh?: boolean },
  ): Promise<readonly ProviderUser[]> {
    const last = named.get(email);
    const keepMs = last && last.users.length > 0 ? KEEP_MS : KEEP_ON_MISS_MS;
    if (last && !options.fresh && clock() - last.readAt < keepMs) return last.users;
    const readAt = clock();
    const users = await askWho(client, email, options);
    named.set(email, { readAt, users });
    return users;
  }

  const age = () => (known ? clock() - known.readAt : Number.POSITIVE_INFINITY);

  return {
    async findUsers(emails, options) {
      const asked = [...new Set(emails.map(normalised))];
      const isMissing = asked.some((email) => !known?.everyone?.byEmail.has(email));
      const isStale = age() >= (isMissing ? KEEP_ON_MISS_MS : KEEP_MS);
      const { everyone } = !known || options.fresh || isStale ? await read(options) : known;
      const find = async (email: string) =>
        everyone ? (everyone.byEmail.get(email) ?? []) : findNamed(email, options);
      return new Map(await Promise.all(asked.map(async (email) => [email, await find(email)] as const)));
    },
    async findKnown(accounts, options) {
      const { everyone } = known && age() < KEEP_MS ? known : await read(options);
      if (everyone) return accounts.flatMap(({ externalId }) => everyone.byId.get(externalId) ?? []);
      const emails = new Set(accounts.flatMap(({ email }) => (email ? [normalised(email)] : [])));
      const ids = new Set(accounts.map(({ externalId }) => externalId));
      const found = await Promise.all([...emails].map((email) => findNamed(email, options)));
      return found.flat().filter(({ externalId }) => ids.has(externalId));
    },
  };
}

async function readDirectory(client: ReplyClient, clock: Clock, options: CallOptions): Promise<Directory> {
  const readAt = clock();
  const request = { method: 'GET', path: '/whoami/team-users', schema: TeamUsers } as const;
  try {
    return { readAt, everyone: indexed(await client.asOwner(request, options)) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  await checkThatNamesCount(client, options);
  return { readAt, everyone: undefined };
}

/** Not for this key (403), or not there yet (404); reply.md 7. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && (error.status === 403 || error.status === 404);
}

/**
 * A key that is no Master key acts as its owner, whoever is named (reply.md 2): every address would be the owner's, and
 * every rep would get the owner's tasks.
 */
async function checkThatNamesCount(client: ReplyClient, options: CallOptions): Promise<void> {
  const found = await client.as(NOBODY, WHOAMI, options).catch((error: unknown) => {
    if (isUnknownUser(error)) return undefined;
    throw error;
  });
  if (!found) return;
  const cause = new Error('the key does not act as the user who is named: it is no Master key');
  throw new ProviderError({ provider: 'reply', kind: 'forbidden', operation: 'GET /v3/whoami', cause });
}

const WHOAMI = { method: 'GET', path: '/whoami', schema: Whoami } as const;

async function askWho(client: ReplyClient, email: string, options: CallOptions): Promise<ProviderUser[]> {
  try {
    const { userId, username } = await client.as(email, WHOAMI, options);
    return [{ externalId: userId, emails: [email], name: username, state: 'active' }];
  } catch (error) {
    const isNobody = isUnknownUser(error) || (error instanceof ProviderError && error.status === 404);
    if (isNobody) return [];
    throw error;
  }
}

/** 401 `USER_NOT_FOUND`, which `client.ts` tells from a refused key; or an address that no header can carry. */
function isUnknownUser(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'forbidden' && (error.status === 401 || !error.status);
}

/** An entry that cannot be read is no one's. Reply names only people who are there, once for each team that they are in. */
function indexed(elements: readonly unknown[]): Everyone {
  const users = mergeUsers(
    elements.flatMap((element): ProviderUser[] => {
      const user = TeamUser.safeParse(element).data;
      if (!user) return [];
      const emails = user.userEmail ? [normalised(user.userEmail)] : [];
      const partial = emails.length === 0 && { partial: true };
      return [{ externalId: user.userId, emails, ...partial, name: user.userName, state: 'active' }];
    }),
  );
  const byEmail = new Map<string, ProviderUser[]>();
  for (const user of users) for (const email of user.emails) byEmail.set(email, [...(byEmail.get(email) ?? []), user]);
  return { byEmail, byId: new Map(users.map((user) => [user.externalId, user])) };
}

function normalised(email: string): string {
  return email.trim().toLowerCase();
}

function stopped(cause: unknown): ProviderError {
  return new ProviderError({ provider: 'reply', kind: 'unavailable', operation: 'GET /v3/whoami/team-users', cause });
}
