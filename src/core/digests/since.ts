/** Finds what has changed since a rep's last digest: the digest to compare with, and what became of what is gone. */
import { isOpen } from '../clicks/target.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import { movesDate } from '../model/action-rules.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import type { ClosedTask, LoadedMessage, ProviderReport, SeenChange, Since, TaskRef } from '../model/message.ts';
import type { Link, Recipient, Rep } from '../model/people.ts';
import type { Row } from '../model/row-state.ts';
import { isDueAt, type Task } from '../model/task.ts';
import { DAY, localDay, zoned } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import { type Baseline, closedTask, doneThere, missingSince, newsSince } from './changes.ts';
import type { Known } from './known.ts';

type SinceDeps = Pick<Ports, 'store' | 'providers' | 'clock'>;

/** Older digests say nothing of today. */
const LOOK_BACK_MS = 45 * DAY;
/** A provider that was away that morning is compared with an earlier one. */
const MOST_DIGESTS = 5;
/** A task that is gone costs one call to read; beyond this number the list alone tells. */
const MOST_READ = 20;
const MOST_CLOSED = 100;

export interface Listed {
  tasks: readonly Task[];
  reports: readonly ProviderReport[];
  /** When the providers were asked. */
  at: Instant;
  /** Of the digest. */
  now: Instant;
}

/** undefined: this is the first digest, or the last one is too old to compare with. */
export async function sinceLast(deps: SinceDeps, known: Known, listed: Listed): Promise<Since | undefined> {
  const { rep, links } = known;
  const listedNow = listed.reports.filter((report) => report.state === 'listed');
  const { last, baselines } = await findBaselines(deps, rep, listedNow, listed.now);
  if (!last) return undefined;
  const now = { at: listed.now, zone: rep.zone };
  const news = baselines.flatMap((base) => newsSince(base, { ...now, tasks: of(base, listed.tasks) }));
  const ours = news.some(({ is }) => is === 'moved') ? await ownMoves(deps, rep, baselines) : [];
  const complete = listedNow.filter(({ unreadable }) => unreadable === 0).map(({ provider }) => provider);
  const missing = baselines
    .filter(({ provider }) => complete.includes(provider))
    .flatMap((base) => missingSince(base, { tasks: of(base, listed.tasks) }));
  const { fetchedAt, localDate: date } = last.summary;
  return {
    at: fetchedAt,
    localDate: date,
    missed: await missedMornings(deps, known, date, listed.now),
    news: news.filter((each) => each.is !== 'moved' || !isOwn(each, listed.tasks, ours)),
    closed: await closedOnes(deps, links, missing),
  };
}

function of({ provider }: Baseline, tasks: readonly Task[]): Task[] {
  return tasks.filter((task) => task.provider === provider);
}

/** The newest digests of earlier dates: for each provider the rows of the one in which it was listed. */
async function findBaselines(
  { store }: SinceDeps,
  rep: Rep,
  reports: readonly ProviderReport[],
  now: Instant,
): Promise<{ last: LoadedMessage | undefined; baselines: Baseline[] }> {
  const { date: today, from: before } = localDay(now, rep.zone);
  const ids = await store.messages.digestsSince(rep, now - LOOK_BACK_MS, before);
  const baselines = new Map<string, Baseline>();
  let last: LoadedMessage | undefined;
  for (const id of ids.slice(0, MOST_DIGESTS)) {
    const message = await store.messages.load(id);
    // A rep who travelled east may have had it on this date already.
    if (!message || message.summary.localDate >= today) continue;
    last ??= message;
    for (const { provider } of reports) {
      const wasListed = message.summary.reports.some((each) => each.provider === provider && each.state === 'listed');
      if (!wasListed || baselines.has(provider)) continue;
      const rows = message.items.filter(({ task }) => task.provider === provider);
      baselines.set(provider, { provider, at: message.summary.fetchedAt, rows });
    }
    if (reports.every(({ provider }) => baselines.has(provider))) break;
  }
  if (!last) return { last, baselines: [] };
  const at = last.summary.fetchedAt;
  // Of a provider that no digest had, every task is new to the rep.
  return { last, baselines: reports.map(({ provider }) => baselines.get(provider) ?? { provider, at, rows: [] }) };
}

const MOST_MOVES = 500;

/** A row has only the last action on its task, and an earlier one may have moved it. */
async function ownMoves({ store }: SinceDeps, rep: Rep, baselines: readonly Baseline[]): Promise<Action[]> {
  const since = Math.min(...baselines.map(({ at }) => at));
  const actions = await store.ledger.history(rep, { since, limit: MOST_MOVES });
  return actions.filter(({ state, change }) => state === 'succeeded' && movesDate(change.verb));
}

function isOwn({ provider, id }: TaskRef, tasks: readonly Task[], moves: readonly Action[]): boolean {
  const task = tasks.find((each) => each.provider === provider && each.id === id);
  const of = moves.filter((action) => action.provider === provider && action.taskId === id);
  return task !== undefined && of.some((action) => isDueAt(task, dueAtOf(action)));
}

/** Days of the rep's week between the two, on which neither a digest came nor one that would have been empty. */
async function missedMornings(
  { store }: SinceDeps,
  { rep, schedule }: Pick<Recipient, 'rep' | 'schedule'>,
  last: string,
  now: Instant,
): Promise<number | undefined> {
  const days = schedule?.days ?? [];
  const runs = await store.runs.since(rep, last);
  const had = new Set(
    runs.filter(({ state, why }) => state === 'posted' || why === 'nothing_open').map((run) => run.localDate),
  );
  const today = zoned(now, rep.zone).toPlainDate();
  let missed = 0;
  for (let date = today.subtract({ days: 1 }); date.toString() > last; date = date.subtract({ days: 1 })) {
    if (days.includes(date.dayOfWeek) && !had.has(date.toString())) missed += 1;
  }
  return missed < 2 ? undefined : missed;
}

async function closedOnes(deps: SinceDeps, links: readonly Link[], missing: readonly Row[]): Promise<ClosedTask[]> {
  const unseen = new Set(missing.filter(({ seen }) => !isClosing(seen)).slice(0, MOST_READ));
  const found = await Promise.all(
    missing.map(async (row): Promise<ClosedTask[]> => {
      const seen = unseen.has(row) ? await look(deps, links, row) : row.seen;
      return seen === 'open' ? [] : [closedTask(row, seen, deps.clock())];
    }),
  );
  return found.flat().slice(0, MOST_CLOSED);
}

function isClosing(seen: SeenChange | undefined): boolean {
  return seen !== undefined && seen.how !== 'changed';
}

/** Lists may be paged while tasks move, and a task that is missing be open all the same. */
async function look(
  { providers, clock }: SinceDeps,
  links: readonly Link[],
  { task }: Row,
): Promise<SeenChange | 'open' | undefined> {
  const link = links.find(({ provider }) => provider === task.provider);
  const provider = providers.get(task.provider);
  if (!link || !provider) return undefined;
  const at = clock();
  if (provider.listsWhole) return { how: 'gone', at };
  try {
    const read = await provider.readTask(link, task.id, { priority: 'digest' });
    if (isOpen(read)) return 'open';
    return read ? doneThere(at, read) : { how: 'gone', at };
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
