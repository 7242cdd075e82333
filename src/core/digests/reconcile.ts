/** Updates digests after changes at the providers: after webhooks (`webhooks.ts`) and by a periodic check. */
import { planNudge } from '../clicks/nudges.ts';
import { findTarget, isOpen, usableLinks } from '../clicks/target.ts';
import { type Handler, simpleHandler } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import { KEEP_UPDATED_MS } from '../model/digest.ts';
import { ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import { type LoadedMessage, type ProviderReport, type SeenChange, taskOf } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import { isDueAt, type Task } from '../model/task.ts';
import type { Ports } from '../ports/ports.ts';
import type { HookEvent } from '../ports/provider.ts';
import type { Tx } from '../ports/transaction.ts';
import { doneThere } from './changes.ts';
import { countLater, digestOfToday, isComplete, noteCreated } from './later.ts';
import type { Lists } from './listing.ts';
import { LOOKED_WITHIN_MS, planLook } from './looks.ts';

export interface ReconcileDeps extends Pick<Ports, 'store' | 'queue' | 'providers' | 'screen' | 'clock'> {
  lists: Lists;
}

/** The job after a webhook: reads the task for every rep whose messages show it. */
export function changedHandler(deps: ReconcileDeps): Handler<'changed'> {
  return simpleHandler(async ({ teamId, provider, taskId, what, rep }) => {
    if (rep) return noteCreated(deps, { ...rep, provider, taskId });
    const reps = await watchers(deps, { teamId, provider, taskId });
    await allSettled(reps.map((rep) => check(deps, { ...rep, provider, taskId }, what)));
  });
}

/** Reps whose messages of the last days show a task. */
export function watchers(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  of: { teamId: string | undefined; provider: ProviderId; taskId: string },
): Promise<RepKey[]> {
  return store.messages.watchers(of, clock() - KEEP_UPDATED_MS);
}

/** In parallel, so that calls share one list (Gong). Throws a failure at the end, a passing one if there is one. */
async function allSettled(checks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(checks);
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0)
    throw failures.find((error) => error instanceof ProviderError && passes(error)) ?? failures[0];
}

/** `missing`: not in the list. Lists are paged while tasks move, so the task may be open all the same. */
async function check(deps: ReconcileDeps, key: TaskKey, why: HookEvent['what'] | 'missing'): Promise<void> {
  const target = await findTarget(deps, key);
  if (!target) return;
  const { provider, link } = target;
  const at = deps.clock();
  const isGone = why === 'destroyed' || (why === 'missing' && provider.listsWhole);
  const read = isGone ? undefined : await provider.readTask(link, key.taskId, { priority: 'spare' });
  if (!isOpen(read)) {
    await record(deps, key, read || why === 'completed' ? doneThere(at, read) : { how: 'gone', at });
  } else if (why !== 'missing') await record(deps, key, { how: 'changed', at, task: read });
}

/** A row shows its own action; one under way reads the task itself; a later one may have outdated what was read. */
async function record(deps: ReconcileDeps, key: TaskKey, seen: SeenChange): Promise<void> {
  const latest = await deps.store.ledger.latest(key);
  if (latest?.state === 'queued' || latest?.state === 'undoing') return;
  if (latest && latest.settledAt > seen.at) return;
  const ours = latest && isOurs(latest, seen) ? latest.seq : undefined;
  if (seen.how === 'changed') await planNudge(deps, key, seen.task);
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

/** Compares a rep's digests with the tools' lists: as planned (`looks.ts`), or after somebody read the lists. */
export function reconcileHandler(deps: ReconcileDeps): Handler<'reconcile'> {
  return async ({ teamId, userId, digest, isRead }) => {
    const rep = { teamId, userId };
    const ids = await deps.store.messages.digestsSince(rep, deps.clock() - KEEP_UPDATED_MS);
    // A newer digest has looks of its own, and they are at all of them.
    if (digest && ids[0] !== digest.messageId) return undefined;
    const next = digest && { ...digest, look: digest.look + 1 };
    const write = next && ((tx: Tx) => planLook(deps, rep, next, tx));
    const ended = write ? { write } : {};
    return {
      async run() {
        await lookAt(deps, rep, ids, readerOf(deps, rep, { isPlanned: digest !== undefined, isRead }));
        return ended;
      },
      giveUp: () => ended,
    };
  };
}

type Read = (links: readonly Link[]) => ReturnType<Lists['read']>;

function readerOf(
  { lists, clock }: ReconcileDeps,
  rep: RepKey,
  { isPlanned, isRead }: { isPlanned: boolean; isRead: boolean | undefined },
): Read {
  if (isRead) return (links) => lists.recent(rep, links);
  // Planned by a version that looked every hour.
  if (!isPlanned) return (links) => lists.read(links, 'spare');
  const lookedAfter = clock() - LOOKED_WITHIN_MS;
  const isDue = ({ lastListedAt = 0 }: Link) => lastListedAt < lookedAfter;
  return (links) => lists.read(links.filter(isDue), 'spare');
}

async function lookAt(deps: ReconcileDeps, rep: RepKey, ids: readonly string[], read: Read): Promise<void> {
  const loaded = await Promise.all(ids.map((id) => deps.store.messages.load(id)));
  const messages = loaded.filter((message) => message !== undefined);
  const today = await digestOfToday(deps, rep);
  const digest = messages.find(({ id }) => id === today);
  const items = messages.flatMap((message) => message.items);
  if (items.length > 0 || digest) await compare(deps, rep, { items, digest, read });
}

type Item = LoadedMessage['items'][number];

interface Compared {
  items: readonly Item[];
  /** Today's newest one, which also counts what came since. */
  digest: LoadedMessage | undefined;
  /** Of the tools that it leaves out nothing is said. */
  read: Read;
}

/**
 * `digest`: today's newest one, which also counts what came since. Returns how the providers answered. Throws if a task
 * that is missing from its list could not be read.
 */
export async function compare(
  deps: ReconcileDeps,
  rep: RepKey,
  { items, digest, read }: Compared,
): Promise<readonly ProviderReport[]> {
  const links = await usableLinks(deps, rep);
  const listedToday = (digest?.summary.reports ?? []).filter(isComplete).map(({ provider }) => provider);
  const wanted = new Set([...items.map(({ task }) => task.provider), ...listedToday]);
  const asked = links.filter((link) => wanted.has(link.provider));
  const { tasks, reports, at } = await read(asked);
  const open = new Map(tasks.map((task) => [keyOf(task), task]));
  // An incomplete list does not prove that a task is gone.
  const complete = new Set(reports.filter(isComplete).map(({ provider }) => provider));
  // Several digests may show a task, and each of its rows gets the change.
  const byTask = Map.groupBy(items, ({ task }) => keyOf(task));
  const checks = [...byTask.values()].map(async (shown) => {
    // Newest first.
    const [newest] = shown;
    if (!newest || !complete.has(newest.task.provider)) return;
    const task = taskOf(newest);
    const now = open.get(keyOf(task));
    const key = { teamId: rep.teamId, userId: rep.userId, provider: task.provider, taskId: task.id };
    if (!now) return void (shown.every(isClosed) || (await check(deps, key, 'missing')));
    // A list may have fewer fields than the row (Reply.io), so only the due date is compared.
    const moved = shown.some((item) => taskOf(item).dueAt !== now.dueAt);
    if (moved) await record(deps, key, { how: 'changed', at, task: { ...task, dueAt: now.dueAt } });
  });
  const counting = digest ? [countLater(deps, digest, { tasks, complete, at })] : [];
  await allSettled([...checks, ...counting]);
  return reports;
}

function keyOf({ provider, id }: Task): string {
  return `${provider}:${id}`;
}

/** The row shows the task as closed already. */
function isClosed({ action, seen, seq }: Item): boolean {
  if (seen && seen.how !== 'changed') return true;
  if (action?.state !== 'succeeded' || action.seq <= seq) return false;
  return !keepsOpen(action.change.verb) && !movesDate(action.change.verb);
}
