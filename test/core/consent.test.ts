/** Reps sign in at a provider for themselves: the way there and back, and what becomes of what it gave. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  beginConsent,
  type ConsentOutcome,
  completeConsent,
  grantsOf,
  keepGrantsAlive,
} from '../../src/core/consent.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/core/errors.ts';
import { confirmSuggestion, suggestLink, unlink } from '../../src/core/links.ts';
import type { Grant, Hooks } from '../../src/core/provider.ts';
import type { RepKey, Suggestion } from '../../src/core/types.ts';
import { grant } from '../store/fixtures.ts';
import { ANN, addRep, addressOf, BEN, createDocket, DAY, type Docket } from './docket.ts';
import { type FakeProvider, fakeProvider, MONDAY_NINE, user } from './provider.ts';

const MINUTE = 60_000;
const HOOKS: Hooks = {
  register: async () => 'hook 1',
  isActive: async () => true,
  signatureHeader: 'x-signature',
  verify: () => true,
  parse: () => undefined,
};

interface Redeemed {
  code: string;
  redirectUri: string;
  codeVerifier: string;
}

/** A provider where reps sign in, and what it was asked. */
function signIn(id: string) {
  const asked: { authorize: Record<string, string>[]; redeem: Redeemed[]; alive: RepKey[] } = {
    authorize: [],
    redeem: [],
    alive: [],
  };
  const trouble: ProviderErrorKind[] = [];
  const provider: FakeProvider = Object.assign(fakeProvider(id), {
    consent: {
      authorizeUrl(ask: { state: string; redirectUri: string; codeChallenge: string }) {
        asked.authorize.push(ask);
        return `https://sign-in.example/${id}?state=${ask.state}`;
      },
      async redeem(code: Redeemed): Promise<Grant> {
        asked.redeem.push(code);
        const kind = trouble.shift();
        if (kind) throw new ProviderError({ provider: id, kind, operation: 'POST /oauth/token' });
        return grant({ accessToken: `access for ${code.code}`, mintedAt: MONDAY_NINE });
      },
      async keepAlive({ teamId, userId }: RepKey) {
        asked.alive.push({ teamId, userId });
        const kind = trouble.shift();
        if (kind) throw new ProviderError({ provider: id, kind, operation: 'POST /oauth/token' });
      },
    },
  });
  return { provider, asked, trouble };
}

let docket: Docket;
let outreach: ReturnType<typeof signIn>;
beforeEach(async () => {
  outreach = signIn('outreach');
  docket = await createDocket({ empty: true, providers: [outreach.provider, signIn('other').provider] });
  for (const rep of [ANN, BEN]) await addRep(docket, rep, 'nobody');
  for (const rep of [ANN, BEN]) await docket.deps.store.links.remove(rep, 'outreach');
  outreach.provider.users = [user('1', [addressOf(ANN)]), user('2', [addressOf(BEN)]), user('7', ['a.ab@y.example'])];
});

/** Begins, and gives back what the browser carries. */
async function begin(rep: RepKey = ANN, confirmed?: Suggestion): Promise<string> {
  const url = await beginConsent(docket.deps, rep, outreach.provider, confirmed);
  return new URL(url).searchParams.get('state') ?? '';
}

/** Ann says yes to the suggestion that she has. */
async function confirm(): Promise<Suggestion | undefined> {
  const answer = await confirmSuggestion(docket.deps, ANN, { provider: 'outreach', suggestedAt: MONDAY_NINE });
  return typeof answer === 'object' ? answer.consent : undefined;
}

function comeBack(
  state: string | undefined,
  code: string | undefined = 'code 1',
  id = 'outreach',
): Promise<ConsentOutcome> {
  return completeConsent(docket.deps, id, { state, code, error: code === undefined ? 'access_denied' : undefined });
}

const held = (rep: RepKey = ANN) => docket.deps.store.connections.find(rep, 'outreach');
const linked = async (rep: RepKey = ANN) =>
  (await docket.deps.store.links.of(rep)).map(({ externalId, origin }) => `${externalId} by ${origin}`);

async function audit(): Promise<string[]> {
  const events = await docket.deps.store.people.events(ANN.teamId, { limit: 100 });
  return events.toReversed().map(({ userId, event, externalId, by }) => `${userId} ${event} ${externalId} by ${by}`);
}

describe('a rep who signed in', () => {
  test('is linked to the user with their address, and acts as them from then on', async () => {
    const outcome = await comeBack(await begin());

    expect(outcome).toMatchObject({ is: 'connected', rep: ANN, provider: 'outreach', email: addressOf(ANN) });
    expect(await linked()).toEqual(['1 by consent']);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' }, connectedAt: MONDAY_NINE });
    expect(outreach.provider.finds).toEqual([{ emails: [addressOf(ANN)], as: ANN }]);
    expect(await audit()).toEqual(['UANN linked 1 by UANN']);
  });

  test('proves with the code that it was they who began (PKCE)', async () => {
    await comeBack(await begin());

    const [ask] = outreach.asked.authorize;
    const [redeemed] = outreach.asked.redeem;
    const redirectUri = 'https://docket.example/oauth/outreach';
    expect(ask).toMatchObject({ redirectUri });
    expect(redeemed).toMatchObject({ code: 'code 1', redirectUri });
    expect(docket.deps.secrets.hash(redeemed?.codeVerifier ?? '')).toBe(ask?.codeChallenge);
    expect([ask?.state, ask?.codeChallenge]).not.toContain(redeemed?.codeVerifier);
  });

  test('is told on the page, so no digest tells of the link', async () => {
    await comeBack(await begin());

    expect(await docket.deps.store.links.of(ANN)).toMatchObject([{ announcedAt: MONDAY_NINE }]);
  });

  test('has the provider tell of changes, where it can', async () => {
    await comeBack(await begin());
    const without = await docket.deps.queue.open();
    Object.assign(outreach.provider, { hooks: HOOKS });
    await comeBack(await begin(BEN));

    expect(without).toBe(0);
    expect((await docket.claimOne()).payload).toEqual({ kind: 'hook', provider: 'outreach' });
  });

  test('is linked though they had ended the link before', async () => {
    await unlink(docket.deps, ANN, 'outreach');
    await comeBack(await begin());

    expect(await linked()).toEqual(['1 by consent']);
    expect(await docket.deps.store.people.declined(ANN.teamId)).toEqual([]);
  });

  test('is the one whom an admin suggested, whatever their own address is', async () => {
    const admin = { ...ANN, userId: 'UADMIN' };
    await suggestLink(docket.deps, admin, ANN, outreach.provider, 'a.ab@y.example');
    const confirmed = await confirm();
    // What the admin suggests after that is not what the rep said yes to.
    outreach.provider.users.push(user('8', ['c.cd@y.example']));
    await suggestLink(docket.deps, admin, ANN, outreach.provider, 'c.cd@y.example');

    expect(await comeBack(await begin(ANN, confirmed))).toMatchObject({ is: 'connected', email: 'a.ab@y.example' });
    expect(await linked()).toEqual(['7 by consent']);
    expect(await docket.deps.store.people.suggestions(ANN)).toEqual([]);
  });

  test('is not the one whom an admin suggested, before they say so', async () => {
    await suggestLink(docket.deps, { ...ANN, userId: 'UADMIN' }, ANN, outreach.provider, 'a.ab@y.example');

    expect(await comeBack(await begin())).toMatchObject({ is: 'connected', email: addressOf(ANN) });
    expect(await linked()).toEqual(['1 by consent']);
  });

  test('who ends the link has their consent forgotten', async () => {
    await comeBack(await begin());
    await unlink(docket.deps, ANN, 'outreach');

    expect(await held()).toBeUndefined();
    expect(await linked()).toEqual([]);
  });
});

describe('a state', () => {
  test('is good once', async () => {
    const state = await begin();
    await comeBack(state);

    expect(await comeBack(state, 'code 2')).toEqual({ is: 'expired', provider: 'outreach' });
    expect(outreach.asked.redeem).toHaveLength(1);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' } });
  });

  test.each([
    [10 * MINUTE - 1, 'connected'],
    [10 * MINUTE, 'expired'],
  ])('after %i ms is %s', async (ms, is) => {
    const state = await begin();
    docket.pass(ms);

    expect(await comeBack(state)).toMatchObject({ is });
    expect(outreach.asked.redeem).toHaveLength(is === 'connected' ? 1 : 0);
  });

  test.each([['made up'], [''], [undefined]])('that we did not make (%j) is refused', async (state) => {
    await begin();

    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
    expect(outreach.asked.redeem).toEqual([]);
  });

  test('is not what is stored, nor is its hash good as one', async () => {
    const state = await begin();

    expect(await comeBack(docket.deps.secrets.hash(state))).toMatchObject({ is: 'expired' });
    expect(await comeBack(state)).toMatchObject({ is: 'connected' });
  });

  test('that was made for another provider is refused, and used up', async () => {
    const state = await begin();

    expect(await comeBack(state, 'code 1', 'other')).toEqual({ is: 'expired', provider: 'other' });
    expect(await comeBack(state)).toMatchObject({ is: 'expired' });
    expect(await linked()).toEqual([]);
  });

  test('is the rep’s who began, whoever’s browser comes back', async () => {
    const [ann, ben] = [await begin(), await begin(BEN)];

    await comeBack(ben);

    expect(await linked()).toEqual([]);
    expect(await linked(BEN)).toEqual(['2 by consent']);
    expect(await comeBack(ann)).toMatchObject({ is: 'connected', rep: ANN });
  });

  test('of someone who left meanwhile is refused', async () => {
    const state = await begin();
    const rep = await docket.deps.store.reps.find(ANN);
    if (rep) await docket.deps.store.reps.save({ ...rep, active: false });

    expect(await comeBack(state)).toMatchObject({ is: 'expired' });
    expect(await held()).toBeUndefined();
  });
});

describe('a consent that leads nowhere', () => {
  test('because the rep said no: nothing is redeemed, and the state is used up', async () => {
    const state = await begin();

    const denied = await completeConsent(docket.deps, 'outreach', { state, code: undefined, error: 'access_denied' });

    expect(denied).toEqual({ is: 'denied', provider: 'outreach' });
    expect(outreach.asked.redeem).toEqual([]);
    expect(await comeBack(state)).toMatchObject({ is: 'expired' });
  });

  test.each(['invalid_scope', 'server_error', '<script>'])('because of what the rep did not do: %s', async (error) => {
    const state = await begin();

    const failed = await completeConsent(docket.deps, 'outreach', { state, code: undefined, error });

    expect(failed).toEqual({ is: 'failed', provider: 'outreach', reason: 'invalid', reference: '000000' });
    expect(docket.lines).toEqual(['warn a provider refused to ask for a consent']);
  });

  const two = [user('1', [addressOf(ANN)]), user('3', [addressOf(ANN)])];
  test.each([
    ['none', []],
    ['none', [user('1', [addressOf(ANN)], { state: 'locked' })]],
    ['unclear', two],
  ] as const)('because there is no one user with the address (%s): it is forgotten', async (reason, users) => {
    outreach.provider.users = [...users];

    const outcome = await comeBack(await begin());

    expect(outcome).toEqual({ is: 'no_user', provider: 'outreach', email: addressOf(ANN), why: reason });
    expect(await held()).toBeUndefined();
    expect(await linked()).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  test('because Slack shows no address: nobody is looked for', async () => {
    const rep = await docket.deps.store.reps.find(ANN);
    if (rep) await docket.deps.store.reps.save({ ...rep, email: undefined });

    expect(await comeBack(await begin())).toMatchObject({ is: 'no_user', email: undefined, why: 'none' });
    expect(outreach.provider.finds).toEqual([]);
    expect(await held()).toBeUndefined();
  });

  test('because another rep has that user: they keep it', async () => {
    await comeBack(await begin());
    const rep = await docket.deps.store.reps.find(BEN);
    if (rep) await docket.deps.store.reps.save({ ...rep, email: addressOf(ANN) });

    expect(await comeBack(await begin(BEN))).toMatchObject({ is: 'no_user', why: 'taken' });
    expect(await held(BEN)).toBeUndefined();
    expect(await linked()).toEqual(['1 by consent']);
    expect(await audit()).toEqual(['UANN linked 1 by UANN']);
  });

  test.each([
    ['the code', () => outreach.trouble.push('invalid'), 'invalid'],
    ['who the rep is', () => outreach.provider.usersTrouble.push({ kind: 'unavailable' }), 'unavailable'],
  ] as const)(
    'because the provider would not tell %s: it is forgotten, and the rep hears why',
    async (_name, fail, reason) => {
      const state = await begin();
      fail();

      expect(await comeBack(state)).toEqual({ is: 'failed', provider: 'outreach', reason, reference: '000000' });
      expect(await held()).toBeUndefined();
      expect(await linked()).toEqual([]);
    },
  );

  test.each([
    ['no user', () => void outreach.provider.users.splice(0)],
    ['a code that is refused', () => void outreach.trouble.push('invalid')],
    ['no answer', () => void outreach.provider.usersTrouble.push({ kind: 'unavailable' })],
  ])('leaves an earlier one as it was: %s', async (_name, fail) => {
    await comeBack(await begin());
    docket.pass(DAY);
    fail();

    expect(await comeBack(await begin(), 'code 2')).not.toMatchObject({ is: 'connected' });

    const now = await held();
    expect(now).toMatchObject({ grant: { accessToken: 'access for code 1' }, connectedAt: MONDAY_NINE, ended: false });
    expect(await linked()).toEqual(['1 by consent']);
  });

  test('because of a bug of ours is forgotten all the same', async () => {
    const state = await begin();
    outreach.provider.usersTrouble.push({ throws: new TypeError('a bug') });

    await expect(comeBack(state)).rejects.toThrow('a bug');
    expect(await held()).toBeUndefined();
  });

  test('does not bring an earlier one back that had ended', async () => {
    await comeBack(await begin());
    const before = await held();
    if (before) await docket.deps.store.connections.end(before, 'outreach');
    outreach.provider.users = [];

    await comeBack(await begin(), 'code 2');

    expect(await held()).toBeUndefined();
  });
});

describe('what an adapter may do with grants', () => {
  const grants = () => grantsOf(docket.deps, 'outreach');

  async function mine() {
    const found = await grants().find(ANN);
    if (!found) throw new Error('not connected');
    return found;
  }

  beforeEach(async () => {
    await comeBack(await begin());
  });

  test('finds one, with the right to renew it for one at a time', async () => {
    const held = await mine();

    expect(held).toMatchObject({ ...ANN, grant: { accessToken: 'access for code 1' } });
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

  test('ends one: the rep is told once, the link stays, and there is nothing to find any more', async () => {
    const held = await mine();

    await Promise.all([grants().end(held), grants().end(held)]);
    await grants().end(held);
    await docket.work();

    expect(docket.screen.notices).toEqual([{ to: ANN, notice: { about: 'disconnected', provider: 'outreach' } }]);
    expect(await grants().find(ANN)).toBeUndefined();
    expect(await linked()).toEqual(['1 by consent']);
    expect(await audit()).toEqual(['UANN linked 1 by UANN', 'UANN disconnected undefined by directory']);
  });

  test('does not end one that was renewed since', async () => {
    const held = await mine();
    await grants().renew(held, grant());

    await grants().end(held);
    await docket.work();

    expect(docket.screen.notices).toEqual([]);
    expect(await grants().find(ANN)).toBeDefined();
  });

  test('tells the rep again when a later consent ends', async () => {
    await grants().end(await mine());
    docket.pass(DAY);
    await comeBack(await begin(), 'code 2');
    await grants().end(await mine());
    await docket.work();

    expect(docket.screen.notices).toHaveLength(2);
  });
});

describe('a consent that nobody uses', () => {
  const CAT: RepKey = { ...ANN, userId: 'UCAT' };

  beforeEach(async () => {
    await addRep(docket, CAT, 'nobody');
    const { connections } = docket.deps.store;
    for (const [index, rep] of [ANN, BEN, CAT].entries()) {
      await connections.save(rep, 'outreach', grant({ mintedAt: MONDAY_NINE + index * DAY }), 1);
    }
  });

  test('is renewed after seven days, and not before', async () => {
    docket.at(MONDAY_NINE + 7 * DAY - 1);
    await keepGrantsAlive(docket.deps);
    const early = [...outreach.asked.alive];
    docket.at(MONDAY_NINE + 8 * DAY);
    await keepGrantsAlive(docket.deps);

    expect(early).toEqual([]);
    expect(outreach.asked.alive).toEqual([ANN, BEN]);
  });

  test('is looked for in a job, which is tried again when it broke', async () => {
    docket.at(MONDAY_NINE + 7 * DAY);
    await docket.deps.queue.enqueue({ key: 'renew', payload: { kind: 'renew' }, priority: 0, runAt: 1 });
    const { connections } = docket.deps.store;
    const broken = { ...connections, live: async () => Promise.reject(new Error('the disk is full')) };
    docket.at(MONDAY_NINE + 7 * DAY);
    docket.deps.store = { ...docket.deps.store, connections: broken };
    const job = await docket.claimOne();
    await docket.run({ ...job, enqueuedAt: docket.deps.clock() });
    docket.deps.store = { ...docket.deps.store, connections };
    docket.pass(2_000);
    await docket.work();

    expect(outreach.asked.alive).toEqual([ANN]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('of one rep that cannot be renewed does not keep the others from it', async () => {
    docket.at(MONDAY_NINE + 9 * DAY);
    outreach.trouble.push('unavailable');

    await keepGrantsAlive(docket.deps);

    expect(outreach.asked.alive).toEqual([ANN, BEN, CAT]);
    expect(docket.lines).toEqual(['warn could not keep a connection alive']);
  });
});
