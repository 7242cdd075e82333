import type { Kysely } from 'kysely';
import type { Consents, HookStore } from '../core/ports.ts';
import type { StoreTables } from './schema.ts';
import { ofRep, repOf } from './values.ts';
import type { Vault } from './vault.ts';

type Sealed = { codeVerifier: string; email: string | undefined };

export function createConsents(db: Kysely<StoreTables>, vault: Vault): Consents {
  return {
    async begin(stateHash, consent, now) {
      const { codeVerifier, email } = consent;
      const sealed = await vault.seal({ codeVerifier, email } satisfies Sealed, `consent:${stateHash}`);
      await db.deleteFrom('consents').where('expires_at', '<=', now).execute();
      await db
        .insertInto('consents')
        .values({
          state_hash: stateHash,
          ...ofRep(consent),
          provider: consent.provider,
          sealed,
          expires_at: consent.expiresAt,
        })
        .execute();
    },

    async take(stateHash, now) {
      const row = await db.deleteFrom('consents').where('state_hash', '=', stateHash).returningAll().executeTakeFirst();
      if (!row || row.expires_at <= now) return undefined;
      // What was sealed is ours, so its shape is known.
      const { codeVerifier, email } = (await vault.open(row.sealed, `consent:${stateHash}`)) as Sealed;
      const known = { ...repOf(row), provider: row.provider, codeVerifier, expiresAt: row.expires_at };
      return email === undefined ? known : { ...known, email };
    },
  };
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
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(columns))
        .execute();
    },

    async find(provider) {
      const row = await db.selectFrom('hooks').selectAll().where('provider', '=', provider).executeTakeFirst();
      if (!row) return undefined;
      // What no key opens any more is as good as no subscription: another one is made.
      const secret = await vault.open(row.sealed, `hook:${provider}`).catch(() => undefined);
      if (secret === undefined) return undefined;
      return { ...repOf(row), provider, hookId: row.hook_id, url: row.url, secret: String(secret) };
    },
  };
}
