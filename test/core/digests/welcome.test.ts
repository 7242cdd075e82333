/** A tool that a rep has not signed in to is said in their lists, and a rep with nothing at all is welcomed, once. */
import { beforeEach, describe, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { welcomeReps } from '../../../src/core/digests/welcome.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { showConnection } from '../../../src/core/people/connected.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { CONSENT, type FakeProvider, fakeProvider, MONDAY_NINE } from '../provider.ts';

const CAT: RepKey = { teamId: 'T1', userId: 'UCAT' };
const SIGN_IN = { provider: 'signin', name: 'signin' };
const WELCOME = { about: 'welcome', tools: [SIGN_IN], linked: [] };

let docket: Docket;
let signIn: FakeProvider;
beforeEach(async () => {
  signIn = Object.assign(fakeProvider('signin'), { consent: CONSENT });
  docket = await createDocket({ providers: [fakeProvider(), signIn] });
});

/** A rep whom no tool knows. */
async function known(key: RepKey, nextDueAt = MONDAY_NINE): Promise<void> {
  await addRep(docket, key, 'nobody', { nextDueAt, isWelcomed: false });
  await docket.deps.store.links.remove(key, 'fake');
}

async function tick(): Promise<void> {
  await welcomeReps(docket.deps);
  await claimDueDigests(docket.deps);
  await docket.work();
}

const consented = { provider: 'signin', externalId: '9', email: undefined, origin: 'consent', linkedAt: 1 } as const;
const told = () => docket.screen.notices.map(({ to, notice }) => ({ who: to.userId, ...notice }));
const greeted = () => told().map(({ who }) => who);

describe('a list', () => {
  async function unconnected(kind: 'digest' | 'list' | 'home') {
    const asked = { kind, filter: { by: 'all' }, priority: 'person' } as const;
    return (await docket.lists.make(await docket.rep(), asked)).summary.unconnected;
  }

  test('names the tool where its rep has not signed in; Home has the accounts', async () => {
    expect(await unconnected('digest')).toEqual([SIGN_IN]);
    expect(await unconnected('list')).toEqual([SIGN_IN]);
    expect(await unconnected('home')).toBeUndefined();
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
    expect(told()).toEqual([{ who: 'UCAT', ...WELCOME, digestAt: expect.any(Number) }]);
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
    expect(told()).toEqual([{ who: 'UCAT', ...WELCOME, digestAt: expect.any(Number) }]);
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

describe('a rep whom linking found', () => {
  const MINUTE = 60_000;
  const found = (key = CAT, nextDueAt = MONDAY_NINE) =>
    addRep(docket, key, 'cat at fake', { nextDueAt, isWelcomed: false });
  const quiet = { ANN, BEN };
  beforeEach(async () => {
    for (const key of Object.values(quiet)) await docket.deps.store.links.remove(key, 'fake');
    docket.at(MONDAY_NINE - 2 * DAY);
  });

  test.each<[string, number, string[]]>([
    ['on a weekend', MONDAY_NINE - DAY, []],
    ['before their working hours', MONDAY_NINE - HOUR - MINUTE, []],
    ['at the beginning of their working hours', MONDAY_NINE - HOUR, ['UCAT']],
    ['late in the afternoon', MONDAY_NINE + 9 * HOUR - MINUTE, ['UCAT']],
    ['in the evening', MONDAY_NINE + 9 * HOUR, []],
  ])('is greeted in their working hours: %s', async (_name, at, who) => {
    await found();
    docket.at(at);
    await tick();

    expect(greeted()).toEqual(who);
  });

  test('reads what was linked and how, and when the first digest comes; the digest comes only after it', async () => {
    await found();
    docket.at(MONDAY_NINE - MINUTE);
    docket.screen.postTrouble.push(new DeliveryError('unavailable', 'away'));
    await tick();
    docket.pass(MINUTE);
    await claimDueDigests(docket.deps);
    expect(await docket.deps.store.runs.find(CAT, '2026-11-23')).toBeUndefined();
    docket.pass(MINUTE);
    await tick();
    await tick();

    const linked = [{ name: 'Fake', email: 'ucat@x.example', isSignedIn: false }];
    expect(told()).toEqual([{ who: 'UCAT', about: 'welcome', tools: [SIGN_IN], linked, digestAt: MONDAY_NINE }]);
    expect(await docket.deps.store.runs.find(CAT, '2026-11-23')).toMatchObject({ state: 'posted' });
  });

  test('is one of a thousand: no more than thirty in a minute, and each once', async () => {
    for (let index = 0; index < 100; index += 1) await found({ teamId: 'T1', userId: `U${index}` }, MONDAY_NINE + DAY);
    docket.at(MONDAY_NINE);
    const counts: number[] = [];
    for (let minute = 0; minute < 5; minute += 1) {
      await tick();
      counts.push(told().length);
      docket.pass(MINUTE);
    }

    expect(counts).toEqual([30, 60, 90, 100, 100]);
    expect(new Set(greeted()).size).toBe(100);
  });

  test('is greeted behind more than a thousand who are not at work yet', async () => {
    const { reps } = docket.deps.store;
    for (let index = 0; index < 1_100; index += 1) {
      const asleep = { teamId: 'T1', userId: `U${index}` };
      await found(asleep, MONDAY_NINE - DAY);
      await reps.save({ ...(await docket.rep(asleep)), slackZone: 'America/Los_Angeles' });
    }
    await found();
    docket.at(MONDAY_NINE);
    await tick();

    expect(greeted()).toEqual(['UCAT']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['has paused their digests', async () => docket.schedules.pause(await docket.rep(CAT))],
    [
      'belongs to a workspace whose digests are stopped',
      () => docket.deps.store.workspaces.switchDigests('T1', { by: 'UADA', at: 1 }),
    ],
    ['has left', async () => docket.deps.store.reps.save({ ...(await docket.rep(CAT)), active: false })],
  ])('is not greeted who %s', async (_name, change) => {
    await found();
    await change();
    docket.at(MONDAY_NINE);
    await tick();

    expect(told()).toEqual([]);
  });

  test('whom Slack refuses for good is not greeted again, and their digests go their way', async () => {
    await found();
    docket.at(MONDAY_NINE - MINUTE);
    docket.screen.postTrouble.push(new DeliveryError('permanent', 'gone'));
    await tick();
    docket.pass(DAY + MINUTE);
    await tick();

    expect(told()).toEqual([]);
    expect(await docket.deps.store.runs.find(CAT, '2026-11-24')).toMatchObject({ state: 'posted' });
  });

  test('has the welcome and the digest turn to connected once they have signed in, but not after "Not for me"', async () => {
    await found();
    docket.at(MONDAY_NINE);
    await tick();
    await tick();
    const run = await docket.deps.store.runs.find(CAT, '2026-11-23');
    await docket.deps.store.links.save({ ...CAT, ...consented });
    await showConnection(docket.deps, CAT, 'signin');

    expect(docket.screen.edited).toMatchObject([{ to: CAT, notice: { about: 'welcome', tools: [] } }]);
    expect(docket.screen.laterMessages).toEqual([run?.messageId]);
    const { summary } = (await docket.deps.store.messages.load(String(run?.messageId))) ?? {};
    expect(summary).toMatchObject({ connected: [SIGN_IN] });
    expect(summary?.unconnected).toBeUndefined();
    await docket.schedules.pause(await docket.rep(CAT));
    await showConnection(docket.deps, CAT, 'signin');
    expect(docket.screen.edited).toHaveLength(1);
  });
});
