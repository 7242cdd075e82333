/** What a sweep would do, for any list, set and verb. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obviousSweep } from '../../../src/core/clicks/obvious-sweep.ts';
import { MOST_TASKS, needsAsking, planSweep, type Which } from '../../../src/core/clicks/plan-sweep.ts';
import { choicesOf } from '../../../src/core/clicks/sweep-choices.ts';
import type { VerbCapability } from '../../../src/core/model/capabilities.ts';
import { isOpen, type Row } from '../../../src/core/model/row-state.ts';
import type { SweepChange } from '../../../src/core/model/sweep.ts';
import { KINDS_OF_TASK, type Task, VERBS } from '../../../src/core/model/task.ts';
import { type ActionWish, buildAction } from '../../builders.ts';
import { ANN, DAY, HOUR, NEW_YORK } from '../docket.ts';
import { FINAL, MONDAY_NINE as NOW, REVERSIBLE, task, type Verbs } from '../provider.ts';

const MINUTE = 60_000;

const MOVE = { verb: 'snooze', dueAt: NOW + DAY } satisfies SweepChange;

function rowOf(of: Task, position = 0, wish?: ActionWish): Row {
  const action = wish && buildAction(ANN, of, { createdAt: NOW, settledAt: NOW, ...wish });
  return { position, task: of, seq: 0, action };
}

const rowsOf = (tasks: readonly Task[]) => tasks.map((each, position) => rowOf(each, position));

/** Tools whose tasks all allow the same. */
function toolsOf(tools: Record<string, Verbs>) {
  return new Map(
    Object.entries(tools).map(([id, verbs]) => [id, { capabilities: { noun: 'tasks', of: () => ({ verbs }) } }]),
  );
}

const ALL: Verbs = { done: REVERSIBLE, dismiss: REVERSIBLE, snooze: REVERSIBLE, reschedule: REVERSIBLE };
const viewOf = (rows: readonly Row[], tools: Record<string, Verbs> = { fake: ALL }) => ({
  rows,
  tools: toolsOf(tools),
  now: NOW,
  zone: NEW_YORK,
});
const idsOf = (plan: ReturnType<typeof planSweep>) => plan.acts.map(({ task: { id } }) => id);

describe('which tasks are meant', () => {
  const tasks = [
    task('old', { dueAt: NOW - 8 * DAY, kind: 'call', account: { name: 'Acme ' } }),
    task('overdue', { dueAt: NOW - 5 * MINUTE - 1, kind: 'email', contact: { name: 'Bo', company: 'ACME' } }),
    task('now', { dueAt: NOW - 5 * MINUTE, kind: 'call' }),
    task('tonight', { dueAt: NOW + 14 * HOUR, provider: 'other' }),
    task('tomorrow', { dueAt: NOW + 15 * HOUR, account: { name: 'Brightwater' } }),
    task('never', { dueAt: undefined }),
  ];

  test.each<[Which, string[]]>([
    [{ by: 'overdue' }, ['old', 'overdue']],
    [{ by: 'overdue', days: 7 }, ['old']],
    [{ by: 'today' }, ['now', 'tonight']],
    [{ by: 'all' }, tasks.map(({ id }) => id)],
    [{ by: 'kind', kind: 'call' }, ['old', 'now']],
    [{ by: 'kind', kind: 'other' }, ['tonight', 'tomorrow', 'never']],
    [{ by: 'tool', provider: 'other' }, ['tonight']],
    [{ by: 'account', position: 1 }, ['old', 'overdue']],
    [{ by: 'account', position: 2 }, []],
    [{ by: 'account', position: 99 }, []],
    [{ by: 'rows', positions: [5, 0, 99, 0, -1] }, ['old', 'never']],
    [{ by: 'rows', positions: [] }, []],
  ])('%j', (which, expected) => {
    expect(idsOf(planSweep(viewOf(rowsOf(tasks), { fake: ALL, other: ALL }), which, MOVE))).toEqual(expected);
  });
});

describe('what is left out, and why', () => {
  const settled: ActionWish = { state: 'succeeded', verb: 'done' };

  test('what is closed or under way is no part of a set, and is named when it was ticked', () => {
    const rows = [
      rowOf(task('done'), 0, settled),
      rowOf(task('queued'), 1, { state: 'queued' }),
      rowOf(task('held'), 2, { state: 'queued', heldUntil: NOW + 9 }),
      rowOf(task('undoing'), 3, { state: 'undoing' }),
      { ...rowOf(task('gone'), 4), seen: { how: 'gone', at: NOW } as const },
      rowOf(task('failed'), 5, { state: 'failed', seq: 4 }),
      rowOf(task('undone'), 6, { state: 'undone', seq: 2 }),
    ];
    const ticked = planSweep(viewOf(rows), { by: 'rows', positions: rows.map(({ position }) => position) }, MOVE);
    const all = planSweep(viewOf(rows), { by: 'all' }, MOVE);

    expect(ticked.acts.map(({ position, seq }) => [position, seq])).toEqual([
      [5, 4],
      [6, 2],
    ]);
    expect(ticked.leftOut).toEqual([
      { why: 'closed', provider: 'fake', tasks: 2 },
      { why: 'underway', provider: 'fake', tasks: 3 },
    ]);
    expect(idsOf(all)).toEqual(['failed', 'undone']);
    expect(all.leftOut).toEqual([]);
    expect(needsAsking(ticked)).toBe(true);
    expect(needsAsking(all)).toBe(false);
  });

  test('a tool that is not linked, and a verb that a task does not allow', () => {
    const rows = rowsOf([task('1'), task('2', { provider: 'strange' }), task('3', { provider: 'fixed' })]);
    const plan = planSweep(viewOf(rows, { fake: ALL, fixed: { done: FINAL } }), { by: 'all' }, MOVE);

    expect(idsOf(plan)).toEqual(['1']);
    expect(plan.leftOut).toEqual([
      { why: 'not_linked', provider: 'strange', tasks: 1 },
      { why: 'unsupported', provider: 'fixed', tasks: 1 },
    ]);
  });

  test('a hundred go at once; the rest is counted', () => {
    const plan = planSweep(
      viewOf(rowsOf(Array.from({ length: 130 }, (_, id) => task(String(id))))),
      { by: 'all' },
      MOVE,
    );

    expect(idsOf(plan)).toEqual(Array.from({ length: 100 }, (_, id) => String(id)));
    expect(plan.leftOut).toEqual([{ why: 'beyond', provider: 'fake', tasks: 30 }]);
    expect(needsAsking(plan)).toBe(true);
  });

  test('the task is the one that was seen last', () => {
    const moved = task('1', { dueAt: NOW - DAY });
    const row: Row = { ...rowOf(task('1', { dueAt: NOW + DAY })), seen: { how: 'changed', at: NOW, task: moved } };

    expect(planSweep(viewOf([row]), { by: 'overdue' }, MOVE).acts).toMatchObject([{ task: moved }]);
  });
});

describe('what follows', () => {
  const saying = (consequence: string): VerbCapability => ({ ...FINAL, consequence });

  test('nothing is asked where all can be taken back', () => {
    expect(needsAsking(planSweep(viewOf(rowsOf([task('1'), task('2')])), { by: 'all' }, MOVE))).toBe(false);
  });

  test('what is final, what is skipped first and what a tool says are counted for each tool', () => {
    const tasks = [
      task('1', { skipsAt: MOVE.dueAt }),
      task('2', { skipsAt: MOVE.dueAt + 1 }),
      task('3', { dueAt: undefined }),
      task('4', { provider: 'other' }),
      task('5', { provider: 'other' }),
    ];
    const other = { snooze: { ...REVERSIBLE, consequence: 'It moves more.' } };
    const plan = planSweep(viewOf(rowsOf(tasks), { fake: ALL, other }), { by: 'all' }, MOVE);

    expect(plan.consequences).toEqual([
      { what: 'skipped', provider: 'fake', tasks: 1, said: [] },
      // A time cannot be put back where there was none.
      { what: 'final', provider: 'fake', tasks: 1, said: [] },
      { what: 'consequence', provider: 'other', tasks: 2, said: ['It moves more.'] },
    ]);
  });

  test('of many different sentences three are kept', () => {
    const of = ({ id }: Task) => ({ verbs: { dismiss: saying(`Skips ${id}.`) } });
    const tools = new Map([['fake', { capabilities: { noun: 'tasks', of } }]]);
    const rows = rowsOf(['1', '2', '3', '4'].map((id) => task(id)));
    const plan = planSweep({ rows, tools, now: NOW, zone: NEW_YORK }, { by: 'all' }, { verb: 'dismiss' });

    expect(plan.consequences).toContainEqual({
      what: 'consequence',
      provider: 'fake',
      tasks: 4,
      said: ['Skips 1.', 'Skips 2.', 'Skips 3.'],
    });
  });
});

const capability = fc.record({ reversible: fc.boolean(), repeatable: fc.boolean() }).chain((verb) =>
  fc.option(fc.string({ maxLength: 9 }), { nil: undefined }).map((consequence) => ({
    ...verb,
    ...(consequence && { consequence }),
  })),
);
const verbs = fc.record(Object.fromEntries(VERBS.map((verb) => [verb, capability])), { requiredKeys: [] });
const anyTask = fc.record({
  provider: fc.constantFrom('fake', 'other', 'strange'),
  kind: fc.option(fc.constantFrom(...KINDS_OF_TASK), { nil: undefined }),
  dueAt: fc.option(fc.integer({ min: NOW - 20 * DAY, max: NOW + 20 * DAY }), { nil: undefined }),
  skipsAt: fc.option(fc.integer({ min: NOW, max: NOW + 3 * DAY }), { nil: undefined }),
  account: fc.option(fc.record({ name: fc.constantFrom('Acme', 'acme', 'Brightwater', '') }), { nil: undefined }),
});
const wish = fc.option(
  fc.record({
    state: fc.constantFrom('queued', 'succeeded', 'failed', 'stale', 'undoing', 'undone', 'dropped'),
    verb: fc.constantFrom('done', 'snooze', 'note'),
    seq: fc.integer({ min: 1, max: 9 }),
  } as const),
  { nil: undefined },
);
const anyRows = fc.array(fc.tuple(anyTask, wish, fc.boolean()), { maxLength: 130 }).map((drawn) =>
  drawn.map(([{ skipsAt, ...more }, how, gone], position): Row => {
    const of = { ...task(String(position), more), ...(skipsAt !== undefined && { skipsAt }) };
    const row = rowOf(of, position, how);
    return gone && position % 5 === 0 ? { ...row, seen: { how: 'gone', at: NOW } } : row;
  }),
);
const anyWhich = fc.oneof(
  fc.constantFrom<Which>({ by: 'all' }, { by: 'today' }, { by: 'overdue' }, { by: 'overdue', days: 7 }),
  fc.constantFrom(...KINDS_OF_TASK).map((kind): Which => ({ by: 'kind', kind })),
  fc.constantFrom('fake', 'other', 'strange').map((provider): Which => ({ by: 'tool', provider })),
  fc.nat(140).map((position): Which => ({ by: 'account', position })),
  fc.array(fc.nat(140), { maxLength: 100 }).map((positions): Which => ({ by: 'rows', positions })),
);
const anyChange = fc.oneof(
  fc.constantFrom<SweepChange>({ verb: 'done' }, { verb: 'dismiss' }),
  fc
    .tuple(fc.constantFrom('snooze' as const, 'reschedule' as const), fc.integer({ min: NOW, max: NOW + 5 * DAY }))
    .map(([verb, dueAt]): SweepChange => ({ verb, dueAt })),
);

describe('whatever the list, the set and the verb', () => {
  test('each task that acts is open, its own, allowed and listed once; every other one that was meant is counted', () => {
    fc.assert(
      fc.property(anyRows, anyWhich, anyChange, verbs, verbs, (rows, which, change, fake, other) => {
        const plan = planSweep(viewOf(rows, { fake, other }), which, change);
        const allowed: Record<string, Verbs> = { fake, other };
        const meant = planSweep(viewOf(rows, { fake: ALL, other: ALL, strange: ALL }), which, change);

        expect(plan.acts.length).toBeLessThanOrEqual(MOST_TASKS);
        const positions = plan.acts.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort((one, two) => one - two));
        for (const { position, task: of, seq } of plan.acts) {
          const row = rows[position];
          expect(row && isOpen(row)).toBe(true);
          expect(['queued', 'undoing']).not.toContain(row?.action?.state);
          expect(seq).toBe(row?.action?.seq ?? 0);
          expect(allowed[of.provider]?.[change.verb]).toBeDefined();
        }
        const all = ({ acts, leftOut }: typeof plan) =>
          acts.length + leftOut.reduce((sum, { tasks }) => sum + tasks, 0);
        expect(all(plan)).toBe(all(meant));
        for (const { tasks, said } of plan.consequences) {
          expect(tasks).toBeGreaterThan(0);
          expect(tasks).toBeLessThanOrEqual(plan.acts.length);
          expect(said.length).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('what a rep confirms is what is done: the rows of a plan make the same plan again', () => {
    fc.assert(
      fc.property(anyRows, anyWhich, anyChange, verbs, (rows, which, change, fake) => {
        const view = viewOf(rows, { fake, other: ALL });
        const { acts, consequences } = planSweep(view, which, change);
        const positions = acts.map(({ position }) => position);
        const again = planSweep(view, { by: 'rows', positions }, change);

        expect(again).toEqual({ change, acts, consequences, leftOut: [] });
      }),
      { numRuns: 100 },
    );
  });

  test('a choice says how many tasks it means', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const view = viewOf(rows, { fake: ALL, other: ALL, strange: ALL });
        for (const { which, tasks } of choicesOf(view)) {
          const { acts, leftOut } = planSweep(view, which, { verb: 'done' });
          expect(tasks).toBe(acts.length + leftOut.reduce((sum, left) => sum + left.tasks, 0));
          expect(tasks).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('the set of the button comes first among the choices, with its size, and once; one without a task is no choice', () => {
  const rows = rowsOf([8, 9, 1].map((days) => task(String(days), { dueAt: NOW - days * DAY })));
  const choices = (offered: Which) => choicesOf({ rows, now: NOW, zone: NEW_YORK }, offered);
  const plain = choicesOf({ rows, now: NOW, zone: NEW_YORK });

  expect(choices({ by: 'overdue', days: 7 })).toEqual([{ which: { by: 'overdue', days: 7 }, tasks: 2 }, ...plain]);
  expect(choices({ by: 'all' })).toEqual([plain[1], plain[0]]);
  expect(choices({ by: 'today' })).toEqual(plain);
});

describe('the sweep that is offered by itself', () => {
  const due = (days: readonly number[]) => rowsOf(days.map((day, id) => task(String(id), { dueAt: NOW - day * DAY })));
  const offered = (rows: readonly Row[]) => obviousSweep({ rows, now: NOW, zone: NEW_YORK });

  test('three that are overdue for more than a week, before all that are', () => {
    expect(offered(due([8, 8, 7.1, 1, 1]))).toEqual({ which: { by: 'overdue', days: 7 }, tasks: 3 });
  });

  test('else five that are overdue; fewer are done one by one', () => {
    expect(offered(due([8, 8, 7, 1, 1]))).toEqual({ which: { by: 'overdue' }, tasks: 5 });
    expect(offered(due([8, 8, 1, 1]))).toBeUndefined();
    expect(offered(due([-1, -1, -1, -1, -1]))).toBeUndefined();
    expect(offered([])).toBeUndefined();
  });

  test('only open tasks count', () => {
    const rows = due([9, 9, 9]).map((row) => ({ ...row, action: buildAction(ANN, row.task, { createdAt: NOW }) }));
    expect(offered(rows)).toBeUndefined();
  });
});
