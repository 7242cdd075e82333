import { expect, test } from 'vitest';
import { requestTask } from '../../../src/core/clicks/follow-up.ts';
import { giveUp } from '../../../src/core/clicks/give-up.ts';
import { recordRetry, recordUndo, recordVerb } from '../../../src/core/clicks/record.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import type { Job } from '../../../src/core/ports/queue.ts';
import { ANN, addRep, createDocket, type Docket, ref } from '../docket.ts';
import { MONDAY_NINE, task } from '../provider.ts';

/** The only job there is, after it was claimed again and again by workers that came to nothing. */
async function lapsed(docket: Docket): Promise<Job> {
  for (let claim = 0; claim < 5; claim += 1) {
    await docket.claimOne();
    docket.pass(8_001);
  }
  return docket.claimOne();
}

test('a click whose job is given up has failed, says so, and its Retry works', async () => {
  const docket = await createDocket();
  const message = await docket.show([task('1')]);
  await recordVerb(docket.deps, ANN, ref(message), { verb: 'done' });

  await giveUp(docket.deps, await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unexpected', sentAt: undefined });
  expect(docket.lines).toEqual(['error job given up']);
  await docket.work();
  expect(docket.screen.changed).toHaveLength(1);
  expect(docket.provider.effects).toEqual([]);
  await recordRetry(docket.deps, ANN, ref(message, 1));
  await docket.work();
  expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  expect(docket.provider.effects).toHaveLength(1);
});

test('a click that may have been sent keeps that mark, so that its Retry looks first', async () => {
  const docket = await createDocket();
  const message = await docket.show([task('1')]);
  await recordVerb(docket.deps, ANN, ref(message), { verb: 'done' });
  const { id } = (await docket.latest()) ?? { id: '' };
  await docket.deps.store.ledger.transition(id, { from: ['queued'] }, { sentAt: MONDAY_NINE });

  await giveUp(docket.deps, await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'failed', sentAt: MONDAY_NINE });
});

test('an Undo whose job is given up leaves the change as it was, and says that it was not undone', async () => {
  const docket = await createDocket();
  const message = await docket.show([task('1')]);
  await recordVerb(docket.deps, ANN, ref(message), { verb: 'done' });
  await docket.work();
  await recordUndo(docket.deps, ANN, ref(message, 1));

  await giveUp(docket.deps, await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: 'unexpected' });
  expect(docket.provider.undone).toEqual([]);
});

test('a digest whose job is given up is marked as skipped, and the next day has one of its own', async () => {
  const docket = await createDocket({ empty: true });
  await addRep(docket, ANN, 'ann at fake');
  await claimDueDigests(docket.deps);

  await giveUp(docket.deps, await lapsed(docket));

  expect(await docket.deps.store.runs.find(ANN, '2026-11-23')).toMatchObject({ state: 'skipped' });
  docket.pass(24 * 3_600_000);
  await claimDueDigests(docket.deps);
  await docket.work();
  expect(docket.screen.posted).toHaveLength(1);
});

test('whoever asked for a follow-up whose job is given up hears that it may not have been created', async () => {
  const docket = await createDocket();
  const draft = { email: 'dana@x.example', kind: 'call', dueAt: MONDAY_NINE, note: '' };
  await requestTask(docket.deps, ANN, docket.provider.id, draft, 'V1');
  const job = await lapsed(docket);

  await giveUp(docket.deps, job);
  await docket.work();

  expect(docket.screen.notices).toMatchObject([
    { to: ANN, notice: { about: 'not_created', email: draft.email, unsure: true, reference: `job ${job.id}` } },
  ]);
});

test('what a worker gives up that lost the job meanwhile stays as the other one left it', async () => {
  const docket = await createDocket();
  const message = await docket.show([task('1')]);
  await recordVerb(docket.deps, ANN, ref(message), { verb: 'done' });
  const late = await lapsed(docket);
  docket.pass(8_001);
  await docket.work();

  await giveUp(docket.deps, late);

  expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  expect(docket.lines).toEqual([]);
});
