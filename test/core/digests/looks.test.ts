/** When a digest is compared with the tools again. */
import { beforeEach, expect, test } from 'vitest';
import { planLook } from '../../../src/core/digests/looks.ts';
import { ANN, createDocket, type Docket, HOUR } from '../docket.ts';
import { MONDAY_NINE, task } from '../provider.ts';

const SHOWN = [task('1'), task('2'), task('3')];

let docket: Docket;
let digest: string;
beforeEach(async () => {
  docket = await createDocket({ hasLooks: true });
  digest = await docket.showDigest(SHOWN);
  docket.holds(...SHOWN);
});

const plan = (messageId = digest) =>
  docket.deps.store.transact((tx) => planLook(docket.deps, ANN, { messageId, look: 1 }, tx));

const listsAsked = () => docket.provider.calls.filter((call) => call.startsWith('list ')).length;

/** The hours after the digest at which the tool was asked for its list, when asked every half hour for four days. */
async function hours(): Promise<number[]> {
  const found: number[] = [];
  for (let half = 0; half <= 2 * 96; half += 1) {
    docket.at(MONDAY_NINE + (half * HOUR) / 2);
    const before = listsAsked();
    await docket.work();
    if (listsAsked() > before) found.push(half / 2);
  }
  return found;
}

test('come twice on the day of the digest, and then once a day while it is kept up to date', async () => {
  await plan();
  expect(await hours()).toEqual([3, 6, 24, 48, 72]);
});

test('end with the next digest, which has looks of its own', async () => {
  await plan();
  docket.at(MONDAY_NINE + 4 * HOUR);
  await docket.work();
  const next = await docket.showDigest(SHOWN);
  await plan(next);
  const before = listsAsked();
  docket.at(MONDAY_NINE + 6 * HOUR);
  await docket.work();
  expect(listsAsked()).toBe(before);
  docket.at(MONDAY_NINE + 7 * HOUR);
  await docket.work();
  expect(listsAsked()).toBe(before + 1);
});

test('ask no tool whose list the rep has opened within two hours and a half', async () => {
  await plan();
  docket.at(MONDAY_NINE + HOUR);
  await docket.deps.store.links.markListed(ANN, 'fake', docket.deps.clock());
  expect((await hours())[0]).toBe(6);
});

test('go on after one that failed for good', async () => {
  await plan();
  docket.provider.listTrouble.push(...Array.from({ length: 50 }, () => ({ kind: 'invalid' }) as const));
  docket.at(MONDAY_NINE + 3 * HOUR);
  await docket.work();
  docket.provider.listTrouble.length = 0;
  const before = listsAsked();
  docket.at(MONDAY_NINE + 6 * HOUR);
  await docket.work();
  expect(listsAsked()).toBe(before + 1);
});
