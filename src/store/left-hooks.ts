import type { Kysely, Selectable } from 'kysely';
import type { LeftHook, LeftHookKey, LeftHooks } from '../core/ports/left-hooks.ts';
import type { Grant } from '../core/ports/provider.ts';
import { grantName } from './connections.ts';
import type { LeftHookRow, StoreTables } from './schema.ts';
import { toolName } from './tools.ts';
import { on } from './transaction.ts';
import type { Vault } from './vault.ts';

export function createLeftHooks(db: Kysely<StoreTables>, vault: Vault): LeftHooks {
  return {
    async leave({ teamId, provider }, tx) {
      const queries = on(db, tx);
      const row = await queries
        .selectFrom('hooks')
        .leftJoin('tools', (join) =>
          join.onRef('tools.team_id', '=', 'hooks.team_id').onRef('tools.provider', '=', 'hooks.provider'),
        )
        .leftJoin('connections', (join) =>
          join
            .onRef('connections.team_id', '=', 'hooks.team_id')
            .onRef('connections.user_id', '=', 'hooks.user_id')
            .onRef('connections.provider', '=', 'hooks.provider')
            .on('connections.ended', '=', 0),
        )
        .select(['hooks.team_id', 'hooks.user_id', 'hooks.provider', 'hooks.hook_id', 'hooks.url'])
        // As they are: they are bound to the names of the tool's key and of the rep's grant.
        .select(['tools.sealed as sealed_key', 'connections.sealed as sealed_grant'])
        .where('hooks.provider', '=', provider)
        .where('hooks.team_id', '=', teamId)
        .executeTakeFirst();
      if (!row) return undefined;
      await queries
        .insertInto('left_hooks')
        .values(row)
        .onConflict((conflict) => conflict.columns(['team_id', 'provider', 'hook_id']).doUpdateSet(row))
        .execute();
      await queries
        .deleteFrom('hooks')
        .where((eb) => eb.and({ team_id: teamId, provider }))
        .execute();
      return toHook(row);
    },

    async ofTeam(teamId) {
      const rows = await db.selectFrom('left_hooks').selectAll().where('team_id', '=', teamId).execute();
      return rows.map(toHook);
    },

    async find(key) {
      const row = await db
        .selectFrom('left_hooks')
        .selectAll()
        .where((eb) => eb.and(columnsOf(key)))
        .executeTakeFirst();
      return row && { ...toHook(row), keys: await open(vault, row) };
    },

    async renew(hook, grant) {
      const sealed = await vault.seal(grant, grantName(hook, hook.provider));
      await db
        .updateTable('left_hooks')
        .set({ sealed_grant: sealed })
        .where((eb) => eb.and(columnsOf(hook)))
        .execute();
    },

    async remove(key, tx) {
      await on(db, tx)
        .deleteFrom('left_hooks')
        .where((eb) => eb.and(columnsOf(key)))
        .execute();
    },
  };
}

async function open(vault: Vault, row: Selectable<LeftHookRow>) {
  const { sealed_key: sealedKey, sealed_grant: sealedGrant } = row;
  if (sealedKey === null || sealedGrant === null) return undefined;
  const { teamId, provider } = toHook(row);
  const settings = await vault.open(sealedKey, toolName(teamId, provider)).catch(() => undefined);
  const grant = await vault.open(sealedGrant, grantName(toHook(row), provider)).catch(() => undefined);
  if (settings === undefined || grant === undefined) return undefined;
  // We encrypted them, so their shape is known.
  return { settings: settings as Readonly<Record<string, string>>, grant: grant as Grant };
}

function columnsOf({ teamId, provider, hookId }: LeftHookKey) {
  return { team_id: teamId, provider, hook_id: hookId };
}

function toHook(row: Omit<Selectable<LeftHookRow>, 'sealed_key' | 'sealed_grant'>): LeftHook {
  const { team_id: teamId, user_id: userId, provider, hook_id: hookId, url } = row;
  return { teamId, userId, provider, hookId, url };
}
