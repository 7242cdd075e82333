/** The API's routes, and what stands before them: token, rate limit, content type, scope (outreach.md 1, 5, 6). */
import type { Call } from '../desk.ts';
import { actOnTask } from './actions.ts';
import { type Answer, breach, Refusal, refuse } from './answer.ts';
import { listRecords } from './directory.ts';
import type { Quota } from './limiter.ts';
import type { Verb } from './scopes.ts';
import { needScope, type Outreach, type Session, withoutBody, withoutQuery } from './session.ts';
import { createTask, deleteTask, editTask, listTasks, readTask } from './tasks.ts';
import type { Tokens } from './tokens.ts';
import { createWebhook, deleteWebhook, listWebhooks, readWebhook } from './webhooks.ts';

interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: RegExp;
  /** Absent: any token will do. */
  scope?: [plural: string, verb: Verb];
  answer(session: Session, ...parts: string[]): Answer;
}

// Actions count as writing: no list of scopes for each operation is published (contracts, unknown O6).
const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^$/, answer: sayWho },
  { method: 'GET', path: /^tasks$/, scope: ['tasks', 'read'], answer: listTasks },
  { method: 'POST', path: /^tasks$/, scope: ['tasks', 'write'], answer: createTask },
  { method: 'GET', path: /^tasks\/(\d+)$/, scope: ['tasks', 'read'], answer: readTask },
  { method: 'PATCH', path: /^tasks\/(\d+)$/, scope: ['tasks', 'write'], answer: editTask },
  { method: 'DELETE', path: /^tasks\/(\d+)$/, scope: ['tasks', 'delete'], answer: deleteTask },
  { method: 'POST', path: /^tasks\/(\d+)\/actions\/(\w+)$/, scope: ['tasks', 'write'], answer: actOnTask },
  { method: 'GET', path: /^users$/, scope: ['users', 'read'], answer: (session) => listRecords(session, 'user') },
  {
    method: 'GET',
    path: /^prospects$/,
    scope: ['prospects', 'read'],
    answer: (session) => listRecords(session, 'prospect'),
  },
  { method: 'GET', path: /^webhooks$/, scope: ['webhooks', 'read'], answer: listWebhooks },
  { method: 'POST', path: /^webhooks$/, scope: ['webhooks', 'write'], answer: createWebhook },
  { method: 'GET', path: /^webhooks\/(\d+)$/, scope: ['webhooks', 'read'], answer: readWebhook },
  { method: 'DELETE', path: /^webhooks\/(\d+)$/, scope: ['webhooks', 'delete'], answer: deleteWebhook },
];

const API = '/api/v2';

export function isApi({ url }: Call): boolean {
  return url.pathname === API || url.pathname.startsWith(`${API}/`);
}

export function answerApi(outreach: Outreach, tokens: Tokens, call: Call, quota: Quota | undefined): Answer {
  try {
    const answer = perform(outreach, tokens, call, quota);
    return { ...answer, headers: { ...quota?.headers, ...answer.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...error.answer, headers: { ...quota?.headers } };
  }
}

function perform(outreach: Outreach, tokens: Tokens, call: Call, quota: Quota | undefined): Answer {
  const bearer = bearerOf(call);
  const access = bearer === undefined ? undefined : tokens.access(bearer);
  const user = outreach.book.find('user', access?.userId);
  if (!access || !user || user.locked) return refuse('unauthorized', 'The access token is invalid or has expired');
  if (quota?.exceeded) return refuse('rateLimitExceeded', 'You have exceeded your permitted rate limit');
  // On every request, with or without a body, and without parameters (outreach.md 1; JSON:API 1.0).
  if (call.headers['content-type'] !== 'application/vnd.api+json') {
    return breach('unsupportedMediaType', 'Content-Type must be application/vnd.api+json');
  }
  const path = call.url.pathname.slice(API.length).replace(/^\/(?=.)/, '');
  for (const { method, path: pattern, scope, answer } of ROUTES) {
    const match = call.method === method ? pattern.exec(path) : null;
    if (!match) continue;
    const session: Session = { outreach, call, user, scopes: access.scopes };
    if (scope) needScope(session, ...scope);
    return answer(session, ...match.slice(1));
  }
  return breach('resourceNotFound', `There is no ${call.method} ${call.url.pathname}`);
}

/** The token's user: read so by two public clients, and documented nowhere, so it may be missing (outreach.md 7). */
function sayWho(session: Session): Answer {
  withoutQuery(session);
  withoutBody(session);
  const { email, firstName, lastName } = session.user;
  return { status: 200, body: { meta: session.outreach.saysWho ? { user: { email, firstName, lastName } } : {} } };
}

export function bearerOf(call: Call): string | undefined {
  return /^Bearer ([\w-]+)$/.exec(call.headers.authorization ?? '')?.[1];
}
