/**
 * The rows of a roll-up, as they read now. All come from the store: no tool is asked. An admin, the readers and the rep
 * themselves get the same row, because there is no other way to make one.
 */

import type { RepKey } from '../model/keys.ts';
import type { OwnRollup, RollupReport, RollupRow } from '../model/rollup.ts';
import { COUNT_DAYS, ROLLUP_MS, type Rollup, rankRows, rollupRow } from '../model/rollup.ts';
import type { TeamRep } from '../model/team.ts';
import { DAY, localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import { readTeamReps } from './team-reps.ts';

type RowDeps = Pick<Ports, 'store' | 'providers' | 'clock'>;

export async function reportOf(deps: RowDeps, rollup: Rollup): Promise<RollupReport> {
  const { teamId, by } = rollup;
  const [userIds, admin] = await Promise.all([
    deps.store.rollups.members(rollup),
    deps.store.reps.find({ teamId, userId: by }),
  ]);
  return { rollup, rows: await rowsOf(deps, teamId, userIds), setBy: admin?.name ?? 'an admin' };
}

/** Those that a rep is in. */
export async function ownRollups(deps: RowDeps, { teamId, userId }: RepKey): Promise<OwnRollup[]> {
  const rollups = await deps.store.rollups.of({ teamId, userId });
  if (rollups.length === 0) return [];
  const [row] = await rowsOf(deps, teamId, [userId]);
  return row ? rollups.map((rollup) => ({ rollup, row })) : [];
}

/** A handful of queries, however many reps there are. Who left Slack has no row. */
async function rowsOf(deps: RowDeps, teamId: string, userIds: readonly string[]): Promise<RollupRow[]> {
  const { store, providers, clock } = deps;
  const now = clock();
  const [team, reps, counts, settled] = await Promise.all([
    readTeamReps(deps, teamId),
    store.reps.list(teamId),
    store.runs.counted(teamId, userIds, localDate(now - COUNT_DAYS * DAY, 'UTC')),
    store.ledger.settledBy(teamId, userIds, now - ROLLUP_MS),
  ]);
  const zones = new Map(reps.map(({ userId, zone }) => [userId, zone]));
  const countsOf = Map.groupBy(counts, ({ userId }) => userId);
  const asked = new Set(userIds);
  const rows = team
    .filter(({ userId, seen }) => asked.has(userId) && seen?.active)
    .map(({ userId, name, tools }) => {
      const facts = {
        ...connectionsOf(tools),
        userId,
        name,
        zone: zones.get(userId) ?? 'UTC',
        counts: countsOf.get(userId) ?? [],
        settled: settled.get(userId),
        nameOf: (provider: string) => providers.get(provider)?.name ?? provider,
      };
      return rollupRow(facts, now);
    });
  return rankRows(rows);
}

/** Nobody misses the tasks of a tool that never knew them, nor of one that they unlinked themselves. */
function connectionsOf(tools: TeamRep['tools']): Pick<RollupRow, 'isConnected' | 'unconnected'> {
  const isMissing = ({ state }: TeamRep['tools'][number]) => !['linked', 'none', 'declined'].includes(state);
  return {
    isConnected: tools.some(({ state }) => state === 'linked'),
    unconnected: tools.filter(isMissing).map(({ name }) => name),
  };
}
