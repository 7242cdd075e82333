/** What we write without being asked: once for each reason, and as long as it is of use. */
import { expect, test } from 'vitest';
import { enqueueNotice } from '../../../src/core/jobs/notices.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { Notice } from '../../../src/core/ports/screen.ts';
import { ANN, createDocket, HOUR } from '../docket.ts';

const NOTICE: Notice = { about: 'disconnected', provider: 'fake' };

test('comes once for its key', async () => {
  const docket = await createDocket();
  for (const key of ['a', 'a', 'b']) await enqueueNotice(docket.deps, { key: key, to: ANN, notice: NOTICE });
  await docket.work();
  await enqueueNotice(docket.deps, { key: 'a', to: ANN, notice: NOTICE });
  await docket.work();

  expect(docket.screen.notices).toEqual([
    { to: ANN, notice: NOTICE },
    { to: ANN, notice: NOTICE },
  ]);
});

test('comes only if what it tells of was kept', async () => {
  const docket = await createDocket();
  const attempt = docket.deps.store.transact(async (tx) => {
    await enqueueNotice(docket.deps, { key: 'a', to: ANN, notice: NOTICE }, tx);
    throw new Error('stop');
  });
  await expect(attempt).rejects.toThrow('stop');
  await docket.work();

  expect(docket.screen.notices).toEqual([]);
});

test('waits while Slack is away', async () => {
  const docket = await createDocket();
  docket.screen.postTrouble.push(new DeliveryError('unavailable', 'away'), new DeliveryError('unavailable', 'away'));
  await enqueueNotice(docket.deps, { key: 'a', to: ANN, notice: NOTICE });
  for (let round = 0; round < 4; round += 1) {
    await docket.work();
    docket.pass(60_000);
  }

  expect(docket.screen.notices).toHaveLength(1);
  expect(await docket.deps.queue.open()).toBe(0);
});

test.each([
  ['is given up when Slack refuses for good', new DeliveryError('permanent', 'user_disabled'), 0, 'warn'],
  ['is given up when it would come too late', new DeliveryError('unavailable', 'away'), 5 * HOUR, 'error'],
])('%s', async (_name, trouble, waited, level) => {
  const docket = await createDocket();
  docket.screen.postTrouble.push(trouble);
  await enqueueNotice(docket.deps, { key: 'a', to: ANN, notice: NOTICE });
  docket.pass(waited);
  await docket.work();
  docket.pass(HOUR);
  await docket.work();

  expect(docket.screen.notices).toEqual([]);
  expect(docket.lines).toEqual([`${level} job failed`]);
  expect(await docket.deps.queue.open()).toBe(0);
});
