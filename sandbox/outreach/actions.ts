/**
 * `POST /tasks/{id}/actions/{name}`: no body, parameters in the query as `actionParams[x]` (outreach.md 4). Which state
 * permits which action is stated nowhere (contracts, unknown O1): a completed task takes none of them.
 */
import { type Answer, bad, breach, Refusal, refuse } from './answer.ts';
import type { HeldTask } from './book.ts';
import { ID, instant, parametersOf } from './query.ts';
import { Association, Note } from './requests.ts';
import { taskResource } from './resources.ts';
import { one, type Session, withoutBody } from './session.ts';
import { writableTask } from './tasks.ts';
import type { OutreachAssociation, OutreachEffect, OutreachTask } from './types.ts';

type Params = ReadonlyMap<string, string>;

interface Action {
  required: readonly string[];
  optional: readonly string[];
  /** Throws for a value that is not one. */
  check?(params: Params): void;
  perform(session: Session, task: HeldTask, params: Params): OutreachTask;
}

const MOVE: Action = {
  required: ['dueAt'],
  optional: [],
  check: (params) => void dueAtOf(params),
  perform: (_, task, params) => ({ ...task, dueAt: dueAtOf(params) }),
};

/** `deliver`, which sends mail, is none of them: Docket may never ask for it. */
const ACTIONS: Record<string, Action> = {
  markComplete: { required: [], optional: ['completionNote', 'completionAction'], perform: markComplete },
  advance: { required: [], optional: [], perform: advance },
  // Without a time, Outreach's snooze adds a day each time it is sent (outreach.md 4).
  snooze: MOVE,
  reschedule: MOVE,
  reassignOwner: { required: ['ownerId'], optional: [], check: checkOwnerId, perform: reassignOwner },
  updateNote: {
    required: ['note'],
    optional: [],
    check: (params) => void parsed(Note, 'note', params),
    perform: (_, task, params) => ({ ...task, note: parsed(Note, 'note', params) }),
  },
  updateOpportunityAssociation: {
    required: ['opportunityAssociation'],
    optional: [],
    check: (params) => void associationOf(params),
    perform: (_, task, params) => ({ ...task, opportunityAssociation: associationOf(params) }),
  },
};

export function actOnTask(session: Session, id: string, name: string): Answer {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) return breach('resourceNotFound', `There is no task action ${name}`);
  withoutBody(session);
  const params = paramsOf(session, name, action);
  const task = writableTask(session, id);
  return one(session, taskResource(session.outreach.book.put(action.perform(session, task, params))));
}

function paramsOf({ call }: Session, name: string, { required, optional, check }: Action): Params {
  const accepted = [...required, ...optional].map((each) => `actionParams[${each}]`);
  const found = parametersOf(call.url.searchParams, accepted);
  const params = new Map([...found].map(([parameter, value]) => [parameter.slice('actionParams['.length, -1), value]));
  for (const each of required) {
    if (!params.get(each)) throw bad(`The action ${name} needs actionParams[${each}]`);
  }
  check?.(params);
  return params;
}

/** Completing a step advances its sequence, but for the two ways of finishing it (outreach.md 4). */
function markComplete(session: Session, task: HeldTask, params: Params): OutreachTask {
  const { user, outreach } = session;
  const note = params.get('completionNote');
  const how = params.get('completionAction');
  if (note)
    record(session, { kind: 'noted', at: outreach.clock(), taskId: task.id, prospectId: task.prospectId, note });
  if (isStep(task)) {
    const finished = how === 'finish_no_reply' || how === 'finish_replied';
    record(session, {
      ...inSequence(session, task),
      ...(finished ? { kind: 'finished', replied: how === 'finish_replied' } : { kind: 'advanced' }),
    });
  }
  return { ...task, state: 'complete', completerId: user.id };
}

/** The task's state afterwards is not documented (contracts, unknown O2); here it is no longer open. */
function advance(session: Session, task: HeldTask): OutreachTask {
  if (!isStep(task)) throw new Refusal(refuse('validationError', `A task of type ${task.taskType} cannot be advanced`));
  record(session, { kind: 'advanced', ...inSequence(session, task) });
  return { ...task, state: 'complete', completerId: session.user.id };
}

function isStep({ taskType }: HeldTask): boolean {
  return taskType.startsWith('sequence_step_');
}

function dueAtOf(params: Params): string {
  const text = params.get('dueAt') ?? '';
  const at = instant(text);
  if (at === undefined) throw bad(`actionParams[dueAt] ${JSON.stringify(text)} is not ISO-8601 with an offset or Z`);
  return new Date(at).toISOString();
}

function checkOwnerId(params: Params): void {
  if (!ID.test(params.get('ownerId') ?? '')) throw bad('actionParams[ownerId] must be an id');
}

function reassignOwner({ outreach }: Session, task: HeldTask, params: Params): OutreachTask {
  const owner = outreach.book.find('user', params.get('ownerId'));
  if (!owner || owner.locked) throw new Refusal(refuse('validationError', 'The owner does not exist or is locked'));
  return { ...task, ownerId: owner.id };
}

function associationOf(params: Params): OutreachAssociation {
  return parsed(Association, 'opportunityAssociation', params);
}

function parsed<Value>(
  schema: { safeParse(text: unknown): { success: true; data: Value } | { success: false } },
  name: string,
  params: Params,
): Value {
  const value = schema.safeParse(params.get(name));
  if (!value.success) throw bad(`actionParams[${name}] is not acceptable`);
  return value.data;
}

function inSequence({ outreach }: Session, { id, sequenceId, prospectId }: HeldTask) {
  return { at: outreach.clock(), taskId: id, sequenceId, prospectId };
}

function record({ outreach }: Session, effect: OutreachEffect): void {
  outreach.effects.push(effect);
}
