/** What Outreach holds and hears, for the page; and what happens in Outreach without the app. */
import type { PanelCall, PanelTask } from '../page/protocol.ts';
import type { ProviderPanel } from '../web.ts';
import type { OutreachAction, OutreachRequest, OutreachSimulator, OutreachTask } from './types.ts';

/** The simulator tells of its tasks, not of its requests; those are looked at this often. */
const WATCH_MS = 200;

export function outreachPanel(
  simulator: OutreachSimulator,
  userOf: (slackUserId: string) => string | undefined,
): ProviderPanel {
  let isDown = false;
  const listeners = new Set<() => void>();

  return {
    id: 'outreach',
    name: 'Outreach',
    isKnown: (userId) => userOf(userId) !== undefined,
    tasks(userId) {
      const owner = userOf(userId);
      return owner === undefined ? [] : simulator.tasks(owner).map((task) => taskRow(simulator, task));
    },
    calls: (limit) => ({ count: simulator.requests.length, newest: newestCalls(simulator.requests, limit) }),
    closeTask(userId, taskId) {
      const task = simulator.task(taskId);
      if (!task || task.ownerId !== userOf(userId)) return false;
      simulator.complete(taskId);
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

const ACTION_WORDS: Record<OutreachAction, string> = {
  action_item: 'Action item',
  call: 'Call',
  email: 'E-mail',
  in_person: 'Meeting in person',
};

/** Outreach's tasks have no title (contracts 2.2). */
function taskRow(simulator: OutreachSimulator, task: OutreachTask): PanelTask {
  const { prospect, account, sequence, step } = simulator.about(task);
  const title = step ? `${step.displayName} (${sequence?.name ?? 'sequence'})` : ACTION_WORDS[task.action];
  const person = prospect && `${prospect.firstName} ${prospect.lastName}`;
  return {
    id: task.id,
    title: task.note ? `${title}: ${task.note}` : title,
    about: [person, prospect?.company ?? account?.name].filter(Boolean).join(', '),
    status: task.state,
    isOpen: task.state !== 'complete',
    ...(task.dueAt === null ? {} : { due: task.dueAt }),
  };
}

function newestCalls(requests: readonly OutreachRequest[], limit: number): PanelCall[] {
  const first = Math.max(0, requests.length - limit);
  return requests
    .slice(first)
    .map((request, index) => callRow(request, first + index))
    .reverse();
}

/** The page shows what was asked for: parameters of an action and attributes of a body, but nothing that opens doors. */
function callRow({ at, method, path, status, body, fault }: OutreachRequest, id: number): PanelCall {
  const { pathname, searchParams } = new URL(path, 'http://outreach.invalid');
  const isOAuth = pathname.startsWith('/oauth/');
  const fields = isOAuth ? grantType(body) : [...parameters(searchParams), ...attributes(body)];
  return { id, at, method, path: pathname, status, fields, isChange: !isOAuth && method !== 'GET', isFault: fault };
}

/** Only that: the rest of a request for tokens is secret. */
function grantType(body: unknown): string[] {
  const type = typeof body === 'string' ? new URLSearchParams(body).get('grant_type') : null;
  return type === null ? [] : [`grant_type: ${type}`];
}

function parameters(query: URLSearchParams): string[] {
  return [...query].map(([name, value]) => `${/^actionParams\[(.+)\]$/.exec(name)?.[1] ?? name}: ${value}`);
}

function attributes(body: unknown): string[] {
  const data = member(body, 'data');
  const found = member(data, 'attributes');
  if (typeof found !== 'object' || found === null) return [];
  return Object.entries(found).map(([name, value]) => `${name}: ${name === 'secret' ? '…' : String(value)}`);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function watchRequests(simulator: OutreachSimulator, listener: () => void): () => void {
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
function signature({ requests }: OutreachSimulator): string {
  const statuses = requests.slice(-40).map((request) => request.status);
  return `${requests.length}:${statuses.join()}`;
}
