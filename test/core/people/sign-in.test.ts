/** Reps sign in at a provider for themselves: the way there and back, and what becomes of what it gave. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Suggestion } from '../../../src/core/model/people.ts';
import type { ConsentOutcome } from '../../../src/core/people/oauth-callback.ts';
import type { Hooks } from '../../../src/core/ports/provider.ts';
import { grant } from '../../store/fixtures.ts';
import { ANN, addRep, addressOf, BEN, createDocket, DAY, type Docket, HOUR, member } from '../docket.ts';
import { MONDAY_NINE, user } from '../provider.ts';
import { type SignInProvider, signInProvider } from './sign-in-provider.ts';

const MINUTE = 60_000;
const HOOKS: Hooks = {
  register: async () => 'hook 1',
  isActive: async () => true,
  signatureHeader: 'x-signature',
  verify: () => true,
  parse: () => undefined,
};

let docket: Docket;
let outreach: SignInProvider;
beforeEach(async () => {
  outreach = signInProvider('outreach');
  docket = await createDocket({ empty: true, providers: [outreach.provider, signInProvider('other').provider] });
  for (const rep of [ANN, BEN]) await addRep(docket, rep, 'nobody');
  for (const rep of [ANN, BEN]) await docket.deps.store.links.remove(rep, 'outreach');
  for (const rep of [ANN, BEN]) docket.members.push(member(rep.userId, addressOf(rep)));
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

async function comeBack(
  state: string | undefined,
  code: string | undefined = 'code 1',
  id = 'outreach',
): Promise<ConsentOutcome> {
  const error = code === undefined ? 'access_denied' : undefined;
  const outcome = await docket.signIns.callback(id, { state, code, error });
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

const held = (rep: RepKey = ANN) => docket.deps.store.connections.find(rep, 'outreach');
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
  test('redeems one code, whatever comes with it later', async () => {
    const state = await begin();
    await comeBack(state);

    expect(await comeBack(state, 'code 2')).toMatchObject({ is: 'connected', again: true });
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
    await docket.deps.store.reps.save({ ...(await docket.rep()), active: false });

    expect(await comeBack(state)).toMatchObject({ is: 'expired' });
    expect(await held()).toBeUndefined();
  });
});

describe('a consent that leads nowhere', () => {
  test('because the rep said no: nothing is redeemed, and the state is used up', async () => {
    const state = await begin();

    const denied = await refuse(state);

    expect(denied).toEqual({ is: 'denied', provider: 'outreach' });
    expect(await comeBack(state)).toEqual(denied);
    expect(outreach.asked.redeem).toEqual([]);
  });

  test.each(['invalid_scope', 'server_error', '<script>'])('because of what the rep did not do: %s', async (error) => {
    const state = await begin();

    const failed = await refuse(state, error);

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
    await expectNothing();
    expect(await docket.audit()).toEqual([]);
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

  test.each([
    ['the code', () => outreach.trouble.push('invalid'), 'invalid'],
    ['who signed in', () => outreach.whoTrouble.push('rate_limited'), 'rate_limited'],
    ['who signed in', () => outreach.whoTrouble.push('unavailable'), 'unavailable'],
    ['who the rep is', () => outreach.provider.usersTrouble.push({ kind: 'unavailable' }), 'unavailable'],
  ] as const)(
    'because the provider would not tell %s: it is forgotten, and the rep hears why',
    async (_name, fail, reason) => {
      const state = await begin();
      fail();

      const failed = { is: 'failed', provider: 'outreach', reason, reference: '000000' };
      expect(await comeBack(state)).toEqual(failed);
      expect(await comeBack(state)).toEqual(failed);
      expect(outreach.asked.redeem).toHaveLength(1);
      await expectNothing();
      expect(await comeBack(await begin())).toMatchObject({ is: 'connected' });
    },
  );

  test.each([
    ['no user', () => void outreach.provider.users.splice(0)],
    ['a code that is refused', () => void outreach.trouble.push('invalid')],
    ['somebody else', () => void outreach.signers.push('c.cd@y.example')],
    ['nobody knows who', () => void outreach.signers.push(undefined)],
    ['no answer to who it was', () => void outreach.whoTrouble.push('unavailable')],
    ['no answer', () => void outreach.provider.usersTrouble.push({ kind: 'unavailable' })],
  ])('leaves an earlier one as it was: %s', async (_name, fail) => {
    await comeBack(await begin());
    docket.pass(DAY);
    fail();

    expect(await comeBack(await begin(), 'code 2')).not.toMatchObject({ is: 'connected' });

    const now = await held();
    expect(now).toMatchObject({ grant: { accessToken: 'access for code 1' }, connectedAt: MONDAY_NINE, ended: false });
    expect(await docket.linked()).toEqual(['1 by consent']);
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

    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' }, ended: true });
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

  test('holds no state, and nothing that can be read or changed', async () => {
    const link = await docket.signIns.link(ANN, outreach.provider);
    const ticket = new URL(link).searchParams.get('ticket') ?? '';

    expect(link).toMatch(/^https:\/\/docket\.example\/start\/outreach\?ticket=[\w.-]+$/);
    expect(link.length).toBeLessThan(1_000);
    const [head = '', key = '', iv = '', text = '', tag = ''] = ticket.split('.');
    expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('UANN');
    const other = [...text].toReversed().join('');
    for (const wrong of [
      [head, key, iv, other, tag].join('.'),
      ticket.slice(0, -1),
      `${ticket}x`,
      '',
      'x',
      undefined,
    ]) {
      expect(await docket.signIns.start('outreach', wrong)).toMatchObject({ is: 'expired' });
    }
    expect(outreach.asked.authorize).toEqual([]);
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
    const other = docket.deps.providers.get('other');
    if (!other) throw new Error('no other');
    const elsewhere = await docket.signIns.link(ANN, other);
    const link = await docket.signIns.link(ANN, outreach.provider);

    expect(await press(elsewhere)).toBeUndefined();
    await docket.deps.store.reps.save({ ...(await docket.rep()), active: false });
    expect(await press(link)).toBeUndefined();
  });

  test('is not what else is sealed with the same key', async () => {
    const { consents } = docket.deps.store;
    await consents.hold({
      ...ANN,
      provider: 'outreach',
      stateHash: 'h',
      grant: grant(),
      email: 'x',
      expiresAt: MONDAY_NINE + DAY,
    });
    const { rows } = await sql<{ sealed: string }>`select sealed from unconfirmed_grants`.execute(docket.db);
    const sealed = rows[0]?.sealed;
    expect(sealed?.length).toBeGreaterThan(100);

    expect(await docket.signIns.start('outreach', sealed)).toMatchObject({ is: 'expired' });
  });
});

describe('a state that comes again', () => {
  test('shows what came of it for ten minutes from its beginning', async () => {
    const state = await begin();
    docket.pass(4 * MINUTE);
    await comeBack(state);

    docket.pass(6 * MINUTE - 1);
    expect(await comeBack(state)).toMatchObject({ is: 'connected', rep: ANN, email: addressOf(ANN), again: true });
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

  test.each([2, 5])('from %i browsers at once is redeemed by one', async (browsers) => {
    const state = await begin();

    const outcomes = await Promise.all(
      Array.from({ length: browsers }, (_, index) => comeBack(state, `code ${index}`)),
    );

    expect(outreach.asked.redeem).toHaveLength(1);
    expect(outcomes.filter(({ is }) => is === 'connected')).toHaveLength(1);
    expect(new Set(outcomes.map(({ is }) => is))).toEqual(new Set(['connected', 'under_way']));
    expect(await comeBack(state)).toMatchObject({ is: 'connected', again: true });
  });
});

describe('a link that somebody else followed', () => {
  const STRANGERS = ['mallory@evil.example', 'uben@x.example', 'uann@x.example.org', 'uann+x@x.example'];

  test.each(STRANGERS)('connects nothing, and the rep hears that it was %s', async (stranger) => {
    outreach.provider.users.push(user('9', [stranger]));
    const state = await begin();
    outreach.signedIn = stranger;

    const outcome = await comeBack(state);
    await docket.work();

    expect(outcome).toMatchObject({ is: 'wrong_person', rep: ANN, signedIn: stranger });
    expect([await held(), await held(BEN), await docket.linked(), await docket.linked(BEN)]).toEqual([
      undefined,
      undefined,
      [],
      [],
    ]);
    expect(outreach.provider.finds).toEqual([]);
    const notice = { about: 'wrong_person', provider: 'outreach', signedIn: stranger, email: addressOf(ANN) };
    expect(docket.screen.notices).toEqual([{ to: ANN, notice }]);
    expect(docket.lines).toEqual(['warn somebody else signed in with the link of a rep; nothing was connected']);
    expect(JSON.stringify(docket.done)).not.toContain('access for');
  });

  test('shows them the same again, and tells the rep once', async () => {
    const state = await begin();
    outreach.signedIn = 'c.cd@y.example';
    const first = await comeBack(state);

    expect(await comeBack(state)).toEqual(first);
    await docket.work();
    expect(docket.screen.notices).toHaveLength(1);
    outreach.signedIn = addressOf(ANN);
    expect(await comeBack(state)).toEqual(first);
  });

  test.each(['UANN@X.EXAMPLE', '  uann@x.example ', 'Uann@x.Example'])(
    'is not somebody else as %j',
    async (written) => {
      const state = await begin();
      outreach.signedIn = written;

      expect(await comeBack(state)).toMatchObject({ is: 'connected', email: addressOf(ANN) });
    },
  );

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
  async function unknown(rep: RepKey = ANN) {
    const state = await begin(rep);
    outreach.signedIn = undefined;
    const outcome = await comeBack(state, `code of ${rep.userId}`);
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

  test('yes connects it, once; the page that is loaded again says so', async () => {
    const { ref, state } = await unknown();

    expect(await confirmAs(ANN, ref)).toMatchObject({ is: 'connected', rep: ANN, email: addressOf(ANN) });
    expect(await docket.linked()).toEqual(['1 by consent']);
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code of UANN' } });
    expect(await confirmAs(ANN, ref)).toBeUndefined();
    expect(await comeBack(state)).toMatchObject({ is: 'connected', again: true });
    expect(await docket.audit()).toEqual(['UANN linked 1 by UANN']);
  });

  test('yes is taken from the rep alone, and about this sign-in alone', async () => {
    const first = await unknown();
    const second = await unknown();

    for (const rep of [BEN, { ...ANN, teamId: 'T2' }]) expect(await confirmAs(rep, second.ref)).toBeUndefined();
    expect(await confirmAs(ANN, first.ref)).toBeUndefined();
    expect([await docket.linked(), await docket.linked(BEN)]).toEqual([[], []]);
    expect(await confirmAs(ANN, second.ref)).toMatchObject({ is: 'connected' });
  });

  test('yes of two at once connects it once', async () => {
    const { ref } = await unknown();

    const outcomes = await Promise.all([confirmAs(ANN, ref), confirmAs(ANN, ref)]);

    expect(outcomes.filter((outcome) => outcome?.is === 'connected')).toHaveLength(1);
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

  test('yes can be said again after the provider did not answer', async () => {
    const { ref } = await unknown();
    outreach.provider.usersTrouble.push({ kind: 'unavailable' });

    expect(await confirmAs(ANN, ref)).toMatchObject({ is: 'failed', reason: 'unavailable' });
    expect(await held()).toBeUndefined();
    expect(await confirmAs(ANN, ref)).toMatchObject({ is: 'connected' });
  });

  test('yes that leads to no user forgets it, and leaves an earlier connection as it was', async () => {
    await comeBack(await begin());
    const { ref } = await unknown();
    outreach.provider.users = [];

    expect(await confirmAs(ANN, ref)).toMatchObject({ is: 'no_user', why: 'none' });
    expect(await confirmAs(ANN, ref)).toBeUndefined();
    expect(await held()).toMatchObject({ grant: { accessToken: 'access for code 1' }, ended: false });
  });

  test('yes of someone who left meanwhile connects nothing', async () => {
    const { ref } = await unknown();
    await docket.deps.store.reps.save({ ...(await docket.rep()), active: false });

    expect(await confirmAs(ANN, ref)).toBeUndefined();
    expect(await held()).toBeUndefined();
  });
});
