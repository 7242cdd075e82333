/** What was refused because a credential had ended goes on once that was mended, and nothing else does. */
import { describe, expect, test } from 'vitest';
import { resumeRefused } from '../../../src/core/clicks/resume.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { ProviderErrorKind } from '../../../src/core/model/errors.ts';
import { ANN, addRep, BEN, clicked, DAY, type Docket } from '../docket.ts';
import { FINAL, MONDAY_NINE, task } from '../provider.ts';

const DONE: Change = { verb: 'done' };

/** A click that the provider refused. */
async function refused(kind: ProviderErrorKind, at: 'readTrouble' | 'trouble' = 'trouble', change: Change = DONE) {
  const docket = await clicked(change, { verbs: { done: FINAL } });
  docket.provider[at].push({ kind });
  await docket.work();
  expect(await docket.latest()).toMatchObject({ state: 'failed', failure: kind });
  return docket;
}

function resume({ deps }: Docket, more: { userId?: string } = ANN) {
  const of = { teamId: ANN.teamId, provider: 'fake', ...more };
  return deps.store.transact((tx) => resumeRefused(deps, of, tx));
}

test.each([
  ['disconnected', 'readTrouble'],
  ['disconnected', 'trouble'],
  ['auth', 'readTrouble'],
  ['auth', 'trouble'],
] as const)('%s, at the change or at the reading before it (%s): done once', async (kind, at) => {
  const docket = await refused(kind, at);

  expect(await resume(docket)).toBe(1);
  expect(await resume(docket)).toBe(0);
  await docket.work();

  expect(docket.provider.effects).toEqual([DONE]);
  expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
});

const FOR_GOOD = ['forbidden', 'invalid', 'not_found', 'conflict', 'not_enabled'] as const;
test.each(FOR_GOOD)('%s is nothing that signing in again would mend', async (kind) => {
  expect(await resume(await refused(kind))).toBe(0);
});

describe('nothing goes on', () => {
  test('that the rep has put aside', async () => {
    const docket = await refused('disconnected');
    await docket.drop();

    expect(await resume(docket)).toBe(0);
  });

  test('that the rep has decided otherwise since', async () => {
    const docket = await refused('disconnected');
    docket.pass(1_000);
    await docket.show([task('1')]);
    await docket.change({ verb: 'dismiss' }, 1);

    expect(await resume(docket)).toBe(0);
  });

  test('of another rep, nor what was asked for days ago', async () => {
    const docket = await refused('disconnected');
    expect(await resume(docket, BEN)).toBe(0);
    docket.pass(3 * DAY + 1);

    expect(await resume(docket)).toBe(0);
  });

  test('that was closed at the provider meanwhile: it says so', async () => {
    const docket = await refused('disconnected');
    docket.holds();
    docket.provider.done.set('1', MONDAY_NINE);

    await resume(docket);
    await docket.work();

    expect(docket.provider.effects).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'stale', found: { how: 'done', at: MONDAY_NINE } });
  });

  test('to a time that has passed meanwhile: it says so', async () => {
    const docket = await refused('disconnected', 'trouble', { verb: 'snooze', dueAt: MONDAY_NINE + 60_000 });
    docket.pass(60_000);

    await resume(docket);
    await docket.work();

    expect(docket.provider.effects).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'expired' });
  });
});

test('everyone’s, when it was not a rep’s to mend', async () => {
  const docket = await refused('auth');
  await addRep(docket, { ...ANN, userId: 'UCAT' }, 'cat at fake');

  expect(await resume(docket, {})).toBe(1);
});
