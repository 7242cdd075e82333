/** Finds Reply.io users by e-mail: in the list of the workspace's teams, or else one request for each address. */
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { createDirectory, indexed, KEEP_MS, normalised, type People } from '../directory.ts';
import type { Asker, ReplyClient } from './client.ts';
import { TeamUser, TeamUsers, Whoami } from './wire.ts';

/** Someone who was just added is found within this time, and people without an account use up no more than one call of it. */
const KEEP_ON_MISS_MS = 60_000;
/** Nobody's address (RFC 2606). */
const NOBODY = 'nobody@docket.invalid';

type Users = Required<Pick<TaskProvider, 'findUsers' | 'findKnown' | 'check'>>;

export function createUsers(client: ReplyClient, clock: Clock): Users {
  const findNamed = createFindNamed(client, clock);
  const directory = createDirectory({ clock, read: (options) => readDirectory(client, options), stopped });

  return {
    async findUsers(emails, options) {
      const asked = [...new Set(emails.map(normalised))];
      const isMissing = asked.some((email) => !directory.known()?.everyone?.byEmail.has(email));
      const keepMs = isMissing ? KEEP_ON_MISS_MS : KEEP_MS;
      const { everyone } = await directory.get(options.fresh ? 0 : keepMs, options);
      const find = async (email: string) =>
        everyone ? (everyone.byEmail.get(email) ?? []) : findNamed(email, options);
      return new Map(await Promise.all(asked.map(async (email) => [email, await find(email)] as const)));
    },
    async findKnown(accounts, options) {
      const { everyone } = await directory.get(KEEP_MS, options);
      if (everyone) return accounts.flatMap(({ externalId }) => everyone.byId.get(externalId) ?? []);
      const emails = new Set(accounts.flatMap(({ email }) => (email ? [normalised(email)] : [])));
      const ids = new Set(accounts.map(({ externalId }) => externalId));
      const found = await Promise.all([...emails].map((email) => findNamed(email, options)));
      return found.flat().filter(({ externalId }) => ids.has(externalId));
    },
    /** A key of one person may list everyone too, so whom it acts as is asked besides. */
    async check(options) {
      const { everyone } = await readDirectory(client, options);
      if (everyone) await refusePersonalKey(client.as(NOBODY, options));
    },
  };
}

/** By the only other way: acting as the address that is asked for. */
function createFindNamed(client: ReplyClient, clock: Clock) {
  const named = new Map<string, { readAt: Instant; users: readonly ProviderUser[] }>();

  return async (email: string, options: CallOptions): Promise<readonly ProviderUser[]> => {
    const last = named.get(email);
    const keepMs = last && last.users.length > 0 ? KEEP_MS : KEEP_ON_MISS_MS;
    if (last && !options.fresh && clock() - last.readAt < keepMs) return last.users;
    const readAt = clock();
    const users = await askWho(client.as(email, options), email);
    named.set(email, { readAt, users });
    return users;
  };
}

/** `everyone` is undefined where this key may not list users. */
async function readDirectory(client: ReplyClient, options: CallOptions): Promise<{ everyone: People | undefined }> {
  const request = { method: 'GET', path: '/whoami/team-users', schema: TeamUsers } as const;
  try {
    const elements = await client.asOwner(options).call(request);
    return { everyone: indexed(elements.flatMap(toUser)) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  await refusePersonalKey(client.as(NOBODY, options), isUnknownUser);
  return { everyone: undefined };
}

/** Not for this key (403), or not there yet (404); reply.md 7. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && (error.status === 403 || error.status === 404);
}

/**
 * A key that is no Master key acts as its owner, whoever is named (reply.md 2): every address would be the owner's, and
 * every rep would get the owner's tasks. Nobody's address is answered with somebody only then. `isFine`: the refusals that
 * say that there is no such person.
 */
async function refusePersonalKey(asNobody: Asker, isFine = isAboutPerson): Promise<void> {
  const found = await asNobody.call(WHOAMI).catch((error: unknown) => {
    if (isFine(error)) return undefined;
    throw error;
  });
  if (!found) return;
  const cause = new Error('the key does not act as the user who is named: it is no Master key');
  const operation = 'GET /v3/whoami';
  throw new ProviderError({ provider: 'reply', kind: 'forbidden', operation, isPersonal: true, cause });
}

/** After the key was taken: the announced generation documents no bodies of errors, so a 401 need not name the user (reply.md 5). */
function isAboutPerson(error: unknown): boolean {
  return isUnknownUser(error) || (error instanceof ProviderError && ABOUT_PERSON.has(error.status ?? 0));
}

const ABOUT_PERSON: ReadonlySet<number> = new Set([400, 401, 404]);

const WHOAMI = { method: 'GET', path: '/whoami', schema: Whoami } as const;

async function askWho(asker: Asker, email: string): Promise<ProviderUser[]> {
  try {
    const { userId, username } = await asker.call(WHOAMI);
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
function toUser(element: unknown): ProviderUser[] {
  const user = TeamUser.safeParse(element).data;
  if (!user) return [];
  const emails = user.userEmail ? [normalised(user.userEmail)] : [];
  const partial = emails.length === 0 && { partial: true };
  return [{ externalId: user.userId, emails, ...partial, name: user.userName, state: 'active' }];
}

function stopped(cause: unknown): ProviderError {
  return new ProviderError({ provider: 'reply', kind: 'unavailable', operation: 'GET /v3/whoami/team-users', cause });
}
