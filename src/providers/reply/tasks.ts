/** Reading tasks: all that are open, one, and what the list does not say. */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { Account } from '../../core/model/people.ts';
import type { Task } from '../../core/model/task.ts';
import type { CallOptions, TaskProvider } from '../../core/ports/provider.ts';
import { createPace, type PaceOptions } from '../pace.ts';
import { isId } from '../wire.ts';
import type { Asker, ReplyClient } from './client.ts';
import { formOf } from './dialect.ts';
import { toDetailedTask, toTaskList } from './mapping.ts';
import { readOpenElements } from './pages.ts';
import { codeOf, isBareProblem, isOf, SingleTask, stateOf } from './wire.ts';

/** For all the details of one list. A list that waits for them is worth more than they are. */
const DETAILS_MS = 4_000;
/** Of the turns that are not clicks', so that on a busy morning lists go ahead of decoration. */
const DETAILS = { calls: 40, windowMs: 60_000, concurrency: 4 };
/** A step's name and a template hardly ever change, so a list that comes again soon costs no details. */
const KEEP_DETAILS_MS = 60 * 60_000;

type Tasks = Required<Pick<TaskProvider, 'listTasks' | 'describe' | 'readTask'>>;

type Timing = Pick<PaceOptions, 'clock' | 'isPaced'>;

export function createTasks(client: ReplyClient, timing: Timing): Tasks {
  const names = createMemory<string>();

  return {
    async listTasks(account, options) {
      const elements = await readOpenElements(client.as(account.email, options), account.externalId);
      return toTaskList(elements, account, names.keep);
    },
    async readTask(account, taskId, options) {
      const single = await findRendered(client.as(account.email, options), taskId);
      if (!single || !isOf(single, account.externalId)) return undefined;
      switch (stateOf(single)) {
        case 'new':
          // A single read names the contact by id only (reply.md 3): its name is known from the last list that had it.
          return toDetailedTask(single, single.contactId ? names.find(single.contactId) : undefined);
        case 'finished':
          return { doneAt: single.finishedAt?.epochMilliseconds };
        case 'closed':
          return undefined;
        case 'unknown':
          // It is not known to be gone.
          throw unreadable('GET /v3/tasks/{id}', 'an unknown status');
      }
    },
    describe: createDescribe(client, timing),
  };
}

function createDescribe(client: ReplyClient, { clock, isPaced }: Timing): Tasks['describe'] {
  const details = createMemory<{ at: Instant; task: Task }>();
  const pace = createPace({ ...DETAILS, clock, isPaced });

  return (account, tasks, options) => {
    const limit = AbortSignal.timeout(DETAILS_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    // Decoration: behind whoever waits for a list.
    const patient = { signal, priority: 'digest' } satisfies CallOptions;
    const asker = client.as(account.email, patient);

    async function describeOne(task: Task): Promise<Task> {
      // One rep's data is never shown to another rep.
      const key = `${account.externalId}:${task.id}`;
      const known = details.find(key);
      if (known && clock() - known.at < KEEP_DETAILS_MS) return { ...known.task, dueAt: task.dueAt };
      const found = await pace.run(() => detailed(asker, account, task), patient).catch(() => undefined);
      if (found) details.keep(key, { at: clock(), task: found });
      return found ?? task;
    }
    return Promise.all(tasks.map(describeOne));
  };
}

/**
 * The task as Reply holds it; undefined when it is not there, or is not for this rep to see: Reply says the same of both
 * (reply.md 4).
 */
export async function findTask(
  asker: Asker,
  taskId: string,
  more: 'rendered' | 'plain' = 'plain',
): Promise<SingleTask | undefined> {
  const plain = { ...taskRequest('GET', taskId), schema: SingleTask } as const;
  const request = more === 'plain' ? plain : { ...plain, path: `${plain.path}?includeContent=true` };
  try {
    const task = await asker.call(request);
    if (task.status !== undefined && task.status !== null) asker.dialect.enums.hint(formOf(task.status));
    return task;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** The parts of a request for one task. */
export function taskRequest<Method extends string>(method: Method, taskId: string, action = '') {
  const template = `/tasks/{id}${action}`;
  if (!isId(taskId)) throw refusal(`${method} /v3${template}`, 'not a Reply task id');
  return { method, path: `/tasks/${taskId}${action}`, template, kindOf: taskKind };
}

/** A change that cannot be asked of Reply. */
export function refusal(operation: string, reason: string): ProviderError {
  return new ProviderError({ provider: 'reply', kind: 'invalid', operation, cause: new Error(reason) });
}

/** The task API may be "coming soon" for this account (contracts, conflict 3): then the route is missing, not the task. */
function taskKind(status: number, body: unknown): ProviderErrorKind | undefined {
  // The documents name no status of it. It is about the template alone.
  if (codeOf(body) === 'task.renderError') return 'invalid';
  return status === 501 || (status === 404 && isBareProblem(body)) ? 'not_enabled' : undefined;
}

function unreadable(operation: string, reason: string): ProviderError {
  return new ProviderError({ provider: 'reply', kind: 'unreadable', operation, cause: new Error(reason) });
}

/**
 * When and whether it is due was said by the list; a task that is gone by now is left for a click to find out. undefined:
 * not read.
 */
async function detailed(asker: Asker, account: Account, task: Task): Promise<Task | undefined> {
  const single = await findRendered(asker, task.id);
  if (!single || !isOf(single, account.externalId) || stateOf(single) !== 'new') return undefined;
  return { ...toDetailedTask(single, task.contact?.name), dueAt: task.dueAt };
}

/** With the variables of its template filled in, or without where Reply cannot do that (reply.md 5, renderError). A 422 is about a field. */
async function findRendered(asker: Asker, taskId: string): Promise<SingleTask | undefined> {
  try {
    return await findTask(asker, taskId, 'rendered');
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'invalid' || error.status === 422) throw error;
    return findTask(asker, taskId);
  }
}

const MOST_KEPT = 5_000;

/** The cache of recent reads: names of contacts, details of tasks. */
interface Memory<T> {
  keep(key: string, value: T): void;
  find(key: string): T | undefined;
}

/** Forgets what was kept the longest time ago. */
function createMemory<T>(): Memory<T> {
  const kept = new Map<string, T>();
  return {
    keep(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    },
    find: (key) => kept.get(key),
  };
}
