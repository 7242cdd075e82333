/**
 * Gong Engage (contracts section 1). One credential reads and changes the tasks of a whole company, so the user id in
 * each request is the only thing that keeps reps apart: it comes from a link, never from a button.
 */

import type { Capabilities, TaskCapabilities } from '../../core/model/capabilities.ts';
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { CallOptions, Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { inTurns } from '../shared.ts';
import { isKept, toIso, toSecond } from '../times.ts';
import { isId } from '../wire.ts';
import { type CallGong, createGongClient, type GongSettings } from './client.ts';
import { createDirectory } from './directory.ts';
import { type GongList, mergeLists, toTaskList } from './tasks.ts';
import { ChangedTask, TasksAnswer } from './wire.ts';

/** Gong's change carries absolute values and may set a task to OPEN again (contracts 1.3). */
const EVERY_TASK: TaskCapabilities = {
  verbs: {
    done: { reversible: true, repeatable: true },
    dismiss: { reversible: true, repeatable: true },
    snooze: { reversible: true, repeatable: true },
    reschedule: { reversible: true, repeatable: true },
  },
};
const CAPABILITIES: Capabilities = { noun: 'call tasks', of: () => EVERY_TASK };

/** The row of the registry. */
export const gongModule = {
  name: 'Gong',
  required: ['GONG_ACCESS_KEY', 'GONG_ACCESS_KEY_SECRET'],
  optional: { GONG_API_URL: 'https://api.gong.io' },
  create(
    env: Record<'GONG_ACCESS_KEY' | 'GONG_ACCESS_KEY_SECRET' | 'GONG_API_URL', string>,
    deps: Pick<GongSettings, 'clock' | 'circuit' | 'timeoutMs'>,
  ): TaskProvider {
    return createGong({
      accessKey: env.GONG_ACCESS_KEY,
      accessKeySecret: env.GONG_ACCESS_KEY_SECRET,
      apiUrl: env.GONG_API_URL,
      ...deps,
    });
  },
} as const;

export function createGong(settings: GongSettings): TaskProvider {
  const call = createGongClient(settings);
  const listTasks: TaskProvider['listTasks'] = async ({ externalId }, options) => {
    const { tasks, unreadable } = await list(call, externalId, options);
    return { tasks, unreadable };
  };

  return {
    id: 'gong',
    name: 'Gong',
    capabilities: CAPABILITIES,
    listTasks,
    readTask: createReader(call),
    async perform({ externalId }, task, wanted, options) {
      if ('dueAt' in wanted) return change(call, externalId, task.id, { dueAt: toSecond(wanted.dueAt) }, options);
      if (wanted.verb !== 'done' && wanted.verb !== 'dismiss') throw refusal(`Gong has no ${wanted.verb}`);
      const status = wanted.verb === 'done' ? 'DONE' : 'DISMISSED';
      return change(call, externalId, task.id, { status }, options);
    },
    async undo({ externalId }, before, verb, options) {
      if (verb === 'done' || verb === 'dismiss') {
        return change(call, externalId, before.id, { status: 'OPEN' }, options);
      }
      if (before.dueAt === undefined) throw refusal('no earlier due date to go back to');
      return change(call, externalId, before.id, { dueAt: before.dueAt }, options);
    },
    ...createDirectory(call, settings.clock),
  };
}

/**
 * Gong reads no task by its id (contracts 1.3), so one is looked for among all. A rep who works through a list clicks
 * faster than Gong lets us ask: whoever asks while a reading of the same user still waits for its turn shares it, for it
 * will be no older than the asking. So n quick clicks cost n changes and few readings, not n of each.
 */
function createReader(call: CallGong): TaskProvider['readTask'] {
  const waiting = new Map<string, Promise<GongList>>();

  function read(key: string, externalId: string, options: CallOptions): Promise<GongList> {
    let isOver = false;
    let reading: Promise<GongList> | undefined;
    const over = () => {
      isOver = true;
      if (waiting.get(key) === reading) waiting.delete(key);
    };
    reading = list(call, externalId, options, over);
    // Its turn may have come at once. And only what nobody can abort for the others is shared.
    if (!isOver && !options.signal) waiting.set(key, reading);
    // It may be refused before its turn comes.
    reading.catch(over);
    return reading;
  }

  return async ({ externalId }, taskId, options) => {
    // What was just pressed is tried even while Gong is away, so it does not share the fate of what is not.
    const key = `${options.fresh === true}:${externalId}`;
    const { tasks, broken } = await (waiting.get(key) ?? read(key, externalId, options));
    const found = tasks.find(({ id }) => id === taskId);
    // It may be the one that could not be read: then it is not known to be gone.
    if (found || !broken.some((id) => id === undefined || id === taskId)) return found;
    const cause = new Error('the task could not be read');
    throw new ProviderError({ provider: 'gong', kind: 'unreadable', operation: 'POST /v2/tasks', cause });
  };
}

/** Gong does not page, so a list may be of thousands. */
const TASKS_AT_ONCE = 200;

/** Only what the documents allow: call tasks that are open. Gong does not page this (contracts 1.2). */
async function list(
  call: CallGong,
  externalId: string,
  options: CallOptions,
  onStart: () => void = () => {},
): Promise<GongList> {
  const filter = { userId: externalId, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };
  const request = { method: 'POST', path: '/v2/tasks', body: { filter }, schema: TasksAnswer, onStart } as const;
  try {
    const answer = await call(request, options);
    const lists: GongList[] = [];
    await inTurns(answer.tasks, TASKS_AT_ONCE, (tasks) => lists.push(toTaskList({ tasks }, externalId)));
    return mergeLists(lists);
  } catch (error) {
    if (!isNothingFound(error)) throw error;
    return { tasks: [], unreadable: 0, broken: [] };
  }
}

/** "No … found corresponding to the provided filters": a 404 with Gong's own envelope, as some of its lists answer. */
function isNothingFound(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 404 && error.reference !== undefined;
}

type Patch = { status: 'OPEN' | 'DONE' | 'DISMISSED' } | { dueAt: Instant };

const CHANGE = '/v2/tasks/{id}';

/** Sends only what changes, and believes it only when the answer shows it. */
async function change(
  call: CallGong,
  externalId: string,
  taskId: string,
  patch: Patch,
  options: CallOptions,
): Promise<Receipt> {
  if (!isId(taskId)) throw refusal('not a Gong task id');
  const wanted = 'dueAt' in patch ? { dueDate: toIso(patch.dueAt) } : patch;
  const answer = await call(
    {
      method: 'PATCH',
      path: `/v2/tasks/${taskId}`,
      template: CHANGE,
      body: { userId: externalId, ...wanted },
      schema: TasksAnswer,
    },
    options,
  );
  const reference = answer.requestId;
  if (answer.tasks.some((element) => shows(element, taskId, patch))) return { reference };
  const cause = new Error('the answer does not show the change');
  throw new ProviderError({ provider: 'gong', kind: 'unreadable', operation: `PATCH ${CHANGE}`, reference, cause });
}

function shows(element: unknown, taskId: string, patch: Patch): boolean {
  const task = ChangedTask.safeParse(element).data;
  if (task?.id !== taskId) return false;
  if ('status' in patch) return task.status === patch.status.toLowerCase();
  return isKept(task.dueDate, patch.dueAt);
}

/** A change that cannot be asked of Gong. */
function refusal(reason: string): ProviderError {
  const cause = new Error(reason);
  return new ProviderError({ provider: 'gong', kind: 'invalid', operation: `PATCH ${CHANGE}`, cause });
}
