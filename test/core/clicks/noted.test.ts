/** One line and one count for each action that is settled and each digest, without a customer's word. */
import { expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { ANN, clicked, createDocket, type Docket, ref } from '../docket.ts';
import { FINAL, task } from '../provider.ts';

const linesOf = ({ logged }: Docket, message: string) =>
  logged.flatMap(({ line, fields }) => (line === `info ${message}` ? [fields] : []));
const settledOf = (docket: Docket) => linesOf(docket, 'action settled');

const DONE = { rep: ANN.userId, provider: 'fake', verb: 'done' };

test('an action that succeeded, and its Undo, are noted with ids and times', async () => {
  const docket = await clicked({ verb: 'done' });
  docket.pass(400);
  await docket.work();
  expect(settledOf(docket)).toEqual([
    { ...DONE, action: '1', result: 'succeeded', attempts: 1, reference: 'request 2', afterMs: 400 },
  ]);

  await docket.undo();
  expect(settledOf(docket)).toHaveLength(1);
  await docket.work();
  expect(settledOf(docket).slice(1)).toMatchObject([{ ...DONE, action: '1', result: 'undone', attempts: 2 }]);
});

test('one that failed says why, and one whose task was closed elsewhere that it was left alone', async () => {
  const docket = await clicked({ verb: 'done' });
  docket.provider.trouble.push({ kind: 'forbidden' });
  await docket.work();
  expect(settledOf(docket)).toMatchObject([{ result: 'failed', failure: 'forbidden' }]);

  const other = await clicked({ verb: 'done' });
  other.holds();
  await other.work();
  expect(settledOf(other)).toMatchObject([{ result: 'stale' }]);
});

test('one that is taken back before it was sent is noted at once, alone or with its sweep', async () => {
  const docket = await createDocket({ verbs: { done: FINAL } });
  await docket.show([task('1')]);
  await docket.change({ verb: 'done' });
  await docket.undo();

  expect(settledOf(docket)).toMatchObject([{ ...DONE, action: '1', result: 'undone', attempts: 0 }]);
  const { id } = await docket.sweeps.begin(ANN, { kind: 'sweep', messageId: docket.shown, key: 'V1' });
  await docket.show([task('2')]);
  await docket.clicks.change(ANN, ref(docket.shown), { verb: 'done' }, { sweepId: id });
  await docket.sweeps.undoAll(ANN, id);

  expect(settledOf(docket).slice(1)).toMatchObject([{ ...DONE, action: '2', result: 'undone' }]);
});

test('a digest that was sent is noted with its rows and how late it was, and one that was skipped with why', async () => {
  const docket = await createDocket();
  docket.pass(90_000);
  await claimDueDigests(docket.deps);
  await docket.work();

  expect(linesOf(docket, 'digest sent')).toContainEqual({
    rep: ANN.userId,
    date: '2026-11-23',
    message: '1',
    rows: 2,
    lateMs: 90_000,
  });
  docket.at(docket.deps.clock() + 5 * 86_400_000);
  await claimDueDigests(docket.deps);
  expect(linesOf(docket, 'digest skipped')).toContainEqual({ rep: ANN.userId, date: '2026-11-27', why: 'late' });
});
