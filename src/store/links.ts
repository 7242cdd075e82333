import type { Kysely, Selectable } from 'kysely';
import type { Link } from '../core/model/people.ts';
import type { Links } from '../core/ports/people-store.ts';
import type { LinkRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, repOf } from './values.ts';

export function createLinks(db: Kysely<StoreTables>): Links {
  return {
    async save(link, tx) {
      const columns = {
        external_id: link.externalId,
        email: link.email ?? null,
        origin: link.origin,
        linked_at: link.linkedAt,
      };
      await on(db, tx)
        .insertInto('links')
        .values({ ...ofRep(link), provider: link.provider, ...columns, last_listed_at: null, announced_at: null })
        .onConflict((conflict) =>
          conflict.columns(['team_id', 'user_id', 'provider']).doUpdateSet((eb) => {
            // Another person's lists say nothing about this one's, nor does what was said of the other link.
            const ifSame = (column: 'last_listed_at' | 'announced_at') =>
              eb
                .case()
                .when('links.external_id', '=', eb.ref('excluded.external_id'))
                .then(eb.ref(`links.${column}`))
                .else(null)
                .end();
            return { ...columns, last_listed_at: ifSame('last_listed_at'), announced_at: ifSame('announced_at') };
          }),
        )
        .execute();
    },

    async remove(key, provider, tx) {
      await on(db, tx)
        .deleteFrom('links')
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .execute();
    },

    async of(key, tx) {
      const rows = await on(db, tx)
        .selectFrom('links')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .orderBy('provider')
        .execute();
      return rows.map(toLink);
    },

    async find(key, provider, tx) {
      const row = await on(db, tx)
        .selectFrom('links')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .executeTakeFirst();
      return row && toLink(row);
    },

    async list(teamId) {
      const rows = await db
        .selectFrom('links')
        .selectAll()
        .where('team_id', '=', teamId)
        .orderBy('user_id')
        .orderBy('provider')
        .execute();
      return rows.map(toLink);
    },

    async holders(teamId, provider, externalId, tx) {
      const rows = await on(db, tx)
        .selectFrom('links')
        .selectAll()
        .where((eb) => eb.and({ team_id: teamId, provider, external_id: externalId }))
        .orderBy('user_id')
        .execute();
      return rows.map(toLink);
    },

    async markAnnounced(key, providers, at, tx) {
      if (providers.length === 0) return;
      await on(db, tx)
        .updateTable('links')
        .set({ announced_at: at })
        .where((eb) => eb.and(ofRep(key)))
        .where('provider', 'in', providers)
        .execute();
    },

    async markListed(key, provider, at) {
      await db
        .updateTable('links')
        .set({ last_listed_at: at })
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .execute();
    },
  };
}

function toLink(row: Selectable<LinkRow>): Link {
  return {
    ...repOf(row),
    provider: row.provider,
    externalId: row.external_id,
    email: row.email ?? undefined,
    origin: row.origin,
    linkedAt: row.linked_at,
    lastListedAt: row.last_listed_at ?? undefined,
    announcedAt: row.announced_at ?? undefined,
  };
}
