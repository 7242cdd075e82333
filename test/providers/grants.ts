/** Reps' grants, kept in memory as the store keeps them: several providers that share one are several processes. */

import type { Instant, RepKey } from '../../src/core/model/keys.ts';
import type { Grant, Grants, HeldGrant } from '../../src/core/ports/provider.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';

export interface MemoryGrants extends Grants {
  /** As after a consent. */
  put(rep: RepKey, grant: Grant): void;
  grant(rep: RepKey): Grant | undefined;
  /** User ids, once for each time that a consent ended. */
  readonly ended: readonly string[];
}

interface Entry {
  grant: Grant;
  version: number;
  lockedUntil: Instant;
}

export function memoryGrants(clock: Clock): MemoryGrants {
  const entries = new Map<string, Entry>();
  const ended: string[] = [];
  const keyOf = ({ teamId, userId }: RepKey) => `${teamId} ${userId}`;

  function sameVersion(held: HeldGrant): Entry | undefined {
    const entry = entries.get(keyOf(held));
    return entry?.version === held.version ? entry : undefined;
  }

  return {
    ended,
    put: (rep, grant) => void entries.set(keyOf(rep), { grant, version: 1, lockedUntil: 0 }),
    grant: (rep) => entries.get(keyOf(rep))?.grant,
    async find({ teamId, userId }) {
      const entry = entries.get(keyOf({ teamId, userId }));
      return entry && { teamId, userId, grant: entry.grant, version: entry.version };
    },
    async lock(held, until) {
      const entry = sameVersion(held);
      if (!entry || entry.lockedUntil > clock()) return false;
      entry.lockedUntil = until;
      return true;
    },
    async unlock(held) {
      const entry = sameVersion(held);
      if (entry) entry.lockedUntil = 0;
    },
    async renew(held, grant) {
      if (!sameVersion(held)) return false;
      entries.set(keyOf(held), { grant, version: held.version + 1, lockedUntil: 0 });
      return true;
    },
    async end(held) {
      if (!sameVersion(held)) return;
      entries.delete(keyOf(held));
      ended.push(held.userId);
    },
  };
}
