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
import type { CallOptions, Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import { CAPABILITIES, RULES } from './capabilities.ts';
import { type OutreachClient, type Query, toQuery } from './client.ts';
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
      await perform(client, account, task, change, options);
      return RECEIPT;
    },
    async undo(account, before, verb, options) {
      if (verb !== 'snooze' && verb !== 'reschedule') throw refusal(`${verb} cannot be taken back`);
      // Whether a due date can be taken away again is not known (contracts, unknown O9).
      if (before.dueAt === undefined) throw refusal('no earlier due date to go back to');
      if (!isId(before.id)) throw refusal('not an Outreach task id');
      await move(client, account, before.id, 'reschedule', before.dueAt, options);
      return RECEIPT;
    },
  };
}

function perform(
  client: OutreachClient,
  account: Account,
  task: Task,
  change: Change,
  options: CallOptions,
): Promise<void> {
  switch (change.verb) {
    case 'done':
      return close(client, account, task.id, 'markComplete', completion(task, change), options);
    case 'dismiss':
      if (!isStep(String(task.facts?.kind))) return remove(client, account, task.id, options);
      return close(client, account, task.id, 'advance', {}, options);
    case 'snooze':
    case 'reschedule':
      return move(client, account, task.id, change.verb, toSecond(change.dueAt), options);
    case 'note':
      return writeNote(client, account, task.id, change.note, options);
    case 'reassign':
      return reassign(client, account, task.id, change.to.externalId, options);
    case 'rule':
      return setRule(client, account, task.id, change.rule, options);
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
async function close(
  client: OutreachClient,
  account: Account,
  taskId: string,
  action: 'markComplete' | 'advance',
  parameters: Query,
  options: CallOptions,
): Promise<void> {
  const shows = (task: ChangedTask) => action === 'advance' || isComplete(task);
  try {
    await act(client, account, taskId, action, parameters, options, shows);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 422) throw error;
    const found = await findTask(client, account, taskId, options);
    if (found && !isComplete(found.task)) throw error;
  }
}

/** 204 without a body (outreach.md 3) is all that is believed. Gone is gone, whoever did it; a 404 for a task that can still be read is about something else. */
async function remove(client: OutreachClient, account: Account, taskId: string, options: CallOptions): Promise<void> {
  const request = { method: 'DELETE', path: `/tasks/${taskId}`, template: TASK, schema: z.null() } as const;
  try {
    await client.call(account, request, options);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'not_found') throw error;
    const found = await findTask(client, account, taskId, options);
    if (found && isOpenOf(found.task, account.externalId)) throw error;
  }
}

function move(
  client: OutreachClient,
  account: Account,
  taskId: string,
  action: 'snooze' | 'reschedule',
  dueAt: Instant,
  options: CallOptions,
): Promise<void> {
  const shows = ({ attributes }: ChangedTask) => isKept(attributes.dueAt, dueAt);
  return act(client, account, taskId, action, { dueAt: toIso(dueAt) }, options, shows);
}

/** An address has room for a short note only; and an action may not take an empty one. */
async function writeNote(
  client: OutreachClient,
  account: Account,
  taskId: string,
  note: string,
  options: CallOptions,
): Promise<void> {
  if (note.length > MAX_NOTE) throw refusal('the note is too long');
  if (note !== '' && fitsQuery({ note })) return act(client, account, taskId, 'updateNote', { note }, options);
  const body = { data: { type: 'task', id: taskId, attributes: { note } } };
  const request = { method: 'PATCH', path: `/tasks/${taskId}`, template: TASK, body, schema: ChangedAnswer } as const;
  const { data } = await client.call(account, request, options);
  if (data.id !== taskId) throw unbelieved(`PATCH /api/v2${TASK}`);
}

function reassign(
  client: OutreachClient,
  account: Account,
  taskId: string,
  ownerId: string,
  options: CallOptions,
): Promise<void> {
  if (!isId(ownerId)) throw refusal('not an Outreach user id');
  return act(
    client,
    account,
    taskId,
    'reassignOwner',
    { ownerId },
    options,
    (task) => (ownerOf(task) ?? ownerId) === ownerId,
  );
}

function setRule(
  client: OutreachClient,
  account: Account,
  taskId: string,
  rule: string,
  options: CallOptions,
): Promise<void> {
  if (!RULES.some(({ value }) => value === rule)) throw refusal('no such rule');
  const shows = ({ attributes }: ChangedTask) => attributes.opportunityAssociation === rule;
  const parameters = { opportunityAssociation: rule };
  return act(client, account, taskId, 'updateOpportunityAssociation', parameters, options, shows);
}

/** An action is believed only when the answer shows it. */
async function act(
  client: OutreachClient,
  account: Account,
  taskId: string,
  action: Action,
  parameters: Query,
  options: CallOptions,
  shows: (task: ChangedTask) => boolean = () => true,
): Promise<void> {
  const named = Object.entries(parameters).map(([name, value]) => [`actionParams[${name}]`, value]);
  const template = `${TASK}/actions/${action}`;
  const answer = await client.call(
    account,
    {
      method: 'POST',
      path: `/tasks/${taskId}/actions/${action}`,
      template,
      ...(named.length > 0 && { query: Object.fromEntries(named) }),
      schema: ChangedAnswer,
    },
    options,
  );
  if (answer.data.id !== taskId || !shows(answer.data)) throw unbelieved(`POST /api/v2${template}`);
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
