/** From Gong's tasks to ours. */

import type { Channel, Contact, Deal, Phone, Task, TaskKind } from '../../core/model/task.ts';
import type { TaskList } from '../../core/ports/provider.ts';
import { dayOf, percentOf } from '../deal.ts';
import { phoneOf, reachOf } from '../reach.ts';
import { webUrl } from '../wire.ts';
import { type Contact as GongContact, GongTask, Identified, type PhoneNumber } from './wire.ts';

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
  const step = wire.flow?.step?.stepNumber ?? 0;
  return {
    provider: 'gong',
    id: wire.id,
    title: wire.title ?? stepTitle(wire) ?? `Call ${contact?.name ?? 'task'}`,
    kind: kindOf(wire),
    ...(wire.flow?.name && { flow: wire.flow.name }),
    ...(step > 0 && { step: { at: step } }),
    ...(contact && { contact }),
    ...(account && { account: { name: account, ...(accountUrl && { url: accountUrl }) } }),
    ...(deal && { deal }),
    dueAt: wire.dueDate,
    ...(wire.created !== undefined && wire.created !== null && { createdAt: wire.created }),
    ...(wire.type === 'flow' && { facts: { flow: true } }),
  };
}

/** Calls are all that Gong was asked for, and all that it lists (gong.md 2.3): a task that does not say is one. */
function kindOf({ actions }: GongTask): TaskKind {
  return actions.length === 0 || actions.includes('call') ? 'call' : 'other';
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
  return {
    name,
    ...(data.title && { title: data.title }),
    ...(company && { company }),
    ...(url && { url }),
    ...reachOf({
      phones: verifiedFirst(data.phoneNumbers).map(toPhone),
      emails: data.emails.map(({ email }) => email),
      linkedIn: data.linkedinProfile,
      zones: [data.timezone],
      optedOut: CHANNELS.filter((channel) => data.optOutChannels.includes(channel)),
    }),
  };
}

/** Gong's words for them (gong.md 2.8), without regard to case. */
const CHANNELS: readonly Channel[] = ['calls', 'emails'];

function verifiedFirst(numbers: readonly PhoneNumber[]): PhoneNumber[] {
  return [...numbers].sort((a, b) => Number(b.isVerified === true) - Number(a.isVerified === true));
}

/** From anywhere in the world one dials the form that begins with a plus (gong.md 2.7). */
function toPhone({ raw, normalized, extension, label }: PhoneNumber): Phone | undefined {
  const number = [raw, normalized].find((each) => each?.startsWith('+')) ?? raw ?? normalized;
  const isWhole = !number || !/^\d{1,10}$/.test(extension ?? '') || /(?:x|ext\.?) ?\d+$/i.test(number);
  return phoneOf(isWhole ? number : `${number} ext. ${extension}`, label);
}

function nameOf(data: GongContact['data']): string | undefined {
  const name = [data?.firstName, data?.lastName].filter(Boolean).join(' ');
  return name || data?.emails.find(({ email }) => email)?.email;
}

function toDeal({ opportunity }: GongTask): Deal | undefined {
  if (!opportunity) return undefined;
  const { name, stage, amount } = opportunity;
  const closesOn = dayOf(opportunity.closeDate);
  const probability = toPercent(opportunity.probability);
  const url = webUrl(opportunity.crmUrl);
  const deal = {
    ...(name && { name }),
    ...(stage && { stage }),
    ...(amount && { amount }),
    ...(closesOn && { closesOn }),
    ...(probability !== undefined && { probability }),
    ...(url && { url }),
  };
  return Object.keys(deal).length > 0 ? deal : undefined;
}

/** A text, as the CRM has it: `0.4` and `1` may be of one or of a hundred, and what can be read two ways is not shown (gong.md 2.9). */
function toPercent(value: string | number | null | undefined): number | undefined {
  const percent = percentOf(value);
  return percent === 0 || (percent ?? 0) > 1 ? percent : undefined;
}
