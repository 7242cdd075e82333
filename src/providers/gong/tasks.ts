/** Reading tasks: all that are open, and one of them (gong.md 2). */
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { Task } from '../../core/model/task.ts';
import type { CallOptions, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { inTurns } from '../wire.ts';
import type { CallGong, GongSettings } from './client.ts';
import { type GongList, mergeLists, toTaskList } from './mapping.ts';
import { Identified, TasksAnswer } from './wire.ts';

type ReadSettings = Pick<GongSettings, 'clock' | 'budget'>;

export function createTasks(call: CallGong, settings: ReadSettings): Pick<TaskProvider, 'listTasks' | 'readTask'> {
  return {
    async listTasks({ externalId }, options) {
      const { tasks, unreadable } = await toList(await ask(call, externalId, options), externalId);
      return { tasks, unreadable };
    },
    readTask: createReader(call, settings),
  };
}

/**
 * Gong reads no task by its id (gong.md 3), so one is looked for among all. A rep who works through a list clicks
 * faster than Gong lets us ask: whoever asks while a reading of the same user still waits for its turn shares it, for it
 * will be no older than the asking. So n quick clicks cost n changes and few readings, not n of each.
 *
 * While little is left of the company's day, a reading for a click counts for the rep's clicks of the next minute as well:
 * the other choice would be to refuse clicks later in the day. Until then every click is read for by itself.
 */
function createReader(call: CallGong, { clock, budget }: ReadSettings): TaskProvider['readTask'] {
  const waiting = new Map<string, Promise<Elements>>();
  const recent = createRecent(clock);
  const parsed = new WeakMap<Elements, Promise<GongList>>();

  /** Parsed once for all who share the reading. */
  function whole(elements: Elements, externalId: string): Promise<GongList> {
    const list = parsed.get(elements) ?? toList(elements, externalId);
    parsed.set(elements, list);
    return list;
  }

  function read(key: string, externalId: string, options: CallOptions): Promise<Elements> {
    let isOver = false;
    let reading: Promise<Elements> | undefined;
    const over = () => {
      isOver = true;
      if (waiting.get(key) === reading) waiting.delete(key);
    };
    reading = ask(call, externalId, options, over);
    // Its turn may have come at once. And only what nobody can abort for the others is shared.
    if (!isOver && !options.signal) waiting.set(key, reading);
    // It may be refused before its turn comes.
    reading.catch(over);
    return reading;
  }

  return async ({ externalId }, taskId, options) => {
    // A read for a click is sent even while Gong is down, so it must not share a read that is refused then.
    const key = `${options.fresh === true}:${externalId}`;
    const isShared = options.priority === 'click' && budget?.isShort() === true;
    const known = isShared ? recent.take(externalId, taskId) : undefined;
    if (known) return known;
    const elements = await (waiting.get(key) ?? read(key, externalId, options));
    const { tasks, broken } = await (isShared ? whole(elements, externalId) : toList(elements, externalId, taskId));
    if (isShared) recent.keep(externalId, tasks);
    const found = tasks.find(({ id }) => id === taskId);
    // It may be the one that could not be read: then it is not known to be gone.
    if (found || !broken.some((id) => id === undefined || id === taskId)) return found;
    const cause = new Error('the task could not be read');
    throw new ProviderError({ provider: 'gong', kind: 'unreadable', operation: 'POST /v2/tasks', cause });
  };
}

const COUNTS_FOR_MS = 60_000;
/** Gong answers three calls a second (gong.md 6): no more lists than this can be read in that time. */
const MOST_LISTS = 180;

/** The open tasks of users who click. Each task counts once: the click that takes it is about to change it. */
function createRecent(clock: Clock) {
  const kept = new Map<string, { at: Instant; tasks: Map<string, Task> }>();

  /** The oldest are first. */
  function forgetOld(): void {
    for (const [user, { at }] of kept) {
      if (kept.size <= MOST_LISTS && at + COUNTS_FOR_MS > clock()) return;
      kept.delete(user);
    }
  }

  return {
    keep(externalId: string, tasks: readonly Task[]): void {
      kept.delete(externalId);
      kept.set(externalId, { at: clock(), tasks: new Map(tasks.map((task) => [task.id, task])) });
      forgetOld();
    },
    take(externalId: string, taskId: string): Task | undefined {
      forgetOld();
      const tasks = kept.get(externalId)?.tasks;
      const task = tasks?.get(taskId);
      tasks?.delete(taskId);
      return task;
    },
  };
}

/** Gong does not page, so a list may be of thousands. */
const TASKS_AT_ONCE = 50;

type Elements = readonly unknown[];

/** Only what the documents allow: call tasks that are open. Gong does not page this (gong.md 2). */
async function ask(
  call: CallGong,
  externalId: string,
  options: CallOptions,
  onStart: () => void = () => {},
): Promise<Elements> {
  const filter = { userId: externalId, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };
  const request = { method: 'POST', path: '/v2/tasks', body: { filter }, schema: TasksAnswer, onStart } as const;
  try {
    return (await call(request, options)).tasks;
  } catch (error) {
    if (!isNothingFound(error)) throw error;
    return [];
  }
}

/** `taskId`: only what is that task, or may be it. To read all of them costs more than the rest of a click. */
async function toList(elements: Elements, externalId: string, taskId?: string): Promise<GongList> {
  const lists: GongList[] = [];
  await inTurns(elements, TASKS_AT_ONCE, (some) => {
    const tasks = taskId === undefined ? some : some.filter((element) => maybe(element, taskId));
    lists.push(toTaskList({ tasks }, externalId));
  });
  return mergeLists(lists);
}

function maybe(element: unknown, taskId: string): boolean {
  const { data } = Identified.safeParse(element);
  return !data || data.id === taskId;
}

/** "No … found corresponding to the provided filters": a 404 with Gong's own envelope, as some of its lists answer. */
function isNothingFound(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 404 && error.reference !== undefined;
}
