/** Reps' OAuth grants: access for adapters, checks of the encryption key, and renewal. */
import { type Handler, simpleHandler } from '../jobs/kinds.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import { StartError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Grants } from '../ports/provider.ts';
import type { Tx } from '../ports/transaction.ts';

export function grantsOf(deps: Pick<Ports, 'store' | 'queue' | 'clock' | 'log'>, provider: ProviderId): Grants {
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

/** `which` makes the notice unique for this end. */
async function tellEnded(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'>,
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

interface KeyCheck {
  /** Grants that have not ended. */
  stored: number;
  /** Those that no key decrypts. */
  unreadable: (RepKey & { provider: ProviderId })[];
}

/** Checks whether `ENCRYPTION_KEY` decrypts the stored grants. */
export async function checkKeys({ store }: Pick<Ports, 'store'>, providers: readonly ProviderId[]): Promise<KeyCheck> {
  const check: KeyCheck = { stored: 0, unreadable: [] };
  for (const provider of providers) {
    check.stored += (await store.connections.live(provider)).length;
    check.unreadable.push(...(await store.connections.unreadable(provider)).map((rep) => ({ ...rep, provider })));
  }
  return check;
}

/** A wrong key would make all reps sign in again, and replace good tokens. Throws `StartError` if it opens none. */
export async function refuseWrongKeys({
  store,
  providers,
  log,
}: Pick<Ports, 'store' | 'providers' | 'log'>): Promise<void> {
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

/** For a lost key: deletes the grants and tells the reps to sign in again. */
export async function forgetUnreadable(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'>,
  unreadable: KeyCheck['unreadable'],
): Promise<void> {
  for (const { provider, ...rep } of unreadable) {
    await deps.store.transact(async (tx) => {
      await deps.store.connections.remove(rep, provider, tx);
      await tellEnded(deps, { ...rep, provider }, 'unreadable', tx);
    });
  }
}

/** Unused grants are renewed after this time, before they expire (Outreach: 14 days, outreach.md 1). */
const KEEP_ALIVE_AFTER_MS = 7 * DAY;

/** A job of its own, because a provider that is away would delay other work. */
export function renewHandler(deps: Pick<Ports, 'store' | 'providers' | 'clock' | 'log'>): Handler<'renew'> {
  return simpleHandler(({ teamId }) => keepGrantsAlive(deps, teamId));
}

async function keepGrantsAlive(
  { store, providers, clock, log }: Pick<Ports, 'store' | 'providers' | 'clock' | 'log'>,
  teamId: string | undefined,
): Promise<void> {
  for (const { id: provider, consent } of providers.values()) {
    if (!consent) continue;
    for (const { mintedAt, ...rep } of await store.connections.live(provider, teamId)) {
      if (clock() - mintedAt < KEEP_ALIVE_AFTER_MS) break;
      try {
        await consent.keepAlive(rep, { priority: 'digest' });
      } catch (error) {
        log.warn({ err: error, provider, rep: rep.userId }, 'could not keep a connection alive');
      }
    }
  }
}
