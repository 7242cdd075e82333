/** Outreach's panel on the page: its tasks and the calls that it got. */
import type { PanelCall, PanelTask } from '../page/protocol.ts';
import { createPanel, type ProviderPanel } from '../panel.ts';
import type { OutreachAction, OutreachRequest, OutreachSimulator, OutreachTask } from './types.ts';

export function outreachPanel(
  simulator: OutreachSimulator,
  userOf: (slackUserId: string) => string | undefined,
): ProviderPanel {
  return createPanel({
    id: 'outreach',
    name: 'Outreach',
    simulator,
    userOf,
    tasks: (owner) => simulator.tasks(owner).map((task) => taskRow(simulator, task)),
    close(owner, taskId, completerId) {
      const task = simulator.task(taskId);
      if (task?.ownerId !== owner) return false;
      simulator.put({ ...task, state: 'complete', completerId });
      return true;
    },
    move(taskId, due) {
      const task = simulator.task(taskId);
      if (task) simulator.put({ ...task, dueAt: due });
    },
    add(owner, { id, title, contact: { id: prospectId, firstName, lastName, company }, due }) {
      simulator.putProspect({ id: prospectId, firstName, lastName, company, emails: [] });
      simulator.put({
        id,
        ownerId: owner,
        state: 'incomplete',
        taskType: 'manual',
        action: 'call',
        note: title,
        prospectId,
        dueAt: due,
      });
    },
    planSkip(taskId, at) {
      const task = simulator.task(taskId);
      if (task) simulator.put({ ...task, autoskipAt: at });
    },
    call: callRow,
  });
}

const ACTION_WORDS: Record<OutreachAction, string> = {
  action_item: 'Action item',
  call: 'Call',
  email: 'E-mail',
  in_person: 'Meeting in person',
};

/** Outreach's tasks have no title (outreach.md 2). */
function taskRow(simulator: OutreachSimulator, task: OutreachTask): PanelTask {
  const { prospect, account, sequence, step } = simulator.about(task);
  const title = step ? `${step.displayName} (${sequence?.name ?? 'sequence'})` : ACTION_WORDS[task.action];
  const person = prospect && `${prospect.firstName} ${prospect.lastName}`;
  return {
    id: task.id,
    title: task.note ? `${title}: ${task.note}` : title,
    about: [person, prospect?.company ?? account?.name].filter(Boolean).join(', '),
    status: task.state,
    isOpen: task.state !== 'complete',
    ...(task.dueAt === null ? {} : { due: task.dueAt }),
  };
}

/** The page shows what was asked for: parameters of an action and attributes of a body, but nothing that opens doors. */
function callRow({ method, path, body }: OutreachRequest): Pick<PanelCall, 'path' | 'fields' | 'isChange'> {
  const { pathname, searchParams } = new URL(path, 'http://outreach.invalid');
  const isOAuth = pathname.startsWith('/oauth/');
  const fields = isOAuth ? grantType(body) : [...parameters(searchParams), ...attributes(body)];
  return { path: pathname, fields, isChange: !isOAuth && method !== 'GET' };
}

/** Only that: the rest of a request for tokens is secret. */
function grantType(body: unknown): string[] {
  const type = typeof body === 'string' ? new URLSearchParams(body).get('grant_type') : null;
  return type === null ? [] : [`grant_type: ${type}`];
}

function parameters(query: URLSearchParams): string[] {
  return [...query].map(([name, value]) => `${/^actionParams\[(.+)\]$/.exec(name)?.[1] ?? name}: ${value}`);
}

function attributes(body: unknown): string[] {
  const data = member(body, 'data');
  const found = member(data, 'attributes');
  if (typeof found !== 'object' || found === null) return [];
  return Object.entries(found).map(([name, value]) => `${name}: ${name === 'secret' ? '…' : String(value)}`);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
