/** A whole provider in one file, against a server in a few lines: what a new one begins with. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import {
  accountOf,
  DUE,
  type Fault,
  type ProviderHarness,
  type Route,
  type UpstreamTask,
} from '../../contract/provider-harness.ts';
import { taskProviderContract } from '../../contract/task-provider.ts';
import { MAYA } from '../../flow/cast.ts';
import { morning } from '../../flow/start.ts';
import { serve } from '../serve.ts';
import { toyModule } from './toy.ts';

async function makeToyHarness({ timeoutMs = 10_000 } = {}): Promise<ProviderHarness> {
  const tasks = new Map<string, UpstreamTask>();
  const users: object[] = [];
  const faults = new Map<Route, Fault>();
  let effects = 0;

  async function change(request: IncomingMessage, id: string): Promise<object | undefined> {
    type Patch = { owner: string; due?: string; state?: UpstreamTask['state'] };
    const { owner, due, state } = (await json(request)) as Patch;
    const task = tasks.get(id);
    if (task?.owner !== owner) return undefined;
    effects += 1;
    if (state) task.state = state;
    if (due) task.dueAt = Date.parse(due);
    return toWire(task);
  }

  async function answer(request: IncomingMessage, { pathname, searchParams }: URL): Promise<object | undefined> {
    const [, kind, id] = pathname.split('/');
    if (kind === 'users') return { users };
    if (request.method === 'PATCH') return change(request, id ?? '');
    if (id !== undefined) return toWire(tasks.get(id));
    const owner = searchParams.get('owner');
    return { tasks: [...tasks.values()].filter((task) => task.owner === owner && task.state === 'open').map(toWire) };
  }

  const { url } = await serve(async (request, response) => {
    const asked = new URL(request.url ?? '', 'http://toy.example');
    const route = request.method === 'PATCH' ? 'change' : asked.pathname === '/users' ? 'users' : 'list';
    const fault = faults.get(route);
    faults.delete(route);
    if (fault && fault.kind !== 'lose') return misbehave(response, fault);
    const body = await answer(request, asked);
    if (fault) return response.destroy();
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });

  const deps = { clock: Date.now, circuit: createCircuit(Date.now), timeoutMs };
  return {
    provider: toyModule.create({ TOY_API_KEY: 'toy-key', TOY_API_URL: url }, deps),
    owner: accountOf('1'),
    stranger: accountOf('2'),
    ids: ['1695493301223590791', '1695493301223590792'],
    secrets: ['toy-key'],
    putTask: (task) => tasks.set(task.id, task),
    putUser: ({ externalId, ...user }) => users.push({ id: externalId, ...user }),
    task: (id) => structuredClone(tasks.get(id)),
    fail: (route, fault) => faults.set(route, fault),
    effects: () => effects,
  };
}

function toWire(task: UpstreamTask | undefined): object | undefined {
  if (!task) return undefined;
  const { dueAt, ...rest } = task;
  return { ...rest, ...(dueAt !== undefined && { due: new Date(dueAt).toISOString() }) };
}

/** A request that hangs is never answered. */
function misbehave(response: ServerResponse, fault: Fault): void {
  if (fault.kind === 'reset') response.destroy();
  if (fault.kind === 'answer') response.writeHead(fault.status, fault.headers).end(fault.body);
}

taskProviderContract('Toy', makeToyHarness);

test('its tasks are in the digest, and what is done in Slack is done there', async () => {
  const toy = await makeToyHarness();
  toy.putUser({ externalId: toy.owner.externalId, email: MAYA.email ?? '', active: true });
  toy.putTask({ id: '7', owner: toy.owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'open' });
  const { digest } = await morning({ overrides: { providers: new Map([['toy', toy.provider]]) } });

  await digest.press('Call Dana', 'Done');

  expect(toy.task('7')).toMatchObject({ state: 'done' });
  expect(digest.row('Call Dana').text).toContain('Marked done in Toy');
});
