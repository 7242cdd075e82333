/** States of the install page: sealed, so that only those that were used are stored. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Installs } from '../core/ports/installs.ts';
import type { StoreTables } from './schema.ts';
import type { Vault } from './vault.ts';

interface State {
  expiresAt: number;
}

/** Ours have about 200 characters. */
const LONGEST_STATE = 1_000;
const STATE = 'install-state';

export function createInstallStates(
  db: Kysely<StoreTables>,
  vault: Vault,
): Pick<Installs, 'beginState' | 'takeState' | 'pruneStates'> {
  return {
    // Sealed anew each time, so that no two are alike.
    beginState: (expiresAt) => vault.seal({ expiresAt } satisfies State, STATE),

    async takeState(state, now) {
      if (state.length > LONGEST_STATE) return undefined;
      // We encrypted it, so its shape is known.
      const opened = (await vault.open(state, STATE).catch(() => undefined)) as State | undefined;
      if (!opened || opened.expiresAt <= now) return undefined;
      const stateHash = createHash('sha256').update(state).digest('base64url');
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('install_states')
        .values({ state_hash: stateHash, expires_at: opened.expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n ? 'new' : 'used';
    },

    async pruneStates(now) {
      await db.deleteFrom('install_states').where('expires_at', '<=', now).execute();
    },
  };
}
