/** Lists a rep's tasks at every linked provider, and makes a stored message of them. */
import { usableLinks } from '../clicks/target.ts';
import { backlogOf, isBacklogOf } from '../model/backlog.ts';
import { queryOf } from '../model/filter.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import {
  type Filter,
  type ListSummary,
  type LoadedMessage,
  type MessageKind,
  MOST_ROWS_OF_A_PAGE,
  type Tool,
} from '../model/message.ts';
import type { Link, Recipient, Rep } from '../model/people.ts';
import type { Query } from '../model/query.ts';
import { DEFAULT_WEIGHTS, type Weights } from '../model/ranking.ts';
import { snoozedUntil } from '../model/row-state.ts';
import { isDueAt, type Task } from '../model/task.ts';
import { localDay } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Priority } from '../ports/provider.ts';
import { type Known, knownOf, weekOf } from './known.ts';
import { matcher, sorted } from './query.ts';
import { countGroups, rank } from './rank.ts';
import { createReadings, joined, type Readings } from './readings.ts';
import { sinceLast } from './since.ts';

type ListDeps = Pick<Ports, 'store' | 'providers' | 'calendar' | 'clock' | 'random' | 'log'> & {
  /** A person's list was read at the tools. */
  noteRead?(rep: RepKey): void;
  /** What is left out has its default. */
  ranking?: Partial<Weights>;
};

export interface Lists extends Pick<Readings, 'read' | 'recent' | 'forget' | 'forgetTask'> {
  /**
   * Lists and filters tasks, and stores a message. The same request made meanwhile gets the same message, unless that is posted.
   * `known`: what is known of the rep already.
   */
  make(rep: Rep, request: ListRequest, known?: Known): Promise<LoadedMessage>;
  /** Asks the tools again, into an existing message. undefined: it is gone. */
  refresh(rep: Rep, messageId: string, priority: Priority): Promise<LoadedMessage | undefined>;
  /** Makes an existing message a list of this query. undefined: it is gone. */
  ask(rep: Rep, message: LoadedMessage, query: Query): Promise<LoadedMessage | undefined>;
  /** Shows the page that begins with the row of this index. */
  turn(rep: Rep, message: LoadedMessage, start: number): Promise<void>;
  /** Shows all rows of a digest, those that say nothing new as well. */
  unfold(rep: Rep, message: LoadedMessage): Promise<void>;
  /** In the order of the lists of this rep, as of `at`: the moment at which the groups are told apart. */
  rank(of: Pick<Recipient, 'rep' | 'schedule'>, tasks: readonly Task[], at: Instant): Promise<Task[]>;
}

export function createLists(deps: ListDeps): Lists {
  const readings = createReadings(deps);
  // Under way: the same request made meanwhile shares it.
  const messages = new Map<string, Promise<LoadedMessage>>();
  return {
    read: readings.read,
    recent: readings.recent,
    forget: readings.forget,
    forgetTask: readings.forgetTask,
    make(rep, request, known) {
      const make = async () => {
        const { summary, tasks } = await gather(deps, readings, known ?? (await knownOf(deps, rep)), request);
        const { teamId, userId } = rep;
        const { kind, ahead } = request;
        const place = ahead ? { createdAt: ahead.dueAt, aheadOf: summary.localDate } : { createdAt: deps.clock() };
        return deps.store.messages.create({ teamId, userId, kind, summary, ...place }, tasks);
      };
      if (request.kind === 'digest' || request.posted) return make();
      return joined(messages, JSON.stringify([rep.teamId, rep.userId, rep.zone, request]), make);
    },
    async refresh(rep, messageId, priority) {
      const message = await deps.store.messages.load(messageId);
      if (!message) return undefined;
      const { filter, unfolded } = message.summary;
      const request = { kind: message.kind, filter, priority, anew: true };
      const { summary, tasks } = await gather(deps, readings, await knownOf(deps, rep), request);
      return deps.store.messages.replace(messageId, { ...summary, ...(unfolded && { unfolded }) }, tasks);
    },
    async ask(rep, { id, kind }, query) {
      const request = { kind, filter: { by: 'query', query }, priority: 'person' } as const;
      const { summary, tasks } = await gather(deps, readings, await knownOf(deps, rep), request);
      return deps.store.messages.replace(id, summary, tasks);
    },
    turn: (rep, message, start) => turn(deps, rep, message, start),
    async unfold(rep, message) {
      const unfolded = (summary: ListSummary) => ({ ...summary, unfolded: true });
      await deps.store.messages.revise(message.id, ({ summary }) => unfolded(summary));
      await turn(deps, rep, { ...message, summary: unfolded(message.summary) }, 0);
    },
    rank: (of, tasks, at) => rankFor(deps, of, tasks, at),
  };
}

export interface ListRequest {
  kind: MessageKind;
  filter: Filter;
  priority: Priority;
  /** A posted message has one place in Slack, so it cannot be shared. */
  posted?: boolean;
  /** Whatever was read a moment ago. */
  anew?: boolean;
  /** Of a digest that is listed ahead: it reads as of then. */
  ahead?: { dueAt: Instant };
}

async function gather(
  deps: ListDeps,
  readings: Readings,
  known: Known,
  request: ListRequest,
): Promise<{ summary: ListSummary; tasks: Task[] }> {
  const { rep, links } = known;
  const { kind, filter, priority, ahead } = request;
  const now = ahead?.dueAt ?? deps.clock();
  const isAsked = toolsOf(filter);
  const asked = links.filter(isAsked);
  const isAnew = kind === 'digest' || priority !== 'person' || request.anew;
  const listed = isAnew ? await readings.read(asked, priority) : await readings.recent(rep, asked);
  const { tasks, reports, at } = listed;
  const isRead = at >= now && reports.every(({ state }) => state === 'listed');
  if (priority === 'person' && isRead) deps.noteRead?.(rep);
  const asOf = ahead ? now : at;
  const ranked = await rankFor(deps, known, tasks, asOf);
  const matching = await matchingOf(deps, rep, filter, ranked);
  const since = kind === 'digest' ? await sinceLast(deps, known, { ...listed, now: asOf }) : undefined;
  const isBacklog = isBacklogOf({ since, fetchedAt: asOf }, rep.zone);
  const shown = matching.filter((task, index) => !isBacklog(task, index)).slice(0, MOST_ROWS_OF_A_PAGE);
  const describing = describeTasks(deps, links, shown, priority);
  const described = priority === 'person' ? await inTime(describing, shown) : await describing;
  const summary = {
    filter,
    counts: countGroups(matching, now, rep.zone),
    reports,
    fetchedAt: at,
    ...(ahead && { asOf }),
    ...(!ahead && now > at && { keptFor: now - at }),
    localDate: localDay(now, rep.zone).date,
    newLinks: kind === 'digest' ? newLinksOf(deps, links) : undefined,
    // Home lists the accounts anyway.
    unconnected: kind === 'home' ? undefined : await unconnectedOf(deps, rep, links, isAsked),
    since,
  } satisfies ListSummary;
  const byTask = new Map(shown.map((task, index) => [task, described[index] ?? task]));
  return { summary, tasks: matching.map((task) => byTask.get(task) ?? task) };
}

/** A tool that nobody asked for costs no call, and its trouble is none of this list. */
function toolsOf(filter: Filter): (at: { provider: ProviderId }) => boolean {
  const { tools } = queryOf(filter) ?? {};
  return ({ provider }) => tools === undefined || tools.includes(provider);
}

async function rankFor(
  deps: ListDeps,
  of: Pick<Recipient, 'rep' | 'schedule'>,
  tasks: readonly Task[],
  at: Instant,
): Promise<Task[]> {
  return rank(tasks, await weekOf(deps, of, at), { ...DEFAULT_WEIGHTS, ...deps.ranking });
}

async function matchingOf(deps: ListDeps, rep: Rep, filter: Filter, tasks: readonly Task[]): Promise<readonly Task[]> {
  const query = queryOf(filter);
  if (!query) return tasks.filter((task) => isAmong(task, filter));
  const now = deps.clock();
  const isSnoozed = query.when?.is === 'snoozed' ? await snoozedOf(deps, rep, now) : () => false;
  return sorted(tasks.filter(matcher(query, { now, zone: rep.zone }, isSnoozed)), query.sort);
}

function isAmong({ provider, id }: Task, filter: Filter): boolean {
  return 'tasks' in filter && filter.tasks.some((one) => one.provider === provider && one.id === id);
}

async function snoozedOf({ store }: ListDeps, rep: Rep, now: Instant): Promise<(task: Task) => boolean> {
  const snoozes = await store.ledger.snoozes(rep);
  const until = new Map(snoozes.map((action) => [`${action.provider}:${action.taskId}`, snoozedUntil(action, now)]));
  return (task) => isDueAt(task, until.get(`${task.provider}:${task.id}`));
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

/** Details are worth less than a list that is there at once. They go on coming, so that the next list has them. */
const WAIT_FOR_DETAILS_MS = 350;

function inTime(describing: Promise<Task[]>, tasks: readonly Task[]): Promise<readonly Task[]> {
  const late = Promise.withResolvers<readonly Task[]>();
  AbortSignal.timeout(WAIT_FOR_DETAILS_MS).addEventListener('abort', () => late.resolve(tasks));
  return Promise.race([describing, late.promise]);
}

/** Without declined tools. An ended connection is reported as a failure. */
async function unconnectedOf(
  deps: ListDeps,
  rep: RepKey,
  links: readonly Link[],
  isAsked: (tool: Tool) => boolean,
): Promise<ListSummary['unconnected']> {
  const tools = (await openTools(deps, rep)).filter(isAsked);
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
