/** What we write without being asked: once for each reason, and as long as it is of use. */
import { beforeEach, expect, test } from 'vitest';
import { enqueueNotice } from '../../../src/core/jobs/notices.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { Notice } from '../../../src/core/ports/screen.ts';
import type { Tx } from '../../../src/core/ports/transaction.ts';
import { ANN, createDocket, type Docket, HOUR } from '../docket.ts';

const NOTICE: Notice = { about: 'disconnected', provider: 'fake' };
const away = () => new DeliveryError('unavailable', 'away');

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
});

const enqueue = (key = 'a', tx?: Tx) => enqueueNotice(docket.deps, { key, to: ANN, notice: NOTICE }, tx);

test('comes once for its key', async () => {
  for (const key of ['a', 'a', 'b']) await enqueue(key);
  await docket.work();
  await enqueue('a');
  await docket.work();

  expect(docket.screen.notices).toEqual(['a', 'b'].map(() => ({ to: ANN, notice: NOTICE })));
});

test('comes only if what it tells of was kept', async () => {
  const attempt = docket.deps.store.transact(async (tx) => {
    await enqueue('a', tx);
    throw new Error('stop');
  });
  await expect(attempt).rejects.toThrow('stop');
  await docket.work();

  expect(docket.screen.notices).toEqual([]);
});

test('waits while Slack is away', async () => {
  docket.screen.postTrouble.push(away(), away());
  await enqueue();
  await docket.workOn();

  expect(docket.screen.notices).toHaveLength(1);
  expect(await docket.deps.queue.open()).toBe(0);
});

test.each([
  ['is given up when Slack refuses for good', new DeliveryError('permanent', 'user_disabled'), 0, 'warn'],
  ['is given up when it would come too late', away(), 5 * HOUR, 'error'],
])('%s', async (_name, trouble, waited, level) => {
  docket.screen.postTrouble.push(trouble);
  await enqueue();
  docket.pass(waited);
  await docket.work();
  docket.pass(HOUR);
  await docket.work();

  expect(docket.screen.notices).toEqual([]);
  expect(docket.lines).toEqual([`${level} job failed`]);
  expect(await docket.deps.queue.open()).toBe(0);
});
