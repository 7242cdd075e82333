/** What an adapter may do with a rep's grant, and keeping alive those that nobody uses. */
import { enqueueNotice, tryAgainLater } from '../jobs/notices.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';
import type { Grants, TaskProvider } from '../ports/provider.ts';
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';

export interface GrantsDeps {
  store: Store;
  queue: Queue;
  clock: Clock;
  log: Log;
}

export interface RenewDeps extends GrantsDeps {
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  random: () => number;
}

/** One provider's grants, for its adapter. */
export function grantsOf(deps: GrantsDeps, provider: ProviderId): Grants {
  const { connections } = deps.store;
  return {
    async find(rep) {
      const held = await connections.find(rep, provider);
      return held && !held.ended ? held : undefined;
    },
    lock: (held, until) => connections.lock(held, provider, deps.clock(), until),
    unlock: (held) => connections.unlock(held, provider),
    renew: (held, grant) => connections.renew(held, provider, grant),
    async end(held) {
      const { userId, version } = held;
      await deps.store.transact(async (tx) => {
        if (await connections.end(held, provider, tx)) await tellEnded(deps, held, provider, `${version}`, tx);
      });
      deps.log.warn({ provider, rep: userId }, 'a connection ended and must be renewed by the rep');
    },
  };
}

/** `which` tells this end from earlier ones, and from another process that sees the same one. */
async function tellEnded(
  deps: Pick<GrantsDeps, 'store' | 'queue' | 'clock'>,
  { teamId, userId }: RepKey,
  provider: ProviderId,
  which: string,
  tx: Tx,
): Promise<void> {
  const at = deps.clock();
  const line = { event: 'disconnected', by: 'directory', externalId: undefined, origin: undefined } as const;
  await deps.store.people.record({ teamId, userId, provider, at, ...line }, tx);
  const key = `disconnected:${provider}:${teamId}:${userId}:${which}:${at}`;
  await enqueueNotice(deps, key, { teamId, userId }, { about: 'disconnected', provider }, tx);
}

export interface KeyCheck {
  /** Sign-ins that have not ended. */
  stored: number;
  /** Those of them that no key opens. */
  unreadable: (RepKey & { provider: ProviderId })[];
}

/** Whether `ENCRYPTION_KEY` opens what is stored. Changes nothing. */
export async function checkKeys(
  { store }: Pick<GrantsDeps, 'store'>,
  providers: readonly ProviderId[],
): Promise<KeyCheck> {
  const check: KeyCheck = { stored: 0, unreadable: [] };
  for (const provider of providers) {
    check.stored += (await store.connections.live(provider)).length;
    check.unreadable.push(...(await store.connections.unreadable(provider)).map((rep) => ({ ...rep, provider })));
  }
  return check;
}

/** For a key that is lost: those reps are told that they have to sign in again. */
export async function forgetUnreadable(
  deps: Pick<GrantsDeps, 'store' | 'queue' | 'clock'>,
  unreadable: KeyCheck['unreadable'],
): Promise<void> {
  for (const { provider, ...rep } of unreadable) {
    await deps.store.transact(async (tx) => {
      await deps.store.connections.remove(rep, provider, tx);
      await tellEnded(deps, rep, provider, 'unreadable', tx);
    });
  }
}

/** A grant that nobody used for so long is renewed before it ends by itself (Outreach: 14 days, outreach.md 1). */
const KEEP_ALIVE_AFTER = 7 * 24 * 60 * MINUTE;

/** A job of its own: a provider that is away would keep whatever waits for this. */
export async function renewGrants(deps: RenewDeps, job: Job): Promise<void> {
  try {
    await keepGrantsAlive(deps);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not look for connections to keep alive');
  }
}

export async function keepGrantsAlive(deps: RenewDeps): Promise<void> {
  for (const provider of deps.providers.values()) {
    if (!provider.consent) continue;
    for (const { mintedAt, ...rep } of await deps.store.connections.live(provider.id)) {
      if (deps.clock() - mintedAt < KEEP_ALIVE_AFTER) break;
      try {
        await provider.consent.keepAlive(rep, { priority: 'digest' });
      } catch (error) {
        deps.log.warn({ err: error, provider: provider.id, rep: rep.userId }, 'could not keep a connection alive');
      }
    }
  }
}
