/** A tool without a wire, for what is told by how long a person waits: it answers after the time that it is given. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../src/core/model/task.ts';
import type { TaskProvider } from '../src/core/ports/provider.ts';

interface ToolOptions {
  id: string;
  tasks: readonly Task[];
  answerMs?: number;
  /** Its lists say little, as Reply.io's do: each row's details are another call, four at a time. */
  isSparse?: boolean;
  /** After each answer to a list. */
  onList?(ms: number): void;
}

export function createTool({ id, tasks, answerMs = 0, isSparse = false, onList }: ToolOptions): TaskProvider {
  const reversible = { reversible: true, repeatable: true };
  const verbs = { done: reversible, dismiss: reversible, snooze: reversible, reschedule: reversible };
  const pause = () => (answerMs > 0 ? sleep(answerMs) : undefined);
  return {
    id,
    name: id,
    capabilities: { noun: 'tasks', of: () => ({ verbs }) },
    async listTasks() {
      const start = performance.now();
      await pause();
      onList?.(performance.now() - start);
      return { tasks: [...tasks], unreadable: 0 };
    },
    ...(isSparse && {
      async describe(_, shown) {
        for (let n = 0; n < shown.length; n += 4) await pause();
        return [...shown];
      },
    }),
    readTask: async (_, taskId) => tasks.find((each) => each.id === taskId),
    perform: async () => ({ reference: undefined }),
    undo: async () => ({ reference: undefined }),
    findUsers: async (emails) =>
      new Map(
        emails.map((email) => [
          email,
          [{ externalId: email, emails: [email], name: undefined, state: 'active' as const }],
        ]),
      ),
  };
}
