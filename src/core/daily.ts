/** What is to be done once a day without anyone asking: who is who, what must be kept alive, and what can be forgotten. */
import { enqueueHookChecks, type HookDeps } from './digests/webhooks.ts';
import { DAY } from './model/time.ts';

const BACKGROUND_PRIORITY = 0;
/** Lists and Home views that nobody looks at any more, and jobs whose keys can no longer come again. */
const KEEP_LISTS = 14 * DAY;
const KEEP_JOBS = 30 * DAY;

export async function enqueueLink(
  deps: Pick<HookDeps, 'queue' | 'clock'>,
  teamId: string,
  when: string,
): Promise<boolean> {
  return deps.queue.enqueue({
    key: `link:${teamId}:${when}`,
    payload: { kind: 'link', teamId },
    priority: BACKGROUND_PRIORITY,
    runAt: deps.clock(),
  });
}

/** Once a UTC day, by whichever process comes first: who is who, and what can be forgotten. False: it was done already. */
export async function daily(deps: HookDeps, teamId: string, retentionMs: number): Promise<boolean> {
  const now = deps.clock();
  const today = new Date(now).toISOString().slice(0, 10);
  if (!(await enqueueLink(deps, teamId, today))) return false;
  await enqueueHookChecks(deps);
  const renewal = { payload: { kind: 'renew' }, priority: BACKGROUND_PRIORITY, runAt: now } as const;
  await deps.queue.enqueue({ key: `renew:${today}`, ...renewal });
  await deps.store.runs.prune(now - retentionMs);
  // Before the actions: those that a message still counts are kept.
  const messages = await deps.store.messages.prune(now - Math.min(KEEP_LISTS, retentionMs));
  const actions = await deps.store.ledger.prune(now - retentionMs);
  const linkEvents = await deps.store.people.pruneEvents(now - retentionMs);
  const jobs = await deps.queue.prune(now - Math.min(KEEP_JOBS, retentionMs));
  deps.log.info({ messages, actions, linkEvents, jobs }, 'pruned');
  return true;
}
