/** A simulated provider's panel: its tasks and calls for the page, and changes that happen without the app. */
import type { SimulatorRequest } from './desk.ts';
import type { Fault } from './faults.ts';
import type { PanelCall, PanelLink, PanelState, PanelTask } from './page/protocol.ts';

/** One provider, as the page shows and plays it. */
export interface ProviderPanel {
  /** In addresses: letters, digits and dashes. */
  id: string;
  name: string;
  /** A sentence below the name. */
  note?: string;
  /** A page of the provider's own, opened in a new tab. */
  link?: PanelLink;
  /** Whether the provider knows this Slack user. */
  isKnown(userId: string): boolean;
  tasks(userId: string): PanelTask[];
  calls(limit: number): { count: number; newest: PanelState['calls'] };
  /** Someone (`by`; else they themselves) closes this person's task at the provider itself; false when there is none. */
  closeTask(userId: string, taskId: string, by?: string): boolean;
  /** Someone moves it there; false when it is not open. */
  moveTask(userId: string, taskId: string, due: string): boolean;
  /** Someone gives this person a task there; false when it is there already. */
  addTask(userId: string, task: NewTask): boolean;
  /** The provider plans to skip a task; false when it is not open, or the provider skips none. */
  planSkip(userId: string, taskId: string, at: string): boolean;
  isDown(): boolean;
  setDown(down: boolean): void;
  onChange(listener: () => void): () => void;
}

interface NewTask {
  /** Decimal digits. */
  id: string;
  title: string;
  contact: { id: string; firstName: string; lastName: string; company: string };
  /** ISO-8601. */
  due: string;
}

/** The common part of the simulators. */
interface Simulator<Request extends SimulatorRequest> {
  readonly requests: readonly Request[];
  fail(fault: Fault): void;
  clearFaults(): void;
  onChange(listener: () => void): () => void;
}

export interface PanelOptions<Request extends SimulatorRequest> {
  id: string;
  name: string;
  simulator: Simulator<Request>;
  /** Slack's id of a person to the provider's. */
  userOf(slackUserId: string): string | undefined;
  tasks(user: string): PanelTask[];
  /** Someone closes the user's task at the provider itself; false when it is not theirs. Some providers say who it was. */
  close(user: string, taskId: string, by: string): boolean;
  /** Puts a user's open task off. */
  move(taskId: string, due: string): void;
  add(user: string, task: NewTask): void;
  planSkip?(taskId: string, at: string): void;
  call(request: Request): Pick<PanelCall, 'fields' | 'isChange'> & { path?: string };
}

/** A simulator tells of its tasks, not of its requests; those are looked at this often. */
const WATCH_MS = 200;

export function createPanel<Request extends SimulatorRequest>(options: PanelOptions<Request>): ProviderPanel {
  const { id, name, simulator, userOf } = options;
  let isDown = false;
  const listeners = new Set<() => void>();

  function isOpen(userId: string, taskId: string): boolean {
    const user = userOf(userId);
    const tasks = user === undefined ? [] : options.tasks(user);
    return tasks.some((task) => task.id === taskId && task.isOpen);
  }

  return {
    id,
    name,
    isKnown: (userId) => userOf(userId) !== undefined,
    tasks(userId) {
      const user = userOf(userId);
      return user === undefined ? [] : options.tasks(user);
    },
    calls: (limit) => ({ count: simulator.requests.length, newest: newestCalls(options, limit) }),
    closeTask(userId, taskId, by = userId) {
      const user = userOf(userId);
      return user !== undefined && options.close(user, taskId, userOf(by) ?? user);
    },
    moveTask(userId, taskId, due) {
      if (!isOpen(userId, taskId)) return false;
      options.move(taskId, due);
      return true;
    },
    addTask(userId, task) {
      const user = userOf(userId);
      if (user === undefined || options.tasks(user).some(({ id }) => id === task.id)) return false;
      options.add(user, task);
      return true;
    },
    planSkip(userId, taskId, at) {
      if (!options.planSkip || !isOpen(userId, taskId)) return false;
      options.planSkip(taskId, at);
      return true;
    },
    isDown: () => isDown,
    setDown(down) {
      isDown = down;
      simulator.clearFaults();
      if (down) simulator.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 503 } });
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      const stops = [simulator.onChange(listener), watchRequests(simulator, listener)];
      return () => {
        listeners.delete(listener);
        for (const stop of stops) stop();
      };
    },
  };
}

function newestCalls<Request extends SimulatorRequest>(
  { simulator, call }: PanelOptions<Request>,
  limit: number,
): PanelCall[] {
  const { requests } = simulator;
  const first = Math.max(0, requests.length - limit);
  return requests
    .slice(first)
    .map((request, index) => {
      const { at, method, path, status, fault } = request;
      return { id: first + index, at, method, path, status, isFault: fault, ...call(request) };
    })
    .reverse();
}

/** `filter.userId: 123` and the like: one entry for each value of the body. */
export function fieldsOf(body: unknown, prefix = ''): string[] {
  if (body === undefined) return [];
  if (typeof body !== 'object' || body === null) return [prefix ? `${prefix}: ${valueText(body)}` : valueText(body)];
  if (Array.isArray(body)) return [`${prefix}: ${body.map(listText).join(', ')}`];
  return Object.entries(body).flatMap(([key, value]) => fieldsOf(value, prefix ? `${prefix}.${key}` : key));
}

function listText(entry: unknown): string {
  return typeof entry === 'object' ? JSON.stringify(entry) : valueText(entry);
}

/** The log holds long ids as numbers, whose last digits are not what was sent: only those that are true are shown. */
function valueText(value: unknown): string {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded ? `${String(value).slice(0, 15)}…` : String(value);
}

function watchRequests(simulator: Simulator<SimulatorRequest>, listener: () => void): () => void {
  let seen = signature(simulator);
  const timer = setInterval(() => {
    const now = signature(simulator);
    if (now === seen) return;
    seen = now;
    listener();
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A request is listed before it is answered, so the latest statuses count as well. */
function signature({ requests }: Simulator<SimulatorRequest>): string {
  const statuses = requests.slice(-40).map((request) => request.status);
  return `${requests.length}:${statuses.join()}`;
}
