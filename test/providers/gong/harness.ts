/** Docket's Gong against the simulator. */

import { createGong as createSimulator } from '../../../sandbox/gong/simulator.ts';
import type { GongOptions, GongSimulator, GongStatus, GongTask, GongUser } from '../../../sandbox/gong/types.ts';
import type { Budget } from '../../../src/core/jobs/budget.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { TaskProvider } from '../../../src/core/ports/provider.ts';
import { createGong } from '../../../src/providers/gong/gong.ts';
import { accountOf, type ProviderHarness, type Route, type UpstreamTask } from '../../contract/provider-harness.ts';
import { watch } from '../../sandbox/simulator.ts';

/** User ids have up to 20 digits (gong.md 4). */
export const OWNER = '16954933012235907921';
export const STRANGER = '16954933012235907922';
export const owner = accountOf(OWNER);
const KEY = 'ACCESS-KEY-of-the-company';
const SECRET = 'ACCESS-SECRET-of-the-company';

export interface Setup {
  users?: readonly GongUser[];
  tasks?: readonly GongTask[];
  clock?: () => number;
  timeoutMs?: number;
  simulator?: Partial<GongOptions>;
  budget?: Budget;
  /** Default: calls wait for Gong's limits. */
  isPaced?: () => boolean;
}

export interface Started {
  gong: GongSimulator;
  provider: TaskProvider;
}

/** Starts Gong for the test that asks, and fails it if Gong was asked something undocumented. */
export async function start(setup: Setup = {}): Promise<Started> {
  const { users = [], tasks = [], clock = Date.now, timeoutMs = 10_000 } = setup;
  const keys = { accessKey: KEY, accessKeySecret: SECRET };
  const gong = watch(await createSimulator({ users, tasks, ...keys, ...setup.simulator }));
  const { budget, isPaced } = setup;
  const circuit = createCircuit(clock);
  const provider = createGong({ ...keys, apiUrl: `${gong.url}/`, clock, circuit, timeoutMs, budget, isPaced });
  return { gong, provider };
}

export function gongTask(task: Partial<GongTask> & { id: string }): GongTask {
  const at = '2026-11-01T09:00:00Z';
  return { userId: OWNER, status: 'OPEN', type: 'MANUAL', created: at, updated: at, dueDate: at, ...task };
}

export function gongUser(user: Partial<GongUser> & { id: string }): GongUser {
  return { emailAddress: `u${user.id}@example.com`, active: true, firstName: 'Dana', lastName: 'Reyes', ...user };
}

const ROUTES = {
  list: 'POST /v2/tasks',
  change: 'PATCH /v2/tasks/',
  users: 'GET /v2/users',
} satisfies Record<Route, string>;

type State = UpstreamTask['state'];
const STATUS = { open: 'OPEN', done: 'DONE', dismissed: 'DISMISSED' } satisfies Record<State, GongStatus>;
const STATE = { OPEN: 'open', DONE: 'done', DISMISSED: 'dismissed' } satisfies Record<GongStatus, State>;

export async function makeGongHarness(options: { timeoutMs?: number } = {}): Promise<ProviderHarness> {
  const { gong, provider } = await start(options);
  return {
    provider,
    owner,
    stranger: accountOf(STRANGER),
    ids: ['1695493301223590791', '1695493301223590792'],
    secrets: [KEY, SECRET, Buffer.from(`${KEY}:${SECRET}`).toString('base64')],
    putTask({ id, owner, title, dueAt, state }) {
      const dueDate = dueAt === undefined ? {} : { dueDate: new Date(dueAt).toISOString() };
      gong.put(gongTask({ id, userId: owner, title, status: STATUS[state], ...dueDate }));
    },
    putUser: ({ externalId, email, active }) => gong.putUser(gongUser({ id: externalId, emailAddress: email, active })),
    task: (id) => toUpstream(gong.task(id)),
    fail: (route, fault) => gong.fail({ on: ROUTES[route], how: fault }),
    effects: () => gong.requests.filter(({ method, status }) => method === 'PATCH' && status === 200).length,
  };
}

function toUpstream(task: GongTask | undefined): UpstreamTask | undefined {
  if (!task) return undefined;
  const dueAt = task.dueDate === undefined ? undefined : Date.parse(task.dueDate);
  return { id: task.id, owner: task.userId, title: task.title ?? '', dueAt, state: STATE[task.status] };
}
