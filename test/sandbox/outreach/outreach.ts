/** A bare client of Outreach: it sends what a test says. */
import { createOutreach } from '../../../sandbox/outreach/simulator.ts';
import type { OutreachOptions, OutreachSimulator, OutreachTask } from '../../../sandbox/outreach/types.ts';
import { type Got, type Sent, send, watch } from '../simulator.ts';

export const OWNER = '9007199254740993';
export const OTHER = '9007199254740995';
export const ADMIN = '30';
export const LOCKED = '40';
export const NOW = Date.parse('2026-03-09T12:00:00Z');

const BASE = {
  users: [
    { id: OWNER, email: 'Maya.Lindqvist@northlight.example', firstName: 'Maya', lastName: 'Lindqvist' },
    { id: OTHER, email: 'theo@northlight.example', firstName: 'Theo', lastName: 'Brandvold' },
    { id: ADMIN, email: 'rosalind@northlight.example', firstName: 'Rosalind', lastName: 'Achterveld', admin: true },
    { id: LOCKED, email: 'henrik@northlight.example', firstName: 'Henrik', lastName: 'Dahlmo', locked: true },
  ],
  prospects: [
    {
      ...{ id: '9007199254750001', firstName: 'Adaeze', lastName: 'Whitlock', title: 'VP', company: 'Marrowgate' },
      emails: ['Adaeze.Whitlock@customers.example', 'aw@customers.example'],
      accountId: '51',
    },
    { id: '52', firstName: 'Piotr', lastName: 'Sandoval', emails: ['piotr@customers.example'] },
  ],
  accounts: [{ id: '51', name: 'Marrowgate' }],
  opportunities: [{ id: '61', name: 'Rollout', amount: 12 }],
  sequences: [{ id: '71', name: 'Autumn' }],
  steps: [{ id: '81', sequenceId: '71', order: 4, displayName: 'Step #4: Phone call', stepType: 'call' }],
} satisfies OutreachOptions;

export const PROSPECT = BASE.prospects[0]?.id ?? '';

export function task(id: string, more: Partial<OutreachTask> = {}): OutreachTask {
  const times = { dueAt: '2026-03-09T15:00:00-05:00', createdAt: '2026-03-01T08:00:00Z' };
  return { id, ownerId: OWNER, state: 'incomplete', taskType: 'manual', action: 'call', ...times, ...more };
}

export function step(id: string, more: Partial<OutreachTask> = {}): OutreachTask {
  const related = { prospectId: PROSPECT, accountId: '51', sequenceId: '71', sequenceStepId: '81' };
  return task(id, { taskType: 'sequence_step_call', ...related, ...more });
}

export async function start(options: Partial<OutreachOptions> = {}): Promise<OutreachSimulator> {
  const quick = { rateLimits: false, clock: () => NOW, webhookRetryMs: 5 };
  return watch(await createOutreach({ ...BASE, ...quick, ...options }));
}

export interface Ask extends Sent {
  token?: string;
}

const tokens = new WeakMap<OutreachSimulator, Map<string, string>>();

/** A token of this user, the same one within a test. */
export function tokenOf(outreach: OutreachSimulator, userId = OWNER): string {
  const known = tokens.get(outreach) ?? new Map<string, string>();
  tokens.set(outreach, known);
  const token = known.get(userId) ?? outreach.grant(userId).accessToken;
  known.set(userId, token);
  return token;
}

export function ask(outreach: OutreachSimulator, request: string, { token, headers, ...rest }: Ask = {}): Promise<Got> {
  const authorization = `Bearer ${token ?? tokenOf(outreach)}`;
  const media = { 'content-type': 'application/vnd.api+json' };
  return send(outreach.url, request.replace(' ', ' /api/v2'), {
    headers: { authorization, ...media, ...headers },
    ...rest,
  });
}

export function list(outreach: OutreachSimulator, query: Record<string, string> = {}, token?: string): Promise<Got> {
  return ask(outreach, `GET /tasks?${new URLSearchParams(query)}`, token === undefined ? {} : { token });
}

type Params = Record<string, string>;

export function act(outreach: OutreachSimulator, id: string, name: string, params: Params = {}): Promise<Got> {
  const query = new URLSearchParams(Object.entries(params).map(([key, value]) => [`actionParams[${key}]`, value]));
  return ask(outreach, `POST /tasks/${id}/actions/${name}${query.size > 0 ? `?${query}` : ''}`);
}

/** The ids of the tasks in an answer, read as text. */
export function ids({ text }: Got): string[] {
  return [...text.matchAll(/"type":"task","id":(\d+),/g)].map(([, id]) => id ?? '');
}

/** What an error says first: `[status, id]`. */
export function refusal({ status, json }: Got): [status: number, id: unknown] {
  return [status, json?.errors?.[0]?.id];
}
