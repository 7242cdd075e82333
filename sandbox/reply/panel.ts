/** What Reply holds and hears, for the page; and the two things that happen in Reply without the app. */
import type { PanelCall, PanelTask } from '../page/protocol.ts';
import type { ProviderPanel } from '../web.ts';
import type { ReplyRequest, ReplySimulator, ReplyTask } from './types.ts';

/** The simulator tells of its tasks, not of its requests; those are looked at this often. */
const WATCH_MS = 200;

export function replyPanel(
  reply: ReplySimulator,
  userOf: (slackUserId: string) => string | undefined,
  clock: () => number = Date.now,
): ProviderPanel {
  let isDown = false;
  const listeners = new Set<() => void>();
  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    id: 'reply',
    name: 'Reply.io',
    isKnown: (userId) => userOf(userId) !== undefined,
    tasks(userId) {
      const replyUser = userOf(userId);
      return replyUser === undefined ? [] : reply.tasks(replyUser).map(taskRow);
    },
    calls: (limit) => ({ count: reply.requests.length, newest: newestCalls(reply.requests, limit) }),
    closeTask(userId, taskId) {
      const task = reply.task(taskId);
      if (!task || task.assignedUserId !== userOf(userId)) return false;
      reply.put({ ...task, status: 'finished', finishedAt: new Date(clock()).toISOString() });
      return true;
    },
    isDown: () => isDown,
    setDown(down) {
      isDown = down;
      reply.clearFaults();
      if (down) reply.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 503 } });
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      const stops = [reply.onChange(listener), watchRequests(reply, listener)];
      return () => {
        listeners.delete(listener);
        for (const stop of stops) stop();
      };
    },
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  toDo: 'To do',
  call: 'Call',
  meeting: 'Meeting',
  linkedIn: 'LinkedIn',
  manualEmail: 'Email',
  sms: 'SMS',
  whatsApp: 'WhatsApp',
};

function taskRow(task: ReplyTask): PanelTask {
  return {
    id: task.id,
    title: titleText(task),
    about: task.contact?.fullName ?? '',
    status: String(task.status),
    isOpen: task.status === 'new',
    due: task.dueTo,
  };
}

/** A Reply task has no title: its kind, and the beginning of what it says, as text without markup. */
function titleText({ taskType, template, isScheduled }: ReplyTask): string {
  const kind = TYPE_NAMES[taskType] ?? `Type ${taskType}`;
  const words = (template.subject ?? template.body.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ').trim();
  const title = words === '' ? kind : `${kind}: ${words}`;
  return isScheduled ? `${title} (scheduled)` : title;
}

function newestCalls(requests: readonly ReplyRequest[], limit: number): PanelCall[] {
  return requests
    .slice(-limit)
    .map((request, index) => callRow(request, Math.max(0, requests.length - limit) + index))
    .reverse();
}

function callRow(request: ReplyRequest, id: number): PanelCall {
  const { at, method, path, status, body, fault, actingUser } = request;
  const fields = [...(actingUser === undefined ? [] : [`acting as: ${actingUser}`]), ...fieldsOf(body)];
  // The list is a POST that only reads.
  const isChange = method !== 'GET' && !path.startsWith('/v3/tasks/filter');
  return { id, at, method, path, status, fields, isChange, isFault: fault };
}

/** `template.body: Hello` and the like: one entry for each value of the body. */
function fieldsOf(body: unknown, prefix = ''): string[] {
  if (body === undefined) return [];
  if (typeof body !== 'object' || body === null) return [prefix ? `${prefix}: ${body}` : String(body)];
  if (Array.isArray(body)) return [`${prefix}: ${body.map((entry) => JSON.stringify(entry)).join(', ')}`];
  return Object.entries(body).flatMap(([key, value]) => fieldsOf(value, prefix ? `${prefix}.${key}` : key));
}

function watchRequests(reply: ReplySimulator, listener: () => void): () => void {
  let seen = signature(reply);
  const timer = setInterval(() => {
    const now = signature(reply);
    if (now === seen) return;
    seen = now;
    listener();
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A request is listed before it is answered, so the latest statuses count as well. */
function signature({ requests }: ReplySimulator): string {
  const statuses = requests.slice(-40).map((request) => request.status);
  return `${requests.length}:${statuses.join()}`;
}
