/** What admins decide about weekly roll-ups, and what a rep sees of theirs. */
import { DeliveryError, refusalOf } from '../model/errors.ts';
import type { RepKey } from '../model/keys.ts';
import {
  isPerson,
  nextRollupAt,
  type OwnRollup,
  type Rollup,
  type RollupChoice,
  type RollupReport,
} from '../model/rollup.ts';
import type { Ports } from '../ports/ports.ts';
import { isAdmin } from './decide.ts';
import { isOutside } from './pilot.ts';
import { ownRollups, reportOf } from './rollup-rows.ts';
import { dateKey, membersJob, type RollupDeps } from './rollup-send.ts';

export type RollupSetting = Omit<RollupChoice, 'zone'>;

/** `group`, `reader`: Slack refuses it, with this code. `outside`: the reader is not in the pilot. */
export type RollupSaved =
  | { is: 'saved'; rollup: Rollup }
  | { is: 'gone' | 'outside' }
  | { is: 'refused'; what: 'group' | 'reader'; code: string };

type Listed = Rollup & { members: number };

export type Rollups = ReturnType<typeof createRollups>;

type Deps = RollupDeps & Pick<Ports, 'admins'>;

/** What only admins may do asks Slack first whether `by` is one: undefined if not. Throws `DeliveryError`. */
export function createRollups(deps: Deps) {
  const { store } = deps;
  const asAdmin = async <T>(by: RepKey, work: () => Promise<T>) => ((await isAdmin(deps, by)) ? work() : undefined);
  return {
    list: (by: RepKey): Promise<Listed[] | undefined> => asAdmin(by, () => store.rollups.list(by.teamId)),
    find: (by: RepKey, id: string) => asAdmin(by, async () => (await store.rollups.find(by.teamId, id)) ?? 'gone'),
    report: (by: RepKey, id: string) => asAdmin(by, () => report(deps, by.teamId, id)),
    /** `id`: of the one that is changed. */
    save: (by: RepKey, setting: RollupSetting, id?: string) => asAdmin(by, () => save(deps, by, setting, id)),
    /** False: it was stopped before. */
    stop: (by: RepKey, id: string) =>
      asAdmin(by, async () => {
        const isStopped = await store.rollups.remove(by.teamId, id);
        if (isStopped) deps.log.info({ by: by.userId, rollup: id }, 'an admin stopped a roll-up');
        return isStopped;
      }),
    own: (rep: RepKey): Promise<OwnRollup[]> => ownRollups(deps, rep),
  };
}

async function report(deps: Deps, teamId: string, id: string): Promise<RollupReport | 'gone'> {
  const rollup = await deps.store.rollups.find(teamId, id);
  return rollup ? reportOf(deps, rollup) : 'gone';
}

/** Its readers are told first, because only so is it known whether Slack lets it come. */
async function save(deps: Deps, by: RepKey, setting: RollupSetting, id: string | undefined): Promise<RollupSaved> {
  const { store, queue, clock, log } = deps;
  const { teamId, userId } = by;
  const before = id === undefined ? undefined : await store.rollups.find(teamId, id);
  if (id !== undefined && !before) return { is: 'gone' };
  const zone = (await store.reps.find(by))?.zone ?? 'UTC';
  const choice = { ...setting, zone };
  if (isPerson(choice.to) && (await isOutside(deps, { teamId, userId: choice.to }))) return { is: 'outside' };
  const refused =
    (await refusedGroup(deps, choice)) ?? (before?.to === choice.to ? undefined : await announce(deps, by, choice));
  if (refused) return refused;
  const saved = await store.transact(async (tx) => {
    const first = nextRollupAt(choice, clock());
    // A date that has had one gets no second one.
    const hadOne = before && (await queue.knows(dateKey({ ...choice, id: before.id }, first), tx));
    const nextDueAt = hadOne ? nextRollupAt(choice, first) : first;
    const rollup = { ...choice, teamId, by: userId, nextDueAt };
    if (before && !(await store.rollups.change({ ...rollup, id: before.id }, tx))) return undefined;
    const is = before ? { ...before, ...rollup } : await store.rollups.create(rollup, tx);
    await queue.enqueue(membersJob(is, clock()), tx);
    return is;
  });
  if (!saved) return { is: 'gone' };
  log.info({ by: userId, rollup: saved.id, to: saved.to }, 'an admin set a roll-up up');
  return { is: 'saved', rollup: saved };
}

async function refusedGroup({ groups }: Deps, { about }: RollupChoice): Promise<RollupSaved | undefined> {
  return refusalFrom('group', () => Promise.all(about.groups.map((group) => groups.members(group))));
}

function announce({ screen }: Deps, by: RepKey, choice: RollupChoice): Promise<RollupSaved | undefined> {
  return refusalFrom('reader', () => screen.announceRollup({ ...choice, teamId: by.teamId, by: by.userId }));
}

/** Other errors are of Slack's, and pass. */
async function refusalFrom(what: 'group' | 'reader', work: () => Promise<unknown>): Promise<RollupSaved | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.kind !== 'permanent') throw error;
    return { is: 'refused', what, code: refusalOf(error) ?? error.kind };
  }
}
