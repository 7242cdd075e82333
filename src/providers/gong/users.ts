/** Finds Gong users by e-mail. Gong cannot search for an address, so the whole directory is read and cached. */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { createDirectory, indexed, KEEP_MS, normalised, type People } from '../directory.ts';
import type { CallGong } from './client.ts';
import { GongUser, UsersAnswer } from './wire.ts';

/**
 * gong.md 7 advises to read again at most once when an address is missing. Someone who was just added should be found
 * at once, and a few people without a Gong account must not use up the company's calls: so what a reading cost decides
 * how long it answers misses. One page is read again every time, a hundred pages after ten minutes.
 */
const KEEP_ON_MISS_MS_PER_PAGE = 6_000;
const MOST_KEEP_ON_MISS_MS = 10 * 60_000;
/** A hundred thousand users: only a cursor that leads nowhere gets this far. */
const MAX_PAGES = 1_000;

interface Everyone extends People {
  /** The number of calls that the reading took. */
  pages: number;
}

export function createUsers(call: CallGong, clock: Clock): Required<Pick<TaskProvider, 'findUsers' | 'findKnown'>> {
  const directory = createDirectory<Everyone>({
    clock,
    read: (options) => readEveryone(call, options),
    stopped: (reason) => failure('unavailable', reason),
  });

  return {
    async findUsers(emails, options) {
      const asked = [...new Set(emails.map(normalised))];
      const known = directory.known();
      // Someone whom an admin has just made active again is looked for like someone who is new.
      const missing = asked.some((email) => !known?.byEmail.get(email)?.some(({ state }) => state === 'active'));
      const keepMs = missing ? keepOnMiss(known) : KEEP_MS;
      const { byEmail } = await directory.get(options.fresh ? 0 : keepMs, options);
      return new Map(asked.map((email) => [email, byEmail.get(email) ?? []]));
    },
    async findKnown(accounts, options) {
      const { byId } = await directory.get(KEEP_MS, options);
      return accounts.flatMap(({ externalId }) => byId.get(externalId) ?? []);
    },
  };
}

async function readEveryone(call: CallGong, options: CallOptions): Promise<Everyone> {
  const users: ProviderUser[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ includeAvatars: 'false', ...(cursor && { cursor }) });
    const request = { method: 'GET', path: `/v2/users?${query}`, template: '/v2/users', schema: UsersAnswer } as const;
    const page = await call(request, options);
    users.push(...page.users.flatMap(toUser));
    cursor = page.records?.cursor || undefined;
    if (cursor && (cursors.has(cursor) || cursors.size >= MAX_PAGES)) {
      throw failure('unreadable', new Error('the pages do not end'));
    }
    if (cursor) cursors.add(cursor);
  } while (cursor);
  return { ...indexed(users), pages: cursors.size + 1 };
}

function keepOnMiss(known: Everyone | undefined): number {
  return Math.min(((known?.pages ?? 1) - 1) * KEEP_ON_MISS_MS_PER_PAGE, MOST_KEEP_ON_MISS_MS);
}

/** An entry that cannot be read is no one's. */
function toUser(element: unknown): ProviderUser[] {
  const user = GongUser.safeParse(element).data;
  if (!user) return [];
  const addresses = [user.emailAddress, ...(user.emailAliases ?? []), user.trustedEmailAddress];
  const emails = new Set(addresses.flatMap((address) => (address ? [normalised(address)] : [])));
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ') || undefined;
  // A trusted address is seldom there; the other two always are (gong.md 7).
  const partial = !user.emailAddress || !user.emailAliases || user.emailAliases.includes(undefined);
  return [{ externalId: user.id, emails: [...emails], ...(partial && { partial }), name, state: stateOf(user) }];
}

/** Not said is neither active nor inactive. */
function stateOf({ active }: GongUser): ProviderUser['state'] {
  if (typeof active !== 'boolean') return 'unknown';
  return active ? 'active' : 'inactive';
}

function failure(kind: ProviderErrorKind, cause: unknown): ProviderError {
  return new ProviderError({ provider: 'gong', kind, operation: 'GET /v2/users', cause });
}
