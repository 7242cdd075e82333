import type { Kysely } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type {
  BroughtState,
  ConsentResult,
  Consents,
  HookStore,
  Ticket,
  UnconfirmedGrant,
} from '../core/ports/people-store.ts';
import type { StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, repOf } from './values.ts';
import type { Vault } from './vault.ts';

type Sealed = { codeVerifier: string; email?: string | undefined };

/** More sign-ins at once are a mistake or an attack. */
const MOST_STATES = 20;
/** Ours have about 500 characters. */
const LONGEST_TICKET = 2_000;
const TICKET = 'ticket';

export function createConsents(db: Kysely<StoreTables>, vault: Vault): Consents {
  return {
    sealTicket: (ticket) => vault.seal(ticket, TICKET),

    async openTicket(sealed) {
      if (sealed.length > LONGEST_TICKET) return undefined;
      // We encrypted it, so its shape is known.
      return (await vault.open(sealed, TICKET).catch(() => undefined)) as Ticket | undefined;
    },

    async begin(stateHash, consent) {
      const { codeVerifier, email, provider } = consent;
      const sealed = await vault.seal({ codeVerifier, email } satisfies Sealed, `consent:${stateHash}`);
      const theirs = { ...ofRep(consent), provider };
      await db
        .deleteFrom('consents')
        .where((eb) => eb.and(theirs))
        .where('state_hash', 'not in', (eb) =>
          eb
            .selectFrom('consents')
            .select('state_hash')
            .where((eb) => eb.and(theirs))
            .orderBy('expires_at', 'desc')
            .limit(MOST_STATES - 1),
        )
        .execute();
      await db
        .insertInto('consents')
        .values({ state_hash: stateHash, ...theirs, sealed, expires_at: consent.expiresAt })
        .execute();
    },

    async teamOf(stateHash) {
      const row = await db
        .selectFrom('consents')
        .select('team_id')
        .where('state_hash', '=', stateHash)
        .executeTakeFirst();
      return row?.team_id;
    },

    async take(stateHash, now) {
      const row = await db
        .updateTable('consents')
        .set({ taken_at: now })
        .where('state_hash', '=', stateHash)
        .where('taken_at', 'is', null)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst();
      if (!row) return findUsed(db, stateHash, now);
      // We encrypted it, so its shape is known.
      const { codeVerifier, email } = (await vault.open(row.sealed, `consent:${stateHash}`)) as Sealed;
      const known = { ...repOf(row), provider: row.provider, codeVerifier, expiresAt: row.expires_at };
      return { is: 'new', pending: email === undefined ? known : { ...known, email } };
    },

    async settle(stateHash, result, tx) {
      await on(db, tx)
        .updateTable('consents')
        .set({ result: JSON.stringify(result), sealed: '' })
        .where('state_hash', '=', stateHash)
        .execute();
    },

    async hold({ grant, email, provider, stateHash, expiresAt, ...key }) {
      const sealed = await vault.seal({ grant, email } satisfies Held, heldBy(stateHash));
      const columns = { state_hash: stateHash, sealed, expires_at: expiresAt };
      await db
        .insertInto('unconfirmed_grants')
        .values({ ...ofRep(key), provider, ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'provider']).doUpdateSet(columns))
        .execute();
    },

    async takeHeld(key, { provider, stateHash }, now) {
      const row = await db
        .deleteFrom('unconfirmed_grants')
        .where((eb) => eb.and({ ...ofRep(key), provider, state_hash: stateHash }))
        .returningAll()
        .executeTakeFirst();
      if (!row || row.expires_at <= now) return undefined;
      const { grant, email } = (await vault.open(row.sealed, heldBy(stateHash))) as Held;
      return { ...repOf(row), provider, stateHash, grant, email, expiresAt: row.expires_at };
    },

    async prune(now) {
      await db.deleteFrom('consents').where('expires_at', '<=', now).execute();
      await db.deleteFrom('unconfirmed_grants').where('expires_at', '<=', now).execute();
    },
  };
}

type Held = Pick<UnconfirmedGrant, 'grant' | 'email'>;

function heldBy(stateHash: string): string {
  return `unconfirmed:${stateHash}`;
}

async function findUsed(db: Kysely<StoreTables>, stateHash: string, now: Instant): Promise<BroughtState | undefined> {
  const row = await db.selectFrom('consents').selectAll().where('state_hash', '=', stateHash).executeTakeFirst();
  if (!row || row.taken_at === null || row.expires_at <= now) return undefined;
  const { provider, taken_at: takenAt } = row;
  const result = row.result === null ? undefined : (JSON.parse(row.result) as ConsentResult);
  return { is: 'used', ...repOf(row), provider, takenAt, result };
}

export function createHookStore(db: Kysely<StoreTables>, vault: Vault): HookStore {
  return {
    async save(hook) {
      const columns = {
        ...ofRep(hook),
        hook_id: hook.hookId,
        url: hook.url,
        sealed: await vault.seal(hook.secret, `hook:${hook.provider}`),
      };
      await db
        .insertInto('hooks')
        .values({ provider: hook.provider, ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'provider']).doUpdateSet(columns))
        .execute();
    },

    async find(provider, teamId) {
      const rows = await db
        .selectFrom('hooks')
        .selectAll()
        .where((eb) => eb.and({ provider, ...(teamId !== undefined && { team_id: teamId }) }))
        .limit(2)
        .execute();
      const [row, another] = rows;
      if (!row || another) return undefined;
      // A secret that cannot be decrypted counts as no subscription: a new one is made.
      const secret = await vault.open(row.sealed, `hook:${provider}`).catch(() => undefined);
      if (secret === undefined) return undefined;
      return { ...repOf(row), provider, hookId: row.hook_id, url: row.url, secret: String(secret) };
    },
  };
}
