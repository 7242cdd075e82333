import type { Kysely } from 'kysely';
import type { RepKey } from '../core/model/keys.ts';
import type { Installs } from '../core/ports/installs.ts';
import type { StoreTables } from './schema.ts';

/** Two steps, so that each finds its rows by an index: few workspaces are of one organisation. */
export async function listElsewhere(
  db: Kysely<StoreTables>,
  { teamId, userId }: RepKey,
  enterpriseId: string,
): ReturnType<Installs['elsewhere']> {
  const installs = await db
    .selectFrom('installs')
    .select(['team_id', 'name'])
    .where((eb) => eb.and({ enterprise_id: enterpriseId, ended: 0 }))
    .execute();
  const isOneOfThem = installs.some(({ team_id }) => team_id === teamId);
  if (!isOneOfThem || installs.length === 1) return undefined;
  const first = await db
    .selectFrom('links')
    .innerJoin('reps', (join) =>
      join.onRef('reps.team_id', '=', 'links.team_id').onRef('reps.user_id', '=', 'links.user_id'),
    )
    .select('links.team_id')
    .where('links.user_id', '=', userId)
    .where('reps.active', '=', 1)
    .where(
      'links.team_id',
      'in',
      installs.map(({ team_id }) => team_id),
    )
    .orderBy('links.linked_at')
    .orderBy('links.team_id')
    .limit(1)
    .executeTakeFirst();
  if (!first || first.team_id === teamId) return undefined;
  const name = installs.find(({ team_id }) => team_id === first.team_id)?.name;
  return { teamId: first.team_id, name: name ?? undefined };
}
