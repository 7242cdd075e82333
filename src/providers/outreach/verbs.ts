/**
 * What changes a task (outreach.md 4): actions, whose parameters are in the query, for they take no body. `deliver` is
 * none of them, because it sends mail; nor is `snooze` without a time, which adds another day each time it is asked.
 */
import { z } from 'zod';
import type { Change } from '../../core/model/capabilities.ts';
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { Account } from '../../core/model/people.ts';
import type { Task } from '../../core/model/task.ts';
import type { Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import { CAPABILITIES, RULES } from './capabilities.ts';
import { type AsRep, type OutreachClient, type Query, toQuery } from './client.ts';
import { isComplete, isOpenOf, ownerOf } from './mapping.ts';
import { findTask, TASK } from './tasks.ts';
import { isStep } from './titles.ts';
import { ChangedAnswer, type ChangedTask } from './wire.ts';

/** Outreach names no exchange. */
export const RECEIPT: Receipt = { reference: undefined };

/** Texts longer than this, as they would stand in an address, do not go into one. */
const MAX_IN_QUERY = 1_500;
/** Seed. */
export const MAX_NOTE = 65_535;

type Action =
  | 'markComplete'
  | 'advance'
  | 'snooze'
  | 'reschedule'
  | 'updateNote'
  | 'reassignOwner'
  | 'updateOpportunityAssociation';

export function createVerbs(client: OutreachClient): Pick<TaskProvider, 'perform' | 'undo'> {
  return {
    async perform(account, task, change, options) {
      if (!isId(task.id)) throw refusal('not an Outreach task id');
      if (!CAPABILITIES.of(task).verbs[change.verb]) throw refusal(`${change.verb} is not offered`);
      await perform({ asRep: client.as(account, options), account, task }, change);
      return RECEIPT;
    },
    async undo(account, before, verb, options) {
      if (verb !== 'snooze' && verb !== 'reschedule') throw refusal(`${verb} cannot be taken back`);
      // It is not known if a due date can be removed again (contracts, unknown O9).
      if (before.dueAt === undefined) throw refusal('no earlier due date to go back to');
      if (!isId(before.id)) throw refusal('not an Outreach task id');
      await move({ asRep: client.as(account, options), account, task: before }, 'reschedule', before.dueAt);
      return RECEIPT;
    },
  };
}

/** The task that is changed, and the user who changes it. */
interface Wish {
  asRep: AsRep;
  account: Account;
  task: Task;
}

function perform(wish: Wish, change: Change): Promise<void> {
  switch (change.verb) {
    case 'done':
      return close(wish, 'markComplete', completion(wish.task, change));
    case 'dismiss':
      return isStep(String(wish.task.facts?.kind)) ? close(wish, 'advance', {}) : remove(wish);
    case 'snooze':
    case 'reschedule':
      return move(wish, change.verb, toSecond(change.dueAt));
    case 'note':
      return writeNote(wish, change.note);
    case 'reassign':
      return reassign(wish, change.to.externalId);
    case 'rule':
      return setRule(wish, change.rule);
  }
}

/** `completionAction` is left out where the sequence is to go on. */
function completion(task: Task, { ending, note }: Extract<Change, { verb: 'done' }>): Query {
  const { endings, completionNote } = CAPABILITIES.of(task);
  if (ending !== undefined && !endings?.some(({ id }) => id === ending)) throw refusal('no such ending');
  if (note && completionNote === undefined) throw refusal('no completion note is offered');
  const parameters = {
    ...(note && { completionNote: note }),
    ...(ending !== undefined && { completionAction: ending }),
  };
  // It can go nowhere else: PATCH writes the task's own note, not the prospect's.
  if (!fitsQuery(parameters)) throw refusal('the completion note is too long');
  return parameters;
}

/**
 * A refusal may mean that it is closed already, which is what was wanted: the exact states are not stated (contracts,
 * unknown O1), so the task is read. `advance` may leave any state behind (contracts, unknown O2), so there the answer is believed as it is.
 */
async function close(wish: Wish, action: 'markComplete' | 'advance', parameters: Query): Promise<void> {
  try {
    await act(wish, action, parameters, (task) => action === 'advance' || isComplete(task));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 422) throw error;
    const found = await findTask(wish.asRep, wish.task.id);
    if (found && !isComplete(found.task)) throw error;
  }
}

/** 204 without a body (outreach.md 3) is all that is believed. Gone is gone, whoever did it; a 404 for a task that can still be read is about something else. */
async function remove({ asRep, account, task: { id } }: Wish): Promise<void> {
  try {
    await asRep.call({ method: 'DELETE', path: `/tasks/${id}`, template: TASK, schema: z.null() });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'not_found') throw error;
    const found = await findTask(asRep, id);
    if (found && isOpenOf(found.task, account.externalId)) throw error;
  }
}

function move(wish: Wish, action: 'snooze' | 'reschedule', dueAt: Instant): Promise<void> {
  return act(wish, action, { dueAt: toIso(dueAt) }, ({ attributes }) => isKept(attributes.dueAt, dueAt));
}

/** An address has room for a short note only; and an action may not take an empty one. */
async function writeNote(wish: Wish, note: string): Promise<void> {
  if (note.length > MAX_NOTE) throw refusal('the note is too long');
  if (note !== '' && fitsQuery({ note })) return act(wish, 'updateNote', { note });
  const { id } = wish.task;
  const body = { data: { type: 'task', id, attributes: { note } } };
  const request = { method: 'PATCH', path: `/tasks/${id}`, template: TASK, body, schema: ChangedAnswer } as const;
  const { data } = await wish.asRep.call(request);
  if (data.id !== id) throw unbelieved(`PATCH /api/v2${TASK}`);
}

async function reassign(wish: Wish, ownerId: string): Promise<void> {
  if (!isId(ownerId)) throw refusal('not an Outreach user id');
  await act(wish, 'reassignOwner', { ownerId }, (task) => (ownerOf(task) ?? ownerId) === ownerId);
}

async function setRule(wish: Wish, rule: string): Promise<void> {
  if (!RULES.some(({ value }) => value === rule)) throw refusal('no such rule');
  const parameters = { opportunityAssociation: rule };
  await act(
    wish,
    'updateOpportunityAssociation',
    parameters,
    (task) => task.attributes.opportunityAssociation === rule,
  );
}

/** An action is believed only when the answer shows it. */
async function act(
  { asRep, task: { id } }: Wish,
  action: Action,
  parameters: Query,
  shows: (task: ChangedTask) => boolean = () => true,
): Promise<void> {
  const named = Object.entries(parameters).map(([name, value]) => [`actionParams[${name}]`, value]);
  const query: Query = Object.fromEntries(named);
  const template = `${TASK}/actions/${action}`;
  const path = `/tasks/${id}/actions/${action}`;
  const { data } = await asRep.call({ method: 'POST', path, template, query, schema: ChangedAnswer });
  if (data.id !== id || !shows(data)) throw unbelieved(`POST /api/v2${template}`);
}

function fitsQuery(parameters: Query): boolean {
  return toQuery(parameters).length <= MAX_IN_QUERY;
}

/** A change that cannot be asked of Outreach. */
function refusal(reason: string): ProviderError {
  const operation = `POST /api/v2${TASK}/actions`;
  return new ProviderError({ provider: 'outreach', kind: 'invalid', operation, cause: new Error(reason) });
}

function unbelieved(operation: string): ProviderError {
  const cause = new Error('the answer does not show the change');
  return new ProviderError({ provider: 'outreach', kind: 'unreadable', operation, cause });
}
