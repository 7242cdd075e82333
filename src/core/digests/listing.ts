/** Asks every linked provider for a rep's tasks and makes a stored message of the answer. */
import { usableLinks } from '../clicks/target.ts';
import type { FailureReason } from '../model/action.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Filter, ListSummary, LoadedMessage, MessageKind, ProviderReport, Tool } from '../model/message.ts';
import type { Link, Rep } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import { localDate } from '../model/time.ts';
import type { Priority, TaskList, TaskProvider } from '../ports/provider.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { compareRank, countGroups, matches, rank } from './rank.ts';

export interface ListDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  /** How many of these tasks fit into one message of this kind, from the first on. At least one if there is one. */
  rowsThatFit(list: ListToFit, rep: Rep): number;
  clock: Clock;
  random: () => number;
  log: Log;
}

type ListToFit = { kind: MessageKind; tasks: readonly Task[] } & Pick<
  ListSummary,
  'reports' | 'newLinks' | 'unconnected'
>;

export interface Lists {
  /**
   * Lists, filters, takes as many rows as one message holds, and stores the message. A rep who asks for just the same
   * meanwhile is shown the same message, unless that is posted.
   */
  make(rep: Rep, request: ListRequest): Promise<LoadedMessage>;
  /** Asks again and puts the answer into a message that is already on someone's screen. undefined: it is gone. */
  refresh(rep: Rep, messageId: string, priority: Priority): Promise<LoadedMessage | undefined>;
  /**
   * The tasks of every linked account, asked side by side. A provider's failure is kept beside the others' tasks, never
   * thrown. Of one rep's account there is one reading at a time, however often they ask: a provider lets a whole company ask
   * only so often.
   */
  read(links: readonly Link[], priority: Priority): Promise<Listing>;
}

export function createLists(deps: ListDeps): Lists {
  // What is being read and made just now, so that a rep who asks again meanwhile shares it.
  const readings = new Map<string, Promise<Reading>>();
  const messages = new Map<string, Promise<LoadedMessage>>();
  const read: Lists['read'] = (links, priority) =>
    listTasks(deps, links, (link) => {
      const { teamId, userId, provider, externalId } = link;
      const key = JSON.stringify([teamId, userId, provider, externalId, priority]);
      return joined(readings, key, () => listOne(deps, link, priority));
    });
  return {
    read,
    make(rep, request) {
      const make = () => makeList(deps, read, rep, request);
      if (request.kind === 'digest' || request.posted) return make();
      return joined(messages, JSON.stringify([rep.teamId, rep.userId, rep.zone, request]), make);
    },
    async refresh(rep, messageId, priority) {
      const message = await deps.store.messages.load(messageId);
      if (!message) return undefined;
      const { filter, after } = message.summary;
      const { summary, shown } = await gather(deps, read, rep, { kind: message.kind, filter, after, priority });
      return deps.store.messages.replace(messageId, summary, shown);
    },
  };
}

interface Reading {
  tasks: Task[];
  report: ProviderReport | undefined;
  /** When it began: what happened since may be missing from it. */
  at: Instant;
}

interface Listing {
  /** Ranked. */
  tasks: Task[];
  reports: ProviderReport[];
  /** When the oldest of the readings began. */
  at: Instant;
}

/**
 * How long someone who waits for a list waits for a provider, in milliseconds, turns behind other calls included. A
 * digest waits its turn: each exchange has a time limit of its own (`src/providers/http.ts`), and nobody is looking.
 */
const PATIENCE = 15_000;

async function listTasks(
  { clock }: ListDeps,
  links: readonly Link[],
  readOne: (link: Link) => Promise<Reading>,
): Promise<Listing> {
  const answers = await Promise.all(links.map(readOne));
  return {
    tasks: rank(answers.flatMap((answer) => answer.tasks)),
    reports: answers.flatMap((answer) => (answer.report ? [answer.report] : [])),
    at: Math.min(clock(), ...answers.map((answer) => answer.at)),
  };
}

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
  const signal = priority === 'digest' ? undefined : AbortSignal.timeout(PATIENCE);
  let answer: TaskList;
  try {
    answer = await provider.listTasks(link, signal ? { priority, signal } : { priority });
  } catch (error) {
    const kind = error instanceof ProviderError ? error.kind : 'unexpected';
    // Our patience is longer than an exchange may take, so when it ends the call was still waiting for its turn.
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

/** The calendar ends some centuries after this, on either side. */
const LAST_INSTANT = 8e15;

/** A time that no calendar has would throw where rows are made, and so cost the other providers' rows too. */
function isSound({ dueAt }: Task): boolean {
  return dueAt === undefined || Math.abs(dueAt) <= LAST_INSTANT;
}

export interface ListRequest {
  kind: MessageKind;
  filter: Filter;
  /**
   * Paging: only what ranks after this task. A place in the order, not a number of rows: tasks that were done since would
   * make a number pass over others that nobody has seen.
   */
  after: Task | undefined;
  priority: Priority;
  /** It will be posted, so no other answer can be the same message: a message has one place. */
  posted?: boolean;
}

async function makeList(deps: ListDeps, read: Lists['read'], rep: Rep, request: ListRequest): Promise<LoadedMessage> {
  const { summary, shown } = await gather(deps, read, rep, request);
  return deps.store.messages.create(
    { teamId: rep.teamId, userId: rep.userId, kind: request.kind, summary, createdAt: deps.clock() },
    shown,
  );
}

async function gather(
  deps: ListDeps,
  read: Lists['read'],
  rep: Rep,
  request: ListRequest,
): Promise<{ summary: ListSummary; shown: Task[] }> {
  const now = deps.clock();
  const links = await usableLinks(deps, rep);
  const { tasks, reports, at } = await read(links, request.priority);
  const matching = tasks.filter((task) => matches(task, request.filter, now, rep.zone));
  const { after } = request;
  const next = after ? matching.findIndex((task) => compareRank(task, after) > 0) : 0;
  // A page that emptied since it was asked for falls back to the first one instead of showing nothing.
  const offset = Math.max(next, 0);
  const rest = matching.slice(offset);
  const newLinks = request.kind === 'digest' ? newLinksOf(deps, links) : undefined;
  // Home has the accounts below its list, and a later page would say it again.
  const isTold = request.kind !== 'home' && request.after === undefined;
  const unconnected = isTold ? await unconnectedOf(deps, rep, links) : undefined;
  const thatFit = (some: readonly Task[]) =>
    some.slice(0, deps.rowsThatFit({ kind: request.kind, tasks: some, reports, newLinks, unconnected }, rep));
  // What is read about the rows that are shown makes them longer.
  const shown = thatFit(await describeTasks(deps, links, thatFit(rest), request.priority));
  const summary = {
    filter: request.filter,
    counts: countGroups(matching, now, rep.zone),
    after: offset === 0 ? undefined : after,
    offset,
    remaining: rest.length - shown.length,
    reports,
    fetchedAt: at,
    localDate: localDate(now, rep.zone),
    newLinks,
    unconnected,
  } satisfies ListSummary;
  return { summary, shown };
}

/** Only rows that are shown are worth another question to a provider whose list says little (Reply.io). */
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

/** One that the rep chose to leave is not named. A connection that has ended is a failure of its own. */
async function unconnectedOf(
  deps: Pick<ListDeps, 'store' | 'providers'>,
  rep: RepKey,
  links: readonly Link[],
): Promise<ListSummary['unconnected']> {
  const tools = await openTools(deps, rep);
  const missing = tools.filter(({ provider }) => !links.some((link) => link.provider === provider));
  return missing.length > 0 ? missing : undefined;
}

/** Where the rep can sign in for themselves, without those that they chose to leave. */
export async function openTools(
  { store, providers }: Pick<ListDeps, 'store' | 'providers'>,
  rep: RepKey,
): Promise<Tool[]> {
  const tools = [...providers.values()].filter(({ consent }) => consent);
  if (tools.length === 0) return [];
  const declined = (await store.people.declined(rep.teamId)).filter(({ userId }) => userId === rep.userId);
  return tools
    .filter(({ id }) => !declined.some(({ provider }) => provider === id))
    .map(({ id, name }) => ({ provider: id, name }));
}

/** Made by address, without the rep's doing, and not told yet. */
function newLinksOf(deps: ListDeps, links: readonly Link[]): NonNullable<ListSummary['newLinks']> | undefined {
  const untold = links.filter(({ origin, announcedAt }) => origin === 'address' && announcedAt === undefined);
  if (untold.length === 0) return undefined;
  return untold.map(({ provider, email }) => ({
    provider,
    name: deps.providers.get(provider)?.name ?? provider,
    email,
  }));
}
