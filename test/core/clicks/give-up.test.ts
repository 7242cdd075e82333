/** Jobs that end without being done: whoever waits is told, in the transaction that ends the job. */
import { expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { send } from '../../../src/core/model/transitions.ts';
import type { Job } from '../../../src/core/ports/queue.ts';
import { ANN, addRep, clicked, createDocket, type Docket } from '../docket.ts';
import { MONDAY_NINE } from '../provider.ts';

/** The only job there is, after it was claimed again and again by workers that came to nothing. */
async function lapsed(docket: Docket): Promise<Job> {
  for (let claim = 0; claim < 5; claim += 1) {
    await docket.claimOne();
    docket.pass(8_001);
  }
  return docket.claimOne();
}

test('a click whose job is given up has failed, says so, and its Retry works', async () => {
  const docket = await clicked({ verb: 'done' });

  await docket.run(await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unexpected', sentAt: undefined });
  expect(docket.lines.filter((line) => !line.startsWith('info'))).toEqual(['error job given up']);
  await docket.work();
  expect(docket.screen.changed).toHaveLength(1);
  expect(docket.provider.effects).toEqual([]);
  await docket.retry();
  await docket.work();
  expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  expect(docket.provider.effects).toHaveLength(1);
});

test('a click that may have been sent keeps that mark, so that its Retry looks first', async () => {
  const docket = await clicked({ verb: 'done' });
  const { id } = (await docket.latest()) ?? { id: '' };
  await docket.deps.store.ledger.transition(id, (now) => send(now, now, MONDAY_NINE));

  await docket.run(await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'failed', sentAt: MONDAY_NINE });
});

test('an Undo whose job is given up leaves the change as it was, and says that it was not undone', async () => {
  const docket = await clicked({ verb: 'done' });
  await docket.work();
  await docket.undo();

  await docket.run(await lapsed(docket));

  expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: { reason: 'unexpected' } });
  expect(docket.provider.undone).toEqual([]);
});

test('a digest whose job is given up is marked as skipped, and the next day has one of its own', async () => {
  const docket = await createDocket({ empty: true });
  await addRep(docket, ANN, 'ann at fake');
  await claimDueDigests(docket.deps);

  await docket.run(await lapsed(docket));

  expect(await docket.deps.store.runs.find(ANN, '2026-11-23')).toMatchObject({ state: 'skipped' });
  docket.pass(24 * 3_600_000);
  await claimDueDigests(docket.deps);
  await docket.work();
  expect(docket.screen.posted).toHaveLength(1);
});

test('whoever asked for a follow-up whose job is given up hears that it may not have been created', async () => {
  const docket = await createDocket();
  const draft = { email: 'dana@x.example', kind: 'call', dueAt: MONDAY_NINE, note: '' };
  await docket.followUps.request({ ...ANN, provider: docket.provider.id }, draft, 'V1');
  const job = await lapsed(docket);

  await docket.run(job);
  await docket.work();

  expect(docket.screen.notices).toMatchObject([
    { to: ANN, notice: { about: 'not_created', email: draft.email, unsure: true, reference: `job ${job.id}` } },
  ]);
});

test('what a worker gives up that lost the job meanwhile stays as the other one left it', async () => {
  const docket = await clicked({ verb: 'done' });
  const late = await lapsed(docket);
  docket.pass(8_001);
  await docket.run({ ...(await docket.claimOne()), lapses: 0 });

  await docket.run(late);

  expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  expect(docket.lines.filter((line) => !line.startsWith('info'))).toEqual([
    'warn lease lost, the job is left to the worker that has it now',
  ]);
});
