/** Values that tests of several folders build alike. */
import type {
  Action,
  ActionBase,
  ActionIn,
  ActionState,
  FailureReason,
  Life,
  StaleCause,
  Undo,
  Waiting,
} from '../src/core/model/action.ts';
import type { Change } from '../src/core/model/capabilities.ts';
import type { Instant, RepKey } from '../src/core/model/keys.ts';
import type { Operation, Task } from '../src/core/model/task.ts';

/** An action as a test names it: only what the test is about, whatever state that belongs to. */
export interface ActionWish extends Partial<Omit<ActionBase, 'change' | 'task'>> {
  verb?: Operation;
  dueAt?: Instant;
  ending?: string;
  note?: string;
  rule?: string;
  to?: { externalId: string; name: string };
  state?: ActionState;
  settledAt?: Instant;
  heldUntil?: Instant;
  waiting?: Waiting;
  found?: StaleCause;
  failure?: FailureReason;
  undo?: Partial<Undo>;
  /** Of a succeeded action; `undoReference` is the provider's id of that exchange. */
  undoFailure?: FailureReason;
  undoReference?: string;
  undoAsked?: true;
}

/** As what blocks ask for: an action of one state. */
export function inState<State extends ActionState>(action: Action, state: State): ActionIn<State> {
  if (action.state !== state) throw new Error(`expected ${state}, and it is ${action.state}`);
  return action as ActionIn<State>;
}

export function buildAction(rep: RepKey, task: Task, wish: ActionWish & { createdAt: Instant }): Action {
  const { createdAt, sentAt, externalId, reference } = wish;
  const base = {
    ...{ teamId: rep.teamId, userId: rep.userId, provider: task.provider, taskId: task.id, task },
    ...{ id: wish.id ?? '7', seq: wish.seq ?? 1, attempts: wish.attempts ?? 0 },
    ...{ change: changeOf(wish), externalId, sentAt, reference, createdAt },
  } satisfies ActionBase;
  return { ...base, ...lifeOf(wish, createdAt) };
}

function changeOf({ verb = 'done', dueAt, ending, note, rule, to }: ActionWish): Change {
  switch (verb) {
    case 'done':
      return { verb, ...(ending !== undefined && { ending }), ...(note !== undefined && { note }) };
    case 'snooze':
    case 'reschedule':
      return { verb, dueAt: dueAt ?? 0 };
    case 'note':
      return { verb, note: note ?? '' };
    case 'rule':
      return { verb, rule: rule ?? 'r1' };
    case 'reassign':
      return { verb, to: to ?? { externalId: '8', name: 'Bo' } };
    case 'dismiss':
      return { verb };
  }
}

function lifeOf(wish: ActionWish, createdAt: Instant): Life {
  const { state = 'queued', settledAt = createdAt, waiting, failure = 'unexpected', undoReference } = wish;
  const reference = undoReference === undefined ? {} : { reference: undoReference };
  switch (state) {
    case 'queued':
      return { state, ...(wish.heldUntil !== undefined && { heldUntil: wish.heldUntil }), ...(waiting && { waiting }) };
    case 'succeeded':
      return {
        state,
        settledAt,
        ...(wish.undoFailure && { undoFailure: { reason: wish.undoFailure, ...reference } }),
      };
    case 'failed':
    case 'dropped':
      return { state, settledAt, failure };
    case 'stale':
      return { state, settledAt, found: wish.found ?? { how: 'gone' }, ...(wish.undoAsked && { undoAsked: true }) };
    case 'undoing':
      return { state, settledAt, undoAskedAt: settledAt, ...(waiting && { waiting }) };
    case 'undone': {
      return { state, settledAt, undo: { how: 'reversed', askedAt: settledAt, doneAt: settledAt, ...wish.undo } };
    }
  }
}
