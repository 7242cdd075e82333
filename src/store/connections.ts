import type { Kysely, Selectable, UpdateQueryBuilder, UpdateResult } from 'kysely';
import type { ProviderId, RepKey } from '../core/model/keys.ts';
import type { Connections } from '../core/ports/people-store.ts';
import type { Grant, HeldGrant } from '../core/ports/provider.ts';
import type { ConnectionRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, removeRow, repOf } from './values.ts';
import type { Vault } from './vault.ts';

export function createConnections(db: Kysely<StoreTables>, vault: Vault): Connections {
  /** One version of one connection: an outdated caller changes nothing. */
  const thisVersion = (queries: Kysely<StoreTables>, held: HeldGrant, provider: ProviderId) =>
    queries
      .updateTable('connections')
      .where((eb) => eb.and({ ...ofRep(held), provider, version: held.version, ended: 0 }));

  return {
    async save({ provider, grant, at, ...key }, tx) {
      const columns = {
        sealed: await vault.seal(grant, grantName(key, provider)),
        minted_at: grant.mintedAt,
        connected_at: at,
        locked_until: null,
        ended: 0,
      };
      await on(db, tx)
        .insertInto('connections')
        .values({ ...ofRep(key), provider, version: 1, ...columns })
        .onConflict((conflict) =>
          conflict
            .columns(['team_id', 'user_id', 'provider'])
            .doUpdateSet((eb) => ({ ...columns, version: eb('connections.version', '+', 1) })),
        )
        .execute();
    },

    async find(key, provider) {
      const row = await db
        .selectFrom('connections')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .executeTakeFirst();
      // A grant that cannot be decrypted counts as none: the rep can sign in again.
      const grant = row && (await vault.open(row.sealed, grantName(key, provider)).catch(() => undefined));
      return row && grant !== undefined ? toConnection(row, grant) : undefined;
    },

    lock: (held, provider, now, until) =>
      isChanged(
        thisVersion(db, held, provider)
          .where((eb) => eb.or([eb('locked_until', 'is', null), eb('locked_until', '<=', now)]))
          .set({ locked_until: until }),
      ),

    async unlock(held, provider) {
      await thisVersion(db, held, provider).set({ locked_until: null }).execute();
    },

    async renew(held, provider, grant) {
      const sealed = await vault.seal(grant, grantName(held, provider));
      const renewed = { sealed, minted_at: grant.mintedAt, locked_until: null };
      return isChanged(thisVersion(db, held, provider).set((eb) => ({ ...renewed, version: eb('version', '+', 1) })));
    },

    end: (held, provider, tx) =>
      isChanged(thisVersion(on(db, tx), held, provider).set({ ended: 1, locked_until: null })),

    remove: (key, provider, tx) => removeRow(on(db, tx), 'connections', key, provider),

    async noteCredential({ teamId, provider }, mark, tx) {
      const known = await on(db, tx)
        .selectFrom('credentials')
        .select('mark')
        .where('team_id', '=', teamId)
        .where('provider', '=', provider)
        .executeTakeFirst();
      if (known?.mark === mark) return false;
      await on(db, tx)
        .insertInto('credentials')
        .values({ team_id: teamId, provider, mark })
        .onConflict((conflict) => conflict.columns(['team_id', 'provider']).doUpdateSet({ mark }))
        .execute();
      return known !== undefined;
    },

    async live(provider, teamId) {
      const rows = await db
        .selectFrom('connections')
        .select(['team_id', 'user_id', 'minted_at'])
        .where((eb) => eb.and({ provider, ended: 0, ...(teamId !== undefined && { team_id: teamId }) }))
        .orderBy('minted_at')
        .execute();
      return rows.map((row) => ({ ...repOf(row), mintedAt: row.minted_at }));
    },

    async unreadable(provider) {
      const rows = await db
        .selectFrom('connections')
        .select(['team_id', 'user_id', 'sealed'])
        .where((eb) => eb.and({ provider, ended: 0 }))
        .execute();
      return rows.filter((row) => !vault.hasKeyOf(row.sealed)).map(repOf);
    },
  };
}

async function isChanged(
  update: UpdateQueryBuilder<StoreTables, 'connections', 'connections', UpdateResult>,
): Promise<boolean> {
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export function grantName(key: RepKey, provider: ProviderId): string {
  return `grant:${provider}:${key.teamId}:${key.userId}`;
}

/** We encrypted it, so its shape is known. */
function toConnection(row: Selectable<ConnectionRow>, grant: unknown) {
  return {
    ...repOf(row),
    grant: grant as Grant,
    version: row.version,
    connectedAt: row.connected_at,
    ended: row.ended === 1,
  };
}
