/** Verbs on numbers, on the real store: which list they mean, and that each command acts once, whatever comes twice. */
import { describe, expect, test } from 'vitest';
import { type Acted, createTypedVerbs, type Typed } from '../../../src/core/ask/act.ts';
import type { TypedVerb } from '../../../src/core/ask/asked.ts';
import { ANN, addRep, BEN, createDocket, type Docket, type DocketOptions, HOUR, NEW_YORK } from '../docket.ts';
import { FINAL, MONDAY_NINE as NOW, task } from '../provider.ts';

const DONE: TypedVerb = { verb: 'done', numbers: [1] };

function verbsOf(docket: Docket) {
  const { clicks, sweeps, deps } = docket;
  return createTypedVerbs({ ...deps, clicks, sweeps, undoWindowMs: 10_000 });
}

function act(docket: Docket, verb: TypedVerb = DONE, more: Partial<Typed> = {}, rep = ANN): Promise<Acted> {
  return verbsOf(docket).act(rep, verb, { command: 'T1', place: 'messages', zone: NEW_YORK, ...more });
}

/** The rep is shown these lists, one after the other. */
async function shown(lists: readonly (readonly string[])[], options: DocketOptions = {}): Promise<Docket> {
  const docket = await createDocket(options);
  docket.holds(...lists.flat().map((id) => task(id)));
  for (const ids of lists) {
    docket.pass(1_000);
    await docket.show(ids.map((id) => task(id)));
  }
  return docket;
}

const why = (acted: Acted) => ('why' in acted ? acted.why : acted.is);
const effects = (docket: Docket) => docket.provider.effects.length;

describe('the list that is meant', () => {
  test('is the newest with rows; a digest counts once it is posted', async () => {
    const docket = await shown([['1', '2'], ['3'], []]);
    docket.pass(1_000);
    await docket.show([task('9')], ANN, 'digest');
    await docket.show([task('8')], BEN);

    expect(await act(docket)).toMatchObject({ is: 'recorded', action: { taskId: '3' }, number: 1 });
  });

  test('is a digest that was posted after it', async () => {
    const docket = await shown([['1']]);
    docket.pass(1_000);
    await docket.showDigest([task('2')]);

    expect(await act(docket)).toMatchObject({ is: 'recorded', action: { taskId: '2' } });
  });

  test('is that of Home for what is typed there, and only there', async () => {
    const docket = await shown([['1']]);
    docket.pass(1_000);
    await docket.show([task('2')], ANN, 'home');

    expect(await act(docket)).toMatchObject({ action: { taskId: '1' } });
    expect(await act(docket, DONE, { place: 'home', command: 'T2' })).toMatchObject({ action: { taskId: '2' } });
  });

  test('is one that was refreshed after a newer one was made', async () => {
    const docket = await shown([['1'], ['2']]);
    const older = String(Number(docket.shown) - 1);
    docket.pass(1_000);
    await docket.lists.refresh(await docket.rep(), older, 'person');

    const acted = await act(docket);

    expect(acted).toMatchObject({ is: 'recorded', ref: { messageId: older } });
  });

  test('is never somebody else’s', async () => {
    const docket = await shown([['1']]);

    expect(why(await act(docket, DONE, {}, BEN))).toBe('no_list');
  });
});

test('one command is carried out in each of two workspaces, whose people and triggers are named alike', async () => {
  const docket = await shown([['1']]);
  const there = { ...ANN, teamId: 'T2' };
  await addRep(docket, there, 'ann elsewhere');
  await docket.show([task('2')], there);

  const acted = [await act(docket), await act(docket, DONE, {}, there)];
  await docket.work();

  expect(acted).toMatchObject([{ action: { ...ANN, taskId: '1' } }, { action: { ...there, taskId: '2' } }]);
  expect(docket.sent()).toEqual(['done 1 by ann at fake', 'done 2 by ann elsewhere']);
  const again = [await act(docket), await act(docket, DONE, {}, there)];
  expect(again).toEqual([{ is: 'repeated' }, { is: 'repeated' }]);
});

test('one command takes back the last verb in each of two workspaces', async () => {
  const docket = await shown([['1']]);
  const there = { ...ANN, teamId: 'T2' };
  await addRep(docket, there, 'ann elsewhere');
  await docket.show([task('2')], there);
  for (const rep of [ANN, there]) await act(docket, DONE, { command: 'T1' }, rep);
  await docket.work();

  const undone = [];
  for (const rep of [ANN, there]) undone.push(await verbsOf(docket).undoLast(rep, { command: 'T2' }));

  expect(undone).toMatchObject([{ action: { taskId: '1' } }, { action: { taskId: '2' } }]);
});

describe('nothing is done, and the rep is asked,', () => {
  test.each([
    ['of another date', 13, 3],
    ['of more than eight hours ago', 0, 9],
  ])('about a list %s', async (_, hoursBefore, hoursAfter) => {
    const docket = await createDocket();
    docket.pass(hoursBefore * HOUR);
    await docket.show([task('1')]);
    docket.pass(hoursAfter * HOUR);

    expect(await act(docket)).toMatchObject({ is: 'asks', doubts: ['old'] });
    expect(await docket.latest()).toBeUndefined();
  });

  test('about a task that was changed at its tool since', async () => {
    const docket = await shown([['1']]);
    const moved = { how: 'changed', at: NOW, task: task('1', { dueAt: NOW + 5 * HOUR }) } as const;
    await docket.deps.store.messages.noteSeen({ ...ANN, provider: 'fake', taskId: '1' }, moved, 0);

    const acted = await act(docket);
    expect(acted).toMatchObject({ is: 'asks', doubts: ['changed'] });
    if (acted.is === 'asks') await verbsOf(docket).confirm(ANN, acted.confirmed);
    expect(await docket.latest()).toMatchObject({ state: 'queued' });
  });

  test('about what cannot be taken back, one or several, and about a time before which the tool skips the task', async () => {
    const docket = await shown([['1', '2']], { verbs: { done: FINAL } });

    expect(await act(docket)).toMatchObject({ is: 'asks', doubts: ['final'] });
    const several = await act(docket, { verb: 'done', numbers: [1, 2] });
    expect(several).toMatchObject({ is: 'asks', doubts: ['plan'], plan: { consequences: [{ what: 'final' }] } });
    await docket.show([task('3', { skipsAt: NOW + HOUR })]);
    const skipped = await act(docket, { verb: 'snooze', numbers: [1], dueAt: NOW + 2 * HOUR });
    expect(skipped).toMatchObject({ is: 'asks', doubts: ['skipped'], confirmed: { skippedFirst: true } });
    await docket.work();
    expect(docket.sent()).toEqual([]);
  });

  test('and no row of a number, or a closed task, is no task', async () => {
    const docket = await shown([['1', '2']]);
    expect(await act(docket, { verb: 'done', numbers: [2, 3] })).toMatchObject({
      why: 'no_row',
      numbers: [3],
      rows: 2,
    });
    await act(docket);
    await docket.work();

    expect(why(await act(docket, DONE, { command: 'T2' }))).toBe('closed');
    expect(effects(docket)).toBe(1);
  });
});

describe('a command that comes twice acts once', () => {
  test.each([[[1]], [[1, 2]]])('although its numbers would mean other tasks by then: %j', async (numbers) => {
    const docket = await shown([['1', '2']], { file: true });
    await act(docket, { verb: 'done', numbers });
    await docket.work();
    const before = effects(docket);
    docket.pass(1_000);
    await docket.show([task('3'), task('4')]);
    await docket.restart();

    expect(why(await act(docket, { verb: 'done', numbers }))).toBe('repeated');
    await docket.work();
    expect(effects(docket)).toBe(before);
  });

  test.each([[[1]], [[1, 2]]])('when two workers take it at the same moment: %j', async (numbers) => {
    const docket = await shown([['1', '2']]);

    const both = await Promise.all([0, 1].map(() => act(docket, { verb: 'done', numbers })));
    await docket.workOn();

    expect(both.map(({ is }) => is).sort()).toEqual(
      [numbers.length > 1 ? 'repeated' : 'recorded', numbers.length > 1 ? 'swept' : 'repeated'].sort(),
    );
    expect(effects(docket)).toBe(numbers.length);
  });

  test('at the record too, whichever row it means by then', async () => {
    const docket = await shown([['1', '2']]);
    const { clicks, shown: messageId } = docket;
    const change = (position: number) =>
      clicks.change(ANN, { messageId, position, seq: 0 }, { verb: 'done' }, { command: 'T1' });

    expect((await change(0)).is).toBe('recorded');
    expect((await change(1)).is).toBe('refused');
    expect((await change(0)).is).toBe('repeated');
    await docket.workOn();
    expect(effects(docket)).toBe(1);
  });

  test('undo too, which would take back the action before', async () => {
    const docket = await shown([['1', '2']]);
    await act(docket);
    await act(docket, { verb: 'done', numbers: [2] }, { command: 'T2' });
    await docket.work();

    const verbs = verbsOf(docket);
    expect(await verbs.undoLast(ANN, { command: 'T3' })).toMatchObject({ is: 'undone', action: { taskId: '2' } });
    expect(await verbs.undoLast(ANN, { command: 'T3' })).toEqual({ is: 'undone before' });
    await docket.work();
    expect((await docket.latest('1'))?.state).toBe('succeeded');
    expect((await docket.latest('2'))?.state).toBe('undone');
  });

  test('a question’s button pressed twice as well', async () => {
    const docket = await shown([['1', '2']]);
    docket.pass(9 * HOUR);
    const asked = await act(docket, { verb: 'done', numbers: [1, 2] });
    if (asked.is !== 'asks') throw new Error('it does not ask');

    const verbs = verbsOf(docket);
    expect((await verbs.confirm(ANN, asked.confirmed)).is).toBe('swept');
    expect((await verbs.confirm(ANN, asked.confirmed)).is).toBe('repeated');
    expect(why(await verbs.confirm(BEN, asked.confirmed))).toBe('unknown_list');
  });
});

describe('undo', () => {
  test('takes back a sweep as one, and says when there is nothing', async () => {
    const docket = await shown([['1', '2']]);
    const verbs = verbsOf(docket);
    expect(await verbs.undoLast(ANN, { command: 'T0' })).toEqual({ is: 'not undone', why: 'nothing' });
    await act(docket, { verb: 'done', numbers: [1, 2] });
    await docket.work();

    expect(await verbs.undoLast(ANN, { command: 'T2' })).toMatchObject({ is: 'undone all', counts: { asked: 2 } });
  });

  test('never passes over what failed, nor what its tool cannot take back, to something earlier', async () => {
    const docket = await shown([['1', '2']], { verbs: { dismiss: FINAL } });
    const verbs = verbsOf(docket);
    await act(docket);
    await docket.work();
    await docket.change({ verb: 'dismiss' }, 0, 1);
    docket.pass(11_000);
    await docket.work();

    expect(await verbs.undoLast(ANN, { command: 'T2' })).toMatchObject({ is: 'not undone', why: 'too_late' });
    expect((await docket.latest('1'))?.state).toBe('succeeded');
  });

  test('says that what was asked for last did not come about, instead of taking back what came before', async () => {
    const docket = await shown([['1', '2']]);
    await act(docket);
    await docket.work();
    docket.provider.trouble.push({ kind: 'forbidden' });
    await act(docket, { verb: 'done', numbers: [2] }, { command: 'T2' });
    await docket.workOn();

    expect((await docket.latest('2'))?.state).toBe('failed');
    expect(await verbsOf(docket).undoLast(ANN, { command: 'T3' })).toMatchObject({ is: 'not undone', why: 'failed' });
  });

  test('asks about what is over an hour old, and does just that when it is confirmed; nobody else can', async () => {
    const docket = await shown([['1']]);
    const verbs = verbsOf(docket);
    await act(docket);
    await docket.work();
    docket.pass(HOUR + 1);

    const asked = await verbs.undoLast(ANN, { command: 'T2' });
    expect(asked).toMatchObject({ is: 'asks undo', tasks: 1 });
    const actionId = asked.is === 'asks undo' ? asked.action.id : '';
    expect(await verbs.undoLast(BEN, { command: 'T3', actionId })).toMatchObject({ why: 'nothing' });
    expect(await verbs.undoLast(ANN, { command: 'T3', actionId })).toMatchObject({ is: 'undone' });
  });
});
