/** The users of a provider that cannot search for a person: its directory is read as a whole and cached. */
import type { Instant } from '../core/model/keys.ts';
import { mergeUsers } from '../core/people/matching.ts';
import type { CallOptions, ProviderUser } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { createSharing } from './sharing.ts';

export const KEEP_MS = 24 * 60 * 60_000;

export interface Directory<T> {
  /** The last reading. */
  known(): T | undefined;
  /** The last reading if it is younger than this, else a new one. */
  get(keepMs: number, options: CallOptions): Promise<T>;
}

export interface DirectoryOptions<T> {
  clock: Clock;
  read(options: CallOptions): Promise<T>;
  /** Makes the error of an abort's reason. */
  stopped(reason: unknown): Error;
}

/** A failed reading fails all who share it, and leaves what was known before. */
export function createDirectory<T>({ clock, read, stopped }: DirectoryOptions<T>): Directory<T> {
  let last: { at: Instant; value: T } | undefined;
  const sharing = createSharing<T>(stopped);

  return {
    known: () => last?.value,
    async get(keepMs, { priority, signal }) {
      if (last && clock() - last.at < keepMs) return last.value;
      if (signal?.aborted) throw stopped(signal.reason);
      return sharing.get('', signal, async () => {
        const at = clock();
        const value = await read({ priority });
        last = { at, value };
        return value;
      });
    },
  };
}

export interface People {
  byEmail: ReadonlyMap<string, readonly ProviderUser[]>;
  byId: ReadonlyMap<string, ProviderUser>;
}

/** Each person once, however often a provider names them. */
export function indexed(users: readonly ProviderUser[]): People {
  const once = mergeUsers(users);
  const byEmail = new Map<string, ProviderUser[]>();
  for (const user of once) for (const email of user.emails) byEmail.set(email, [...(byEmail.get(email) ?? []), user]);
  return { byEmail, byId: new Map(once.map((user) => [user.externalId, user])) };
}

export function normalised(email: string): string {
  return email.trim().toLowerCase();
}
