import type { Kysely, Selectable } from 'kysely';
import type { Links } from '../core/ports.ts';
import type { Link } from '../core/types.ts';
import type { LinkRow, StoreTables } from './schema.ts';
import { ofRep, repOf } from './values.ts';

export function createLinks(db: Kysely<StoreTables>): Links {
  return {
    async save(link) {
      const columns = { external_id: link.externalId, linked_at: link.linkedAt };
      await db
        .insertInto('links')
        .values({ ...ofRep(link), provider: link.provider, ...columns, last_listed_at: null })
        .onConflict((conflict) =>
          conflict.columns(['team_id', 'user_id', 'provider']).doUpdateSet((eb) => ({
            ...columns,
            // Another person's lists say nothing about this one's.
            last_listed_at: eb
              .case()
              .when('links.external_id', '=', eb.ref('excluded.external_id'))
              .then(eb.ref('links.last_listed_at'))
              .else(null)
              .end(),
          })),
        )
        .execute();
    },

    async remove(key, provider) {
      await db
        .deleteFrom('links')
        .where((eb) => eb.and({ ...ofRep(key), provider }))
        .execute();
    },

    async of(key) {
      const rows = await db
        .selectFrom('links')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .orderBy('provider')
        .execute();
      return rows.map(toLink);
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
    linkedAt: row.linked_at,
    lastListedAt: row.last_listed_at ?? undefined,
  };
}
