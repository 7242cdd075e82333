/** From Reply's tasks to ours. */
import type { Account } from '../../core/model/people.ts';
import type { Contact, Task } from '../../core/model/task.ts';
import type { TaskList } from '../../core/ports/provider.ts';
import { webUrl } from '../wire.ts';
import type { Element } from './pages.ts';
import { detailedTitle, plainTitle } from './titles.ts';
import { isOf, type Kind, kindOf, type ListedTask, linkedInKindOf, type SingleTask, stateOf } from './wire.ts';

/**
 * Reply was asked for one user's open tasks alone. What comes all the same is left out: a server that does not know a
 * filter sends everything that the acting user may see, teammates' and closed tasks too (reply.md 3). What nobody can
 * tell to be open or closed is counted.
 */
export function toTaskList(
  elements: readonly Element[],
  account: Account,
  keepName: (contactId: string, name: string) => void,
): TaskList {
  const tasks = new Map<string, Task>();
  let unreadable = 0;
  for (const { task: wire } of elements) {
    if (wire && !isOf(wire, account.externalId)) continue;
    const state = wire && stateOf(wire);
    if (!wire || state === 'unknown') unreadable += 1;
    else if (state === 'new') {
      const { id, fullName } = wire.contact ?? {};
      if (id && fullName) keepName(id, fullName);
      tasks.set(wire.id, toListedTask(wire));
    }
  }
  return { tasks: [...tasks.values()], unreadable };
}

function toListedTask(wire: ListedTask): Task {
  const name = wire.contact?.fullName;
  const title = plainTitle(kindOf(wire.taskType), linkedInKindOf(wire.linkedInTaskType), name);
  return toTask(wire, title, name ? { name } : undefined);
}

export function toDetailedTask(wire: SingleTask, name: string | undefined): Task {
  const title = detailedTitle(wire, kindOf(wire.taskType), linkedInKindOf(wire.linkedInTaskType), name);
  const url = webUrl(wire.deliveryInfo?.linkedInUrl);
  const task = toTask(wire, title, name ? { name, ...(url && { url }) } : undefined);
  return typeof wire.template?.body === 'string' ? task : { ...task, facts: { ...task.facts, fixed: true } };
}

function toTask(wire: ListedTask | SingleTask, title: string, contact: Contact | undefined): Task {
  const isStep = wire.sequenceId !== undefined && wire.sequenceId !== null;
  return {
    provider: 'reply',
    id: wire.id,
    title,
    ...kindIn(kindOf(wire.taskType)),
    ...(contact && { contact }),
    dueAt: wire.dueTo,
    facts: {
      kind: kindOf(wire.taskType),
      ...(wire.isScheduled && { scheduled: true }),
      ...(isStep && { step: true }),
      ...(cannotMove(wire) && { fixed: true }),
    },
  };
}

function kindIn(kind: Kind): Pick<Task, 'kind'> {
  if (kind === 'call') return { kind };
  return kind === 'manualEmail' ? { kind: 'email' } : {};
}

/** Both times move together, and Reply takes no change unless the due time is after the start (reply.md 4). */
function cannotMove({ startAt, dueTo }: ListedTask | SingleTask): boolean {
  return dueTo === undefined || (startAt ? startAt.epochMilliseconds >= dueTo : false);
}
