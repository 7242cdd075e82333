/** A bare client: it sends what a test says, in the headers of the simulator's dialect unless told otherwise. */
import { createReply } from '../../../sandbox/reply/simulator.ts';
import type { ReplyOptions, ReplySimulator, ReplyTask, ReplyUser } from '../../../sandbox/reply/types.ts';
import { type Got, type Sent, send, watch } from '../simulator.ts';

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

const CALL = { taskType: 'call', status: 'new', isScheduled: false, creationSource: 'user' } as const;

export function task(id: string, more: Partial<ReplyTask> = {}): ReplyTask {
  return {
    ...{ id, assignedUserId: MAYA.id },
    ...CALL,
    ...{ createdAt: '2026-03-01T08:00:00Z', startAt: '2026-03-09T14:00:00Z', dueTo: '2026-03-09T15:00:00Z' },
    contact: { id: '900', fullName: 'Dana Okonjo' },
    template: { body: 'Call {{FirstName}}', subject: 'Hi {{FullName}}' },
    deliveryInfo: { phoneNumber: '+1 555 0101' },
    ...more,
  };
}

export async function start(options: Partial<ReplyOptions> = {}): Promise<ReplySimulator> {
  return watch(await createReply({ users: USERS, tasks: [], rateLimits: false, clock: () => NOW, ...options }));
}

export interface Ask extends Sent {
  /** Whom the call acts as; null: nobody is named. */
  as?: string | null;
}

export function ask(
  reply: ReplySimulator,
  request: string,
  { as = MAYA.email, headers, ...rest }: Ask = {},
): Promise<Got> {
  const key = reply.dialect === 'current' ? { authorization: `Bearer ${reply.apiKey}` } : { 'x-api-key': reply.apiKey };
  return send(reply.url, request, { headers: { ...key, 'x-user-email': as ?? undefined, ...headers }, ...rest });
}

/** Maya's open tasks, unless the body says otherwise. */
export function filter(reply: ReplySimulator, more: object = {}, query = '', as = MAYA.email): Promise<Got> {
  const status = reply.dialect === 'seed' ? 0 : 'new';
  const body = { status, assignedUserId: Number(MAYA.id), to: '2100-01-01T00:00:00Z', ...more };
  return ask(reply, `POST /v3/tasks/filter${query}`, { body, as });
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
  return ask(reply, `PUT /v3/tasks/${id}`, { body });
}

export function ids({ json }: Got): string[] {
  return json.items.map(({ id }: { id: number }) => String(id));
}
