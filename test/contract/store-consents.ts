import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type {
  BroughtState,
  ConsentResult,
  Hook,
  PendingConsent,
  Ticket,
  UnconfirmedGrant,
} from '../../src/core/ports/people-store.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, grant, rep } from '../store/fixtures.ts';

function pending(key: RepKey, more: Partial<PendingConsent> = {}): PendingConsent {
  return { ...key, provider: 'outreach', codeVerifier: 'verifier-of-ann', expiresAt: 1_000, ...more };
}

export function consentsContract(store: () => Store): void {
  const consents = () => store().consents;
  beforeEach(async () => {
    for (const key of [ANN, BEN]) await store().reps.save(rep(key));
  });

  it('gives back who began it, once', async () => {
    const confirmed = pending(ANN, { email: 'a.ab@y.example' });
    await consents().begin('hash-1', confirmed);
    await consents().begin('hash-2', pending(BEN, { codeVerifier: 'verifier-of-ben', provider: 'other' }));

    expect(await consents().take('hash-1', 1)).toStrictEqual({ is: 'new', pending: confirmed });
    expect(await consents().take('hash-1', 2)).toStrictEqual(used(ANN, { takenAt: 1 }));
    const bens = { ...BEN, codeVerifier: 'verifier-of-ben', provider: 'other' };
    expect(await consents().take('hash-2', 1)).toMatchObject({ is: 'new', pending: bens });
  });

  it('tells whose it is without using it up, and still after it was used', async () => {
    await consents().begin('hash-1', pending(ANN));
    expect(await consents().teamOf('hash-1')).toBe('T1');
    expect(await consents().teamOf('hash-2')).toBeUndefined();
    expect(await consents().take('hash-1', 1)).toMatchObject({ is: 'new' });
    expect(await consents().teamOf('hash-1')).toBe('T1');
  });

  it('gives it to one of many that come at once', async () => {
    await consents().begin('hash-1', pending(ANN));
    const taken = await Promise.all(Array.from({ length: 10 }, () => consents().take('hash-1', 1)));
    expect(taken.filter((each) => each?.is === 'new')).toHaveLength(1);
    expect(taken.filter((each) => each?.is === 'used')).toHaveLength(9);
  });

  it('tells whoever comes with it again what came of it, until its time is over', async () => {
    const results: ConsentResult[] = [
      { is: 'connected', email: 'a.ab@y.example' },
      { is: 'wrong_person', signedIn: 'c.cd@y.example' },
      { is: 'no_user', email: 'a.ab@y.example', why: 'taken' },
    ];
    for (const [index, result] of results.entries()) {
      await consents().begin(`hash-${index}`, pending(ANN));
      await consents().take(`hash-${index}`, 5);
      await consents().settle(`hash-${index}`, result);

      expect(await consents().take(`hash-${index}`, 999)).toStrictEqual(used(ANN, { takenAt: 5, result }));
      expect(await consents().take(`hash-${index}`, 1_000)).toBeUndefined();
    }
  });

  it('finds nothing under a state that was never begun', async () => {
    await consents().begin('hash-1', pending(ANN));
    for (const hash of ['', 'hash', 'hash-11', 'HASH-1']) expect(await consents().take(hash, 1)).toBeUndefined();
  });

  it('is over when its time is, and forgotten after it', async () => {
    await consents().begin('in time', pending(ANN));
    await consents().begin('too late', pending(ANN));
    expect(await consents().take('in time', 999)).toMatchObject({ is: 'new' });
    expect(await consents().take('too late', 1_000)).toBeUndefined();

    await consents().begin('old', pending(ANN, { expiresAt: 1_000 }));
    await consents().begin('young', pending(ANN, { expiresAt: 1_001 }));
    await consents().prune(1_000);

    // Asked as of a time at which both would still count.
    expect(await consents().take('old', 0)).toBeUndefined();
    expect(await consents().take('young', 0)).toBeDefined();
  });

  it('keeps the newest twenty of one rep at one provider, even when all of them began at once', async () => {
    await consents().begin('of ben', pending(BEN));
    await consents().begin('at another', pending(ANN, { provider: 'other' }));
    for (let press = 1; press <= 25; press += 1) {
      await consents().begin(`press ${press}`, pending(ANN, { expiresAt: press < 24 ? press * 100 : 2_400 }));
    }

    const live = [];
    for (let press = 1; press <= 25; press += 1) live.push((await consents().take(`press ${press}`, 0)) !== undefined);
    expect(live).toEqual(Array.from({ length: 25 }, (_, index) => index >= 5));
    expect(await consents().take('of ben', 0)).toBeDefined();
    expect(await consents().take('at another', 0)).toBeDefined();
  });

  it('never gives one state to two reps', async () => {
    await consents().begin('hash-1', pending(ANN));
    await expect(consents().begin('hash-1', pending(BEN))).rejects.toThrow();
    expect(await consents().take('hash-1', 1)).toMatchObject({ pending: ANN });
  });

  it('opens a ticket that it sealed, and nothing else', async () => {
    const ticket: Ticket = { ...ANN, provider: 'outreach', email: 'a.ab@y.example', expiresAt: 1_000 };
    const sealed = await consents().sealTicket(ticket);
    const parts = sealed.split('.');

    expect(await consents().openTicket(sealed)).toStrictEqual(ticket);
    expect(sealed).toMatch(/^[\w.-]{100,1000}$/);
    expect(sealed).not.toContain('UANN');
    const swapped = [...parts.slice(0, 3), [...(parts[3] ?? '')].toReversed().join(''), parts[4]].join('.');
    for (const wrong of ['', 'x', 'a.b.c.d.e', sealed.slice(1), `${sealed}A`, swapped, 'A'.repeat(100_000)]) {
      expect(await consents().openTicket(wrong), wrong.slice(0, 20)).toBeUndefined();
    }
  });

  const held: UnconfirmedGrant = {
    ...ANN,
    provider: 'outreach',
    stateHash: 'hash-1',
    grant: grant(),
    email: 'ann@example.com',
    expiresAt: 1_000,
  };

  it('holds a grant for the rep who is to confirm it, once, and for nobody else', async () => {
    await consents().hold(held);

    expect(await consents().takeHeld(BEN, held, 1)).toBeUndefined();
    expect(await consents().takeHeld(ANN, { ...held, stateHash: 'hash-2' }, 1)).toBeUndefined();
    expect(await consents().takeHeld(ANN, { ...held, provider: 'other' }, 1)).toBeUndefined();
    expect(await consents().takeHeld(ANN, held, 999)).toStrictEqual(held);
    expect(await consents().takeHeld(ANN, held, 999)).toBeUndefined();
  });

  it('holds one grant of a rep, for as long as it was told', async () => {
    await consents().hold(held);
    const next = { ...held, stateHash: 'hash-2', grant: grant({ accessToken: 'anew' }) };
    await consents().hold(next);
    expect(await consents().takeHeld(ANN, held, 1)).toBeUndefined();
    expect(await consents().takeHeld(ANN, next, 1)).toStrictEqual(next);

    await consents().hold(held);
    expect(await consents().takeHeld(ANN, held, 1_000)).toBeUndefined();
    await consents().hold(held);
    await consents().prune(1_000);
    expect(await consents().takeHeld(ANN, held, 0)).toBeUndefined();
  });
}

function used(key: RepKey, more: { takenAt: number; result?: ConsentResult }): BroughtState {
  return { is: 'used', ...key, provider: 'outreach', result: undefined, ...more };
}

export function hooksContract(store: () => Store): void {
  const hook: Hook = {
    ...ANN,
    provider: 'outreach',
    hookId: '8123456789012345678',
    url: 'https://docket.example/hooks/outreach',
    secret: 'shared-secret-1',
  };

  it('keeps one subscription for a provider', async () => {
    expect(await store().hooks.find('outreach')).toBeUndefined();
    await store().hooks.save(hook);
    await store().hooks.save({ ...hook, provider: 'other', secret: 'shared-secret-2' });
    expect(await store().hooks.find('outreach')).toStrictEqual(hook);
    expect(await store().hooks.find('other')).toMatchObject({ secret: 'shared-secret-2' });

    const next = { ...hook, ...BEN, hookId: '9', url: 'https://elsewhere.example/', secret: 'shared-secret-3' };
    await store().hooks.save(next);
    expect(await store().hooks.find('outreach')).toStrictEqual(next);
  });
}
