/**
 * A provider as small as it can be: the start of a new one (CONTRIBUTING.md, "Add a provider"). It has one key for the whole
 * company, reads one task by its id, and takes every change back.
 */
import { z } from 'zod';
import type { Capabilities } from '../../../src/core/model/capabilities.ts';
import { ProviderError } from '../../../src/core/model/errors.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { CallOptions, ProviderUser, Receipt, TaskProvider } from '../../../src/core/ports/provider.ts';
import { createDirectory, indexed, KEEP_MS, normalised } from '../../../src/providers/directory.ts';
import { type Api, callJson, type HttpRequest, operationOf } from '../../../src/providers/http.ts';
import { createTurns } from '../../../src/providers/turns.ts';
import { Address, Elements, Id, isId, isKept, Text, Time, toIso, toSecond, Word } from '../../../src/providers/wire.ts';

export const toyModule = {
  name: 'Toy',
  required: ['TOY_API_KEY'],
  optional: { TOY_API_URL: 'https://api.toy.example' },
  form: [{ name: 'TOY_API_KEY', label: 'API key', hint: 'In Toy: Settings, API.' }],
  create: (env: Record<'TOY_API_KEY' | 'TOY_API_URL', string>, deps: Omit<ToySettings, 'apiKey' | 'apiUrl'>) =>
    createToy({ apiKey: env.TOY_API_KEY, apiUrl: env.TOY_API_URL, ...deps }),
} as const;

interface ToySettings extends Pick<Api, 'apiUrl' | 'clock' | 'circuit' | 'timeoutMs'> {
  apiKey: string;
}

const ToyTask = z.object({ id: Id, owner: Id, title: Text, due: Time, state: Word });
const ToyUser = z.object({ id: Id, email: Address, name: Text, active: z.boolean() });
const TasksAnswer = z.object({ tasks: Elements });
const UsersAnswer = z.object({ users: z.array(ToyUser) });

const ABSOLUTE = { reversible: true, repeatable: true };
const CAPABILITIES: Capabilities = {
  noun: 'tasks',
  of: () => ({ verbs: { done: ABSOLUTE, dismiss: ABSOLUTE, snooze: ABSOLUTE, reschedule: ABSOLUTE } }),
};

const LIMIT = { calls: 10, windowMs: 1_000, concurrency: 5 };

function createToy(settings: ToySettings): TaskProvider {
  const call = createClient(settings);
  return {
    id: 'toy',
    name: 'Toy',
    capabilities: CAPABILITIES,
    ...createTasks(call),
    ...createVerbs(call),
    ...createUsers(call, settings.clock),
  };
}

type Call = <T>(request: HttpRequest<T>, options: CallOptions) => Promise<T>;

function createClient({ apiKey, ...settings }: ToySettings): Call {
  const api: Api = { ...settings, provider: 'toy' };
  const turns = createTurns({ ...settings, provider: 'toy', limits: [LIMIT], holdMs: 1_000 });
  const headers = { authorization: `Bearer ${apiKey}` };
  return (request, options) =>
    turns.run(operationOf(request), options, () => callJson(api, { ...request, headers }, options));
}

function createTasks(call: Call): Pick<TaskProvider, 'listTasks' | 'readTask'> {
  return {
    async listTasks({ externalId }, options) {
      const path = `/tasks?owner=${externalId}&state=open`;
      const answer = await call({ method: 'GET', path, template: '/tasks', schema: TasksAnswer }, options);
      const read = answer.tasks.map((element) => ToyTask.safeParse(element).data);
      const tasks = read.flatMap((task) => (task?.owner === externalId && task.state === 'open' ? [toTask(task)] : []));
      return { tasks, unreadable: read.length - tasks.length };
    },
    async readTask({ externalId }, id, options) {
      const request = { method: 'GET', path: `/tasks/${id}`, template: '/tasks/{id}', schema: ToyTask } as const;
      try {
        const task = await call(request, options);
        if (task.owner !== externalId) return undefined;
        return task.state === 'open' ? toTask(task) : { doneAt: undefined };
      } catch (error) {
        if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
        throw error;
      }
    },
  };
}

function toTask({ id, title, due }: z.infer<typeof ToyTask>): Task {
  return { provider: 'toy', id, title: title ?? 'Task', dueAt: due };
}

function createVerbs(call: Call): Pick<TaskProvider, 'perform' | 'undo'> {
  type Patch = { state: string } | { due: string };

  /** Believed only when the answer shows the change. */
  async function change(owner: string, id: string, patch: Patch, options: CallOptions): Promise<Receipt> {
    if (!isId(id)) throw failure('invalid', 'PATCH /tasks/{id}', new Error('not an id'));
    const body = { owner, ...patch };
    const request = { method: 'PATCH', path: `/tasks/${id}`, template: '/tasks/{id}', body, schema: ToyTask } as const;
    const task = await call(request, options);
    const shown = 'due' in patch ? isKept(task.due, Date.parse(patch.due)) : task.state === patch.state;
    if (task.id === id && shown) return { reference: undefined };
    throw failure('unreadable', 'PATCH /tasks/{id}', new Error('the answer does not show the change'));
  }

  return {
    async perform({ externalId }, { id }, wanted, options) {
      if ('dueAt' in wanted) return change(externalId, id, { due: toIso(toSecond(wanted.dueAt)) }, options);
      return change(externalId, id, { state: wanted.verb === 'done' ? 'done' : 'dismissed' }, options);
    },
    async undo({ externalId }, { id, dueAt }, verb, options) {
      const isMove = verb === 'snooze' || verb === 'reschedule';
      return change(externalId, id, isMove && dueAt !== undefined ? { due: toIso(dueAt) } : { state: 'open' }, options);
    },
  };
}

function createUsers(call: Call, clock: Api['clock']): Pick<TaskProvider, 'findUsers' | 'findKnown'> {
  const directory = createDirectory({
    clock,
    async read(options) {
      const { users } = await call({ method: 'GET', path: '/users', schema: UsersAnswer }, options);
      return indexed(users.map(toUser));
    },
    stopped: (reason) => failure('unavailable', 'GET /users', reason),
  });
  return {
    async findUsers(emails, options) {
      const { byEmail } = await directory.get(options.fresh ? 0 : KEEP_MS, options);
      return new Map(emails.map(normalised).map((email) => [email, byEmail.get(email) ?? []]));
    },
    async findKnown(accounts, options) {
      const { byId } = await directory.get(KEEP_MS, options);
      return accounts.flatMap(({ externalId }) => byId.get(externalId) ?? []);
    },
  };
}

function toUser({ id, email, name, active }: z.infer<typeof ToyUser>): ProviderUser {
  return { externalId: id, emails: email ? [normalised(email)] : [], name, state: active ? 'active' : 'inactive' };
}

function failure(kind: ProviderError['kind'], operation: string, cause: unknown): ProviderError {
  return new ProviderError({ provider: 'toy', kind, operation, cause });
}
