/**
 * Answers that were read for a rep's list. Kept in memory for a short time, so that a rep who asks one thing after another
 * costs one call, and forgotten as soon as they may be outdated.
 */
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { ProviderReport } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import type { Ports } from '../ports/ports.ts';
import type { HookEvent } from '../ports/provider.ts';

export const KEEP_LISTS_MS = 45_000;

/** What one account answered. */
export interface Reading {
  tasks: Task[];
  report: ProviderReport | undefined;
  /** Start of the call: newer changes may be missing. */
  at: Instant;
}

interface Kept {
  link: Link;
  at: Instant;
  /** undefined: still being read. */
  reading?: Reading;
}

export function createKept({ store, clock }: Pick<Ports, 'store' | 'clock'>) {
  const kept = new Map<string, Kept>();

  function forgetWhere(isMeant: (one: Kept) => boolean): void {
    for (const [key, one] of kept) if (isMeant(one)) kept.delete(key);
  }

  return {
    /** Keeps what is read, unless it is forgotten while it is being read. A failure is not kept. */
    async reading(link: Link, read: () => Promise<Reading>): Promise<Reading> {
      const key = keyOf(link);
      const one: Kept = { link, at: clock() };
      kept.set(key, one);
      const reading = await read();
      if (kept.get(key) !== one) return reading;
      if (reading.report?.state === 'listed') one.reading = reading;
      else kept.delete(key);
      return reading;
    },
    /** What is kept of these accounts, and still true as far as the ledger knows. */
    async of(rep: RepKey, links: readonly Link[]): Promise<ReadonlyMap<Link, Reading>> {
      const oldest = clock() - KEEP_LISTS_MS;
      forgetWhere(({ at }) => at <= oldest);
      const known = links.flatMap((link) => {
        const reading = kept.get(keyOf(link))?.reading;
        return reading ? [{ link, reading }] : [];
      });
      if (known.length === 0) return new Map();
      const since = Math.min(...known.map(({ reading }) => reading.at));
      if (await store.ledger.changedSince(rep, since)) {
        forgetWhere(({ link, at }) => isOf(link, rep) && at <= since);
        return new Map();
      }
      return new Map(known.map(({ link, reading }) => [link, reading]));
    },
    forget({ provider, ...rep }: RepKey & { provider: ProviderId }): void {
      forgetWhere(({ link }) => link.provider === provider && isOf(link, rep));
    },
    /** For everyone whose list has it, or who is said to own it. An answer that is on its way may lack it. */
    forgetTask(provider: ProviderId, { taskId, owner }: Pick<HookEvent, 'taskId' | 'owner'>): void {
      forgetWhere(({ link, reading }) => {
        if (link.provider !== provider) return false;
        return !reading || link.externalId === owner || reading.tasks.some(({ id }) => id === taskId);
      });
    },
  };
}

/** A new link is another account. */
function keyOf({ teamId, userId, provider, externalId, linkedAt }: Link): string {
  return JSON.stringify([teamId, userId, provider, externalId, linkedAt]);
}

function isOf(link: Link, { teamId, userId }: RepKey): boolean {
  return link.teamId === teamId && link.userId === userId;
}
