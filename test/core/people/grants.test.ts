/** Reps' grants: what an adapter may do with them, and what becomes of those that nobody uses, or that no key opens. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { checkKeys, forgetUnreadable, grantsOf, renewHandler } from '../../../src/core/people/grants.ts';
import type { Job } from '../../../src/core/ports/queue.ts';
import { createStore } from '../../../src/store/store.ts';
import { createVault } from '../../../src/store/vault.ts';
import { grant } from '../../store/fixtures.ts';
import { OTHER_KEY } from '../../store/open.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket } from '../docket.ts';
import { MONDAY_NINE } from '../provider.ts';
import { type SignInProvider, signInProvider } from './sign-in-provider.ts';

let docket: Docket;
let outreach: SignInProvider;
beforeEach(async () => {
  outreach = signInProvider('outreach');
  docket = await createDocket({ empty: true, providers: [outreach.provider, signInProvider('other').provider] });
  for (const rep of [ANN, BEN]) await addRep(docket, rep, '1');
});

const CAT: RepKey = { ...ANN, userId: 'UCAT' };
const connect = (rep = ANN, mintedAt = MONDAY_NINE) => docket.connect(rep, 'outreach', { mintedAt });

describe('what an adapter may do with grants', () => {
  const grants = () => grantsOf(docket.deps, 'outreach');

  async function mine() {
    const found = await grants().find(ANN);
    if (!found) throw new Error('not connected');
    return found;
  }

  beforeEach(() => connect());

  test('finds one, with the right to renew it for one at a time', async () => {
    const held = await mine();

    expect(held).toMatchObject({ ...ANN, grant: { mintedAt: MONDAY_NINE } });
    expect(await grants().lock(held, MONDAY_NINE + 1_000)).toBe(true);
    expect(await grants().lock(held, MONDAY_NINE + 2_000)).toBe(false);
    docket.pass(1_000);
    expect(await grants().lock(held, MONDAY_NINE + 2_000)).toBe(true);
    await grants().unlock(held);
    expect(await grants().lock(held, MONDAY_NINE + 9_000)).toBe(true);
    expect(await grants().renew(held, grant({ accessToken: 'renewed' }))).toBe(true);
    expect(await grants().renew(held, grant({ accessToken: 'spent' }))).toBe(false);
    expect((await mine()).grant.accessToken).toBe('renewed');
    expect(await grantsOf(docket.deps, 'other').find(ANN)).toBeUndefined();
  });

  test('ends one: the rep is told once for each consent, the link stays, and there is nothing to find any more', async () => {
    const held = await mine();

    await Promise.all([grants().end(held), grants().end(held)]);
    await grants().end(held);
    await docket.work();

    expect(docket.screen.notices).toEqual([{ to: ANN, notice: { about: 'disconnected', provider: 'outreach' } }]);
    expect(await grants().find(ANN)).toBeUndefined();
    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await docket.audit()).toEqual(['UANN disconnected undefined by directory']);
    docket.pass(DAY);
    await connect();
    await grants().end(await mine());
    await docket.work();
    expect(docket.screen.notices).toHaveLength(2);
  });

  test('does not end one that was renewed since', async () => {
    const held = await mine();
    await grants().renew(held, grant());

    await grants().end(held);
    await docket.work();

    expect(docket.screen.notices).toEqual([]);
    expect(await grants().find(ANN)).toBeDefined();
  });
});

async function renew(): Promise<void> {
  const attempt = await renewHandler(docket.deps)({ kind: 'renew' }, {} as Job);
  await attempt?.run();
}

describe('a consent that nobody uses', () => {
  beforeEach(async () => {
    await addRep(docket, CAT, 'nobody');
    for (const [index, rep] of [ANN, BEN, CAT].entries()) await connect(rep, MONDAY_NINE + index * DAY);
  });

  // outreach.md 1.9: a consent ends after 14 idle days, so it is renewed every seven
  test('is renewed after seven days, and not before', async () => {
    docket.at(MONDAY_NINE + 7 * DAY - 1);
    await renew();
    const early = [...outreach.asked.alive];
    docket.at(MONDAY_NINE + 8 * DAY);
    await renew();

    expect(early).toEqual([]);
    expect(outreach.asked.alive).toEqual([ANN, BEN]);
  });

  test('is looked for in a job, which is tried again when it broke', async () => {
    docket.at(MONDAY_NINE + 7 * DAY);
    await docket.enqueue({ kind: 'renew' });
    const { store, queue } = docket.deps;
    const live = async () => Promise.reject(new Error('the disk is full'));
    const broken = docket.over({ store: { ...store, connections: { ...store.connections, live } }, queue });
    await broken.runJob(await docket.claimOne());
    docket.pass(2_000);
    await docket.work();

    expect(outreach.asked.alive).toEqual([ANN]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('of one rep that cannot be renewed does not keep the others from it', async () => {
    docket.at(MONDAY_NINE + 9 * DAY);
    outreach.trouble.push('unavailable');

    await renew();

    expect(outreach.asked.alive).toEqual([ANN, BEN, CAT]);
    expect(docket.lines).toEqual(['warn could not keep a connection alive']);
  });
});

describe('sign-ins that no key opens', () => {
  beforeEach(async () => {
    await addRep(docket, CAT, '3');
    await connect();
    const before = createStore(docket.db, createVault([OTHER_KEY]));
    for (const rep of [BEN, CAT])
      await before.connections.save({ ...rep, provider: 'outreach', grant: grant(), at: 1 });
  });

  test('are counted, and nothing is done to them', async () => {
    const expected = { stored: 3, unreadable: [BEN, CAT].map((rep) => ({ ...rep, provider: 'outreach' })) };

    expect(await checkKeys(docket.deps, ['outreach', 'other'])).toEqual(expected);
    expect(await checkKeys(docket.deps, ['outreach'])).toEqual(expected);
    expect(await checkKeys(docket.deps, ['other'])).toEqual({ stored: 0, unreadable: [] });
  });

  test('stay when keeping alive, renewing or listing meets them', async () => {
    docket.pass(8 * DAY);
    await renew();

    expect(await grantsOf(docket.deps, 'outreach').find(BEN)).toBeUndefined();
    expect((await checkKeys(docket.deps, ['outreach'])).unreadable).toHaveLength(2);
  });

  test('are forgotten when it is asked for: the others stay, and those reps are told the way back', async () => {
    const { unreadable } = await checkKeys(docket.deps, ['outreach']);
    await forgetUnreadable(docket.deps, unreadable);
    await docket.work();

    expect(await checkKeys(docket.deps, ['outreach'])).toEqual({ stored: 1, unreadable: [] });
    expect(await docket.deps.store.connections.find(ANN, 'outreach')).toMatchObject({ ended: false });
    const notice = { about: 'disconnected', provider: 'outreach' };
    expect(docket.screen.notices).toEqual([BEN, CAT].map((to) => ({ to, notice })));
    expect(await docket.audit()).toEqual(['UBEN', 'UCAT'].map((who) => `${who} disconnected undefined by directory`));
  });
});
