/** Docket's Outreach against the simulator. */

import { createOutreach as createSimulator } from '../../../sandbox/outreach/simulator.ts';
import type {
  OutreachOptions,
  OutreachRequest,
  OutreachSimulator,
  OutreachTask,
} from '../../../sandbox/outreach/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { Account } from '../../../src/core/model/people.ts';
import type { Task, Verb } from '../../../src/core/model/task.ts';
import type { Grant, TaskProvider } from '../../../src/core/ports/provider.ts';
import type { Clock } from '../../../src/core/ports/runtime.ts';
import { SCOPES } from '../../../src/providers/outreach/oauth.ts';
import { createOutreach } from '../../../src/providers/outreach/outreach.ts';
import {
  accountOf,
  click,
  type ProviderHarness,
  type Route,
  type UpstreamTask,
} from '../../contract/provider-harness.ts';
import { watch } from '../../sandbox/simulator.ts';
import { type MemoryGrants, memoryGrants } from '../grants.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Of two users; one more digit than a JavaScript number holds. */
export const OWNER = accountOf('9007199254740993', 'maya@northwind.example');
export const STRANGER = accountOf('9007199254740995', 'theo@northwind.example');
export const USERS = [
  { id: OWNER.externalId, email: 'maya@northwind.example', firstName: 'Maya', lastName: 'Lind' },
  { id: STRANGER.externalId, email: 'theo@northwind.example', firstName: 'Theo', lastName: 'Brandt' },
];
export const CLIENT_ID = 'CLIENT-ID-of-the-app';
const CLIENT_SECRET = 'CLIENT-SECRET-of-the-app';
export const REDIRECT = 'http://127.0.0.1:3000/oauth/outreach';

export interface Setup {
  clock?: Clock;
  timeoutMs?: number;
  scopes?: readonly string[];
  simulator?: Partial<OutreachOptions>;
}

export interface Started {
  outreach: OutreachSimulator;
  provider: TaskProvider;
  grants: MemoryGrants;
  /** The rep consents, this long ago; returns what was granted. */
  consent(account: Account, agoMs: number): Grant;
  /** Another process of Docket. */
  another(): TaskProvider;
}

/** Starts Outreach for the test that asks, and fails it if Outreach was asked something undocumented. */
export async function start(setup: Setup = {}): Promise<Started> {
  const { clock = Date.now, timeoutMs = 10_000, scopes = SCOPES } = setup;
  const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const outreach = watch(await createSimulator({ users: USERS, ...client, clock, ...setup.simulator }));
  const grants = memoryGrants(clock);
  const settings = { ...client, redirectUri: REDIRECT, grants, clock, timeoutMs };
  const another = () => createOutreach({ ...settings, circuit: createCircuit(clock), apiUrl: `${outreach.url}/` });

  function consent(account: Account, agoMs: number): Grant {
    const { accessToken, refreshToken, scope } = outreach.grant(account.externalId, scopes);
    const mintedAt = clock() - agoMs;
    const grant = { accessToken, refreshToken, mintedAt, expiresAt: mintedAt + 2 * HOUR, scopes: scope.split(' ') };
    grants.put(account, grant);
    return grant;
  }
  consent(OWNER, 2 * MINUTE);
  consent(STRANGER, 2 * MINUTE);
  return { outreach, provider: another(), grants, consent, another };
}

export function outreachTask(task: Partial<OutreachTask> & { id: string }): OutreachTask {
  const dueAt = '2026-11-27T10:30:00Z';
  return { ownerId: OWNER.externalId, state: 'incomplete', taskType: 'manual', action: 'call', dueAt, ...task };
}

const DANA = {
  ...{ id: '71', firstName: 'Dana', lastName: 'Okonjo', title: 'VP Ops', company: 'Larkspur' },
  ...{ emails: ['dana@larkspur.example'], accountId: '81' },
};
/** What a task can be about. */
export const BOOK = {
  prospects: [DANA],
  accounts: [{ id: '81', name: 'Larkspur Foods' }],
  opportunities: [{ id: '82', name: 'Larkspur renewal', amount: 48_000, currencyType: 'USD' }],
  sequences: [{ id: '91', name: 'Enterprise outbound' }],
  steps: [{ id: '92', sequenceId: '91', order: 4, displayName: 'Step 4', stepType: 'call' }],
} satisfies Partial<OutreachOptions>;

/** A task about all of it: a step of a sequence. */
export const STEP = {
  taskType: 'sequence_step_call',
  ...{ sequenceId: '91', sequenceStepId: '92', prospectId: '71', accountId: '81', opportunityId: '82' },
} as const;

/** As the provider reads it. */
export async function readOpen({ provider }: Pick<Started, 'provider'>, id: string): Promise<Task> {
  const task = await provider.readTask(OWNER, id, click);
  if (!isOpen(task)) throw new Error(`task ${id} cannot be read`);
  return task;
}

/** `POST /api/v2/tasks/1/actions/snooze`, and its parameters. */
export function askedOf({ method, path }: OutreachRequest): [string, Record<string, string>] {
  const url = new URL(path, 'http://outreach.example');
  return [`${method} ${url.pathname}`, Object.fromEntries(url.searchParams)];
}

const ROUTES = {
  list: () => 'GET /api/v2/tasks',
  change: (verb) => (verb === 'dismiss' ? 'DELETE /api/v2/tasks/' : 'POST /api/v2/tasks/'),
  users: () => 'GET /api/v2/users',
} satisfies Record<Route, (verb: Verb) => string>;

export async function makeOutreachHarness(options: { timeoutMs?: number } = {}): Promise<ProviderHarness> {
  const { outreach, provider, grants } = await start(options);
  const tokens = [OWNER, STRANGER].flatMap((rep) => {
    const grant = grants.grant(rep);
    return grant ? [grant.accessToken, grant.refreshToken] : [];
  });
  const known = new Map<string, UpstreamTask>();
  return {
    provider,
    owner: OWNER,
    stranger: STRANGER,
    ids: ['9007199254740993', '9007199254740992'],
    secrets: [CLIENT_SECRET, ...tokens],
    putTask(task) {
      known.set(task.id, task);
      const dueAt = task.dueAt === undefined ? null : new Date(task.dueAt).toISOString();
      const state = task.state === 'open' ? 'incomplete' : 'complete';
      const completerId = task.doneBy === 'other' ? STRANGER.externalId : task.owner;
      const more = state === 'complete' ? { completerId } : {};
      outreach.put(outreachTask({ id: task.id, ownerId: task.owner, note: task.title, dueAt, state, ...more }));
    },
    putUser: ({ externalId, email, active }) =>
      outreach.putUser({ id: externalId, email, firstName: 'Dana', lastName: 'Reyes', locked: !active }),
    task: (id) => toUpstream(outreach.task(id), known.get(id)),
    // A 401 is answered with a new token, a 400 of a list with a request for less, and so they come twice.
    fail: (route, fault, verb = 'done') => {
      const times = fault.kind === 'answer' && [400, 401].includes(fault.status) ? 2 : 1;
      outreach.fail({ on: ROUTES[route](verb), how: fault, times });
    },
    // And a new token that is refused too is for the rep to mend.
    kindOf: (_route, status) => (status === 401 ? 'disconnected' : undefined),
    effects: () => outreach.requests.filter(isEffect).length,
  };
}

function isEffect({ method, path, status }: OutreachRequest): boolean {
  return method !== 'GET' && path.startsWith('/api/v2/') && status >= 200 && status < 300;
}

/** Whatever is not there any more was deleted, and that is how a task without a sequence is dismissed. */
function toUpstream(task: OutreachTask | undefined, known: UpstreamTask | undefined): UpstreamTask | undefined {
  if (!task) return known && { ...known, state: 'dismissed' };
  const dueAt = task.dueAt === null ? undefined : Date.parse(task.dueAt);
  const state = task.state === 'complete' ? 'done' : 'open';
  return { id: task.id, owner: task.ownerId, title: task.note ?? '', dueAt, state };
}
