/** Docket's Reply.io against the simulator. */

import { createReply as createSimulator } from '../../../sandbox/reply/simulator.ts';
import type {
  ReplyDialect,
  ReplyOptions,
  ReplyRequest,
  ReplySimulator,
  ReplyTask,
  ReplyUser,
} from '../../../sandbox/reply/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { Task, Verb } from '../../../src/core/model/task.ts';
import type { TaskProvider } from '../../../src/core/ports/provider.ts';
import { createReply } from '../../../src/providers/reply/reply.ts';
import {
  accountOf,
  click,
  type ProviderHarness,
  type Route,
  type UpstreamTask,
} from '../../contract/provider-harness.ts';
import { watch } from '../../sandbox/simulator.ts';

/** Whom the key acts as when a call names nobody. */
export const BOSS = '1';
export const OWNER = '4711';
export const STRANGER = '4712';
export const owner = accountOf(OWNER);
export const stranger = accountOf(STRANGER);
const KEY = 'MASTER-KEY-of-the-company';

export interface Setup {
  users?: readonly ReplyUser[];
  tasks?: readonly ReplyTask[];
  clock?: () => number;
  timeoutMs?: number;
  simulator?: Partial<ReplyOptions>;
}

export interface Started {
  reply: ReplySimulator;
  provider: TaskProvider;
}

/** Starts Reply for the test that asks, and fails it if Reply was asked something undocumented. */
export async function start(setup: Setup = {}): Promise<Started> {
  const { users = STAFF, tasks = [], clock = Date.now, timeoutMs = 10_000 } = setup;
  const reply = watch(await createSimulator({ users, tasks, apiKey: KEY, ...setup.simulator }));
  const settings = { apiKey: KEY, apiUrl: `${reply.url}/`, clock, circuit: createCircuit(clock), timeoutMs };
  return { reply, provider: createReply(settings) };
}

export function replyUser(user: Partial<ReplyUser> & { id: string }): ReplyUser {
  return { email: `${user.id}@example.com`, name: `User ${user.id}`, teamId: '10', teamName: 'Sales', ...user };
}

export const STAFF: readonly ReplyUser[] = [BOSS, OWNER, STRANGER].map((id) => replyUser({ id }));

const CALL = { taskType: 'call', status: 'new', isScheduled: false, creationSource: 'user' } as const;

export function replyTask(task: Partial<ReplyTask> & { id: string }): ReplyTask {
  return {
    assignedUserId: OWNER,
    ...CALL,
    ...{ createdAt: '2026-11-01T09:00:00Z', startAt: '2026-11-27T09:30:00Z', dueTo: '2026-11-27T10:30:00Z' },
    contact: { id: '901', fullName: 'Dana Whitfield' },
    template: { body: 'Ask about the renewal' },
    ...task,
  };
}

/** As the provider reads it. */
export async function readOpen(provider: TaskProvider, id = '1'): Promise<Task> {
  const task = await provider.readTask(owner, id, click);
  if (!isOpen(task)) throw new Error(`task ${id} cannot be read`);
  return task;
}

/** Method and path of each request. */
export function pathsOf(requests: readonly ReplyRequest[]): string[] {
  return requests.map(({ method, path }) => `${method} ${path}`);
}

const CHANGES = {
  done: (id) => `POST /v3/tasks/${id}/complete`,
  dismiss: (id) => `DELETE /v3/tasks/${id}`,
  snooze: (id) => `PUT /v3/tasks/${id}`,
  reschedule: (id) => `PUT /v3/tasks/${id}`,
} satisfies Record<Verb, (id: string) => string>;

const STATUS = { open: 'new', done: 'finished', dismissed: 'cancelled' } as const;

const IDS = ['1695493301223590791', '1695493301223590792'] as const;

export function makeReplyHarness(dialect: ReplyDialect) {
  return async (options: { timeoutMs?: number } = {}): Promise<ProviderHarness> => {
    const { reply, provider } = await start({ ...options, simulator: { dialect } });
    return {
      provider,
      owner,
      stranger,
      ids: IDS,
      secrets: [KEY, owner.email ?? '', stranger.email ?? ''],
      putTask: (task) => reply.put(fromUpstream(task)),
      putUser({ externalId, email, active }) {
        if (active) reply.putUser(replyUser({ id: externalId, email }));
      },
      task: (id) => toUpstream(reply.task(id)),
      fail(route, fault, verb = 'done') {
        const on = { list: 'POST /v3/tasks/filter', change: CHANGES[verb](IDS[0]), users: 'GET /v3/whoami' }[route];
        // A refused key and a refused filter are tried in another way, a refused directory one by one.
        reply.fail({ on, how: fault, times: fault.kind === 'answer' ? 4 : 1 });
      },
      kindOf: (route: Route, status: number) => (route === 'list' && status === 404 ? 'not_enabled' : undefined),
      keepsThoseWhoLeft: false,
      effects: () => reply.requests.filter(isEffect).length,
    };
  };
}

function isEffect({ method, path, status }: ReplyRequest): boolean {
  return method !== 'GET' && !/^\/v3\/(tasks|contacts)\/filter/.test(path) && status >= 200 && status < 300;
}

function fromUpstream({ id, owner: assignedUserId, title, dueAt = 0, state }: UpstreamTask): ReplyTask {
  return replyTask({
    id,
    assignedUserId,
    status: STATUS[state],
    contact: { id: '901', fullName: title.replace(/^Call /, '') },
    startAt: new Date(dueAt - 3_600_000).toISOString(),
    dueTo: new Date(dueAt).toISOString(),
    template: { body: title },
  });
}

function toUpstream(task: ReplyTask | undefined): UpstreamTask | undefined {
  if (!task) return undefined;
  const states = Object.entries(STATUS) as [UpstreamTask['state'], ReplyTask['status']][];
  const state = states.find(([, status]) => status === task.status)?.[0];
  if (!state) throw new Error(`a task of status ${task.status}`);
  const { id, assignedUserId, dueTo, template } = task;
  return { id, owner: assignedUserId, title: template.body, dueAt: Date.parse(dueTo), state };
}
