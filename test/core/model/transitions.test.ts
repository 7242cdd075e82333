/** The life of an action: every state, every transition, and what each of them leaves behind. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, type ActionBase, type ActionState, baseOf, lifeOf } from '../../../src/core/model/action.ts';
import * as transitions from '../../../src/core/model/transitions.ts';
import { buildAction } from '../../builders.ts';
import { ANN } from '../docket.ts';
import { MONDAY_NINE as NOW, task } from '../provider.ts';

const OLD = NOW - 1_000;
const READ = task('1', { title: 'as it is now' });
const WAITING = { reason: 'away', until: NOW + 9 } as const;
const FOUND = { how: 'done', at: OLD } as const;

/** An action with everything that its state may carry, nothing of it sent. */
const LIVES = {
  queued: { heldUntil: OLD, waiting: { reason: 'unavailable', until: OLD } },
  succeeded: { undoFailure: 'conflict', undoReference: 'of the last Undo' },
  failed: { failure: 'forbidden' },
  dropped: { failure: 'forbidden' },
  stale: { found: FOUND, undoAsked: true },
  undoing: { waiting: { reason: 'unavailable', until: OLD } },
  undone: { undo: { reference: 'of the Undo' } },
} as const satisfies Record<ActionState, object>;
const STATES = Object.keys(LIVES) as ActionState[];

function inState(state: ActionState, sentAt?: number): Action {
  const base = { settledAt: OLD, createdAt: OLD, attempts: 3, reference: 'before', externalId: '1', sentAt };
  return buildAction(ANN, task('1'), { ...base, ...LIVES[state], state });
}

const TRANSITIONS = {
  send: (now) => transitions.send(now, { task: READ, externalId: '2' }, NOW),
  reread: (now) => transitions.reread(now, READ),
  wait: (now) => transitions.wait(now, { attempts: 4, waiting: WAITING, unsent: false }),
  'wait, unsent': (now) => transitions.wait(now, { attempts: 4, waiting: WAITING, unsent: true }),
  withdraw: (now) => transitions.withdraw(now, NOW),
  succeed: (now) => transitions.succeed(now, 'r', NOW),
  fail: (now) => transitions.fail(now, 'invalid', NOW, { reference: 'r' }),
  'fail, nothing sent': (now) => transitions.fail(now, 'invalid', NOW, { nothingSent: true }),
  leaveAlone: (now) => transitions.leaveAlone(now, FOUND, NOW),
  askUndo: (now) => transitions.askUndo(now, NOW),
  undo: (now) => transitions.undo(now, 'r', NOW),
  failUndo: (now) => transitions.failUndo(now, 'invalid', 'r'),
  retry: (now) => transitions.retry(now),
  drop: (now) => transitions.drop(now),
} satisfies Record<string, (action: Action) => Action | undefined>;
type Name = keyof typeof TRANSITIONS;
const NAMES = Object.keys(TRANSITIONS) as Name[];

const FAILED = { state: 'failed', settledAt: NOW, failure: 'invalid' };
const REVERSED = { how: 'reversed', askedAt: OLD, doneAt: NOW, reference: 'r' };
const NOT_UNDONE = { reason: 'invalid', reference: 'r' };

/** All that are allowed: the life that follows, whole, and what changes of the rest. */
const ALLOWED: [Name, ActionState, life: object, base?: Partial<ActionBase>][] = [
  ['send', 'queued', lifeOf(inState('queued')), { task: READ, externalId: '2', sentAt: NOW }],
  ['reread', 'queued', lifeOf(inState('queued')), { task: READ }],
  ['wait', 'queued', { state: 'queued', heldUntil: OLD, waiting: WAITING }, { attempts: 4 }],
  ['wait', 'undoing', { ...lifeOf(inState('undoing')), waiting: WAITING }, { attempts: 4 }],
  ['wait, unsent', 'queued', { state: 'queued', heldUntil: OLD, waiting: WAITING }, { attempts: 4, sentAt: undefined }],
  ['wait, unsent', 'undoing', { ...lifeOf(inState('undoing')), waiting: WAITING }, { attempts: 4, sentAt: undefined }],
  ['withdraw', 'queued', { state: 'undone', settledAt: NOW, undo: { how: 'withdrawn', askedAt: NOW, doneAt: NOW } }],
  ['succeed', 'queued', { state: 'succeeded', settledAt: NOW }, { attempts: 4, reference: 'r' }],
  ['fail', 'queued', FAILED, { attempts: 4, reference: 'r' }],
  ['fail, nothing sent', 'queued', FAILED, { attempts: 4, reference: undefined, sentAt: undefined }],
  ['leaveAlone', 'queued', { state: 'stale', settledAt: NOW, found: FOUND }],
  ['leaveAlone', 'undoing', { state: 'stale', settledAt: NOW, found: FOUND, undoAsked: true }],
  ['askUndo', 'succeeded', { state: 'undoing', settledAt: OLD, undoAskedAt: NOW }],
  ['undo', 'undoing', { state: 'undone', settledAt: NOW, undo: REVERSED }, { attempts: 4 }],
  ['failUndo', 'undoing', { state: 'succeeded', settledAt: OLD, undoFailure: NOT_UNDONE }, { attempts: 4 }],
  ['retry', 'failed', { state: 'queued' }],
  ['drop', 'failed', { state: 'dropped', settledAt: OLD, failure: 'forbidden' }],
];
const NOT_ONCE_SENT: readonly Name[] = ['send', 'withdraw'];

describe.each([undefined, OLD])('an action that was sent at %s', (sentAt) => {
  test.each(ALLOWED)('%s of one that is %s', (name, state, life, base = {}) => {
    const before = inState(state, sentAt);

    const next = TRANSITIONS[name](before);

    const isAllowed = sentAt === undefined || !NOT_ONCE_SENT.includes(name);
    expect(next).toStrictEqual(isAllowed ? { ...baseOf(before), ...life, ...base } : undefined);
    expect(before).toStrictEqual(inState(state, sentAt));
  });

  const others = NAMES.flatMap((name) =>
    STATES.flatMap((state) => (ALLOWED.some(([of, from]) => of === name && from === state) ? [] : [[name, state]])),
  ) as [Name, ActionState][];
  test.each(others)('%s of one that is %s changes nothing', (name, state) => {
    expect(TRANSITIONS[name](inState(state, sentAt))).toBeUndefined();
  });
});

test('an Undo that no provider took part in has no reference', () => {
  expect(transitions.undo(inState('undoing'), undefined, NOW)).not.toHaveProperty('undo.reference');
  expect(transitions.failUndo(inState('undoing'), 'invalid')).not.toHaveProperty('undoFailure.reference');
});

test('whatever happens to an action in whatever order, it stays the same action, and its life is that of its state', () => {
  const COUNTED: readonly Name[] = ['succeed', 'fail', 'fail, nothing sent', 'undo', 'failUndo'];
  const keysOf = (state: ActionState) => Object.keys(lifeOf(inState(state)));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...NAMES), { maxLength: 30, size: 'max' }), (names) => {
      let action = inState('queued');
      for (const name of names) {
        const next = TRANSITIONS[name](action);
        if (!next) continue;
        for (const key of ['id', 'seq', 'change', 'taskId', 'userId', 'createdAt'] as const)
          expect(next[key]).toBe(action[key]);
        if (!name.startsWith('wait')) expect(next.attempts - action.attempts).toBe(COUNTED.includes(name) ? 1 : 0);
        expect(keysOf(next.state)).toEqual(expect.arrayContaining(Object.keys(lifeOf(next))));
        // As the ledger keeps it.
        expect({ ...baseOf(next), ...JSON.parse(JSON.stringify(lifeOf(next))) }).toEqual(next);
        action = next;
      }
    }),
  );
});
