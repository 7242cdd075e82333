/** A bare client: it sends what a test says, and reads answers as text. */
import { onTestFinished } from 'vitest';
import { createGong } from '../../../sandbox/gong/simulator.ts';
import type { GongOptions, GongSimulator, GongTask, GongUser } from '../../../sandbox/gong/types.ts';

export const OWNER = '71234567890123456789';
export const OTHER = '6034599484848423117';

export const USERS: readonly GongUser[] = [
  { id: OWNER, emailAddress: 'maya@northlight.example', active: true, firstName: 'Maya', lastName: 'Lindqvist' },
  { id: OTHER, emailAddress: 'theo@northlight.example', active: false, firstName: 'Theo', lastName: 'Brandvold' },
];

export function task(id: string, more: Partial<GongTask> = {}): GongTask {
  const created = '2026-03-01T08:00:00Z';
  return {
    id,
    userId: OWNER,
    status: 'OPEN',
    type: 'MANUAL',
    title: `Task ${id}`,
    created,
    updated: created,
    dueDate: '2026-03-09T15:00:00-05:00',
    ...more,
  };
}

export async function start(options: Partial<GongOptions> = {}): Promise<GongSimulator> {
  const gong = await createGong({ users: USERS, tasks: [], rateLimits: false, ...options });
  onTestFinished(() => gong.close());
  return gong;
}

export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  requestId: unknown;
  errors: unknown;
}

export async function ask(gong: GongSimulator, method: string, path: string, options: Ask = {}): Promise<Reply> {
  const { body, headers = {}, signal } = options;
  const response = await fetch(`${gong.url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${btoa(`${gong.accessKey}:${gong.accessKeySecret}`)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const { requestId, errors } = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, requestId, errors };
}

export const FILTER = { userId: OWNER, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };

export function list(gong: GongSimulator, filter: object = {}): Promise<Reply> {
  return ask(gong, 'POST', '/v2/tasks', { body: { filter: { ...FILTER, ...filter } } });
}

export function patch(gong: GongSimulator, id: string, body: object): Promise<Reply> {
  return ask(gong, 'PATCH', `/v2/tasks/${id}`, { body: { userId: OWNER, ...body } });
}

/** The ids of the tasks in an answer, read as text. */
export function ids(reply: Reply): string[] {
  return [...reply.text.matchAll(/"id":(\d+),"userId":/g)].map((match) => match[1] ?? '');
}
