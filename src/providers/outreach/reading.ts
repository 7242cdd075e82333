/** How tasks are read: what is asked for, page by page, and one by its id (contracts 2.2, 2.3). */
import { ProviderError } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Account } from '../../core/model/people.ts';
import type { Task } from '../../core/model/task.ts';
import type { CallOptions, Done, TaskList } from '../../core/ports/provider.ts';
import { TOO_LARGE } from '../http.ts';
import { inTurns } from '../shared.ts';
import { isId } from '../wire.ts';
import type { OutreachClient } from './client.ts';
import type { Query } from './query.ts';
import { type Document, holds, indexed, toOpenOrDone, toTaskList } from './tasks.ts';
import { Page, TaskAnswer, type TaskResource } from './wire.ts';

/** `/tasks/{id}`, in errors. */
export const TASK = '/tasks/{id}';
/** Contracts 5, O4: the greatest that is known to be taken is not known. */
const PAGE_SIZE = 100;
/** So many notes of the greatest length fit into an answer however they are written, every character as `\uXXXX` too. */
const SMALL_PAGE_SIZE = 25;
/** Only links that lead nowhere get this far. */
const MAX_PAGES = 400;
const MAX_ELEMENTS = 10_000;
/** Each may be one that was made to be slow: a millisecond or two. */
const NOTES_AT_ONCE = 10;

/** What a task is shown with, the plural under which its scope goes, and the attributes that we read. */
const DECORATIONS = {
  prospect: ['prospects', 'firstName,lastName,name,title,company,emails'],
  account: ['accounts', 'name'],
  opportunity: ['opportunities', 'name,amount'],
  sequence: ['sequences', 'name'],
  sequenceStep: ['sequenceSteps', 'displayName,order'],
  taskPriority: ['taskPriorities', 'name'],
} as const;

export async function listTasks(client: OutreachClient, account: Account, options: CallOptions): Promise<TaskList> {
  try {
    return await readOpenTasks(client, account, PAGE_SIZE, options);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.cause !== TOO_LARGE) throw error;
    return readOpenTasks(client, account, SMALL_PAGE_SIZE, options);
  }
}

/** Page by page, so that the notes of one are not kept while the next ones come. */
async function readOpenTasks(
  client: OutreachClient,
  account: Account,
  pageSize: number,
  options: CallOptions,
): Promise<TaskList> {
  const scopes = await client.scopes(account);
  const query = { ...openTasksOf(account), sort: 'dueAt', ...decoration(scopes) };
  const tasks = new Map<string, Task>();
  let unreadable = 0;
  for await (const page of pagesOf(client, account, { path: '/tasks', query, pageSize }, options)) {
    const about = indexed(page.included);
    await inTurns(page.data, NOTES_AT_ONCE, (elements) => {
      const read = toTaskList(elements, about, account.externalId, scopes);
      // One that comes twice, as pages shift, is one task.
      for (const task of read.tasks) tasks.set(task.id, task);
      unreadable += read.unreadable;
    });
  }
  return { tasks: [...tasks.values()], unreadable };
}

export async function readTask(
  client: OutreachClient,
  account: Account,
  taskId: string,
  options: CallOptions,
): Promise<Task | Done | undefined> {
  const scopes = await client.scopes(account);
  const found = await findTask(client, account, taskId, options, decoration(scopes));
  return found && toOpenOrDone(found.task, found.included, account.externalId, scopes);
}

/** `state`, not `status`, which public snippets name and Outreach does not know (contracts 2.10). */
export function openTasksOf({ externalId }: Account): Query {
  return { 'filter[owner][id]': externalId, 'filter[state]': 'incomplete' };
}

/**
 * `fields[task]` is left out, because it would drop the relationships that it does not name (contracts 5, O5). What the
 * rep did not let us read is not asked for: Outreach would refuse the whole request.
 */
function decoration(scopes: ReadonlySet<string>): Query {
  const readable = Object.entries(DECORATIONS).filter(([, [plural]]) => holds(scopes, plural, 'read'));
  return {
    ...(readable.length > 0 && { include: readable.map(([type]) => type).join() }),
    ...Object.fromEntries(readable.map(([type, [, fields]]) => [`fields[${type}]`, fields])),
    provideAuthorizationMeta: 'true',
  };
}

/** undefined: there is none, or none that this rep may see. */
export async function findTask(
  client: OutreachClient,
  rep: RepKey,
  taskId: string,
  options: CallOptions,
  query?: Query,
): Promise<{ task: TaskResource; included: readonly unknown[] } | undefined> {
  if (!isId(taskId)) return undefined;
  const request = { method: 'GET', path: `/tasks/${taskId}`, template: TASK, schema: TaskAnswer } as const;
  try {
    const answer = await client.call(rep, { ...request, ...(query && { query }) }, options);
    return { task: answer.data, included: answer.included ?? [] };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

interface Collection {
  path: string;
  query: Query;
  pageSize?: number;
}

/**
 * Every page of a collection. The rep's token follows a link only within the collection itself (contracts 4.8). Whoever
 * reads takes what they need of each page: pages may be large, and are not kept here.
 */
async function* pagesOf(
  client: OutreachClient,
  rep: RepKey,
  { path, query, pageSize = PAGE_SIZE }: Collection,
  options: CallOptions,
): AsyncGenerator<Document> {
  const seen = new Set<string>();
  let elements = 0;
  let at: { path: string; query?: Query } = {
    path,
    query: { ...query, 'page[size]': String(pageSize), count: 'false' },
  };
  while (seen.size < MAX_PAGES && elements <= MAX_ELEMENTS) {
    const { data, included, links } = await client.call(
      rep,
      { method: 'GET', ...at, template: path, schema: Page },
      options,
    );
    yield { data, included: included ?? [] };
    if (!links?.next) return;
    const next = client.ownPath(links.next);
    if (!next?.startsWith(`${path}?`)) throw unreadable(path, 'the next page is somewhere else');
    if (seen.has(next)) break;
    seen.add(next);
    elements += data.length;
    at = { path: next };
  }
  throw unreadable(path, 'the pages do not end');
}

/** Users and prospects of one address, webhooks, the open tasks of one prospect: never more. */
const FEW_PAGES = 10;

/** All of a collection that is known to be small. */
export async function readAll(
  client: OutreachClient,
  rep: RepKey,
  path: string,
  query: Query,
  options: CallOptions,
): Promise<Document> {
  const data: unknown[] = [];
  let pages = 0;
  for await (const page of pagesOf(client, rep, { path, query }, options)) {
    if (pages === FEW_PAGES) throw unreadable(path, 'more than there can be');
    pages += 1;
    data.push(...page.data);
  }
  return { data, included: [] };
}

function unreadable(path: string, reason: string): ProviderError {
  const operation = `GET /api/v2${path}`;
  return new ProviderError({ provider: 'outreach', kind: 'unreadable', operation, cause: new Error(reason) });
}
