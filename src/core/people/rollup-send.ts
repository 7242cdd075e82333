/**
 * Sends roll-ups, once for each local date: the job's key is the roll-up's and the date's. After a crash between post and
 * mark it comes twice rather than never.
 */
import { type Ended, type Handler, KINDS, newJob } from '../jobs/kinds.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import { refusalOf } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import { nextRollupAt, type Rollup, toldOf } from '../model/rollup.ts';
import { DAY, localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewJob } from '../ports/queue.ts';
import { isOurs, type SaveRep } from './reps.ts';
import { reportOf } from './rollup-rows.ts';

type ClaimDeps = Pick<Ports, 'store' | 'queue' | 'clock' | 'log'>;

export type RollupDeps = ClaimDeps &
  Pick<Ports, 'providers' | 'screen' | 'directory' | 'groups' | 'pilot'> & { saveRep: SaveRep };

/** After a downtime a roll-up is sent when it is at most this late: a week is not over on one day. */
const MOST_LATE_MS = DAY;

/** Plans those that are due; returns their number. One roll-up's error does not stop the others. */
export async function claimDueRollups(deps: ClaimDeps): Promise<number> {
  const now = deps.clock();
  let claimed = 0;
  for (const rollup of await deps.store.rollups.due(now)) {
    try {
      claimed += (await claimOne(deps, rollup, now)) ? 1 : 0;
    } catch (error) {
      deps.log.error({ err: error, rollup: rollup.id }, 'could not claim a roll-up');
    }
  }
  return claimed;
}

async function claimOne({ store, queue }: ClaimDeps, rollup: Rollup, now: Instant): Promise<boolean> {
  const { nextDueAt: dueAt } = rollup;
  return store.transact(async (tx) => {
    const isOurs = await store.rollups.advance(rollup, { from: dueAt, to: nextRollupAt(rollup, now) }, tx);
    return isOurs && queue.enqueue(rollupJob(rollup, now, dueAt), tx);
  });
}

function rollupJob(rollup: Rollup, now: Instant, dueAt: Instant): NewJob {
  const payload = { kind: 'rollup', teamId: rollup.teamId, rollupId: rollup.id, dueAt } as const;
  return newJob(dateKey(rollup, dueAt), payload, now);
}

/** One for each of its local dates, whatever times were chosen. */
export function dateKey({ id, zone }: Pick<Rollup, 'id' | 'zone'>, dueAt: Instant): string {
  return `rollup:${id}:${localDate(dueAt, zone)}`;
}

/** Only finds out who is in it. */
export function membersJob({ teamId, id }: Rollup, now: Instant): NewJob {
  return newJob(`rollup:${id}:members:${now}`, { kind: 'rollup', teamId, rollupId: id }, now);
}

export function rollupHandler(deps: RollupDeps): Handler<'rollup'> {
  return async ({ teamId, rollupId, dueAt }) => {
    const rollup = await deps.store.rollups.find(teamId, rollupId);
    if (!rollup) return undefined;
    if (dueAt === undefined) return { run: () => enlistOnly(deps, rollup) };
    return {
      run: () => send(deps, rollup, dueAt),
      giveUp: ({ reason, error }) => tellAdmin(deps, rollup, refusalOf(error) ?? reason),
    };
  };
}

async function enlistOnly(deps: RollupDeps, rollup: Rollup): Promise<Ended> {
  if (!(await deps.store.workspaces.offSwitch(rollup.teamId))) await enlist(deps, rollup);
  return {};
}

async function send(deps: RollupDeps, rollup: Rollup, dueAt: Instant): Promise<Ended> {
  const { store, log, clock } = deps;
  const why = await whyNot(deps, rollup, dueAt);
  if (why) {
    log.info({ rollup: rollup.id, why }, 'roll-up skipped');
    return {};
  }
  // Nobody is reported on who was not told.
  await enlist(deps, rollup);
  const report = await reportOf(deps, rollup);
  await deps.screen.postRollup(report);
  return {
    write: (tx) => store.rollups.markSent(rollup, clock(), tx),
    after: async () => log.info({ rollup: rollup.id, rows: report.rows.length }, 'roll-up sent'),
  };
}

async function whyNot({ store, clock }: RollupDeps, { teamId }: Rollup, dueAt: Instant) {
  if (clock() - dueAt > MOST_LATE_MS) return 'late';
  return (await store.workspaces.offSwitch(teamId)) ? 'switched_off' : undefined;
}

/** Finds out who is in it now; who is new is told, in the same transaction. */
async function enlist(deps: RollupDeps, rollup: Rollup): Promise<void> {
  const { store } = deps;
  const userIds = await membersOf(deps, rollup);
  await store.transact(async (tx) => {
    for (const userId of await store.rollups.setMembers(rollup, userIds, tx)) {
      const notice = { about: 'on_rollup', rollup: toldOf(rollup), others: userIds.length - 1 } as const;
      const key = `on-rollup:${rollup.id}:${userId}:${deps.clock()}`;
      // A thousand may be new: clicks and digests go first.
      const to = { teamId: rollup.teamId, userId };
      await enqueueNotice(deps, { key, to, notice, priority: KINDS.rollup.priority }, tx);
    }
  });
}

/** Active members of the workspace who may be told: outside of the pilot nobody is. */
async function membersOf(deps: RollupDeps, { teamId, about }: Rollup): Promise<string[]> {
  const found = new Set(about.userIds);
  for (const group of about.groups) for (const userId of await deps.groups.members(group)) found.add(userId);
  const known = new Map((await deps.store.reps.list(teamId)).map((rep) => [rep.userId, rep]));
  const inIt: string[] = [];
  for (const userId of found) {
    const rep = known.get(userId) ?? (await newcomer(deps, teamId, userId));
    if (rep?.active && (!deps.pilot || (await deps.pilot.includes(rep)))) inIt.push(userId);
  }
  return inIt;
}

/** Someone whom no tool knows has a row too: it says so. */
async function newcomer({ directory, saveRep }: RollupDeps, teamId: string, userId: string) {
  const member = await directory.member({ teamId, userId });
  return member && member.active !== false && isOurs(member, undefined) ? saveRep({ teamId, ...member }) : undefined;
}

function tellAdmin(deps: RollupDeps, rollup: Rollup, code: string): Ended {
  const notice = { about: 'rollup_failed', rollup: toldOf(rollup), code } as const;
  const to = { teamId: rollup.teamId, userId: rollup.by };
  return {
    write: (tx) => enqueueNotice(deps, { key: `rollup-failed:${rollup.id}:${deps.clock()}`, to, notice }, tx),
    after: async () => deps.log.warn({ rollup: rollup.id, to: rollup.to, why: code }, 'roll-up not sent'),
  };
}
