/** The endpoints that Docket uses (reply.md 3, 4, 7), and what stands before them: key, acting user, route, content type. */
import type { Call } from '../desk.ts';
import { type Answer, breach, invalid } from './answer.ts';
import { completeTask, deleteTask, refused, updateTask } from './changes.ts';
import { filterContacts, listContacts } from './contacts.ts';
import { createTask } from './creation.ts';
import { authOf, type Caller, keyRefused, userRefused } from './door.ts';
import { filterTasks, readTask, teamUsers, whoami } from './reads.ts';
import { parseJson, type Read, readCompletion, readContactFilter, readCreation, readFilter } from './requests.ts';
import type { Asked, Reply } from './state.ts';
import type { WireStyle } from './wire.ts';

/** `caller`: who asks; `no key` and `no user` were refused at the door. */
export function answerTo(reply: Reply, call: Call, caller: Caller | 'no key' | 'no user', style: WireStyle): Answer {
  if (caller === 'no key') return keyRefused(reply.dialect);
  if (caller === 'no user') return userRefused();
  const answer = routed(reply, { call, caller, style });
  const breaches = [answer.breach, ...breachesOf(call, caller)].filter((each) => each !== undefined);
  return breaches.length === 0 ? answer : { ...answer, breach: breaches.join('; ') };
}

/** Breaches by requests that Reply answers all the same. */
function breachesOf(call: Call, caller: Caller): string[] {
  const breaches: string[] = [];
  if (authOf(call) === 'both') breaches.push('sends the key in two headers');
  // Without the header a Master key acts as the workspace owner (reply.md 2).
  if (isSomeonesPath(call) && !caller.isNamed) breaches.push('names no acting user, so it acts as the workspace owner');
  return breaches;
}

function isTaskPath({ url }: Call): boolean {
  return /^\/v3\/tasks(\/|$)/.test(url.pathname);
}

function isSomeonesPath(call: Call): boolean {
  return isTaskPath(call) || /^\/v3\/contacts(\/|$)/.test(call.url.pathname);
}

function routed(reply: Reply, asked: Asked): Answer {
  const { call } = asked;
  const { form } = asked.style;
  const route = `${call.method} ${call.url.pathname}`;
  if (isTaskPath(call) && reply.notEnabled !== undefined) return comingSoon(reply.notEnabled);
  switch (route) {
    case 'GET /v3/whoami':
      return withoutQuery(call, () => whoami(asked));
    case 'GET /v3/whoami/team-users':
      return withoutQuery(call, () => teamUsers(reply, asked));
    case 'POST /v3/tasks/filter':
      return withBody(call, (body) => whenRead(readFilter(form, body), (data) => filterTasks(reply, asked, data)));
    case 'POST /v3/tasks':
      return withoutQuery(call, () =>
        withBody(call, (body) => whenRead(readCreation(form, body), (data) => createTask(reply, asked, data))),
      );
    case 'GET /v3/contacts':
      return listContacts(reply, asked);
    case 'POST /v3/contacts/filter':
      return withBody(call, (body) =>
        whenRead(readContactFilter(form, body), (data) => filterContacts(reply, asked, data)),
      );
  }
  const [, id, rest = ''] = /^\/v3\/tasks\/(\d+)(\/.*)?$/.exec(call.url.pathname) ?? [];
  return id === undefined ? noSuchEndpoint() : taskRoute(reply, asked, id, `${call.method} ${rest}`);
}

/** Never `execute`: it sends to the contact. */
function taskRoute(reply: Reply, asked: Asked, id: string, route: string): Answer {
  const { call } = asked;
  const { form } = asked.style;
  if (route === 'GET ') return readTask(reply, asked, id);
  switch (route) {
    case 'PUT ':
      return withoutQuery(call, () => withBody(call, (body) => updateTask(reply, asked, id, body)));
    case 'DELETE ':
      return withoutQuery(call, () => deleteTask(reply, asked, id));
    case 'POST /complete':
      return withoutQuery(call, () =>
        withBody(call, (body) => whenRead(readCompletion(form, body), (data) => completeTask(reply, asked, id, data))),
      );
    default:
      return noSuchEndpoint();
  }
}

function whenRead<T>(body: Read<T>, perform: (data: T) => Answer): Answer {
  return 'data' in body ? perform(body.data) : refused(body);
}

function comingSoon(status: 404 | 501): Answer {
  return { status, problem: { detail: 'This endpoint is coming soon.' } };
}

function noSuchEndpoint(): Answer {
  return breach(404, 'No such endpoint');
}

function withoutQuery(call: Call, perform: () => Answer): Answer {
  return call.url.search === '' ? perform() : breach(400, 'takes no query parameters');
}

function withBody(call: Call, perform: (body: unknown) => Answer): Answer {
  if (call.text === '') return invalid([{ pointer: '', detail: 'is required' }]);
  if (!/^application\/json *(;|$)/i.test(call.headers['content-type'] ?? '')) {
    return breach(415, 'Content-Type must be application/json');
  }
  let body: unknown;
  try {
    body = parseJson(call.text);
  } catch {
    return invalid([{ pointer: '', detail: 'is not JSON' }]);
  }
  return perform(body);
}

/** 100 calls a minute and 3,000 an hour (reply.md 6). */
export function tooMany(waitSeconds: number): Answer {
  return { status: 429, problem: { detail: 'Too many requests.' }, headers: { 'Retry-After': String(waitSeconds) } };
}
