/** What an adapter may do with a rep's grant, and keeping alive those that nobody uses. */
import type { Handler } from '../jobs/kinds.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import { StartError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';
import type { Grants, TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';

export interface GrantsDeps {
  store: Store;
  queue: Queue;
  clock: Clock;
  log: Log;
}

interface RenewDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  log: Log;
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
        if (await connections.end(held, provider, tx)) await tellEnded(deps, { ...held, provider }, `${version}`, tx);
      });
      deps.log.warn({ provider, rep: userId }, 'a connection ended and must be renewed by the rep');
    },
  };
}

/** `which` tells this end from earlier ones, and from another process that sees the same one. */
async function tellEnded(
  deps: Pick<GrantsDeps, 'store' | 'queue' | 'clock'>,
  { teamId, userId, provider }: RepKey & { provider: ProviderId },
  which: string,
  tx: Tx,
): Promise<void> {
  const at = deps.clock();
  const line = { event: 'disconnected', by: 'directory', externalId: undefined, origin: undefined } as const;
  await deps.store.people.record({ teamId, userId, provider, at, ...line }, tx);
  const key = `disconnected:${provider}:${teamId}:${userId}:${which}:${at}`;
  const notice = { about: 'disconnected', provider } as const;
  await enqueueNotice(deps, { key, to: { teamId, userId }, notice }, tx);
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

/**
 * A wrong key must not look like reps who have to sign in again, whose good tokens would then be replaced. Throws `StartError`
 * when no stored sign-in can be opened.
 */
export async function refuseWrongKeys({
  store,
  providers,
  log,
}: Pick<RenewDeps, 'store' | 'providers' | 'log'>): Promise<void> {
  const withConsent = [...providers.values()].flatMap(({ id, consent }) => (consent ? [id] : []));
  const { stored, unreadable } = await checkKeys({ store }, withConsent);
  if (unreadable.length === 0) return;
  if (unreadable.length === stored) {
    throw new StartError(
      `ENCRYPTION_KEY opens none of ${stored} stored sign-ins: put the key first that sealed them (several keys are separated by commas). If it is lost, see "A key that is lost" in docs/running.md.`,
    );
  }
  log.warn(
    { stored, unreadable: unreadable.length },
    'ENCRYPTION_KEY does not open all stored sign-ins: add the key that sealed the others, behind a comma. Until then those reps have to sign in again',
  );
}

/** For a key that is lost: those reps are told that they have to sign in again. */
export async function forgetUnreadable(
  deps: Pick<GrantsDeps, 'store' | 'queue' | 'clock'>,
  unreadable: KeyCheck['unreadable'],
): Promise<void> {
  for (const { provider, ...rep } of unreadable) {
    await deps.store.transact(async (tx) => {
      await deps.store.connections.remove(rep, provider, tx);
      await tellEnded(deps, { ...rep, provider }, 'unreadable', tx);
    });
  }
}

/** A grant that nobody used for so long is renewed before it ends by itself (Outreach: 14 days, outreach.md 1). */
const KEEP_ALIVE_AFTER = 7 * 24 * 60 * MINUTE;

/** A job of its own: a provider that is away would keep whatever waits for this. */
export function renewHandler(deps: RenewDeps): Handler<'renew'> {
  return async () => ({
    async run() {
      await keepGrantsAlive(deps);
      return {};
    },
  });
}

async function keepGrantsAlive({ store, providers, clock, log }: RenewDeps): Promise<void> {
  for (const { id: provider, consent } of providers.values()) {
    if (!consent) continue;
    for (const { mintedAt, ...rep } of await store.connections.live(provider)) {
      if (clock() - mintedAt < KEEP_ALIVE_AFTER) break;
      try {
        await consent.keepAlive(rep, { priority: 'digest' });
      } catch (error) {
        log.warn({ err: error, provider, rep: rep.userId }, 'could not keep a connection alive');
      }
    }
  }
}
