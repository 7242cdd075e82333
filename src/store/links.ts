import type { ExpressionBuilder, FilterObject, Kysely, Selectable } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { Link } from '../core/model/people.ts';
import type { Links } from '../core/ports/people-store.ts';
import type { Tx } from '../core/ports/transaction.ts';
import { lockName } from './engine.ts';
import { unsynced } from './manner.ts';
import type { LinkRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { inPages, ofRep, removeRow, repOf } from './values.ts';

export function createLinks(db: Kysely<StoreTables>): Links {
  const select = (tx: Tx | undefined, columns: FilterObject<StoreTables, 'links'>) =>
    on(db, tx)
      .selectFrom('links')
      .selectAll()
      .where((eb) => eb.and(columns))
      .orderBy('user_id')
      .orderBy('provider');

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
            // Another user's link starts without these times.
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

    remove: (key, provider, tx) => removeRow(on(db, tx), 'links', key, provider),

    async of(key, tx) {
      return (await select(tx, ofRep(key)).execute()).map(toLink);
    },

    async find(key, provider, tx) {
      const row = await select(tx, { ...ofRep(key), provider }).executeTakeFirst();
      return row && toLink(row);
    },

    async list(teamId) {
      return inPages<Link>(async (limit, last) => {
        const { userId = '', provider = '' } = last ?? {};
        const isBehind = ({ eb, refTuple, tuple }: ExpressionBuilder<StoreTables, 'links'>) =>
          eb(refTuple('user_id', 'provider'), '>', tuple(userId, provider));
        return (await select(undefined, { team_id: teamId }).where(isBehind).limit(limit).execute()).map(toLink);
      });
    },

    async count(teamId, provider) {
      const { links } = await db
        .selectFrom('links')
        .select((eb) => eb.fn.countAll<number>().as('links'))
        .where((eb) => eb.and({ team_id: teamId, provider }))
        .executeTakeFirstOrThrow();
      return Number(links);
    },

    async lastListed(teamId, provider) {
      const { at } = await db
        .selectFrom('links')
        .select((eb) => eb.fn.max<Instant | null>('last_listed_at').as('at'))
        .where((eb) => eb.and({ team_id: teamId, provider }))
        .executeTakeFirstOrThrow();
      return at ?? undefined;
    },

    async holders(teamId, provider, externalId, tx) {
      // Whoever asks in a transaction is about to take this user: until it ends, nobody else can.
      if (tx) await lockName(on(db, tx), `holders ${teamId} ${provider} ${externalId}`);
      const rows = await select(tx, { team_id: teamId, provider, external_id: externalId }).execute();
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

    // The next list marks it again.
    markListed: (key, provider, at) =>
      unsynced(async () => {
        await db
          .updateTable('links')
          .set({ last_listed_at: at })
          .where((eb) => eb.and({ ...ofRep(key), provider }))
          .execute();
      }),
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
