/** Asks every linked provider for a rep's tasks and makes a stored message of the answer. */
import { ProviderError } from './errors.ts';
import type { Clock, Priority, Screen, Store, TaskProvider } from './ports.ts';
import { localDate } from './time.ts';
import { countGroups, matches, rank } from './triage.ts';
import type {
  FailureReason,
  Filter,
  Link,
  ListSummary,
  MessageKind,
  ProviderId,
  ProviderReport,
  Rep,
  Task,
} from './types.ts';

export interface ListingDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  screen: Screen;
  clock: Clock;
}

export interface Listing {
  /** Ranked. */
  tasks: Task[];
  reports: ProviderReport[];
}

/** How long a provider may take before the list goes on without it, in milliseconds. */
const PATIENCE: Record<Priority, number> = { click: 10_000, person: 15_000, digest: 45_000 };

/** Every linked account, side by side. A provider's failure is kept beside the others' tasks, never thrown. */
export async function listTasks(deps: ListingDeps, links: readonly Link[], priority: Priority): Promise<Listing> {
  const answers = await Promise.all(links.map((link) => listOne(deps, link, priority)));
  return {
    tasks: rank(answers.flatMap((answer) => answer.tasks)),
    reports: answers.flatMap((answer) => (answer.report ? [answer.report] : [])),
  };
}

async function listOne(
  deps: ListingDeps,
  link: Link,
  priority: Priority,
): Promise<{ tasks: Task[]; report: ProviderReport | undefined }> {
  const provider = deps.providers.get(link.provider);
  if (!provider) return { tasks: [], report: undefined };
  const about = { provider: provider.id, name: provider.name, noun: provider.capabilities.noun };
  try {
    const { tasks, unreadable } = await provider.listTasks(link.externalId, {
      priority,
      signal: AbortSignal.timeout(PATIENCE[priority]),
    });
    await deps.store.links.markListed(link, provider.id, deps.clock());
    return { tasks, report: { ...about, state: 'listed', tasks: tasks.length, unreadable } };
  } catch (error) {
    const reason: FailureReason = error instanceof ProviderError ? error.kind : 'unexpected';
    const reference = error instanceof ProviderError ? error.reference : undefined;
    return { tasks: [], report: { ...about, state: 'failed', reason, lastListedAt: link.lastListedAt, reference } };
  }
}

export interface ListRequest {
  kind: MessageKind;
  filter: Filter;
  /** How many matching tasks to pass over (paging). */
  offset: number;
  priority: Priority;
}

/** Lists, filters, takes as many rows as one message holds, and stores the message. Returns its id. */
export async function makeList(deps: ListingDeps, rep: Rep, request: ListRequest): Promise<string> {
  const { summary, shown } = await gather(deps, rep, request);
  return deps.store.messages.create(
    { teamId: rep.teamId, userId: rep.userId, kind: request.kind, summary, createdAt: deps.clock() },
    shown,
  );
}

/** Asks again and puts the answer into a message that is already on someone's screen. */
export async function refreshList(deps: ListingDeps, rep: Rep, messageId: string): Promise<boolean> {
  const message = await deps.store.messages.load(messageId);
  if (!message) return false;
  const { filter, offset } = message.summary;
  const { summary, shown } = await gather(deps, rep, { kind: message.kind, filter, offset, priority: 'person' });
  await deps.store.messages.replace(messageId, summary, shown);
  return true;
}

async function gather(
  deps: ListingDeps,
  rep: Rep,
  request: ListRequest,
): Promise<{ summary: ListSummary; shown: Task[] }> {
  const links = await deps.store.links.of(rep);
  const { tasks, reports } = await listTasks(deps, links, request.priority);
  const now = deps.clock();
  const matching = tasks.filter((task) => matches(task, request.filter, now, rep.zone));
  // A page that emptied since it was asked for falls back to the first one instead of showing nothing.
  const offset = request.offset < matching.length ? request.offset : 0;
  const rest = matching.slice(offset);
  const shown = rest.slice(0, deps.screen.rowsThatFit({ kind: request.kind, tasks: rest, reports }, rep));
  const summary = {
    filter: request.filter,
    counts: countGroups(matching, now, rep.zone),
    offset,
    remaining: rest.length - shown.length,
    reports,
    fetchedAt: now,
    localDate: localDate(now, rep.zone),
  } satisfies ListSummary;
  return { summary, shown };
}
