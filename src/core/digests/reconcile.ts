/**
 * Keeps digests true to what happens at the providers: they tell us of changes (`webhooks.ts`), and what that loses a slow
 * look finds. Nothing is acted on here: a row only comes to show what was seen.
 */

import { findTarget, isDueAt, isOpen, usableLinks } from '../clicks/target.ts';
import { type Handler, newJob } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import { KEEP_UPDATED_MS } from '../model/digest.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import { type LoadedMessage, type SeenChange, taskOf } from '../model/message.ts';
import type { Task } from '../model/task.ts';
import { HOUR } from '../model/time.ts';
import type { Done, HookEvent, TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Screen } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';
import type { Lists } from './listing.ts';

export interface ReconcileDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  lists: Lists;
  screen: Screen;
  clock: Clock;
}

/**
 * How often a rep's digests are compared with what the providers hold: often while the newest is of use, then slowly until
 * it is too old to be kept true (`KEEP_UPDATED_MS`).
 */
const LOOK_EVERY = HOUR;
const OFTEN_FOR = 10 * HOUR;
const THEN_EVERY = 4 * HOUR;

/** A provider told of a change of one task: it is read again for everyone whose messages show it. */
export function changedHandler(deps: ReconcileDeps): Handler<'changed'> {
  return async ({ provider, taskId, what }) => ({
    async run() {
      const looks = (await watchers(deps, provider, taskId)).map(
        (rep) => () => look(deps, { ...rep, provider, taskId }, what),
      );
      await each(looks);
      return {};
    },
  });
}

/** Whose messages of the last days show a task. */
export function watchers(
  { store, clock }: Pick<ReconcileDeps, 'store' | 'clock'>,
  provider: ProviderId,
  taskId: string,
): Promise<RepKey[]> {
  return store.messages.watchers(provider, taskId, clock() - KEEP_UPDATED_MS);
}

/**
 * Side by side, so that those that a provider can answer with one reading share it (Gong). One that fails does not keep the
 * others from being done; the first failure is thrown at the end.
 */
async function each(works: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(works.map((work) => work()));
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0)
    throw failures.find((error) => error instanceof ProviderError && passes(error)) ?? failures[0];
}

async function look(deps: ReconcileDeps, key: TaskKey, what: HookEvent['what']): Promise<void> {
  const target = await findTarget(deps, key);
  if (!target) return;
  const { provider, link } = target;
  const at = deps.clock();
  const read = what === 'destroyed' ? undefined : await provider.readTask(link, key.taskId, { priority: 'digest' });
  if (isOpen(read)) return note(deps, key, { how: 'changed', at, task: read });
  await note(deps, key, read || what === 'completed' ? doneAt(at, read) : { how: 'gone', at });
}

function doneAt(at: Instant, read: Done | undefined): SeenChange {
  return { how: 'done', at, ...(read?.doneAt !== undefined && { doneAt: read.doneAt }) };
}

/**
 * What our own action did is shown by that action, and one that is under way will read the task for itself. One that was
 * settled after we looked may have made what we saw untrue, and a row that is closed stays closed: the next look tells.
 */
async function note(deps: ReconcileDeps, key: TaskKey, seen: SeenChange): Promise<void> {
  const latest = await deps.store.ledger.latest(key);
  if (latest?.state === 'queued' || latest?.state === 'undoing') return;
  if (latest && latest.settledAt > seen.at) return;
  const ours = latest && isOurs(latest, seen) ? latest.seq : undefined;
  const since = seen.at - KEEP_UPDATED_MS;
  if (!(await deps.store.messages.noteSeen(key, seen, since, ours))) return;
  await deps.screen.showLater(key);
}

function isOurs(action: Action, seen: SeenChange): boolean {
  const { verb } = action.change;
  if (action.state !== 'succeeded' || keepsOpen(verb)) return false;
  if (movesDate(verb)) return seen.how === 'changed' && isDueAt(seen.task, dueAtOf(action));
  return seen.how !== 'changed';
}

/** For every rep with a digest that is kept true; in one transaction, for most have no look that is due. */
export async function enqueueLooks(deps: ReconcileDeps, teamId: string): Promise<void> {
  const now = deps.clock();
  const readers = await deps.store.messages.digestReaders(teamId, now - KEEP_UPDATED_MS);
  await deps.store.transact(async (tx) => {
    for (const { userId, newestAt } of readers) {
      const round = roundOf(now - newestAt);
      if (round < 1) continue;
      const key = `reconcile:${teamId}:${userId}:${newestAt}:${round}`;
      await deps.queue.enqueue(newJob(key, { kind: 'reconcile', teamId, userId }, now), tx);
    }
  });
}

/** The number of the look that is due so long after a digest; 0: none yet. */
function roundOf(ageMs: number): number {
  const often = Math.min(ageMs, OFTEN_FOR) / LOOK_EVERY;
  const then = Math.max(ageMs - OFTEN_FOR, 0) / THEN_EVERY;
  return Math.floor(often) + Math.floor(then);
}

/** Compares the rows of a rep's last digests with what the providers list now. One that cannot be asked is left for later. */
export function reconcileHandler(deps: ReconcileDeps): Handler<'reconcile'> {
  return async ({ teamId, userId }) => ({
    async run() {
      const rep = { teamId, userId };
      const ids = await deps.store.messages.digestsSince(rep, deps.clock() - KEEP_UPDATED_MS);
      const messages = await Promise.all(ids.map((id) => deps.store.messages.load(id)));
      const items = messages.flatMap((message) => message?.items ?? []);
      if (items.length > 0) await compare(deps, rep, items);
      return {};
    },
  });
}

type Item = LoadedMessage['items'][number];

async function compare(deps: ReconcileDeps, rep: RepKey, items: readonly Item[]): Promise<void> {
  const links = await usableLinks(deps, rep);
  const wanted = new Set(items.map(({ task }) => task.provider));
  const asked = links.filter((link) => wanted.has(link.provider));
  const { tasks, reports, at } = await deps.lists.read(asked, 'digest');
  const open = new Map(tasks.map((task) => [keyOf(task), task]));
  // A list that could not be read in full does not show that a task is gone.
  const complete = new Set(
    reports.flatMap((report) => (report.state === 'listed' && report.unreadable === 0 ? [report.provider] : [])),
  );
  const looks = byTask(items).map((shown) => async () => {
    // Newest first: what it says of the task is the most that we know.
    const [newest] = shown;
    if (!newest || !complete.has(newest.task.provider)) return;
    const task = taskOf(newest);
    const now = open.get(keyOf(task));
    const key = { teamId: rep.teamId, userId: rep.userId, provider: task.provider, taskId: task.id };
    if (!now) return void (shown.every(isClosed) || (await lookForMissing(deps, key)));
    // A list may say less of a task than the row does (Reply.io), so only what it surely says is compared.
    const moved = shown.some((item) => taskOf(item).dueAt !== now.dueAt);
    if (moved) await note(deps, key, { how: 'changed', at, task: { ...task, dueAt: now.dueAt } });
  });
  await each(looks);
}

function keyOf({ provider, id }: Task): string {
  return `${provider}:${id}`;
}

/** Several digests may show a task, and what is found of it goes into all of them. */
function byTask(items: readonly Item[]): Item[][] {
  return [...Map.groupBy(items, ({ task }) => keyOf(task)).values()];
}

/** The row says so already, by what was seen or by what was done here: nothing more to find out. */
function isClosed({ action, seen, seq }: Item): boolean {
  if (seen && seen.how !== 'changed') return true;
  if (action?.state !== 'succeeded' || action.seq <= seq) return false;
  return !keepsOpen(action.change.verb) && !movesDate(action.change.verb);
}

/** A list is read page by page while tasks move, so one may slip through; and a row that is closed stays closed. */
async function lookForMissing(deps: ReconcileDeps, key: TaskKey): Promise<void> {
  const target = await findTarget(deps, key);
  if (!target) return;
  const at = deps.clock();
  const read = await target.provider.readTask(target.link, key.taskId, { priority: 'digest' });
  if (isOpen(read)) return;
  await note(deps, key, read ? doneAt(at, read) : { how: 'gone', at });
}
