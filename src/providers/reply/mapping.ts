/** From Reply's tasks to ours. */
import type { Account } from '../../core/model/people.ts';
import type { Contact, Task, TaskKind } from '../../core/model/task.ts';
import type { TaskList } from '../../core/ports/provider.ts';
import { noteOf } from '../notes.ts';
import { phoneOf, reachOf } from '../reach.ts';
import type { Element } from './pages.ts';
import { detailedTitle, plainTitle } from './titles.ts';
import { isOf, type Kind, kindOf, type ListedTask, linkedInKindOf, type SingleTask, stateOf } from './wire.ts';

/** No page of a task or a contact is known (contracts, unknown R8): the web app's own, as public code has it (reply.md 8.2). */
const WEB_APP = 'https://run.reply.io/Dashboard/Material';

const KINDS = {
  toDo: 'todo',
  call: 'call',
  meeting: 'meeting',
  linkedIn: 'linkedin',
  manualEmail: 'email',
  sms: 'sms',
  // There is no word of ours for it, and an SMS it is not.
  whatsApp: 'other',
  other: 'other',
} as const satisfies Record<Kind, TaskKind>;

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
  const { phoneNumber, email, linkedInUrl } = wire.deliveryInfo ?? {};
  const reach = reachOf({ phones: [phoneOf(phoneNumber)], emails: [email], linkedIn: linkedInUrl });
  const task = toTask(wire, title, name ? { name, ...reach } : undefined);
  const at = stepIn(wire.sequenceStepDisplayName);
  const note = noteIn(wire, title);
  const isMovable = typeof wire.template?.body === 'string';
  return {
    ...task,
    ...(at > 0 && { step: { at } }),
    ...(note && { note }),
    facts: { ...task.facts, ...(!isMovable && { fixed: true }) },
  };
}

/** As the contact will read it, where Reply filled in the variables. The title has a word and an address around its detail. */
function noteIn({ template, content }: SingleTask, title: string): string | undefined {
  const subject = content?.subject ?? template?.subject;
  const body = content?.body ?? template?.body;
  return noteOf([subject, body], (text) => title.includes(text));
}

/** `Step 2 - Email` is the only form that the documents show; 0 for any other (reply.md 3.10). */
function stepIn(displayName: string | undefined): number {
  return Number(/^step (\d{1,3})\b/i.exec(displayName ?? '')?.[1] ?? 0);
}

function toTask(wire: ListedTask | SingleTask, title: string, contact: Contact | undefined): Task {
  const isStep = wire.sequenceId !== undefined && wire.sequenceId !== null;
  return {
    provider: 'reply',
    id: wire.id,
    title,
    kind: KINDS[kindOf(wire.taskType)],
    url: WEB_APP,
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

/** Both times move together, and Reply takes no change unless the due time is after the start (reply.md 4). */
function cannotMove({ startAt, dueTo }: ListedTask | SingleTask): boolean {
  return dueTo === undefined || (startAt ? startAt.epochMilliseconds >= dueTo : false);
}
