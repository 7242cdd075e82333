/** What changes a task (gong.md 3). */
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { CallOptions, Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import type { CallGong } from './client.ts';
import { ChangedTask, TasksAnswer } from './wire.ts';

export function createVerbs(call: CallGong): Pick<TaskProvider, 'perform' | 'undo'> {
  return {
    async perform({ externalId }, task, wanted, options) {
      if ('dueAt' in wanted) return change(call, externalId, task.id, { dueAt: toSecond(wanted.dueAt) }, options);
      if (wanted.verb !== 'done' && wanted.verb !== 'dismiss') throw refusal(`Gong has no ${wanted.verb}`);
      const status = wanted.verb === 'done' ? 'DONE' : 'DISMISSED';
      return change(call, externalId, task.id, { status }, options);
    },
    async undo({ externalId }, before, verb, options) {
      if (verb === 'done' || verb === 'dismiss') {
        return change(call, externalId, before.id, { status: 'OPEN' }, options);
      }
      if (before.dueAt === undefined) throw refusal('no earlier due date to go back to');
      return change(call, externalId, before.id, { dueAt: before.dueAt }, options);
    },
  };
}

type Patch = { status: 'OPEN' | 'DONE' | 'DISMISSED' } | { dueAt: Instant };

const CHANGE = '/v2/tasks/{id}';

/** Sends only what changes, and believes it only when the answer shows it. */
async function change(
  call: CallGong,
  externalId: string,
  taskId: string,
  patch: Patch,
  options: CallOptions,
): Promise<Receipt> {
  if (!isId(taskId)) throw refusal('not a Gong task id');
  const wanted = 'dueAt' in patch ? { dueDate: toIso(patch.dueAt) } : patch;
  const answer = await call(
    {
      method: 'PATCH',
      path: `/v2/tasks/${taskId}`,
      template: CHANGE,
      body: { userId: externalId, ...wanted },
      schema: TasksAnswer,
    },
    options,
  );
  const reference = answer.requestId;
  if (answer.tasks.some((element) => shows(element, taskId, patch))) return { reference };
  const cause = new Error('the answer does not show the change');
  throw new ProviderError({ provider: 'gong', kind: 'unreadable', operation: `PATCH ${CHANGE}`, reference, cause });
}

function shows(element: unknown, taskId: string, patch: Patch): boolean {
  const task = ChangedTask.safeParse(element).data;
  if (task?.id !== taskId) return false;
  if ('status' in patch) return task.status === patch.status.toLowerCase();
  return isKept(task.dueDate, patch.dueAt);
}

/** A change that cannot be asked of Gong. */
function refusal(reason: string): ProviderError {
  const cause = new Error(reason);
  return new ProviderError({ provider: 'gong', kind: 'invalid', operation: `PATCH ${CHANGE}`, cause });
}
