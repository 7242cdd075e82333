/** Authentication: the key in the header of the dialect, and the user whom a Master key acts as (reply.md 2). */
import type { Call } from '../desk.ts';
import { type Answer, refuse } from './answer.ts';
import type { Book } from './book.ts';
import type { ReplyDialect, ReplyRequest } from './types.ts';

/** One person, with every team that they are in. */
export interface Person {
  id: string;
  name: string;
  teamIds: readonly string[];
  isOwner: boolean;
  isManager: boolean;
}

export interface Caller extends Person {
  /** False: the call named nobody, so the Master key acts as the workspace owner. */
  isNamed: boolean;
}

export function authOf({ headers }: Call): ReplyRequest['auth'] {
  const hasKey = headers['x-api-key'] !== undefined;
  const hasBearer = headers.authorization !== undefined;
  if (hasKey && hasBearer) return 'both';
  return hasKey ? 'x-api-key' : hasBearer ? 'bearer' : 'none';
}

/** The announced generation knows one header and the present one the other; neither reads both (contracts, conflict 1). */
export function hasKey({ headers }: Call, apiKey: string, dialect: ReplyDialect): boolean {
  if (dialect !== 'current') return headers['x-api-key'] === apiKey;
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer === apiKey;
}

/** Docs: an empty body (reply.md 5). */
export function keyRefused(dialect: ReplyDialect): Answer {
  return { status: 401, headers: dialect === 'current' ? { 'WWW-Authenticate': 'Bearer' } : {} };
}

export function userRefused(): Answer {
  return refuse(401, 'USER_NOT_FOUND', 'The acting user was not found in this workspace.');
}

/** As the request names the acting user. */
export function namedUser({ headers }: Call): string | undefined {
  const name = headers['x-user-email'];
  return Array.isArray(name) ? name.join() : name;
}

interface KeyOwners {
  ownerId: string;
  /** Of a key that is no Master key. */
  personalTo?: string | undefined;
}

/** undefined: there is no such user. */
export function callerOf(call: Call, book: Book, { ownerId, personalTo }: KeyOwners): Caller | undefined {
  const name = namedUser(call)?.trim().toLowerCase();
  if (personalTo !== undefined) {
    const person = personOf(book, personalTo, ownerId);
    return person && { ...person, isNamed: name !== undefined };
  }
  const id = name === undefined ? ownerId : book.users().find(({ email }) => email.toLowerCase() === name)?.id;
  const person = id === undefined ? undefined : personOf(book, id, ownerId);
  return person && { ...person, isNamed: name !== undefined };
}

function personOf(book: Book, id: string, ownerId: string): Person | undefined {
  const memberships = book.users().filter((user) => user.id === id);
  const [first] = memberships;
  if (!first) return undefined;
  const isOwner = id === ownerId;
  return {
    id,
    name: first.name,
    teamIds: memberships.map(({ teamId }) => teamId),
    isOwner,
    isManager: isOwner || memberships.some(({ role }) => role === 'manager'),
  };
}

/** The owner has the whole workspace, everyone else the teams that they are in. */
export function areTeammates(person: Person, otherId: string, book: Book): boolean {
  return book.users().some(({ id, teamId }) => id === otherId && (person.isOwner || person.teamIds.includes(teamId)));
}
