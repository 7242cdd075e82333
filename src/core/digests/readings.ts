/** Reads reps' open tasks at the tools. What was read for a list counts for the next one as well, for a short time. */
import type { FailureReason } from '../model/action.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { ProviderReport } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import type { Ports } from '../ports/ports.ts';
import type { HookEvent, Priority, TaskList } from '../ports/provider.ts';
import { createKept, type Reading } from './kept.ts';

type ReadingDeps = Pick<Ports, 'store' | 'providers' | 'clock' | 'random' | 'log'>;

export interface Readings {
  /**
   * Reads all accounts in parallel. A failure becomes a report beside the other tasks. Each account has one call at a
   * time, because a provider's rate limit counts for the whole company.
   */
  read(links: readonly Link[], priority: Priority): Promise<Listing>;
  /** For a list that the rep looks at: an answer that was kept counts, unless they have done something since. */
  recent(rep: RepKey, links: readonly Link[]): Promise<Listing>;
  /** Something else was done for the rep there: what was read before does not show it. */
  forget(at: RepKey & { provider: ProviderId }): void;
  /** Their tool told of a task. */
  forgetTask(provider: ProviderId, event: Pick<HookEvent, 'taskId' | 'owner'>): void;
}

interface Listing {
  tasks: Task[];
  reports: ProviderReport[];
  /** Start of the oldest call. */
  at: Instant;
}

export function createReadings(deps: ReadingDeps): Readings {
  const underWay = new Map<string, Promise<Reading>>();
  const kept = createKept(deps);

  /** Calls that the same request made meanwhile shares. */
  function ask(link: Link, priority: Priority): Promise<Reading> {
    const { teamId, userId, provider, externalId } = link;
    const key = JSON.stringify([teamId, userId, provider, externalId, priority]);
    return joined(underWay, key, () =>
      priority === 'person' ? kept.reading(link, () => listOne(deps, link, priority)) : listOne(deps, link, priority),
    );
  }

  function listing(answers: readonly Reading[]): Listing {
    return {
      tasks: answers.flatMap((answer) => answer.tasks),
      reports: answers.flatMap((answer) => (answer.report ? [answer.report] : [])),
      at: Math.min(deps.clock(), ...answers.map((answer) => answer.at)),
    };
  }

  return {
    read: async (links, priority) => listing(await Promise.all(links.map((link) => ask(link, priority)))),
    async recent(rep, links) {
      const known = await kept.of(rep, links);
      return listing(await Promise.all(links.map((link) => known.get(link) ?? ask(link, 'person'))));
    },
    forget: kept.forget,
    forgetTask: kept.forgetTask,
  };
}

export function joined<T>(underWay: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const reading = underWay.get(key) ?? read().finally(() => underWay.delete(key));
  underWay.set(key, reading);
  return reading;
}

/** For a list that a person waits for, rate-limit turns included. Digests have only the HTTP time-out. */
const LIST_TIMEOUT_MS = 15_000;

async function listOne(deps: ReadingDeps, link: Link, priority: Priority): Promise<Reading> {
  const at = deps.clock();
  const provider = deps.providers.get(link.provider);
  if (!provider) return { tasks: [], report: undefined, at };
  const about = { provider: provider.id, name: provider.name, noun: provider.capabilities.noun };
  const isWaitedFor = priority !== 'digest' && priority !== 'spare';
  const signal = isWaitedFor ? AbortSignal.timeout(LIST_TIMEOUT_MS) : undefined;
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
