/** Gong's data: people and tasks. It takes and gives copies, so that nobody changes it from outside. */
import { createHash } from 'node:crypto';
import type { GongTask, GongUser } from './types.ts';

export interface Book {
  task(id: string): GongTask | undefined;
  tasks(userId?: string): GongTask[];
  openTasks(userId: string): GongTask[];
  users(): GongUser[];
  put(task: GongTask): void;
  putUser(user: GongUser): void;
  onChange(listener: () => void): () => void;
}

export function createBook(users: readonly GongUser[], tasks: readonly GongTask[]): Book {
  const people = new Map<string, GongUser>();
  const held = new Map<string, GongTask>();
  const listeners = new Set<() => void>();
  for (const user of users) people.set(digits(user.id), structuredClone(user));
  for (const task of tasks) held.set(task.id, checked(task));

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  function tasksOf(userId?: string): GongTask[] {
    const all = [...held.values()].filter((task) => userId === undefined || task.userId === userId);
    return structuredClone(all);
  }

  return {
    task: (id) => structuredClone(held.get(id)),
    tasks: tasksOf,
    openTasks: (userId) => shuffled(tasksOf(userId).filter(({ status }) => status === 'OPEN')),
    users: () => structuredClone([...people.values()]),
    put(task) {
      held.set(task.id, checked(task));
      changed();
    },
    putUser(user) {
      people.set(digits(user.id), structuredClone(user));
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The list has no sort order (gong.md 2), so it comes in one that no client can take for the due dates' order. */
function shuffled(tasks: readonly GongTask[]): GongTask[] {
  const order = tasks
    .map((task) => ({ task, key: createHash('sha256').update(task.id).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ task }) => task);
  return inDueOrder(order) ? order.reverse() : order;
}

function inDueOrder(tasks: readonly GongTask[]): boolean {
  const due = tasks.map((task) => (task.dueDate === undefined ? Number.POSITIVE_INFINITY : Date.parse(task.dueDate)));
  return due.every((at, index) => index === 0 || at >= (due[index - 1] ?? at));
}

/** Ids go out as bare integers: anything but plain digits would make the answer unreadable. */
function checked(task: GongTask): GongTask {
  for (const id of [task.id, task.userId, task.flow?.id, task.flow?.step.id]) {
    if (id !== undefined) digits(id);
  }
  return structuredClone(task);
}

function digits(id: string): string {
  if (!/^[1-9]\d*$/.test(id)) throw new TypeError(`A Gong id is a text of digits, not ${JSON.stringify(id)}`);
  return id;
}
