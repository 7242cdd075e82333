/** A bare client of Gong: it sends what a test says. */
import { createGong } from '../../../sandbox/gong/simulator.ts';
import type { GongOptions, GongSimulator, GongTask, GongUser } from '../../../sandbox/gong/types.ts';
import { type Got, type Sent, send, watch } from '../simulator.ts';

export const OWNER = '71234567890123456789';
export const OTHER = '6034599484848423117';

const USERS: readonly GongUser[] = [
  { id: OWNER, emailAddress: 'maya@northlight.example', active: true, firstName: 'Maya', lastName: 'Lindqvist' },
  { id: OTHER, emailAddress: 'theo@northlight.example', active: false, firstName: 'Theo', lastName: 'Brandvold' },
];

export function task(id: string, more: Partial<GongTask> = {}): GongTask {
  const created = '2026-03-01T08:00:00Z';
  const times = { created, updated: created, dueDate: '2026-03-09T15:00:00-05:00' };
  return { id, userId: OWNER, status: 'OPEN', type: 'MANUAL', title: `Task ${id}`, ...times, ...more };
}

export async function start(options: Partial<GongOptions> = {}): Promise<GongSimulator> {
  return watch(await createGong({ users: USERS, tasks: [], rateLimits: false, ...options }));
}

export function ask(gong: GongSimulator, request: string, { headers, ...rest }: Sent = {}): Promise<Got> {
  const authorization = `Basic ${btoa(`${gong.accessKey}:${gong.accessKeySecret}`)}`;
  return send(gong.url, request, { headers: { authorization, ...headers }, ...rest });
}

export const FILTER = { userId: OWNER, types: ['FLOW', 'MANUAL'], taskAction: ['CALL'], status: ['OPEN'] };

export function list(gong: GongSimulator, filter: object = {}): Promise<Got> {
  return ask(gong, 'POST /v2/tasks', { body: { filter: { ...FILTER, ...filter } } });
}

export function patch(gong: GongSimulator, id: string, body: object, more: Sent = {}): Promise<Got> {
  return ask(gong, `PATCH /v2/tasks/${id}`, { body: { userId: OWNER, ...body }, ...more });
}

/** The ids of the tasks in an answer, read as text. */
export function ids({ text }: Got): string[] {
  return [...text.matchAll(/"id":(\d+),"userId":/g)].map(([, id]) => id ?? '');
}
