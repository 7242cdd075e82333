/** Who is who at Gong, by e-mail. Gong cannot search for an address, so the whole directory is read and kept. */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import { mergeUsers } from '../../core/people/matching.ts';
import type { CallOptions, ProviderUser, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { untilAborted } from '../until-aborted.ts';
import type { CallGong } from './client.ts';
import { GongUser, UsersAnswer } from './wire.ts';

const KEEP_MS = 24 * 60 * 60_000;
/**
 * gong.md 7 advises to read again at most once when an address is missing. Someone who was just added should be found
 * at once, and a few people without a Gong account must not use up the company's calls: so what a reading cost decides
 * how long it answers misses. One page is read again every time, a hundred pages after ten minutes.
 */
const KEEP_ON_MISS_MS_PER_PAGE = 6_000;
const MOST_KEEP_ON_MISS_MS = 10 * 60_000;
/** A hundred thousand users: only a cursor that leads nowhere gets this far. */
const MAX_PAGES = 1_000;

interface Directory {
  readAt: Instant;
  /** How many calls it took. */
  pages: number;
  byEmail: ReadonlyMap<string, readonly ProviderUser[]>;
  byId: ReadonlyMap<string, ProviderUser>;
}

export function createUsers(call: CallGong, clock: Clock): Required<Pick<TaskProvider, 'findUsers' | 'findKnown'>> {
  let known: Directory | undefined;
  let reading: Promise<Directory> | undefined;

  /**
   * Everyone who asks during a reading shares it, `fresh` included, so it belongs to no one caller's signal. A failed
   * reading fails all of them and leaves what was known before.
   */
  async function read({ priority, signal }: CallOptions): Promise<Directory> {
    if (signal?.aborted) throw failure('unavailable', signal.reason);
    reading ??= readDirectory(call, clock, priority)
      .then((directory) => {
        known = directory;
        return directory;
      })
      .finally(() => {
        reading = undefined;
      });
    return untilAborted(reading, signal, (reason) => failure('unavailable', reason));
  }

  const age = () => (known ? clock() - known.readAt : Number.POSITIVE_INFINITY);

  return {
    async findUsers(emails, options) {
      const asked = [...new Set(emails.map(normalised))];
      // Someone whom an admin has just made active again is looked for like someone who is new.
      const missing = asked.some((email) => !known?.byEmail.get(email)?.some(({ state }) => state === 'active'));
      const keepMs = missing ? keepOnMiss(known) : KEEP_MS;
      const { byEmail } = known && !options.fresh && age() < keepMs ? known : await read(options);
      return new Map(asked.map((email) => [email, byEmail.get(email) ?? []]));
    },
    async findKnown(accounts, options) {
      const { byId } = known && age() < KEEP_MS ? known : await read(options);
      return accounts.flatMap(({ externalId }) => byId.get(externalId) ?? []);
    },
  };
}

async function readDirectory(call: CallGong, clock: Clock, priority: CallOptions['priority']): Promise<Directory> {
  const readAt = clock();
  const users: ProviderUser[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ includeAvatars: 'false', ...(cursor && { cursor }) });
    const request = { method: 'GET', path: `/v2/users?${query}`, template: '/v2/users', schema: UsersAnswer } as const;
    const page = await call(request, { priority });
    users.push(...page.users.flatMap(toUser));
    cursor = page.records?.cursor || undefined;
    if (cursor && (cursors.has(cursor) || cursors.size >= MAX_PAGES)) {
      throw failure('unreadable', new Error('the pages do not end'));
    }
    if (cursor) cursors.add(cursor);
  } while (cursor);
  const once = mergeUsers(users);
  const byId = new Map(once.map((user) => [user.externalId, user]));
  return { readAt, pages: cursors.size + 1, byEmail: indexByEmail(once), byId };
}

function keepOnMiss(directory: Directory | undefined): number {
  return Math.min(((directory?.pages ?? 1) - 1) * KEEP_ON_MISS_MS_PER_PAGE, MOST_KEEP_ON_MISS_MS);
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

function indexByEmail(users: Iterable<ProviderUser>): Map<string, ProviderUser[]> {
  const byEmail = new Map<string, ProviderUser[]>();
  for (const user of users) {
    for (const email of user.emails) byEmail.set(email, [...(byEmail.get(email) ?? []), user]);
  }
  return byEmail;
}

function normalised(email: string): string {
  return email.trim().toLowerCase();
}

function failure(kind: ProviderErrorKind, cause: unknown): ProviderError {
  return new ProviderError({ provider: 'gong', kind, operation: 'GET /v2/users', cause });
}
