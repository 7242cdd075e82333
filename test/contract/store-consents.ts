import { beforeEach, expect, it } from 'vitest';
import type { Hook, PendingConsent, Store } from '../../src/core/ports.ts';
import type { RepKey } from '../../src/core/types.ts';
import { ANN, BEN, rep } from '../store/fixtures.ts';

function pending(key: RepKey, more: Partial<PendingConsent> = {}): PendingConsent {
  return { ...key, provider: 'outreach', codeVerifier: 'verifier-of-ann', expiresAt: 1_000, ...more };
}

export function consentsContract(store: () => Store): void {
  const consents = () => store().consents;
  beforeEach(() => store().reps.save(rep(ANN)));

  it('gives back who began it, once', async () => {
    await consents().begin('hash-1', pending(ANN), 0);
    await consents().begin('hash-2', pending(BEN, { codeVerifier: 'verifier-of-ben', provider: 'other' }), 0);

    expect(await consents().take('hash-1', 1)).toStrictEqual(pending(ANN));
    expect(await consents().take('hash-1', 1)).toBeUndefined();
    expect(await consents().take('hash-2', 1)).toMatchObject({ ...BEN, codeVerifier: 'verifier-of-ben' });
  });

  it('gives back the address that was confirmed before', async () => {
    await consents().begin('hash-1', pending(ANN, { email: 'a.ab@y.example' }), 0);

    expect(await consents().take('hash-1', 1)).toStrictEqual(pending(ANN, { email: 'a.ab@y.example' }));
  });

  it('gives it to one of many that come at once', async () => {
    await consents().begin('hash-1', pending(ANN), 0);
    const taken = await Promise.all(Array.from({ length: 10 }, () => consents().take('hash-1', 1)));
    expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('finds nothing under a state that was never begun', async () => {
    await consents().begin('hash-1', pending(ANN), 0);
    for (const hash of ['', 'hash', 'hash-11', 'HASH-1']) expect(await consents().take(hash, 1)).toBeUndefined();
  });

  it('is over when its time is', async () => {
    await consents().begin('in time', pending(ANN), 0);
    await consents().begin('too late', pending(ANN), 0);

    expect(await consents().take('in time', 999)).toBeDefined();
    expect(await consents().take('too late', 1_000)).toBeUndefined();
    // Coming too late has used it up as well.
    expect(await consents().take('too late', 0)).toBeUndefined();
  });

  it('is forgotten after its time by whoever begins the next, and not before', async () => {
    await consents().begin('old', pending(ANN, { expiresAt: 1_000 }), 0);
    await consents().begin('young', pending(ANN, { expiresAt: 1_001 }), 0);
    await consents().begin('new', pending(BEN, { expiresAt: 9_000 }), 1_000);

    // Asked as of a time at which all three would still count.
    expect(await consents().take('old', 0)).toBeUndefined();
    expect(await consents().take('young', 0)).toBeDefined();
    expect(await consents().take('new', 0)).toBeDefined();
  });

  it('never gives one state to two reps', async () => {
    await consents().begin('hash-1', pending(ANN), 0);
    await expect(consents().begin('hash-1', pending(BEN), 0)).rejects.toThrow();
    expect(await consents().take('hash-1', 1)).toMatchObject(ANN);
  });
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
