/** Endings, completion notes and edits: allowed by what the task allows, recorded with the click, sent as they were asked. */
import { describe, expect, test } from 'vitest';
import type { Change, TaskCapabilities } from '../../../src/core/model/capabilities.ts';
import { ANN, createDocket, DAY, type Docket, why } from '../docket.ts';
import { FINAL, MONDAY_NINE, REVERSIBLE, task } from '../provider.ts';

const ENDINGS = [
  { id: 'replied', text: 'Finish sequence, replied', outcome: 'sequence finished as replied' },
  { id: 'lost', text: 'Finish sequence, lost', outcome: 'sequence finished as lost' },
];
const EDITABLE = { done: FINAL, note: FINAL, reassign: FINAL, rule: FINAL, snooze: REVERSIBLE, reschedule: REVERSIBLE };
const BO = { externalId: '9', name: 'Bo' };

async function shown(allowed: TaskCapabilities, undoWindowMs = 0, listed = task('1')): Promise<Docket> {
  const docket = await createDocket({ undoWindowMs });
  docket.provider.allowed = allowed;
  docket.holds(listed);
  await docket.show([listed]);
  return docket;
}

describe('what a task does not allow is refused, and nothing is written', () => {
  const noted = { verbs: EDITABLE, completionNote: 'Everyone in Fake reads it.' };
  const ended = { verbs: EDITABLE, endings: ENDINGS };
  test.each<[string, TaskCapabilities, Change]>([
    ['an ending where there is none', { verbs: EDITABLE }, { verb: 'done', ending: 'replied' }],
    ['an ending of another task', { ...noted, endings: ENDINGS }, { verb: 'done', ending: 'bounced' }],
    ['an empty ending', { ...noted, endings: ENDINGS }, { verb: 'done', ending: '' }],
    ['a completion note', ended, { verb: 'done', note: 'spoke' }],
    ['an empty completion note', { verbs: EDITABLE }, { verb: 'done', note: '' }],
    ['a completion note with an ending', ended, { verb: 'done', ending: 'lost', note: 'x' }],
    ['an ending of a verb that is not there', { ...ended, verbs: { note: FINAL } }, { verb: 'done', ending: 'lost' }],
    ['a note', { ...noted, verbs: { done: FINAL } }, { verb: 'note', note: 'x' }],
    ['a new owner', { ...noted, verbs: { done: FINAL } }, { verb: 'reassign', to: BO }],
    ['a rule', { ...noted, verbs: { done: FINAL } }, { verb: 'rule', rule: 'none' }],
  ])('%s', async (_name, allowed, change) => {
    const docket = await shown(allowed);

    const result = await docket.change(change);

    expect(result).toMatchObject({ refusal: { why: 'unsupported', verb: change.verb, provider: 'Fake' } });
    expect(await docket.latest()).toBeUndefined();
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('what a task allows', () => {
  const allowed = { verbs: EDITABLE, endings: ENDINGS, completionNote: 'Everyone in Fake reads it.' };
  const changes: Change[] = [
    { verb: 'done' },
    { verb: 'done', ending: 'replied' },
    { verb: 'done', note: 'Spoke "at length" 🚀' },
    { verb: 'done', ending: 'lost', note: '' },
    { verb: 'note', note: '' },
    { verb: 'reassign', to: BO },
    { verb: 'rule', rule: 'none' },
    { verb: 'snooze', dueAt: MONDAY_NINE + DAY },
  ];

  test.each(changes)('is sent as it was asked: %j', async (change) => {
    const docket = await shown(allowed);

    const result = await docket.change(change);
    await docket.work();

    expect(why(result)).toBe('recorded');
    expect(docket.provider.effects).toStrictEqual([change]);
    expect(await docket.latest()).toMatchObject({ change, state: 'succeeded' });
  });

  test.each(changes)('is the same click when it comes twice: %j', async (change) => {
    const docket = await shown(allowed);
    await docket.change(change);

    const during = await docket.change(change);
    await docket.work();
    const after = await docket.change(change);
    await docket.work();

    expect([during, after].map(why)).toEqual(['repeated', 'repeated']);
    expect(docket.provider.effects).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ seq: 1 });
  });

  const others = changes.flatMap((first) =>
    changes.filter((second) => first !== second).map((second) => ({ first, second })),
  );
  test.each(others)('is another click with other details: first $first, then $second', async ({ first, second }) => {
    const docket = await shown(allowed);
    await docket.change(first);

    const refusal = { why: 'overtaken', by: { change: { verb: first.verb }, seq: 1 } };
    expect(await docket.change(second)).toMatchObject({ is: 'refused', refusal });
    expect(await docket.deps.queue.open()).toBe(1);
  });

  test('is what the row shows by now: a change that was seen elsewhere counts', async () => {
    const docket = await shown(allowed);
    docket.provider.capabilities.of = (each) => ({ verbs: each.title === 'locked' ? {} : { done: REVERSIBLE } });
    const key = { ...ANN, provider: 'fake', taskId: '1' };
    const locked = task('1', { title: 'locked' });
    await docket.deps.store.messages.noteSeen(key, { how: 'changed', at: MONDAY_NINE, task: locked }, 0);

    expect(why(await docket.change({ verb: 'done' }))).toBe('unsupported');
  });

  test('is retried with the same details', async () => {
    const docket = await shown(allowed);
    const change = { verb: 'done', ending: 'lost', note: 'left' } as const;
    docket.provider.trouble.push({ kind: 'invalid' });
    await docket.act(change);

    await docket.retry();
    await docket.work();

    expect(docket.provider.effects).toStrictEqual([change]);
  });
});

describe('the undo window', () => {
  const allowed = { verbs: EDITABLE };
  const WINDOW = 10_000;
  const undatedTask = task('1', { dueAt: undefined });
  const move = { verb: 'snooze', dueAt: MONDAY_NINE + DAY } as const;

  test.each<Change>([
    { verb: 'note', note: 'x' },
    { verb: 'reassign', to: BO },
    { verb: 'rule', rule: 'none' },
    { verb: 'done' },
  ])('holds back what cannot be taken back, and Undo withdraws it: %j', async (change) => {
    const docket = await shown(allowed, WINDOW);

    await docket.change(change);
    docket.pass(WINDOW - 1);
    await docket.work();
    const early = [...docket.provider.calls];
    const undo = await docket.undo();
    docket.pass(DAY);
    await docket.work();

    expect(early).toEqual([]);
    expect(why(undo)).toBe('recorded');
    expect(docket.provider.effects).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'undone', undo: { how: 'withdrawn' } });
  });

  test('holds back a moved date where there is none to go back to', async () => {
    const undated = await shown(allowed, WINDOW, undatedTask);
    const dated = await shown(allowed, WINDOW);

    for (const docket of [undated, dated]) await docket.act(move);
    const early = undated.provider.effects.length;
    undated.pass(WINDOW);
    await undated.work();

    expect(early).toBe(0);
    expect(undated.provider.effects).toEqual([move]);
    expect(dated.provider.effects).toEqual([move]);
    expect(await dated.latest()).not.toHaveProperty('heldUntil');
    // Sent: by now it is too late for the one, and not for the other.
    expect(why(await undated.undo())).toBe('too_late');
    expect(why(await dated.undo())).toBe('recorded');
  });

  test('goes by what the row shows: a date that was seen since can be gone back to', async () => {
    const docket = await shown(allowed, WINDOW, undatedTask);
    const key = { ...ANN, provider: 'fake', taskId: '1' };
    await docket.deps.store.messages.noteSeen(key, { how: 'changed', at: MONDAY_NINE, task: task('1') }, 0);

    await docket.change(move);

    const latest = await docket.latest();
    expect(latest).toMatchObject({ task: { dueAt: task('1').dueAt } });
    expect(latest).not.toHaveProperty('heldUntil');
  });
});
