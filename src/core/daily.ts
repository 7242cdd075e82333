/** The daily work that nobody asks for: who is who, what must be kept alive, and what can be forgotten. */
import { enqueueHookChecks, type HookDeps } from './digests/webhooks.ts';
import { newJob } from './jobs/kinds.ts';
import { DAY } from './model/time.ts';

/** Lists and Home views that nobody looks at any more, and jobs whose keys can no longer come again. */
const KEEP_LISTS = 14 * DAY;
const KEEP_JOBS = 30 * DAY;

/** `when` tells this look at everyone from the others. False: it was asked for already. */
export function enqueueLink(
  { queue, clock }: Pick<HookDeps, 'queue' | 'clock'>,
  teamId: string,
  when: string,
): Promise<boolean> {
  return queue.enqueue(newJob(`link:${teamId}:${when}`, { kind: 'link', teamId }, clock()));
}

/** Once a UTC day, by whichever process comes first. False: it was done already. */
export async function daily(deps: HookDeps, teamId: string, retentionMs: number): Promise<boolean> {
  const { store, queue, clock, log } = deps;
  const now = clock();
  const today = new Date(now).toISOString().slice(0, 10);
  if (!(await enqueueLink(deps, teamId, today))) return false;
  await enqueueHookChecks(deps);
  await queue.enqueue(newJob(`renew:${today}`, { kind: 'renew' }, now));
  await store.runs.prune(now - retentionMs);
  // Before the actions: those that a message still counts are kept.
  const messages = await store.messages.prune(now - Math.min(KEEP_LISTS, retentionMs));
  const actions = await store.ledger.prune(now - retentionMs);
  const linkEvents = await store.people.pruneEvents(now - retentionMs);
  const jobs = await queue.prune(now - Math.min(KEEP_JOBS, retentionMs));
  log.info({ messages, actions, linkEvents, jobs }, 'pruned');
  const givenUp = await queue.givenUp(now - DAY);
  if (givenUp > 0) log.warn({ givenUp }, 'jobs were given up in the last day; each has a line of its own');
  return true;
}
