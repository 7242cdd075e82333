/**
 * Tasks that came after a digest's list: counted on the newest digest of the rep's day, never a message by themselves.
 * Outreach tells of a new task (`webhooks.ts`); for all providers the periodic check has their lists anyway.
 */
import { findTarget, isOpen } from '../clicks/target.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import { keyOf } from '../model/backlog.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import { type Later, type ListSummary, type LoadedMessage, MOST_LATER, type TaskRef } from '../model/message.ts';
import { localDate, startOfLocalDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';

type LaterDeps = Pick<Ports, 'store' | 'screen' | 'clock'>;

/** The open tasks of providers that told all of theirs, as of `at`. */
export interface Told {
  tasks: readonly TaskRef[];
  complete: ReadonlySet<ProviderId>;
  at: Instant;
}

/** The newest posted digest of the rep's current date. */
export async function digestOfToday(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  key: RepKey,
): Promise<string | undefined> {
  const rep = await store.reps.find(key);
  if (!rep) return undefined;
  const since = startOfLocalDate(localDate(clock(), rep.zone), rep.zone);
  const [newest] = await store.messages.digestsSince(rep, since);
  return newest;
}

/** Reads a task that is said to be new as the rep who is said to own it: only what they may see as theirs counts. */
export async function noteCreated(deps: LaterDeps & Pick<Ports, 'providers'>, key: TaskKey): Promise<void> {
  const digest = await digestOfToday(deps, key);
  const target = digest === undefined ? undefined : await findTarget(deps, key);
  if (digest === undefined || !target) return;
  const at = deps.clock();
  const read = await target.provider.readTask(target.link, key.taskId, { priority: 'digest' });
  if (!isOpen(read) || (await isSettledHere(deps, key))) return;
  await revise(deps, digest, (message) => withOneMore(message, { provider: key.provider, id: key.taskId }, at));
}

/** Counts anew for a digest, by complete lists alone. */
export async function countLater(deps: LaterDeps, digest: LoadedMessage, told: Told): Promise<void> {
  const rows = rowsOf(digest);
  const tasks: TaskRef[] = [];
  for (const { provider, id } of told.tasks) {
    const key = { teamId: digest.teamId, userId: digest.userId, provider, taskId: id };
    if (!rows.has(keyOf({ provider, id })) && !(await isSettledHere(deps, key))) tasks.push({ provider, id });
  }
  await revise(deps, digest.id, (message) => counted(message, { ...told, tasks }));
}

/** The rep cleared it in Slack: the list may be older than that, or the action be held back. */
async function isSettledHere({ store }: LaterDeps, key: TaskKey): Promise<boolean> {
  const action = await store.ledger.latest(key);
  if (action?.state !== 'queued' && action?.state !== 'succeeded') return false;
  return !keepsOpen(action.change.verb) && !movesDate(action.change.verb);
}

/** Edits the message only if the number is another one. */
async function revise(
  { store, screen }: LaterDeps,
  messageId: string,
  next: (message: LoadedMessage) => Later | undefined,
): Promise<void> {
  let isShown = true;
  const changed = await store.messages.revise(messageId, (message): ListSummary | undefined => {
    const { later: before, ...summary } = message.summary;
    const later = next(message);
    if (isSame(before, later)) return undefined;
    isShown = (before?.count ?? 0) === (later?.count ?? 0);
    return { ...summary, ...(later && { later }) };
  });
  if (changed && !isShown) await screen.showMessageLater(messageId);
}

function isSame(one: Later | undefined, other: Later | undefined): boolean {
  const named = (later: Later | undefined) => (later?.tasks ?? []).map(keyOf).toSorted().join();
  return (one?.count ?? 0) === (other?.count ?? 0) && named(one) === named(other);
}

/** Where not all are known by id, only the lists can count. A list that was made after the reading has the task. */
function withOneMore(message: LoadedMessage, task: TaskRef, at: Instant): Later | undefined {
  const { later = { count: 0, tasks: [], at }, fetchedAt } = message.summary;
  const known = [...rowsOf(message), ...later.tasks.map(keyOf)];
  const isKnown = known.includes(keyOf(task)) || fetchedAt > at;
  if (isKnown || later.count >= MOST_LATER) return message.summary.later;
  return { count: later.count + 1, tasks: [...later.tasks, task], at };
}

function counted(message: LoadedMessage, { tasks, complete, at }: Told): Later | undefined {
  const { reports, later, fetchedAt } = message.summary;
  const before = later?.tasks ?? [];
  // What was noted, or listed into the message, since these lists were asked for is newer than they are.
  if (fetchedAt > at || (later?.at ?? 0) > at) return later;
  const isMissing = before.some(({ provider }) => !complete.has(provider));
  if (isMissing && (later?.count ?? 0) > before.length) return later;
  // Of a provider that did not tell everything when the digest was made, nobody knows what is new.
  const wasComplete = new Set(reports.flatMap((report) => (isComplete(report) ? [report.provider] : [])));
  const known = new Set(before.map(keyOf));
  const rows = rowsOf(message);
  const found = tasks.filter((task) => {
    if (!complete.has(task.provider) || rows.has(keyOf(task))) return false;
    return wasComplete.has(task.provider) || known.has(keyOf(task));
  });
  const all = [...before.filter(({ provider }) => !complete.has(provider)), ...found];
  const named = [...new Map(all.map((task) => [keyOf(task), task])).values()];
  return named.length === 0 ? undefined : { count: named.length, tasks: named.slice(0, MOST_LATER), at };
}

export function isComplete(report: ListSummary['reports'][number]): boolean {
  return report.state === 'listed' && report.unreadable === 0;
}

function rowsOf({ items }: LoadedMessage): ReadonlySet<string> {
  return new Set(items.map(({ task }) => keyOf(task)));
}
