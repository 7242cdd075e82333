/** A tool that a rep has not signed in to is said in their lists, and a rep with nothing at all is welcomed, once. */
import { beforeEach, describe, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { welcomeReps } from '../../../src/core/digests/welcome.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { CONSENT, type FakeProvider, fakeProvider, MONDAY_NINE, task } from '../provider.ts';

const CAT: RepKey = { teamId: 'T1', userId: 'UCAT' };
const SIGN_IN = { provider: 'signin', name: 'signin' };
const WELCOME = { about: 'welcome', tools: [SIGN_IN] };

let docket: Docket;
let signIn: FakeProvider;
beforeEach(async () => {
  signIn = Object.assign(fakeProvider('signin'), { consent: CONSENT });
  docket = await createDocket({ providers: [fakeProvider(), signIn] });
});

/** A rep whom no tool knows. */
async function known(key: RepKey, nextDueAt = MONDAY_NINE): Promise<void> {
  await addRep(docket, key, 'nobody', { nextDueAt });
  await docket.deps.store.links.remove(key, 'fake');
}

async function tick(): Promise<void> {
  await welcomeReps(docket.deps);
  await claimDueDigests(docket.deps);
  await docket.work();
}

const consented = { provider: 'signin', externalId: '9', email: undefined, origin: 'consent', linkedAt: 1 } as const;
const told = () => docket.screen.notices.map(({ to, notice }) => ({ who: to.userId, ...notice }));

describe('a list', () => {
  async function unconnected(kind: 'digest' | 'list' | 'home', after?: ReturnType<typeof task>) {
    const asked = { kind, filter: { by: 'all' }, after, priority: 'person' } as const;
    return (await docket.lists.make(await docket.rep(), asked)).summary.unconnected;
  }

  test('names the tool where its rep has not signed in; Home has the accounts, and a later page follows the first', async () => {
    expect(await unconnected('digest')).toEqual([SIGN_IN]);
    expect(await unconnected('list')).toEqual([SIGN_IN]);
    expect(await unconnected('home')).toBeUndefined();
    expect(await unconnected('list', task('1'))).toBeUndefined();
  });

  test('names none that is connected, or that the rep chose to leave, or that links by address', async () => {
    docket.deps.providers.set('third', fakeProvider('third'));
    await docket.deps.store.links.save({ ...ANN, ...consented });
    const connected = await unconnected('digest');
    await docket.links.unlink(ANN, 'signin');

    expect(connected).toBeUndefined();
    expect(await unconnected('digest')).toBeUndefined();
  });

  test('is about its own rep: what another left is theirs', async () => {
    await docket.links.unlink(BEN, 'signin');

    expect(await unconnected('digest')).toEqual([SIGN_IN]);
  });

  test('leaves room for what it says', async () => {
    const asked: unknown[] = [];
    docket.screen.rowsThatFit = (list) => asked.push(list.unconnected) && 1;
    await unconnected('digest');

    expect(asked).toEqual([[SIGN_IN], [SIGN_IN]]);
  });
});

describe('a rep for whom nothing is linked', () => {
  test.each([
    ['who has no link', undefined],
    ['whose only link is to a tool that is not set up any more', { ...CAT, ...consented, provider: 'gone' }],
  ])('%s is welcomed at their digest time, once, and gets no digest', async (_name, link) => {
    await known(CAT);
    if (link) await docket.deps.store.links.save(link);
    docket.at(MONDAY_NINE - 1);
    await tick();
    const early = told();
    docket.at(MONDAY_NINE);
    await tick();
    await tick();
    docket.pass(DAY);
    await tick();
    // Also when finished jobs were forgotten.
    docket.pass(60 * DAY);
    await docket.deps.queue.prune(docket.deps.clock());
    await tick();

    expect(early).toEqual([]);
    expect(told()).toEqual([{ who: 'UCAT', ...WELCOME }]);
  });

  test('who signs in after it gets their digest of that morning', async () => {
    await known(CAT);
    await tick();
    docket.pass(HOUR);
    await docket.deps.store.links.save({ ...CAT, ...consented });
    await tick();

    expect(await docket.deps.store.runs.find(CAT, '2026-11-23')).toMatchObject({ state: 'posted' });
  });

  test('whose time is long over is welcomed at the next one, not in the night', async () => {
    await known(CAT, MONDAY_NINE - 30 * DAY);
    docket.at(MONDAY_NINE + 12 * HOUR);
    await tick();
    const night = told();
    docket.at(MONDAY_NINE + DAY);
    await tick();

    expect(night).toEqual([]);
    expect(told()).toEqual([{ who: 'UCAT', ...WELCOME }]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['who left every tool to sign in to', () => docket.links.unlink(CAT, 'signin')],
    ['who has left', async () => docket.deps.store.reps.save({ ...(await docket.rep(CAT)), active: false })],
    ['where nobody has to sign in', async () => Object.assign(signIn, { consent: undefined })],
  ])('%s is not', async (_name, change) => {
    await known(CAT);
    await change();
    await tick();

    expect(told()).toEqual([]);
  });
});

test('a rep who had digests is not welcomed when their link ends', async () => {
  await tick();
  await docket.deps.store.links.remove(ANN, 'fake');
  docket.pass(DAY);
  await tick();

  expect(told()).toEqual([]);
});
