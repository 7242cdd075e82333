/** From Outreach's tasks to ours. */

import type { DoneBy, Task } from '../../core/model/task.ts';
import type { Done, TaskList } from '../../core/ports/provider.ts';
import { firstLine } from '../html.ts';
import { noteOf } from '../notes.ts';
import { type About, indexed, pageOf, relation, toContact, toDeal } from './about.ts';
import { actionTitle, isStep, kindOf, stepTitle } from './titles.ts';
import { type Included, TaskResource } from './wire.ts';

/** A title is one line of a row. */
const LONGEST_LINE = 120;

/**
 * The open tasks of one user. Outreach was asked for just those, so an element that says it is someone else's or no
 * longer open is one that we do not understand: it is left out and counted, and never shown to the wrong rep. An element
 * that does not say is believed to match. A task that comes twice, as pages shift, is one task.
 */
export function toTaskList(
  data: readonly unknown[],
  about: About,
  externalId: string,
  scopes: ReadonlySet<string>,
): TaskList {
  const tasks = new Map<string, Task>();
  let unreadable = 0;
  for (const element of data) {
    const wire = TaskResource.safeParse(element).data;
    if (wire && isOpenOf(wire, externalId)) tasks.set(wire.id, toTask(wire, about, scopes));
    else unreadable += 1;
  }
  return { tasks: [...tasks.values()], unreadable };
}

/** One task as it was read, with what it is shown with. */
export interface FoundTask {
  task: TaskResource;
  included: readonly unknown[];
}

/** undefined when it is neither open nor done, or someone else's. */
export function toOpenOrDone(
  { task, included }: FoundTask,
  externalId: string,
  scopes: ReadonlySet<string>,
): Task | Done | undefined {
  if (isOpenOf(task, externalId)) return toTask(task, indexed(included), scopes);
  if (!isOf(task, externalId) || !isComplete(task)) return undefined;
  const doneBy = doneByOf(task, externalId);
  return { doneAt: task.attributes.completedAt ?? undefined, ...(doneBy && { doneBy }) };
}

/** Links alone, null and an absent relation do not say who it was (outreach.md 2.19). */
function doneByOf({ relationships }: TaskResource, externalId: string): DoneBy | undefined {
  const completer = relationships?.completer?.data;
  if (completer?.type !== 'user') return undefined;
  return completer.id === externalId ? 'rep' : 'other';
}

/** "Open" is `incomplete`; `pending` tasks wait for their time in a queue (outreach.md 2). */
export function isOpenOf(wire: TaskResource, externalId: string): boolean {
  const { state } = wire.attributes;
  return isOf(wire, externalId) && !isComplete(wire) && (state === undefined || state === 'incomplete');
}

export function isComplete({ attributes }: Pick<TaskResource, 'attributes'>): boolean {
  const { state, completed, completedAt } = attributes;
  return state === undefined ? completed === true || Boolean(completedAt) : state === 'complete';
}

/** A relation may come as links only, without its data (outreach.md 2): what is not said is not someone else's. */
function isOf(wire: TaskResource, externalId: string): boolean {
  return (ownerOf(wire) ?? externalId) === externalId;
}

export function ownerOf({ relationships }: Pick<TaskResource, 'relationships'>): string | undefined {
  return relationships?.owner?.data?.id;
}

function toTask(wire: TaskResource, about: About, scopes: ReadonlySet<string>): Task {
  const { taskType = '', action, note, compiledSequenceTemplateHtml, dueAt, createdAt, autoskipAt } = wire.attributes;
  const account = about(relation(wire, 'account'))?.name;
  const prospect = relation(wire, 'prospect');
  const contact = toContact(prospect, about(prospect), account);
  const touchedAt = about(prospect)?.touchedAt;
  const deal = toDeal(about(relation(wire, 'opportunity')));
  const flow = about(relation(wire, 'sequence'))?.name;
  const step = about(relation(wire, 'sequenceStep'));
  const priority = unusual(about(relation(wire, 'taskPriority'))?.name);
  const title =
    stepTitle(taskType, step) ??
    firstLine(note, LONGEST_LINE) ??
    actionTitle(taskType, action, contact?.name ?? account);
  const text = noteOf([compiledSequenceTemplateHtml, note], (said) => said === title);
  return {
    provider: 'outreach',
    id: wire.id,
    title,
    kind: kindOf(taskType, action),
    ...(prospect && { url: pageOf(prospect.id) }),
    ...(flow && { flow }),
    ...stepOf(wire, step),
    ...(contact && { contact }),
    ...(account && { account: { name: account } }),
    ...(deal && { deal }),
    dueAt,
    ...(createdAt !== undefined && createdAt !== null && { createdAt }),
    ...(autoskipAt !== undefined && autoskipAt !== null && { skipsAt: autoskipAt }),
    ...(touchedAt !== undefined && touchedAt !== null && { lastTouchAt: touchedAt }),
    ...(text && { note: text }),
    ...(priority && { priority }),
    facts: factsOf(wire, taskType, step?.order, scopes),
  };
}

/** A step whose number is not known has none; the number of all of them is said only where it can be right. */
function stepOf({ relationships }: TaskResource, step: Included['attributes'] | undefined): Pick<Task, 'step'> {
  const at = step?.order ?? 0;
  const of = relationships?.sequenceSequenceSteps ?? 0;
  return at > 0 ? { step: { at, ...(of >= at && { of }) } } : {};
}

/** Nearly every task has the usual priority, and saying so would only be in the way. */
function unusual(priority: string | undefined): string | undefined {
  return priority?.toLowerCase() === 'normal' ? undefined : priority;
}

/** The types that we know, and that are no steps of a sequence (outreach.md 2). */
const OTHERS: ReadonlySet<string> = new Set([
  'follow_up',
  'manual',
  'no_reply',
  'sequence_open',
  'sequence_click',
  'touch',
]);

/** All that capabilities depend on, and no more: it is stored with every row. */
function factsOf(
  { meta }: TaskResource,
  kind: string,
  step: number | null | undefined,
  scopes: ReadonlySet<string>,
): NonNullable<Task['facts']> {
  // To delete a step would strand its prospect.
  const mayDelete = meta?.canDelete !== false && holds(scopes, 'tasks', 'delete');
  return {
    kind,
    ...(isStep(kind) && typeof step === 'number' && { step }),
    ...(OTHERS.has(kind) && mayDelete && { canDelete: true }),
    ...(meta?.canWrite === false && { readOnly: true }),
  };
}

export function holds(scopes: ReadonlySet<string>, resource: string, verb: 'read' | 'delete'): boolean {
  return scopes.has(`${resource}.${verb}`) || scopes.has(`${resource}.all`);
}
