import type { Kysely, UpdateQueryBuilder, UpdateResult } from 'kysely';
import type { Install, InstallMark, Installs } from '../core/ports/installs.ts';
import { createInstallStates } from './install-states.ts';
import { listElsewhere } from './organisations.ts';
import type { StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { inBatches } from './values.ts';
import type { Vault } from './vault.ts';

/** An older version sealed the token alone. */
type Sealed = string | { token: string; refreshToken?: string | undefined };

export function createInstalls(db: Kysely<StoreTables>, vault: Vault): Installs {
  const seal = (teamId: string, { token, rotation }: Pick<Install, 'token' | 'rotation'>) =>
    vault.seal({ token, refreshToken: rotation?.refreshToken } satisfies Sealed, about(teamId));
  /** One token of one install: an outdated caller changes nothing. */
  const thisOne = ({ teamId, at, version }: InstallMark) =>
    db.updateTable('installs').where((eb) => eb.and({ team_id: teamId, installed_at: at, version, ended: 0 }));

  return {
    async save({ teamId, enterpriseId, name, botId, botUserId, by, at, ...secret }, tx) {
      const columns = {
        sealed: await seal(teamId, secret),
        enterprise_id: enterpriseId ?? null,
        name: name ?? null,
        bot_id: botId,
        bot_user_id: botUserId,
        installed_by: by,
        installed_at: at,
        expires_at: secret.rotation?.expiresAt ?? null,
        locked_until: null,
      };
      const { numInsertedOrUpdatedRows } = await on(db, tx)
        .insertInto('installs')
        .values({ team_id: teamId, version: 1, ended: 0, ...columns })
        .onConflict((conflict) =>
          conflict
            .column('team_id')
            .doUpdateSet((eb) => ({ ...columns, version: eb('installs.version', '+', 1) }))
            .where('installs.ended', '=', 0),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async find(teamId) {
      const row = await db
        .selectFrom('installs')
        .selectAll()
        .where((eb) => eb.and({ team_id: teamId, ended: 0 }))
        .executeTakeFirst();
      // We encrypted it, so its shape is known.
      const opened =
        row && ((await vault.open(row.sealed, about(teamId)).catch(() => undefined)) as Sealed | undefined);
      if (!row || opened === undefined) return undefined;
      const { token, refreshToken } = typeof opened === 'string' ? { token: opened } : opened;
      const { bot_id: botId, bot_user_id: botUserId, installed_by: by, installed_at: at, version } = row;
      const known = {
        ...(row.enterprise_id !== null && { enterpriseId: row.enterprise_id }),
        ...(row.name !== null && { name: row.name }),
      };
      const rotation =
        refreshToken !== undefined && row.expires_at !== null
          ? { rotation: { refreshToken, expiresAt: row.expires_at } }
          : undefined;
      return { teamId, ...known, token, ...rotation, botId, botUserId, by, at, version };
    },

    async list() {
      const rows = await db.selectFrom('installs').select(['team_id', 'installed_at', 'version', 'ended']).execute();
      return rows.map((row) => ({
        teamId: row.team_id,
        at: row.installed_at,
        version: row.version,
        isEnding: row.ended === 1,
      }));
    },

    async expiring(until, now) {
      const rows = await db
        .selectFrom('installs')
        .select('team_id')
        .where('ended', '=', 0)
        .where('expires_at', '<=', until)
        .where((eb) => eb.or([eb('locked_until', 'is', null), eb('locked_until', '<=', now)]))
        .execute();
      return rows.map((row) => row.team_id);
    },

    lock: (mark, now, until) =>
      isChanged(
        thisOne(mark)
          .where((eb) => eb.or([eb('locked_until', 'is', null), eb('locked_until', '<=', now)]))
          .set({ locked_until: until }),
      ),

    async renew(mark, next) {
      const sealed = await seal(mark.teamId, next);
      const columns = { sealed, expires_at: next.rotation.expiresAt, locked_until: null };
      return isChanged(thisOne(mark).set((eb) => ({ ...columns, version: eb('version', '+', 1) })));
    },

    end: (mark) => isChanged(thisOne(mark).set({ ended: 1 })),

    forget: (teamId) => forget(db, teamId),

    elsewhere: (key, enterpriseId) => listElsewhere(db, key, enterpriseId),

    ...createInstallStates(db, vault),
  };
}

async function isChanged(
  update: UpdateQueryBuilder<StoreTables, 'installs', 'installs', UpdateResult>,
): Promise<boolean> {
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

function about(teamId: string): string {
  return `install:${teamId}`;
}

/** The many first, and each before what it points to; the install last, so that a deletion that was cut short is found. */
async function forget(db: Kysely<StoreTables>, teamId: string): Promise<void> {
  await db.deleteFrom('runs').where('team_id', '=', teamId).execute();
  for (const table of ['messages', 'actions', 'sweeps', 'link_events'] as const) {
    await inBatches((limit) =>
      db
        .deleteFrom(table)
        .where('id', 'in', (eb) => eb.selectFrom(table).select('id').where('team_id', '=', teamId).limit(limit))
        .executeTakeFirstOrThrow(),
    );
  }
  await db.deleteFrom('rollups').where('team_id', '=', teamId).execute();
  for (const table of OF_REPS) await db.deleteFrom(table).where('team_id', '=', teamId).execute();
  for (const table of OF_TEAM) await db.deleteFrom(table).where('team_id', '=', teamId).execute();
  await db
    .deleteFrom('installs')
    .where((eb) => eb.and({ team_id: teamId, ended: 1 }))
    .execute();
}

/** Few rows for each rep. */
const OF_REPS = [
  ...(['returns', 'connections', 'consents', 'unconfirmed_grants', 'suggestions', 'declined_links'] as const),
  ...(['link_problems', 'link_doubts', 'links', 'schedules', 'reps'] as const),
];
const OF_TEAM = ['hooks', 'credentials', 'tools', 'workspaces', 'syncs'] as const;
