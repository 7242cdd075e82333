/** A bare client: it sends what a test says, in the headers of the simulator's dialect unless told otherwise. */
import { onTestFinished } from 'vitest';
import { createReply } from '../../../sandbox/reply/simulator.ts';
import type { ReplyOptions, ReplySimulator, ReplyTask, ReplyUser } from '../../../sandbox/reply/types.ts';

export const NOW = Date.UTC(2026, 2, 9, 12);
export const OWNER = { id: '11', email: 'olga@northlight.example' };
export const MAYA = { id: '12', email: 'maya@northlight.example' };
export const THEO = { id: '13', email: 'theo@northlight.example' };
export const BOSS = { id: '14', email: 'boss@northlight.example' };
export const ABROAD = { id: '15', email: 'abroad@northlight.example' };

const SALES = { teamId: '1', teamName: 'Sales' };
const EXPORT = { teamId: '2', teamName: 'Export' };

export const USERS: readonly ReplyUser[] = [
  { ...OWNER, name: 'Olga Owner', ...SALES },
  { ...MAYA, name: 'Maya Lindqvist', ...SALES },
  { ...THEO, name: 'Theo Brandvold', ...SALES },
  { ...BOSS, name: 'Bo Boss', ...SALES, role: 'manager' },
  { ...ABROAD, name: 'Ada Abroad', ...EXPORT },
];

export function task(id: string, more: Partial<ReplyTask> = {}): ReplyTask {
  return {
    id,
    assignedUserId: MAYA.id,
    taskType: 'call',
    status: 'new',
    contact: { id: '900', fullName: 'Dana Okonjo' },
    startAt: '2026-03-09T14:00:00Z',
    dueTo: '2026-03-09T15:00:00Z',
    isScheduled: false,
    creationSource: 'user',
    createdAt: '2026-03-01T08:00:00Z',
    template: { body: 'Call {{FirstName}}', subject: 'Hi {{FullName}}' },
    deliveryInfo: { phoneNumber: '+1 555 0101' },
    ...more,
  };
}

export async function start(options: Partial<ReplyOptions> = {}): Promise<ReplySimulator> {
  const reply = await createReply({ users: USERS, tasks: [], rateLimits: false, clock: () => NOW, ...options });
  onTestFinished(() => reply.close());
  return reply;
}

/** What came, as far as tests look into it. */
export interface Json {
  [field: string]: unknown;
  items?: Record<string, unknown>[];
}

export interface Ask {
  body?: unknown;
  /** Whom the call acts as; null: nobody is named. */
  as?: string | null;
  /** undefined takes a header away. */
  headers?: Record<string, string | undefined>;
}

export interface Got {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

export async function ask(reply: ReplySimulator, method: string, path: string, options: Ask = {}): Promise<Got> {
  const { body, as = MAYA.email, headers = {} } = options;
  const wanted = {
    ...(reply.dialect === 'current' ? { authorization: `Bearer ${reply.apiKey}` } : { 'x-api-key': reply.apiKey }),
    ...(as === null ? {} : { 'x-user-email': as }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const response = await fetch(`${reply.url}${path}`, {
    method,
    headers: Object.entries(wanted).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? {} : JSON.parse(text) };
}

export function filter(
  reply: ReplySimulator,
  body: object | string = {},
  query = '',
  as: string | null = MAYA.email,
): Promise<Got> {
  return ask(reply, 'POST', `/v3/tasks/filter${query}`, { body, as });
}

/** A right PUT for `task()` in the `seed` dialect. */
export const PUT = {
  taskType: 2,
  startAt: '2026-03-10T14:00:00Z',
  dueTo: '2026-03-10T15:00:00Z',
  contactId: 900,
  template: { body: 'Call {{FirstName}}', subject: 'Hi {{FullName}}' },
};

export function put(reply: ReplySimulator, id: string, body: object): Promise<Got> {
  return ask(reply, 'PUT', `/v3/tasks/${id}`, { body });
}

export function ids(got: Got): string[] {
  return (got.json.items ?? []).map(({ id }) => String(id));
}
