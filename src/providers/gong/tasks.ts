/** Reading tasks: all that are open, and one of them (gong.md 2). */
import { ProviderError } from '../../core/model/errors.ts';
import type { CallOptions, TaskProvider } from '../../core/ports/provider.ts';
import { inTurns } from '../wire.ts';
import type { CallGong } from './client.ts';
import { type GongList, mergeLists, toTaskList } from './mapping.ts';
import { TasksAnswer } from './wire.ts';

export function createTasks(call: CallGong): Pick<TaskProvider, 'listTasks' | 'readTask'> {
  return {
    async listTasks({ externalId }, options) {
      const { tasks, unreadable } = await list(call, externalId, options);
      return { tasks, unreadable };
    },
    readTask: createReader(call),
  };
}

/**
 * Gong reads no task by its id (gong.md 3), so one is looked for among all. A rep who works through a list clicks
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
    // A read for a click is sent even while Gong is down, so it must not share a read that is refused then.
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
const TASKS_AT_ONCE = 50;

/** Only what the documents allow: call tasks that are open. Gong does not page this (gong.md 2). */
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
