/** Reply's panel on the page: its tasks and the calls that it got. */
import type { PanelCall, PanelTask } from '../page/protocol.ts';
import { createPanel, fieldsOf, type ProviderPanel } from '../panel.ts';
import type { ReplyRequest, ReplySimulator, ReplyTask } from './types.ts';

export function replyPanel(
  reply: ReplySimulator,
  userOf: (slackUserId: string) => string | undefined,
  clock: () => number = Date.now,
): ProviderPanel {
  return createPanel({
    id: 'reply',
    name: 'Reply.io',
    simulator: reply,
    userOf,
    tasks: (user) => reply.tasks(user).map(taskRow),
    close(user, taskId) {
      const task = reply.task(taskId);
      if (task?.assignedUserId !== user) return false;
      reply.put({ ...task, status: 'finished', finishedAt: new Date(clock()).toISOString() });
      return true;
    },
    move(taskId, due) {
      const task = reply.task(taskId);
      if (!task) return;
      const later = Date.parse(due) - Date.parse(task.dueTo);
      reply.put({ ...task, startAt: new Date(Date.parse(task.startAt) + later).toISOString(), dueTo: due });
    },
    add(user, { id, title, contact: { id: contactId, firstName, lastName }, due }) {
      reply.put({
        id,
        assignedUserId: user,
        taskType: 'call',
        status: 'new',
        isScheduled: false,
        creationSource: 'user',
        createdAt: new Date(clock()).toISOString(),
        startAt: new Date(Date.parse(due) - HALF_HOUR_MS).toISOString(),
        dueTo: due,
        contact: { id: contactId, fullName: `${firstName} ${lastName}` },
        template: { body: title },
      });
    },
    call: callRow,
  });
}

/** Between the beginning of a task and its end, as in the seed. */
const HALF_HOUR_MS = 30 * 60_000;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  toDo: 'To do',
  call: 'Call',
  meeting: 'Meeting',
  linkedIn: 'LinkedIn',
  manualEmail: 'Email',
  sms: 'SMS',
  whatsApp: 'WhatsApp',
};

function taskRow(task: ReplyTask): PanelTask {
  return {
    id: task.id,
    title: titleText(task),
    about: task.contact?.fullName ?? '',
    status: String(task.status),
    isOpen: task.status === 'new',
    due: task.dueTo,
  };
}

/** A Reply task has no title: its kind, and the beginning of what it says, as text without markup. */
function titleText({ taskType, template, isScheduled }: ReplyTask): string {
  const kind = TYPE_NAMES[taskType] ?? `Type ${taskType}`;
  const words = (template.subject ?? template.body.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ').trim();
  const title = words === '' ? kind : `${kind}: ${words}`;
  return isScheduled ? `${title} (scheduled)` : title;
}

function callRow({ method, path, body, actingUser }: ReplyRequest): Pick<PanelCall, 'fields' | 'isChange'> {
  const fields = [...(actingUser === undefined ? [] : [`acting as: ${actingUser}`]), ...fieldsOf(body)];
  // The lists are POSTs that only read.
  return { fields, isChange: method !== 'GET' && !/^\/v3\/(tasks|contacts)\/filter/.test(path) };
}
