/** Reply's data: people and tasks. It takes and gives copies, so that nobody changes it from outside. */
import { createHash } from 'node:crypto';
import type { ReplyContact, ReplyTask, ReplyUser } from './types.ts';

export interface Book {
  /** Also of deleted tasks. */
  task(id: string): ReplyTask | undefined;
  tasks(userId?: string): ReplyTask[];
  /** The tasks that the API shows: without deleted ones, in an arbitrary order. */
  shown(): ReplyTask[];
  isShown(id: string): boolean;
  /** Once for each team. */
  users(): ReplyUser[];
  contact(id: string): ReplyContact | undefined;
  contacts(): ReplyContact[];
  putContact(contact: ReplyContact): void;
  /** An id that no task has. */
  newId(): string;
  put(task: ReplyTask): void;
  /** Keeps the task, and shows it no more (reply.md 4, DELETE). */
  hide(task: ReplyTask): void;
  remove(id: string): void;
  putUser(user: ReplyUser): void;
  onChange(listener: () => void): () => void;
}

export function createBook(
  users: readonly ReplyUser[],
  tasks: readonly ReplyTask[],
  known: readonly ReplyContact[] = [],
): Book {
  const members = new Map<string, ReplyUser>();
  const held = new Map<string, ReplyTask>();
  const hidden = new Set<string>();
  const contacts = new Map<string, ReplyContact>();
  const listeners = new Set<() => void>();

  function keep(task: ReplyTask): void {
    held.set(task.id, checked(task));
    if (task.contact) keepContact(task.contact);
  }
  /** A task names its contact without an address, which the contact keeps. */
  function keepContact(contact: ReplyContact): void {
    contacts.set(contact.id, { ...contacts.get(contact.id), ...contact, id: digits(contact.id) });
  }
  function keepUser(user: ReplyUser): void {
    members.set(`${digits(user.id)} ${digits(user.teamId)}`, { ...user });
  }
  function changed(): void {
    for (const listener of [...listeners]) listener();
  }
  for (const user of users) keepUser(user);
  for (const contact of known) keepContact(contact);
  for (const task of tasks) keep(task);

  return {
    task: (id) => structuredClone(held.get(id)),
    tasks: (userId) =>
      structuredClone([...held.values()].filter((task) => userId === undefined || task.assignedUserId === userId)),
    shown: () => shuffled(structuredClone([...held.values()].filter(({ id }) => !hidden.has(id)))),
    isShown: (id) => held.has(id) && !hidden.has(id),
    users: () => structuredClone([...members.values()]),
    contact: (id) => structuredClone(contacts.get(id)),
    contacts: () => structuredClone([...contacts.values()]),
    putContact(contact) {
      keepContact(contact);
      changed();
    },
    newId: () => String([...held.keys()].reduce((most, id) => (BigInt(id) > most ? BigInt(id) : most), 0n) + 1n),
    put(task) {
      keep(task);
      hidden.delete(task.id);
      changed();
    },
    hide(task) {
      keep(task);
      hidden.add(task.id);
      changed();
    },
    remove(id) {
      held.delete(id);
      hidden.delete(id);
      changed();
    },
    putUser(user) {
      keepUser(user);
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The order of lists is not documented (contracts, unknown R5), so each task has a place that its dates do not tell. */
function shuffled(tasks: readonly ReplyTask[]): ReplyTask[] {
  return tasks
    .map((task) => ({ task, key: createHash('sha256').update(task.id).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ task }) => task);
}

/** Refuses a task that could not be written as JSON later. */
function checked(task: ReplyTask): ReplyTask {
  const { contact, sequenceId, sequenceStepId, template } = task;
  const ids = [
    task.id,
    task.assignedUserId,
    contact?.id,
    sequenceId,
    sequenceStepId,
    ...(template.attachmentIdList ?? []),
  ];
  for (const id of ids) if (id !== undefined) digits(id);
  for (const date of [task.startAt, task.dueTo, task.createdAt, task.finishedAt]) if (date !== undefined) instant(date);
  return structuredClone(task);
}

function digits(id: string): string {
  if (!/^[1-9]\d*$/.test(id)) throw new TypeError(`A Reply id is a text of digits, not ${JSON.stringify(id)}`);
  return id;
}

function instant(date: string): void {
  const isIso = /T.*(Z|[+-]\d\d:\d\d)$/.test(date) && !Number.isNaN(Date.parse(date));
  if (!isIso) throw new TypeError(`A date is ISO-8601 with an offset or Z, not ${JSON.stringify(date)}`);
}
