/** The session that every route gets, and code that routes share. */

import type { Call } from '../desk.ts';
import type { WireObject } from '../json.ts';
import { type Answer, bad, breach, Refusal, refuse } from './answer.ts';
import type { Book, HeldTask } from './book.ts';
import type { Cursors } from './pages.ts';
import type { ReadQuery } from './query.ts';
import { onWire, PLURALS, type Resource, type ResourceType } from './resources.ts';
import { covers, type Verb } from './scopes.ts';
import type { OutreachEffect, OutreachUser, OutreachWebhook } from './types.ts';

export interface Outreach {
  book: Book;
  webhooks: Map<string, OutreachWebhook>;
  newWebhookId(): string;
  effects: OutreachEffect[];
  cursors: Cursors;
  relationsAsLinks: boolean;
  lacks: readonly string[];
  saysWho: boolean;
  clock: () => number;
}

export interface Session {
  outreach: Outreach;
  call: Call;
  user: OutreachUser;
  scopes: ReadonlySet<string>;
}

export function needScope({ scopes }: Session, plural: string, verb: Verb): void {
  if (covers(scopes, plural, verb)) return;
  const detail = `Your authorization does not include the scope ${plural}.${verb}`;
  throw new Refusal(refuse('unauthorizedOauthScope', detail));
}

export function needScopesOf(session: Session, types: readonly ResourceType[]): void {
  for (const type of types) needScope(session, PLURALS[type], 'read');
}

/** Upstream permissions: a rep sees their own tasks, an admin everybody's; what is invisible is not found. */
export function visibleTo({ id, admin = false }: OutreachUser, task: HeldTask): boolean {
  return admin || task.ownerId === id;
}

export function visibleTask({ outreach, user }: Session, id: string): HeldTask {
  const task = outreach.book.task(id);
  if (!task || !visibleTo(user, task)) throw new Refusal(notFound('task', id));
  return task;
}

export function notFound(type: ResourceType, id: string): Answer {
  return refuse('resourceNotFound', `Could not find '${type}' with ID '${id}'`);
}

/** The API's origin for the client, which may follow links of no other origin (contracts, rule 8). */
function baseOf({ call }: Session): string {
  return `http://${call.headers.host}/api/v2`;
}

function styleOf(session: Session) {
  return { base: baseOf(session), asLinks: session.outreach.relationsAsLinks };
}

export function one(session: Session, resource: Resource, query?: ReadQuery, others: readonly Resource[] = []): Answer {
  const wire = (each: Resource): WireObject => onWire(each, query?.fields.get(each.type), styleOf(session));
  const include = query !== undefined && query.include.length > 0;
  return { status: 200, body: { data: wire(resource), ...(include && { included: others.map(wire) }) } };
}

export interface Listed {
  resources: Resource[];
  others: Resource[];
  next: string | undefined;
}

export function many(session: Session, listed: Listed, query: ReadQuery): Answer {
  const wire = (each: Resource): WireObject => onWire(each, query.fields.get(each.type), styleOf(session));
  return {
    status: 200,
    body: {
      data: listed.resources.map(wire),
      ...(query.include.length > 0 && { included: listed.others.map(wire) }),
      links: {
        first: linkTo(session, undefined),
        ...(listed.next !== undefined && { next: linkTo(session, listed.next) }),
      },
    },
  };
}

function linkTo({ call }: Session, cursor: string | undefined): string {
  const link = new URL(`http://${call.headers.host}${call.url.pathname}${call.url.search}`);
  link.searchParams.delete('page[after]');
  if (cursor !== undefined) link.searchParams.set('page[after]', cursor);
  return link.href;
}

/** A body in JSON; integers that a JavaScript number would round come as text. */
export function bodyOf({ call }: Session): unknown {
  try {
    return JSON.parse(call.text, lossless);
  } catch (error) {
    if (error instanceof SyntaxError) throw bad('The body is not JSON');
    throw error;
  }
}

function lossless(_key: string, value: unknown, context?: { source?: string }): unknown {
  const literal = context?.source ?? '';
  return typeof value === 'number' && /^\d{16,}$/.test(literal) ? literal : value;
}

export function withoutBody({ call }: Session): void {
  if (call.text !== '') throw bad('The request must have no body');
}

export function withoutQuery({ call }: Session): void {
  if (call.url.search !== '') throw bad('The request takes no query parameters');
}

export function invalid(detail: string, pointer?: string): Refusal {
  return new Refusal(breach('validationError', detail, pointer));
}
