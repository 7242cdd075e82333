/** The daily work: links, webhooks, grants, keys of tools, and deleting old rows. */
import { enqueueHookChecks, type HookDeps } from './digests/webhooks.ts';
import { newJob } from './jobs/kinds.ts';
import { DAY } from './model/time.ts';
import type { Ports } from './ports/ports.ts';

/** For old lists and Home views, and for finished jobs. */
const KEEP_LISTS_MS = 14 * DAY;
const KEEP_JOBS_MS = 30 * DAY;

/** `when` makes the job's key unique. False: it is enqueued already. */
export function enqueueLink(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  teamId: string,
  when: string,
): Promise<boolean> {
  return queue.enqueue(newJob(`link:${teamId}:${when}`, { kind: 'link', teamId }, clock()));
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
