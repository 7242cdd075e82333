/** Lists a rep's tasks at every linked provider, and makes a stored message of them. */
import { usableLinks } from '../clicks/target.ts';
import type { FailureReason } from '../model/action.ts';
import { backlogOf, isBacklogOf } from '../model/backlog.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import {
  type Filter,
  type ListSummary,
  type LoadedMessage,
  type MessageKind,
  MOST_ROWS_OF_A_PAGE,
  type ProviderReport,
  type Tool,
} from '../model/message.ts';
import type { Link, Rep } from '../model/people.ts';
import { DEFAULT_WEIGHTS, type Weights } from '../model/ranking.ts';
import { snoozedUntil } from '../model/row-state.ts';
import { isDueAt, type Task } from '../model/task.ts';
import { localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Priority, TaskList } from '../ports/provider.ts';
import { countGroups, matches, rank } from './rank.ts';
import { sinceLast } from './since.ts';

type ListDeps = Pick<Ports, 'store' | 'providers' | 'calendar' | 'clock' | 'random' | 'log'> & {
  /** What is left out has its default. */
  ranking?: Partial<Weights>;
};

export interface Lists {
  /** Lists and filters tasks, and stores a message. The same request made meanwhile gets the same message, unless that is posted. */
  make(rep: Rep, request: ListRequest): Promise<LoadedMessage>;
  /** Lists again into an existing message. undefined: it is gone. */
  refresh(rep: Rep, messageId: string, priority: Priority): Promise<LoadedMessage | undefined>;
  /** Shows the page that begins with the row of this index. */
  turn(rep: Rep, message: LoadedMessage, start: number): Promise<void>;
  /** Shows all rows of a digest, those that say nothing new as well. */
  unfold(rep: Rep, message: LoadedMessage): Promise<void>;
  /**
   * Reads all accounts in parallel. A failure becomes a report beside the other tasks. Each account has one call at a
   * time, because a provider's rate limit counts for the whole company.
   */
  read(links: readonly Link[], priority: Priority): Promise<Listing>;
  /** In the order of the lists of this rep, as of `at`: the moment at which the groups are told apart. */
  rank(rep: Rep, tasks: readonly Task[], at: Instant): Promise<Task[]>;
}

export function createLists(deps: ListDeps): Lists {
  // Calls under way, which the same request made meanwhile shares.
  const readings = new Map<string, Promise<Reading>>();
  const messages = new Map<string, Promise<LoadedMessage>>();
  const read: Lists['read'] = async (links, priority) => {
    const asking = links.map((link) => {
      const { teamId, userId, provider, externalId } = link;
      const key = JSON.stringify([teamId, userId, provider, externalId, priority]);
      return joined(readings, key, () => listOne(deps, link, priority));
    });
    const answers = await Promise.all(asking);
    return {
      tasks: answers.flatMap((answer) => answer.tasks),
      reports: answers.flatMap((answer) => (answer.report ? [answer.report] : [])),
      at: Math.min(deps.clock(), ...answers.map((answer) => answer.at)),
    };
  };
  return {
    read,
    make(rep, request) {
      const make = async () => {
        const { summary, tasks } = await gather(deps, read, rep, request);
        const { teamId, userId } = rep;
        return deps.store.messages.create(
          { teamId, userId, kind: request.kind, summary, createdAt: deps.clock() },
          tasks,
        );
      };
      if (request.kind === 'digest' || request.posted) return make();
      return joined(messages, JSON.stringify([rep.teamId, rep.userId, rep.zone, request]), make);
    },
    async refresh(rep, messageId, priority) {
      const message = await deps.store.messages.load(messageId);
      if (!message) return undefined;
      const { filter, unfolded } = message.summary;
      const { summary, tasks } = await gather(deps, read, rep, { kind: message.kind, filter, priority });
      return deps.store.messages.replace(messageId, { ...summary, ...(unfolded && { unfolded }) }, tasks);
    },
    turn: (rep, message, start) => turn(deps, rep, message, start),
    async unfold(rep, message) {
      const unfolded = (summary: ListSummary) => ({ ...summary, unfolded: true });
      await deps.store.messages.revise(message.id, ({ summary }) => unfolded(summary));
      await turn(deps, rep, { ...message, summary: unfolded(message.summary) }, 0);
    },
    rank: (rep, tasks, at) => rankFor(deps, rep, tasks, at),
  };
}

interface Reading {
  tasks: Task[];
  report: ProviderReport | undefined;
  /** Start of the call: newer changes may be missing. */
  at: Instant;
}

interface Listing {
  tasks: Task[];
  reports: ProviderReport[];
  /** Start of the oldest call. */
  at: Instant;
}

/** For a list that a person waits for, rate-limit turns included. Digests have only the HTTP time-out. */
const LIST_TIMEOUT_MS = 15_000;

function joined<T>(underWay: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const reading = underWay.get(key) ?? read().finally(() => underWay.delete(key));
  underWay.set(key, reading);
  return reading;
}

async function listOne(deps: ListDeps, link: Link, priority: Priority): Promise<Reading> {
  const at = deps.clock();
  const provider = deps.providers.get(link.provider);
  if (!provider) return { tasks: [], report: undefined, at };
  const about = { provider: provider.id, name: provider.name, noun: provider.capabilities.noun };
  const signal = priority === 'digest' ? undefined : AbortSignal.timeout(LIST_TIMEOUT_MS);
  let answer: TaskList;
  try {
    answer = await provider.listTasks(link, signal ? { priority, signal } : { priority });
  } catch (error) {
    const kind = error instanceof ProviderError ? error.kind : 'unexpected';
    // The time-out is longer than one exchange, so the call was waiting for its turn.
    const reason: FailureReason = signal?.aborted ? 'rate_limited' : kind;
    const reference = newReference(deps);
    deps.log.warn({ err: error, reference, provider: provider.id, rep: link.userId }, 'could not list tasks');
    return { tasks: [], report: { ...about, state: 'failed', reason, lastListedAt: link.lastListedAt, reference }, at };
  }
  const tasks = answer.tasks.filter(isSound);
  const unreadable = answer.unreadable + answer.tasks.length - tasks.length;
  await deps.store.links.markListed(link, provider.id, deps.clock());
  return { tasks, report: { ...about, state: 'listed', tasks: tasks.length, unreadable }, at };
}

/** JavaScript dates end some centuries later. */
const LAST_INSTANT = 8e15;

/** An impossible date would throw when rows are rendered, and hide the other providers' rows. */
function isSound({ dueAt }: Task): boolean {
  return dueAt === undefined || Math.abs(dueAt) <= LAST_INSTANT;
}

export interface ListRequest {
  kind: MessageKind;
  filter: Filter;
  priority: Priority;
  /** A posted message has one place in Slack, so it cannot be shared. */
  posted?: boolean;
}

async function gather(
  deps: ListDeps,
  read: Lists['read'],
  rep: Rep,
  request: ListRequest,
): Promise<{ summary: ListSummary; tasks: Task[] }> {
  const now = deps.clock();
  const links = await usableLinks(deps, rep);
  const listed = await read(links, request.priority);
  const { tasks, reports, at } = listed;
  const ranked = await rankFor(deps, rep, tasks, at);
  const matching = await matchingOf(deps, rep, request.filter, ranked);
  const since = request.kind === 'digest' ? await sinceLast(deps, rep, links, listed) : undefined;
  const isBacklog = isBacklogOf({ since, fetchedAt: at }, rep.zone);
  const shown = matching.filter((task, index) => !isBacklog(task, index)).slice(0, MOST_ROWS_OF_A_PAGE);
  const described = await describeTasks(deps, links, shown, request.priority);
  const summary = {
    filter: request.filter,
    counts: countGroups(matching, now, rep.zone),
    reports,
    fetchedAt: at,
    localDate: localDate(now, rep.zone),
    newLinks: request.kind === 'digest' ? newLinksOf(deps, links) : undefined,
    // Home lists the accounts anyway.
    unconnected: request.kind === 'home' ? undefined : await unconnectedOf(deps, rep, links),
    since,
  } satisfies ListSummary;
  const byTask = new Map(shown.map((task, index) => [task, described[index] ?? task]));
  return { summary, tasks: matching.map((task) => byTask.get(task) ?? task) };
}

async function rankFor(deps: ListDeps, rep: Rep, tasks: readonly Task[], at: Instant): Promise<Task[]> {
  const schedule = await deps.store.schedules.find(rep);
  const holidays = await deps.calendar.holidaysOf(schedule?.country);
  const time = { now: at, zone: rep.zone, days: schedule?.days ?? [], holidays };
  return rank(tasks, time, { ...DEFAULT_WEIGHTS, ...deps.ranking });
}

async function matchingOf(
  { store, clock }: ListDeps,
  rep: Rep,
  filter: Filter,
  tasks: readonly Task[],
): Promise<Task[]> {
  const now = clock();
  const isSnoozed = filter.by === 'snoozed' || (filter.by === 'query' && filter.query.when?.is === 'snoozed');
  const matching = tasks.filter((task) => filter.by === 'snoozed' || matches(task, filter, now, rep.zone));
  if (!isSnoozed) return matching;
  const snoozes = new Map(
    (await store.ledger.snoozes(rep)).map((action) => [`${action.provider}:${action.taskId}`, action]),
  );
  return matching.filter((task) => {
    const until = snoozedUntil(snoozes.get(`${task.provider}:${task.id}`), now);
    return isDueAt(task, until);
  });
}

async function turn(deps: ListDeps, rep: Rep, { id, items, summary }: LoadedMessage, start: number): Promise<void> {
  const starts = [...(summary.starts ?? [0]).filter((earlier) => earlier < start), start];
  const hidden = backlogOf({ items, summary }, rep.zone);
  const shown = items.slice(start).filter(({ position }) => !hidden.has(position));
  const rows = shown.slice(0, MOST_ROWS_OF_A_PAGE);
  const links = await usableLinks(deps, rep);
  const tasks = await describeTasks(
    deps,
    links,
    rows.map(({ task }) => task),
    'person',
  );
  const described = rows.flatMap(({ position, task }, index) => {
    const now = tasks[index];
    return now && now !== task ? [{ position, task: now }] : [];
  });
  await deps.store.messages.turn(id, starts, described);
}

/** Only shown rows are worth another call to a provider with short lists (Reply.io). */
async function describeTasks(
  deps: ListDeps,
  links: readonly Link[],
  tasks: readonly Task[],
  priority: Priority,
): Promise<Task[]> {
  const described = new Map<string, Task>();
  const asking = links.map(async (link) => {
    const own = tasks.filter((task) => task.provider === link.provider);
    const answers =
      (own.length > 0 && (await deps.providers.get(link.provider)?.describe?.(link, own, { priority }))) || [];
    for (const task of answers) described.set(`${task.provider}:${task.id}`, task);
  });
  await Promise.all(asking);
  return tasks.map((task) => described.get(`${task.provider}:${task.id}`) ?? task);
}

/** Without declined tools. An ended connection is reported as a failure. */
async function unconnectedOf(deps: ListDeps, rep: RepKey, links: readonly Link[]): Promise<ListSummary['unconnected']> {
  const tools = await openTools(deps, rep);
  const missing = tools.filter(({ provider }) => !links.some((link) => link.provider === provider));
  return missing.length > 0 ? missing : undefined;
}

/** Tools where the rep can sign in, except those that they declined. */
export async function openTools(
  { store, providers }: Pick<Ports, 'store' | 'providers'>,
  rep: RepKey,
): Promise<Tool[]> {
  const tools = [...providers.values()].filter(({ consent }) => consent);
  if (tools.length === 0) return [];
  const declined = (await store.people.declined(rep.teamId)).filter(({ userId }) => userId === rep.userId);
  return tools
    .filter(({ id }) => !declined.some(({ provider }) => provider === id))
    .map(({ id, name }) => ({ provider: id, name }));
}

/** Links made by address that the rep was not told of yet. */
function newLinksOf(deps: ListDeps, links: readonly Link[]): NonNullable<ListSummary['newLinks']> | undefined {
  const untold = links.filter(({ origin, announcedAt }) => origin === 'address' && announcedAt === undefined);
  if (untold.length === 0) return undefined;
  return untold.map(({ provider, email }) => ({
    provider,
    name: deps.providers.get(provider)?.name ?? provider,
    email,
  }));
}
