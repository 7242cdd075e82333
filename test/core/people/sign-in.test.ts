/** Reps sign in at a provider for themselves: the way there and back, and what becomes of what it gave. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Suggestion } from '../../../src/core/model/people.ts';
import type { ConsentOutcome } from '../../../src/core/people/oauth-callback.ts';
import type { ProviderUser } from '../../../src/core/ports/provider.ts';
import { ANN, addRep, addressOf, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { MONDAY_NINE, user } from '../provider.ts';
import { member } from './members.ts';
import { type SignInProvider, signInProvider } from './sign-in-provider.ts';

const MINUTE = 60_000;

let docket: Docket;
let outreach: SignInProvider;
beforeEach(async () => {
  outreach = signInProvider('outreach');
  docket = await createDocket({ empty: true, providers: [outreach.provider, signInProvider('other').provider] });
  for (const rep of [ANN, BEN]) {
    await addRep(docket, rep, 'nobody');
    await docket.deps.store.links.remove(rep, 'outreach');
    docket.members.push(member(rep.userId, addressOf(rep)));
  }
  docket.members.push(member('UADMIN', undefined, { admin: true }));
  outreach.provider.users = [user('1', [addressOf(ANN)]), user('2', [addressOf(BEN)]), user('7', ['a.ab@y.example'])];
});

/** Presses the link, and gives back what the browser carries from there. Whoever pressed it will sign in, too. */
async function begin(rep: RepKey = ANN, confirmed?: Suggestion): Promise<string> {
  outreach.signedIn = confirmed?.email ?? (await docket.deps.store.reps.find(rep))?.email;
  return stateOf(await press(await docket.signIns.link(rep, outreach.provider, confirmed)));
}

async function press(link: string): Promise<string | undefined> {
  const begun = await docket.signIns.start('outreach', new URL(link).searchParams.get('ticket') ?? undefined);
  return begun && 'url' in begun ? begun.url : undefined;
}

function stateOf(url: string | undefined): string {
  return new URL(url ?? '').searchParams.get('state') ?? '';
}

/** Ann says yes to the suggestion that she has. */
async function confirm(): Promise<Suggestion | undefined> {
  const answer = await docket.links.confirm(ANN, { provider: 'outreach', suggestedAt: MONDAY_NINE });
  return typeof answer === 'object' ? answer.consent : undefined;
}

async function comeBack(state: string | undefined, code = 'code 1', id = 'outreach'): Promise<ConsentOutcome> {
  const outcome = await docket.signIns.callback(id, { state, code, error: undefined });
  if (!outcome) throw new Error(`no provider ${id}`);
  return outcome;
}

/** An admin says whom Ann is. */
const suggest = (email: string) =>
  docket.links.suggest({ ...ANN, userId: 'UADMIN' }, ANN.userId, outreach.provider, email);

/** The provider sends the browser back without a code. */
const refuse = (state: string, error = 'access_denied') =>
  docket.signIns.callback('outreach', { state, code: undefined, error });

/** Nothing was stored for a rep. */
async function expectNothing(rep: RepKey = ANN): Promise<void> {
  expect([await held(rep), await docket.linked(rep)]).toEqual([undefined, []]);
}

/** What was stored is that of the first sign-in. */
async function expectEarlier(more: { ended: boolean }): Promise<void> {
  const first = { grant: { accessToken: 'access for code 1' }, connectedAt: MONDAY_NINE };
  expect(await held()).toMatchObject({ ...first, ...more });
  expect(await docket.linked()).toEqual(['1 by consent']);
}

const held = (rep: RepKey = ANN) => docket.deps.store.connections.find(rep, 'outreach');

async function leaves(rep: RepKey = ANN): Promise<void> {
  await docket.deps.store.reps.save({ ...(await docket.rep(rep)), active: false });
}

describe('a rep who signed in', () => {
  // outreach.md 7.3: after consent the user with the address is looked for
  test('is linked to the user with their address, and acts as them from then on', async () => {
    const outcome = await comeBack(await begin());

    expect(outcome).toMatchObject({ is: 'connected', rep: ANN, provider: 'outreach', email: addressOf(ANN) });
    expect(await docket.linked()).toEqual(['1 by consent']);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' }, connectedAt: MONDAY_NINE });
    const asked = { emails: [addressOf(ANN)], as: ANN, grant: 'access for code 1' };
    expect(outreach.provider.finds).toEqual([asked]);
    expect(await docket.audit()).toEqual(['UANN linked 1 by UANN']);
    // The page tells of the link, so no digest does.
    expect(await docket.deps.store.links.of(ANN)).toMatchObject([{ announcedAt: MONDAY_NINE }]);
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

  test('has the provider tell of changes, where it can', async () => {
    await comeBack(await begin());
    const without = await docket.deps.queue.open();
    Object.assign(outreach.provider, { hooks: {} });
    await comeBack(await begin(BEN));

    expect(without).toBe(0);
    expect((await docket.claimOne()).payload).toEqual({ kind: 'hook', teamId: 'T1', provider: 'outreach' });
  });

  test('is linked though they had ended the link before', async () => {
    await docket.links.unlink(ANN, 'outreach');
    await comeBack(await begin());

    expect(await docket.linked()).toEqual(['1 by consent']);
    expect(await docket.deps.store.people.declined(ANN.teamId)).toEqual([]);
  });

  test('is the one whom an admin suggested, whatever their own address is', async () => {
    await suggest('a.ab@y.example');
    const confirmed = await confirm();
    // What the admin suggests after that is not what the rep said yes to.
    outreach.provider.users.push(user('8', ['c.cd@y.example']));
    await suggest('c.cd@y.example');

    expect(await comeBack(await begin(ANN, confirmed))).toMatchObject({ is: 'connected', email: 'a.ab@y.example' });
    expect(await docket.linked()).toEqual(['7 by consent']);
    expect(await docket.deps.store.people.suggestions(ANN)).toEqual([]);
  });

  test('is not the one whom an admin suggested, before they say so', async () => {
    await suggest('a.ab@y.example');

    expect(await comeBack(await begin())).toMatchObject({ is: 'connected', email: addressOf(ANN) });
    expect(await docket.linked()).toEqual(['1 by consent']);
  });

  test('who ends the link has their consent forgotten', async () => {
    await comeBack(await begin());
    await docket.links.unlink(ANN, 'outreach');

    await expectNothing();
  });
});

describe('a state', () => {
  test.each([
    [10 * MINUTE - 1, 'connected'],
    [10 * MINUTE, 'expired'],
  ])('after %i ms is %s', async (ms, is) => {
    const state = await begin();
    docket.pass(ms);

    expect(await comeBack(state)).toMatchObject({ is });
    expect(outreach.asked.redeem).toHaveLength(is === 'connected' ? 1 : 0);
  });

  test.each([
    ['made up', () => 'made up'],
    ['empty', () => ''],
    ['absent', () => undefined],
    ['what is stored of one', (state: string) => docket.deps.secrets.hash(state)],
  ])('that we did not make (%s) is refused', async (_name, forge) => {
    const state = await begin();

    expect(await comeBack(forge(state))).toEqual({ is: 'expired', provider: 'outreach' });
    expect(outreach.asked.redeem).toEqual([]);
    expect(await comeBack(state)).toMatchObject({ is: 'connected' });
  });

  test('that was made for another provider is refused, and used up', async () => {
    const state = await begin();

    expect(await comeBack(state, 'code 1', 'other')).toEqual({ is: 'expired', provider: 'other' });
    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
    expect(outreach.asked.redeem).toEqual([]);
    expect(await docket.linked()).toEqual([]);
  });

  test('is the rep’s who began, whoever’s browser comes back', async () => {
    const [ann, ben] = [await begin(), await begin(BEN)];

    await comeBack(ben);

    expect(await docket.linked()).toEqual([]);
    expect(await docket.linked(BEN)).toEqual(['2 by consent']);
    outreach.signedIn = addressOf(ANN);
    expect(await comeBack(ann)).toMatchObject({ is: 'connected', rep: ANN });
  });

  test('of someone who left meanwhile is refused', async () => {
    const state = await begin();
    await leaves();

    expect(await comeBack(state)).toMatchObject({ is: 'expired' });
    await expectNothing();
  });
});

describe('a consent that leads nowhere', () => {
  const refusal = { is: 'failed', provider: 'outreach', reason: 'invalid', reference: '000000' };
  const logged = ['warn a provider refused to ask for a consent'];
  test.each([
    ['access_denied', { is: 'denied', provider: 'outreach' }, []],
    ['invalid_scope', refusal, logged],
    ['server_error', refusal, logged],
    ['<script>', refusal, logged],
  ])('because the provider says %s: nothing is redeemed, and the state is used up', async (error, outcome, lines) => {
    const state = await begin();

    expect(await refuse(state, error)).toEqual(outcome);
    expect(await comeBack(state)).toEqual(outcome);
    expect(outreach.asked.redeem).toEqual([]);
    expect(docket.lines).toEqual(lines);
  });

  test('because Slack shows no address: nobody is looked for', async () => {
    await docket.deps.store.reps.save({ ...(await docket.rep()), email: undefined });

    expect(await comeBack(await begin())).toMatchObject({ is: 'no_user', email: undefined, why: 'none' });
    expect(outreach.provider.finds).toEqual([]);
    expect(outreach.asked.redeem).toEqual([]);
    expect(await held()).toBeUndefined();
  });

  test('because another rep has that user: they keep it', async () => {
    await comeBack(await begin());
    await docket.deps.store.reps.save({ ...(await docket.rep(BEN)), email: addressOf(ANN) });

    expect(await comeBack(await begin(BEN))).toMatchObject({ is: 'no_user', why: 'taken' });
    expect(await held(BEN)).toBeUndefined();
    expect(await docket.linked()).toEqual(['1 by consent']);
    expect(await docket.audit()).toEqual(['UANN linked 1 by UANN']);
  });

  const [one, other] = [user('1', [addressOf(ANN)]), user('3', [addressOf(ANN)])];
  const found = (...users: ProviderUser[]) => void Object.assign(outreach.provider, { users });
  const noUser = (why: 'none' | 'unclear') => ({ is: 'no_user', email: addressOf(ANN), why });
  const failed = (reason: string) => ({ is: 'failed', reason, reference: '000000' });
  describe.each<[string, () => unknown, object]>([
    ['nobody has the address', () => found(), noUser('none')],
    ['the one who has it is locked', () => found({ ...one, state: 'locked' }), noUser('none')],
    ['two users have it', () => found(one, other), noUser('unclear')],
    ['somebody else signed in', () => outreach.signers.push('c.cd@y.example'), { is: 'wrong_person' }],
    ['the provider does not say who signed in', () => outreach.signers.push(undefined), { is: 'unconfirmed' }],
    ['the provider refuses the code', () => outreach.trouble.push('invalid'), failed('invalid')],
    ['too many ask who signed in', () => outreach.whoTrouble.push('rate_limited'), failed('rate_limited')],
    ['nobody answers who signed in', () => outreach.whoTrouble.push('unavailable'), failed('unavailable')],
    [
      'nobody answers whose the address is',
      () => outreach.provider.usersTrouble.push({ kind: 'unavailable' }),
      failed('unavailable'),
    ],
  ])('because %s', (_name, happens, outcome) => {
    test('is forgotten, and the rep hears why, also when they load the page again', async () => {
      const state = await begin();
      happens();

      for (let time = 0; time < 2; time += 1) expect(await comeBack(state)).toMatchObject(outcome);
      expect(outreach.asked.redeem).toHaveLength(1);
      await expectNothing();
      expect(await docket.audit()).toEqual([]);
    });

    test('leaves an earlier one as it was', async () => {
      await comeBack(await begin());
      docket.pass(DAY);
      happens();

      expect(await comeBack(await begin(), 'code 2')).toMatchObject(outcome);
      await expectEarlier({ ended: false });
    });
  });

  test('because of a bug of ours is forgotten all the same', async () => {
    const state = await begin();
    outreach.provider.usersTrouble.push({ throws: new TypeError('a bug') });

    await expect(comeBack(state)).rejects.toThrow('a bug');
    expect(await held()).toBeUndefined();
    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
  });

  test('does not bring an earlier one back that had ended', async () => {
    await comeBack(await begin());
    const before = await held();
    if (before) await docket.deps.store.connections.end(before, 'outreach');
    outreach.provider.users = [];

    await comeBack(await begin(), 'code 2');

    await expectEarlier({ ended: true });
  });
});

describe('a link in Slack', () => {
  test('begins nothing before it is pressed, and begins anew at each press', async () => {
    const link = await docket.signIns.link(ANN, outreach.provider);
    expect(outreach.asked.authorize).toEqual([]);
    outreach.signedIn = addressOf(ANN);

    const [first, second] = [stateOf(await press(link)), stateOf(await press(link))];
    expect(await refuse(first)).toMatchObject({ is: 'denied' });
    expect(await comeBack(second)).toMatchObject({ is: 'connected' });
    expect(first).not.toBe(second);
    expect(new Set(outreach.asked.authorize.map((ask) => ask.codeChallenge)).size).toBe(2);
  });

  test.each([
    [DAY - 1, true],
    [DAY, false],
  ])('after %i ms leads anywhere: %s', async (ms, leads) => {
    const link = await docket.signIns.link(ANN, outreach.provider);
    docket.pass(ms);

    expect((await press(link)) !== undefined).toBe(leads);
  });

  test('is for one provider, and for someone who is still here', async () => {
    const elsewhere = await docket.signIns.link(ANN, signInProvider('other').provider);
    const link = await docket.signIns.link(ANN, outreach.provider);

    expect(await press(elsewhere)).toBeUndefined();
    await leaves();
    expect(await press(link)).toBeUndefined();
  });

  test('is not what else is sealed with the same key', async () => {
    await docket.connect(ANN, 'outreach');
    const { rows } = await sql<{ sealed: string }>`select sealed from connections`.execute(docket.db);

    expect(rows[0]?.sealed.length).toBeGreaterThan(100);
    expect(await docket.signIns.start('outreach', rows[0]?.sealed)).toMatchObject({ is: 'expired' });
  });
});

describe('a state that comes again', () => {
  test('redeems nothing more, and shows what came of it for ten minutes from its beginning', async () => {
    const state = await begin();
    docket.pass(4 * MINUTE);
    await comeBack(state);

    docket.pass(6 * MINUTE - 1);
    const connected = { is: 'connected', rep: ANN, email: addressOf(ANN) };
    expect(await comeBack(state, 'code 2')).toMatchObject({ ...connected, again: true });
    expect(outreach.asked.redeem).toHaveLength(1);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' } });
    docket.pass(1);
    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
  });

  test('does not say connected once the rep has unlinked it', async () => {
    const state = await begin();
    await comeBack(state);
    await docket.links.unlink(ANN, 'outreach');

    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
  });

  test('while the first is at it is told so; when the first died with it, it is over', async () => {
    const state = await begin();
    await docket.deps.store.consents.take(docket.deps.secrets.hash(state), docket.deps.clock());

    expect(await comeBack(state)).toEqual({ is: 'under_way', provider: 'outreach' });
    docket.pass(30_000);
    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
    expect(outreach.asked.redeem).toEqual([]);
  });
});

describe('a link that somebody else followed', () => {
  const STRANGERS = ['mallory@evil.example', 'uben@x.example', 'uann@x.example.org', 'uann+x@x.example'];

  test.each(STRANGERS)('connects nothing, and the rep hears, once, that it was %s', async (stranger) => {
    outreach.provider.users.push(user('9', [stranger]));
    const state = await begin();
    outreach.signedIn = stranger;

    const outcome = await comeBack(state);
    expect(await comeBack(state)).toEqual(outcome);
    await docket.work();

    expect(outcome).toMatchObject({ is: 'wrong_person', rep: ANN, signedIn: stranger });
    for (const rep of [ANN, BEN]) await expectNothing(rep);
    expect(outreach.provider.finds).toEqual([]);
    const notice = { about: 'wrong_person', provider: 'outreach', signedIn: stranger, email: addressOf(ANN) };
    expect(docket.screen.notices).toEqual([{ to: ANN, notice }]);
    expect(docket.lines).toEqual(['warn somebody else signed in with the link of a rep; nothing was connected']);
    expect(JSON.stringify(docket.done)).not.toContain('access for');
  });

  const THEMSELVES = ['UANN@X.EXAMPLE', '  uann@x.example ', 'Uann@x.Example'];
  test.each(THEMSELVES)('is not somebody else as %j', async (written) => {
    const state = await begin();
    outreach.signedIn = written;

    expect(await comeBack(state)).toMatchObject({ is: 'connected', email: addressOf(ANN) });
  });

  test('of a confirmed suggestion is for the one whom it names, not for the rep’s own address', async () => {
    await suggest('A.ab@y.example');
    const state = await begin(ANN, await confirm());
    outreach.signedIn = addressOf(ANN);

    expect(await comeBack(state)).toMatchObject({ is: 'wrong_person', signedIn: addressOf(ANN) });
    expect(await docket.linked()).toEqual([]);
    // The suggestion is still there to be confirmed.
    expect(await docket.deps.store.people.suggestions(ANN)).toHaveLength(1);
  });

  test('a rep who was linked by a suggestion signs in again as the same user, without another one', async () => {
    await suggest('a.ab@y.example');
    await comeBack(await begin(ANN, await confirm()));
    const state = await begin();
    outreach.signedIn = 'a.ab@y.example';

    expect(await comeBack(state, 'code 2')).toMatchObject({ is: 'connected', email: 'a.ab@y.example' });
    expect(await docket.linked()).toEqual(['7 by consent']);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 2' } });
  });
});

describe('where the provider does not say who signed in', () => {
  async function unknown() {
    const state = await begin();
    outreach.signedIn = undefined;
    const outcome = await comeBack(state);
    await docket.work();
    const ref = { provider: 'outreach', stateHash: docket.deps.secrets.hash(state) };
    return { state, outcome, ref };
  }
  const confirmAs = (rep: RepKey, ref: { provider: string; stateHash: string }) =>
    docket.signIns.confirm(rep, outreach.provider, ref);

  test('the rep is asked, and until they answer the grant is not used and nothing is connected', async () => {
    const { outcome, ref, state } = await unknown();

    expect(outcome).toEqual({ is: 'unconfirmed', provider: 'outreach' });
    expect(await comeBack(state)).toEqual(outcome);
    expect(outreach.provider.calls).toEqual([]);
    await expectNothing();
    const notice = { about: 'confirm_sign_in', ...ref, email: addressOf(ANN) };
    expect(docket.screen.notices).toEqual([{ to: ANN, notice }]);
  });

  test('an adapter that cannot ask is one that does not say', async () => {
    const { whoSignedIn: _, ...consent } = outreach.provider.consent;
    Object.assign(outreach.provider, { consent });

    expect(await comeBack(await begin())).toMatchObject({ is: 'unconfirmed' });
  });

  test('yes is taken from the rep alone, and about this sign-in alone', async () => {
    const first = await unknown();
    const second = await unknown();

    for (const rep of [BEN, { ...ANN, teamId: 'T2' }]) expect(await confirmAs(rep, second.ref)).toBeUndefined();
    expect(await confirmAs(ANN, first.ref)).toBeUndefined();
    expect([await docket.linked(), await docket.linked(BEN)]).toEqual([[], []]);
    expect(await confirmAs(ANN, second.ref)).toMatchObject({ is: 'connected' });
  });

  test('yes connects it, once, also from two at once; the page that is loaded again says so', async () => {
    const { ref, state } = await unknown();

    const outcomes = await Promise.all([confirmAs(ANN, ref), confirmAs(ANN, ref)]);

    const [connected, ...others] = outcomes.filter((outcome) => outcome !== undefined);
    expect(connected).toMatchObject({ is: 'connected', rep: ANN, email: addressOf(ANN) });
    expect(others).toEqual([]);
    await expectEarlier({ ended: false });
    expect(await confirmAs(ANN, ref)).toBeUndefined();
    expect(await comeBack(state)).toMatchObject({ is: 'connected', again: true });
    expect(await docket.audit()).toEqual(['UANN linked 1 by UANN']);
  });

  test('no forgets it', async () => {
    const { ref, state } = await unknown();

    expect(await docket.signIns.reject(BEN, ref)).toBe(false);
    expect(await docket.signIns.reject(ANN, ref)).toBe(true);
    expect(await docket.signIns.reject(ANN, ref)).toBe(false);
    expect(await confirmAs(ANN, ref)).toBeUndefined();
    expect(outreach.provider.calls).toEqual([]);
    expect(await comeBack(state)).toEqual({ is: 'expired', provider: 'outreach' });
    expect(await docket.linked()).toEqual([]);
  });

  test.each([
    [HOUR - 1, 'connected'],
    [HOUR, undefined],
  ])('yes after %i ms: %s', async (ms, is) => {
    const { ref } = await unknown();
    docket.pass(ms);

    expect((await confirmAs(ANN, ref))?.is).toBe(is);
    expect((await held()) !== undefined).toBe(is !== undefined);
  });

  test('yes that leads to no user forgets it, and leaves an earlier connection as it was', async () => {
    await comeBack(await begin());
    const { ref } = await unknown();
    outreach.provider.users = [];

    expect(await confirmAs(ANN, ref)).toMatchObject({ is: 'no_user', why: 'none' });
    expect(await confirmAs(ANN, ref)).toBeUndefined();
    await expectEarlier({ ended: false });
  });

  test('yes of someone who left meanwhile connects nothing', async () => {
    const { ref } = await unknown();
    await leaves();

    expect(await confirmAs(ANN, ref)).toBeUndefined();
    await expectNothing();
  });
});
