/**
 * Keeps digests true to what happens at the providers: they tell us of changes (`hooks.ts`), and what that loses a slow
 * look finds. Nothing is acted on here: a row only comes to show what was seen.
 */
import { ProviderError } from './errors.ts';
import { type ListingDeps, listTasks, usableLinks } from './listing.ts';
import { tryAgainLater } from './notices.ts';
import type { Job, LoadedMessage, Log, Queue } from './ports.ts';
import type { HookEvent } from './provider.ts';
import { passes } from './retry.ts';
import { findTarget, isDueAt } from './target.ts';
import { DAY, HOUR } from './time.ts';
import { keepsOpen, movesDate } from './triage.ts';
import type { Action, ProviderId, RepKey, SeenElsewhere, TaskKey } from './types.ts';
import { taskOf } from './types.ts';

export interface ReconcileDeps extends ListingDeps {
  queue: Queue;
  random: () => number;
  log: Log;
}

/** Older messages are corrected when someone clicks on them. */
const KEEP_TRUE_FOR = 3 * DAY;
/** How often a rep's digest is compared with what the providers hold, and for how long after it came. */
const LOOK_EVERY = HOUR;
const LOOK_FOR = 10 * HOUR;

/** A provider told of a change of one task: it is read again for everyone whose messages show it. */
export async function onTaskChanged(
  deps: ReconcileDeps,
  job: Job,
  change: { provider: ProviderId; taskId: string; what: HookEvent['what'] },
): Promise<void> {
  const { provider, taskId } = change;
  try {
    const looks = (await watchers(deps, provider, taskId)).map((rep) => async () => {
      await look(deps, { ...rep, provider, taskId }, change.what);
    });
    await each(looks);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not follow a change at a provider');
  }
}

/** Whose messages of the last days show a task. */
export function watchers(
  { store, clock }: Pick<ReconcileDeps, 'store' | 'clock'>,
  provider: ProviderId,
  taskId: string,
): Promise<RepKey[]> {
  return store.messages.watchers(provider, taskId, clock() - KEEP_TRUE_FOR);
}

/** One that fails does not keep the others from being done; the first failure is thrown at the end. */
async function each(works: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw failures.find((error) => error instanceof ProviderError && passes(error)) ?? failures[0];
}

async function look(deps: ReconcileDeps, key: TaskKey, what: HookEvent['what']): Promise<void> {
  const target = await findTarget(deps, key);
  if (!target) return;
  const { provider, link } = target;
  const at = deps.clock();
  const task = what === 'destroyed' ? undefined : await provider.readTask(link, key.taskId, { priority: 'digest' });
  if (task) return note(deps, key, { how: 'changed', at, task });
  await note(deps, key, { how: what === 'completed' ? 'done' : 'gone', at });
}

/**
 * What our own action did is shown by that action, and one that is under way will read the task for itself. One that was
 * settled after we looked may have made what we saw untrue, and a row that is closed stays closed: the next look tells.
 */
async function note(deps: ReconcileDeps, key: TaskKey, seen: SeenElsewhere): Promise<void> {
  const latest = await deps.store.ledger.latest(key);
  if (latest?.state === 'queued' || latest?.state === 'undoing') return;
  if (latest?.settledAt !== undefined && latest.settledAt > seen.at) return;
  const ours = latest && isOurs(latest, seen) ? latest.seq : undefined;
  const since = seen.at - KEEP_TRUE_FOR;
  if (!(await deps.store.messages.noteSeen(key, seen, since, ours))) return;
  await deps.screen.showLater(key);
}

function isOurs(action: Action, seen: SeenElsewhere): boolean {
  if (action.state !== 'succeeded' || keepsOpen(action)) return false;
  if (movesDate(action)) return seen.how === 'changed' && isDueAt(seen.task, action.dueAt);
  return seen.how !== 'changed';
}

/** For every rep whose newest digest is of today: once an hour, for ten hours. */
export async function enqueueLooks(deps: ReconcileDeps, teamId: string): Promise<void> {
  const now = deps.clock();
  for (const rep of await deps.store.runs.postedSince(teamId, now - LOOK_FOR)) {
    const round = Math.floor((now - rep.postedAt) / LOOK_EVERY);
    if (round < 1) continue;
    await deps.queue.enqueue({
      key: `reconcile:${rep.teamId}:${rep.userId}:${rep.postedAt}:${round}`,
      payload: { kind: 'reconcile', teamId: rep.teamId, userId: rep.userId },
      priority: 0,
      runAt: now,
    });
  }
}

/** Compares the rows of the newest digest with what the providers list now. One that cannot be asked is left for later. */
export async function reconcile(deps: ReconcileDeps, job: Job, rep: RepKey): Promise<void> {
  try {
    const id = await deps.store.messages.newest(rep, 'digest');
    const message = id === undefined ? undefined : await deps.store.messages.load(id);
    if (message) await compare(deps, rep, message);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not compare a digest');
  }
}

async function compare(deps: ReconcileDeps, rep: RepKey, message: LoadedMessage): Promise<void> {
  const links = await usableLinks(deps, rep);
  const wanted = new Set(message.items.map(({ task }) => task.provider));
  const at = deps.clock();
  const { tasks, reports } = await listTasks(
    deps,
    links.filter((link) => wanted.has(link.provider)),
    'digest',
  );
  const open = new Map(tasks.map((task) => [`${task.provider}:${task.id}`, task]));
  const complete = new Set(
    reports.flatMap((report) => (report.state === 'listed' && report.unreadable === 0 ? [report.provider] : [])),
  );
  const looks = message.items.map((item) => async () => {
    // A list that could not be read in full does not show that a task is gone.
    if (!complete.has(item.task.provider)) return;
    const shown = taskOf(item);
    const now = open.get(`${shown.provider}:${shown.id}`);
    const key = { teamId: rep.teamId, userId: rep.userId, provider: shown.provider, taskId: shown.id };
    if (!now) return void (isClosed(item) || (await lookForMissing(deps, key)));
    // A list may say less of a task than the row does (Reply.io), so only what it surely says is compared.
    if (now.dueAt !== shown.dueAt) await note(deps, key, { how: 'changed', at, task: { ...shown, dueAt: now.dueAt } });
  });
  await each(looks);
}

/** The row says so already, by what was seen or by what was done here: nothing more to find out. */
function isClosed({ action, seen, seq }: LoadedMessage['items'][number]): boolean {
  if (seen && seen.how !== 'changed') return true;
  return action?.state === 'succeeded' && action.seq > seq && !keepsOpen(action) && !movesDate(action);
}

/** A list is read page by page while tasks move, so one may slip through; and a row that is closed stays closed. */
async function lookForMissing(deps: ReconcileDeps, key: TaskKey): Promise<void> {
  const target = await findTarget(deps, key);
  if (!target) return;
  const at = deps.clock();
  if (await target.provider.readTask(target.link, key.taskId, { priority: 'digest' })) return;
  await note(deps, key, { how: 'gone', at });
}
