/** The daily work: links, webhooks, grants, keys of tools, and deleting old rows. */
import { enqueueHookChecks, type HookDeps } from './digests/webhooks.ts';
import { newJob } from './jobs/kinds.ts';
import { DAY, HOUR, MINUTE } from './model/time.ts';
import type { SyncMark } from './people/sync.ts';
import type { Ports } from './ports/ports.ts';

/** Everyone is read once a day: a day, and an hour in which the reading of today may be under way. */
const SYNC_STALE_MS = 25 * HOUR;
/** A start later than this asks again for a reading that did not come to its end. */
const SYNC_AGAIN_MS = 10 * MINUTE;
/** For old lists and Home views, and for finished jobs. */
const KEEP_LISTS_MS = 14 * DAY;
const KEEP_JOBS_MS = 30 * DAY;

/** `which` says what is asked for, once. False: it is enqueued already. */
function enqueueLink(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  teamId: string,
  which: string,
): Promise<boolean> {
  return queue.enqueue(newJob(`link:${teamId}:${which}`, { kind: 'link', teamId }, clock()));
}

/**
 * To be called at the start of each process. Everyone is read if nobody has done so lately with the settings of now: a restart
 * changes nothing, and several processes that start together ask for one reading.
 */
export async function syncAtStart(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'> & SyncMark,
  teamId: string,
): Promise<void> {
  const now = deps.clock();
  const mark = deps.syncMark();
  const last = await deps.store.workspaces.lastSync(teamId);
  if (last?.mark === mark && now - last.at < SYNC_STALE_MS) return;
  await enqueueLink(deps, teamId, `start:${mark}:${last?.at ?? 'first'}:${Math.floor(now / SYNC_AGAIN_MS)}`);
}

/** Once per UTC day in all processes together. False: it was done already. */
export async function beginDay(deps: HookDeps, teamId: string): Promise<boolean> {
  const { store, queue, clock, log } = deps;
  const now = clock();
  const today = new Date(now).toISOString().slice(0, 10);
  if (!(await enqueueLink(deps, teamId, today))) return false;
  await enqueueHookChecks(deps, teamId);
  await store.tools.reseal(teamId);
  await queue.enqueue(newJob(`renew:${teamId}:${today}`, { kind: 'renew', teamId }, now));
  const givenUp = await queue.givenUp(now - DAY);
  if (givenUp > 0) log.warn({ givenUp }, 'jobs were given up in the last day; each has a line of its own');
  return true;
}

/** Takes seconds where there are many reps, in short steps. */
export async function prune(
  { store, queue, clock, log }: Pick<Ports, 'store' | 'queue' | 'clock' | 'log'>,
  retentionMs: number,
): Promise<void> {
  const now = clock();
  await store.runs.prune(now - retentionMs);
  // Before the actions: messages still need some of them.
  const messages = await store.messages.prune(now - Math.min(KEEP_LISTS_MS, retentionMs));
  const actions = await store.ledger.prune(now - retentionMs);
  const sweeps = await store.sweeps.prune(now - retentionMs);
  const linkEvents = await store.people.pruneEvents(now - retentionMs);
  const jobs = await queue.prune(now - Math.min(KEEP_JOBS_MS, retentionMs));
  log.info({ messages, actions, sweeps, linkEvents, jobs }, 'pruned');
}
