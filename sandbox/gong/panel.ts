/** What Gong holds and hears, for the page; and the two things that happen in Gong without the app. */
import type { GongRequest, GongSimulator, GongTask } from './gong/types.ts';
import type { PanelCall, PanelTask } from './page/protocol.ts';
import type { ProviderPanel } from './web.ts';

/** The simulator tells of its tasks, not of its requests; those are looked at this often. */
const WATCH_MS = 200;

export function gongPanel(
  gong: GongSimulator,
  gongUserOf: (slackUserId: string) => string | undefined,
  clock: () => number = Date.now,
): ProviderPanel {
  let isDown = false;
  const listeners = new Set<() => void>();
  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    id: 'gong',
    name: 'Gong',
    isKnown: (userId) => gongUserOf(userId) !== undefined,
    tasks(userId) {
      const gongUser = gongUserOf(userId);
      return gongUser === undefined ? [] : gong.tasks(gongUser).map(taskRow);
    },
    calls: (limit) => ({ count: gong.requests.length, newest: newestCalls(gong.requests, limit) }),
    closeTask(userId, taskId) {
      const task = gong.task(taskId);
      if (!task || task.userId !== gongUserOf(userId)) return false;
      gong.put({ ...task, status: 'DONE', updated: new Date(clock()).toISOString() });
      return true;
    },
    isDown: () => isDown,
    setDown(down) {
      isDown = down;
      gong.clearFaults();
      if (down) gong.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 503 } });
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      const stops = [gong.onChange(listener), watchRequests(gong, listener)];
      return () => {
        listeners.delete(listener);
        for (const stop of stops) stop();
      };
    },
  };
}

function taskRow(task: GongTask): PanelTask {
  return {
    id: task.id,
    title: task.title ?? (task.flow ? `${task.flow.step.name} (${task.flow.name})` : 'Untitled task'),
    about: aboutText(task),
    status: task.status,
    isOpen: task.status === 'OPEN',
    ...(task.dueDate === undefined ? {} : { due: task.dueDate }),
  };
}

function aboutText({ contact, account }: GongTask): string {
  const person = [contact?.data?.firstName, contact?.data?.lastName].filter(Boolean).join(' ');
  const company = contact?.data?.companyName ?? account?.name;
  return [person, company].filter(Boolean).join(', ');
}

function newestCalls(requests: readonly GongRequest[], limit: number): PanelCall[] {
  return requests
    .slice(-limit)
    .map((request, index) => callRow(request, Math.max(0, requests.length - limit) + index))
    .reverse();
}

function callRow(request: GongRequest, id: number): PanelCall {
  const { at, method, path, status, body, fault } = request;
  return { id, at, method, path, status, fields: fieldsOf(body), isChange: method === 'PATCH', isFault: fault };
}

/** `filter.userId: 123` and the like: one entry for each value of the body. */
function fieldsOf(body: unknown, prefix = ''): string[] {
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

function watchRequests(gong: GongSimulator, listener: () => void): () => void {
  let seen = signature(gong);
  const timer = setInterval(() => {
    const now = signature(gong);
    if (now === seen) return;
    seen = now;
    listener();
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A request is listed before it is answered, so the latest statuses count as well. */
function signature({ requests }: GongSimulator): string {
  const statuses = requests.slice(-40).map((request) => request.status);
  return `${requests.length}:${statuses.join()}`;
}
