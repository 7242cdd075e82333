/** The calls that change a task (gong.md 3). */
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { CallOptions, Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import type { CallGong } from './client.ts';
import { ChangedTask, TasksAnswer } from './wire.ts';

export function createVerbs(call: CallGong): Pick<TaskProvider, 'perform' | 'undo'> {
  return {
    async perform({ externalId }, { id }, wanted, options) {
      const wish = { call, externalId, id, options };
      if ('dueAt' in wanted) return change(wish, { dueAt: toSecond(wanted.dueAt) });
      if (wanted.verb !== 'done' && wanted.verb !== 'dismiss') throw refusal(`Gong has no ${wanted.verb}`);
      return change(wish, { status: wanted.verb === 'done' ? 'DONE' : 'DISMISSED' });
    },
    async undo({ externalId }, { id, dueAt }, verb, options) {
      const wish = { call, externalId, id, options };
      if (verb === 'done' || verb === 'dismiss') return change(wish, { status: 'OPEN' });
      if (dueAt === undefined) throw refusal('no earlier due date to go back to');
      return change(wish, { dueAt });
    },
  };
}

/** Of which task, and as whom. */
interface Wish {
  call: CallGong;
  externalId: string;
  id: string;
  options: CallOptions;
}

type Patch = { status: 'OPEN' | 'DONE' | 'DISMISSED' } | { dueAt: Instant };

const CHANGE = '/v2/tasks/{id}';

/** Sends only what changes, and believes it only when the answer shows it. */
async function change({ call, externalId, id, options }: Wish, patch: Patch): Promise<Receipt> {
  if (!isId(id)) throw refusal('not a Gong task id');
  const body = { userId: externalId, ...('dueAt' in patch ? { dueDate: toIso(patch.dueAt) } : patch) };
  const request = { method: 'PATCH', path: `/v2/tasks/${id}`, template: CHANGE, body, schema: TasksAnswer } as const;
  const { requestId: reference, tasks } = await call(request, options);
  if (tasks.some((element) => shows(element, id, patch))) return { reference };
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
