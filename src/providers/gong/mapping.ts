/** From Gong's tasks to ours. */

import type { Contact, Deal, Task } from '../../core/model/task.ts';
import type { TaskList } from '../../core/ports/provider.ts';
import { webUrl } from '../wire.ts';
import { type Contact as GongContact, GongTask, Identified } from './wire.ts';

export interface GongList extends TaskList {
  /** Ids of the elements that could not be read; undefined where not even that could. */
  broken: readonly (string | undefined)[];
}

/**
 * The open tasks of one user. Gong was asked for just those, so an element that says it is someone else's or no longer
 * open is one that we do not understand: it is left out and counted, and never shown to the wrong rep. An element that
 * does not say is believed to match. A task that comes twice is one task.
 */
export function toTaskList(answer: { tasks: readonly unknown[] }, externalId: string): GongList {
  const tasks = new Map<string, Task>();
  const broken: (string | undefined)[] = [];
  let unreadable = 0;
  for (const element of answer.tasks) {
    const wire = GongTask.safeParse(element).data;
    if (!wire) broken.push(Identified.safeParse(element).data?.id);
    if (wire === undefined || (wire.userId ?? externalId) !== externalId || (wire.status ?? 'open') !== 'open') {
      unreadable += 1;
    } else if (!tasks.has(wire.id)) {
      tasks.set(wire.id, toTask(wire));
    }
  }
  return { tasks: [...tasks.values()], unreadable, broken };
}

/** A task that stands in two of them is one task. */
export function mergeLists(lists: readonly GongList[]): GongList {
  const tasks = new Map(lists.flatMap((list) => list.tasks.map((task) => [task.id, task])));
  const unreadable = lists.reduce((sum, list) => sum + list.unreadable, 0);
  return { tasks: [...tasks.values()], unreadable, broken: lists.flatMap(({ broken }) => broken) };
}

function toTask(wire: GongTask): Task {
  const contact = toContact(wire);
  const deal = toDeal(wire);
  const account = wire.account?.name;
  const accountUrl = webUrl(wire.account?.crmUrl);
  return {
    provider: 'gong',
    id: wire.id,
    title: wire.title ?? stepTitle(wire) ?? `Call ${contact?.name ?? 'task'}`,
    ...(wire.flow?.name && { flow: wire.flow.name }),
    ...(contact && { contact }),
    ...(account && { account: { name: account, ...(accountUrl && { url: accountUrl }) } }),
    ...(deal && { deal }),
    dueAt: wire.dueDate,
  };
}

/** Only manual tasks have a title (gong.md 2); a flow's task is known by its step. */
function stepTitle({ flow }: GongTask): string | undefined {
  const name = flow?.step?.name;
  const number = flow?.step?.stepNumber;
  if (number === undefined || number === null) return name;
  return name ? `${name} (step ${number})` : `Step ${number}`;
}

/** undefined when there is nothing to call the contact by. */
function toContact(wire: GongTask): Contact | undefined {
  const data = wire.contact?.data;
  const name = nameOf(data);
  if (!data || !name) return undefined;
  const company = data.companyName ?? wire.account?.name;
  const url = webUrl(data.crmUrl);
  return { name, ...(data.title && { title: data.title }), ...(company && { company }), ...(url && { url }) };
}

function nameOf(data: GongContact['data']): string | undefined {
  const name = [data?.firstName, data?.lastName].filter(Boolean).join(' ');
  return name || data?.emails?.find(({ email }) => email)?.email;
}

function toDeal({ opportunity }: GongTask): Deal | undefined {
  if (!opportunity) return undefined;
  const { name, stage, amount } = opportunity;
  const url = webUrl(opportunity.crmUrl);
  const deal = { ...(name && { name }), ...(stage && { stage }), ...(amount && { amount }), ...(url && { url }) };
  return Object.keys(deal).length > 0 ? deal : undefined;
}
