/** Reads tasks, page by page or one by its id (outreach.md 2, 3). */
import { ProviderError } from '../../core/model/errors.ts';
import type { Account } from '../../core/model/people.ts';
import type { Task } from '../../core/model/task.ts';
import type { Editing, TaskList, TaskProvider } from '../../core/ports/provider.ts';
import { TOO_LARGE } from '../http.ts';
import { inTurns, isId } from '../wire.ts';
import { indexed } from './about.ts';
import type { AsRep, OutreachClient, Query } from './client.ts';
import { createFields } from './fields.ts';
import { type FoundTask, isOpenOf, toOpenOrDone, toTaskList } from './mapping.ts';
import { pagesOf } from './pages.ts';
import { TaskAnswer } from './wire.ts';

/** `/tasks/{id}`, in errors. */
export const TASK = '/tasks/{id}';
/** So many notes of the greatest length fit into an answer however they are written, every character as `\uXXXX` too. */
const SMALL_PAGE_SIZE = 25;
/** Each has two texts, which may have been made to be slow: some milliseconds. */
const NOTES_AT_ONCE = 4;

export function createTasks(client: OutreachClient): Pick<TaskProvider, 'listTasks' | 'readTask'> {
  const fields = createFields();

  /** Page by page, so that the notes of one are not kept while the next ones come. */
  async function readOpenTasks(asRep: AsRep, account: Account, pageSize?: number): Promise<TaskList> {
    const scopes = await asRep.scopes();
    return fields.ask(scopes, async (shown, isAnswered) => {
      const query = { ...openTasksOf(account), sort: 'dueAt', ...shown };
      const tasks = new Map<string, Task>();
      let unreadable = 0;
      for await (const page of pagesOf(asRep, '/tasks', query, pageSize)) {
        isAnswered();
        const about = indexed(page.included);
        await inTurns(page.data, NOTES_AT_ONCE, (elements) => {
          const read = toTaskList(elements, about, account.externalId, scopes);
          // One that comes twice, as pages shift, is one task.
          for (const task of read.tasks) tasks.set(task.id, task);
          unreadable += read.unreadable;
        });
      }
      return { tasks: [...tasks.values()], unreadable };
    });
  }

  return {
    async listTasks(account, options) {
      const asRep = client.as(account, options);
      try {
        return await readOpenTasks(asRep, account);
      } catch (error) {
        if (!(error instanceof ProviderError) || error.cause !== TOO_LARGE) throw error;
        return readOpenTasks(asRep, account, SMALL_PAGE_SIZE);
      }
    },
    async readTask(account, taskId, options) {
      const asRep = client.as(account, options);
      const scopes = await asRep.scopes();
      const found = await fields.ask(scopes, (shown) => findTask(asRep, taskId, shown));
      return found && toOpenOrDone(found, account.externalId, scopes);
    },
  };
}

/** `state`, not `status`, which public snippets name and Outreach does not know (outreach.md 10). */
export function openTasksOf({ externalId }: Account): Query {
  return { 'filter[owner][id]': externalId, 'filter[state]': 'incomplete' };
}

/** undefined: there is none, or none that this rep may see. */
export async function findTask(asRep: AsRep, taskId: string, query: Query = {}): Promise<FoundTask | undefined> {
  if (!isId(taskId)) return undefined;
  const request = { method: 'GET', path: `/tasks/${taskId}`, template: TASK, query, schema: TaskAnswer } as const;
  try {
    const { data: task, included } = await asRep.call(request);
    return { task, included: included ?? [] };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** The note as it is, HTML included, for that is what will be replaced; no rule is an empty one. */
export function createReadForEdit(client: OutreachClient): Editing['read'] {
  return async (account, taskId, options) => {
    const found = await findTask(client.as(account, options), taskId);
    if (!found || !isOpenOf(found.task, account.externalId)) return undefined;
    const { note, opportunityAssociation } = found.task.attributes;
    return { note: note ?? '', rule: opportunityAssociation ?? '' };
  };
}
