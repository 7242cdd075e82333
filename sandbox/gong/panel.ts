/** Gong's panel on the page: its tasks and the calls that it got. */
import type { PanelTask } from '../page/protocol.ts';
import { createPanel, fieldsOf, type ProviderPanel } from '../panel.ts';
import type { GongSimulator, GongTask } from './types.ts';

export function gongPanel(
  gong: GongSimulator,
  userOf: (slackUserId: string) => string | undefined,
  clock: () => number = Date.now,
): ProviderPanel {
  const nowText = () => new Date(clock()).toISOString();
  return createPanel({
    id: 'gong',
    name: 'Gong',
    simulator: gong,
    userOf,
    tasks: (user) => gong.tasks(user).map(taskRow),
    close(user, taskId) {
      const task = gong.task(taskId);
      if (task?.userId !== user) return false;
      gong.put({ ...task, status: 'DONE', updated: nowText() });
      return true;
    },
    move(taskId, due) {
      const task = gong.task(taskId);
      if (task) gong.put({ ...task, dueDate: due, updated: nowText() });
    },
    add(user, { id, title, contact: { firstName, lastName, company }, due }) {
      gong.put({
        id,
        userId: user,
        status: 'OPEN',
        type: 'MANUAL',
        title,
        created: nowText(),
        updated: nowText(),
        dueDate: due,
        account: { name: company },
        contact: { type: 'CONTACT', data: { firstName, lastName, companyName: company } },
      });
    },
    call: ({ method, body }) => ({ fields: fieldsOf(body), isChange: method === 'PATCH' }),
  });
}

function taskRow(task: GongTask): PanelTask {
  return {
    id: task.id,
    title: task.title ?? (task.flow ? `${task.flow.step.name} (${task.flow.name})` : 'Untitled task'),
    about: aboutText(task),
    status: task.status,
    isOpen: task.status === 'OPEN',
    ...(task.dueDate === undefined ? {} : { due: task.dueDate }),
  };
}

function aboutText({ contact, account }: GongTask): string {
  const person = [contact?.data?.firstName, contact?.data?.lastName].filter(Boolean).join(' ');
  const company = contact?.data?.companyName ?? account?.name;
  return [person, company].filter(Boolean).join(', ');
}
