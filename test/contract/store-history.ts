/** What is asked of the ledger as a whole: a rep's own past, what a credential held up, and what can be forgotten. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/model/action.ts';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { ActionWish } from '../builders.ts';
import { ANN, action, BEN, OTHER_ANN, rep, task } from '../store/fixtures.ts';

export function historyContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  describe('of a rep', () => ownContract(store));
  describe('of what is new', () => newsContract(store));
  describe('of those that failed', () => failedContract(store));
  describe('that is old', () => pruneContract(store));
}

async function put(store: Store, key: RepKey, of: Task, more: ActionWish = {}): Promise<Action> {
  const { seq = 1, ...rest } = more;
  const written = await store.ledger.record(action(key, of, seq, rest));
  if (!written) throw new Error('The seq was taken');
  return written;
}

function ownContract(store: () => Store): void {
  const history = async (...args: Parameters<Store['ledger']['history']>) =>
    (await store().ledger.history(...args)).map(({ id }) => id);

  it('has a rep’s own actions, newest first, whole', async () => {
    const old = await put(store(), ANN, task('1'), { createdAt: 2_000, state: 'undone', undo: { how: 'withdrawn' } });
    const oldest = await put(store(), ANN, task('2'), { createdAt: 1_000 });
    await put(store(), OTHER_ANN, task('1'), { createdAt: 2_000 });
    const newest = await put(store(), ANN, task('1', { provider: 'reply' }), { createdAt: 3_000, state: 'failed' });

    expect(await store().ledger.history(ANN, { since: 0, limit: 10 })).toStrictEqual([newest, old, oldest]);
    expect(await store().ledger.history(BEN, { since: 0, limit: 10 })).toEqual([]);
  });

  it('begins at the instant that is asked for, and takes no more than the limit', async () => {
    const ids = [];
    for (const createdAt of [100, 200, 300])
      ids.unshift((await put(store(), ANN, task(`${createdAt}`), { createdAt })).id);

    expect(await history(ANN, { since: 200, limit: 10 })).toEqual(ids.slice(0, 2));
    expect(await history(ANN, { since: 201, limit: 10 })).toEqual(ids.slice(0, 1));
    expect(await history(ANN, { since: 0, limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await history(ANN, { since: 0, limit: 0 })).toEqual([]);
  });

  it('goes on after the last action of a page: each comes once, also those of the same instant', async () => {
    const all: Action[] = [];
    for (let index = 0; index < 23; index += 1) {
      all.push(await put(store(), ANN, task(`${index}`), { createdAt: 1_000 * Math.floor(index / 5) + 1 }));
      await put(store(), OTHER_ANN, task(`${index}`), { createdAt: 1 });
    }
    const seen: Action[] = [];
    for (let before: Action | undefined; ; before = seen.at(-1)) {
      const page = await store().ledger.history(ANN, { since: 0, limit: 3, ...(before && { before }) });
      seen.push(...page);
      if (page.length < 3) break;
    }

    expect(seen).toStrictEqual(all.toReversed());
  });
}

function newsContract(store: () => Store): void {
  const changed = (since: number, key = ANN) => store().ledger.changedSince(key, since);

  it('knows whether a rep has done something since, by its recording, its sending and its end', async () => {
    const settled = { createdAt: 1_000, sentAt: 2_000, settledAt: 3_000 };
    await put(store(), ANN, task('1'), { ...settled, state: 'succeeded' });
    await put(store(), OTHER_ANN, task('1'), { ...settled, settledAt: 9_000, state: 'succeeded' });

    expect([await changed(3_000), await changed(3_001), await changed(0, BEN)]).toEqual([true, false, false]);
    await put(store(), BEN, task('2'), { createdAt: 1_000, sentAt: 2_000, settledAt: 500, state: 'failed' });
    expect([await changed(2_000, BEN), await changed(2_001, BEN)]).toEqual([true, false]);
  });

  it.each(['queued', 'undoing'] as const)('never counts on what is %s', async (state) => {
    await put(store(), ANN, task('1'), { createdAt: 1_000, sentAt: undefined, state });

    expect(await changed(9_000)).toBe(true);
  });
}

function failedContract(store: () => Store): void {
  const GONG = { teamId: 'T1', provider: 'gong' };
  const refused = { state: 'failed', failure: 'auth', createdAt: 500 } as const;
  const failed = async (...args: Parameters<Store['ledger']['failed']>) =>
    (await store().ledger.failed(...args)).map(({ id }) => id);

  it('are found by reason, at one provider, of one rep or of a whole team', async () => {
    const anns = await put(store(), ANN, task('1'), refused);
    const bens = await put(store(), BEN, task('1'), { ...refused, failure: 'disconnected' });
    await put(store(), ANN, task('2'), { ...refused, failure: 'invalid' });
    await put(store(), ANN, task('3'), { ...refused, state: 'dropped' });
    await put(store(), ANN, task('4', { provider: 'reply' }), refused);
    await put(store(), OTHER_ANN, task('1'), refused);

    expect(await failed(GONG, ['auth', 'disconnected'], 0)).toEqual([anns.id, bens.id]);
    expect(await failed(GONG, ['disconnected'], 0)).toEqual([bens.id]);
    expect(await failed({ ...GONG, userId: ANN.userId }, ['auth', 'disconnected'], 0)).toEqual([anns.id]);
    expect(await failed({ ...GONG, userId: 'nobody' }, ['auth', 'disconnected'], 0)).toEqual([]);
    expect(await failed(GONG, [], 0)).toEqual([]);
    expect(await failed(GONG, ['auth'], 500)).toEqual([anns.id]);
    expect(await failed(GONG, ['auth'], 501)).toEqual([]);
    expect(await store().ledger.failed(GONG, ['auth'], 0)).toStrictEqual([anns]);
  });

  it('are the last of their task: whoever did something else since wants that', async () => {
    await put(store(), ANN, task('1'), refused);
    await put(store(), ANN, task('1'), { ...refused, seq: 2, state: 'succeeded' });
    const { id } = await put(store(), ANN, task('2'), { ...refused, seq: 3 });
    // Of other reps and of another provider, so these say nothing of it.
    await put(store(), BEN, task('2'), { ...refused, seq: 4, failure: 'invalid' });
    await put(store(), OTHER_ANN, task('2'), { ...refused, seq: 4 });
    await put(store(), ANN, task('2', { provider: 'reply' }), { ...refused, seq: 4 });

    expect(await failed(GONG, ['auth'], 0)).toEqual([id]);
  });
}

function pruneContract(store: () => Store): void {
  it('takes what was recorded before, of everyone, and nothing that is under way', async () => {
    const states = ['succeeded', 'failed', 'stale', 'undone', 'dropped', 'queued', 'undoing'] as const;
    const ids = new Map<string, string>();
    for (const state of states) ids.set(state, (await put(store(), ANN, task(state), { state, createdAt: 99 })).id);
    const others = await put(store(), OTHER_ANN, task('1'), { state: 'succeeded', createdAt: 1 });
    const young = await put(store(), ANN, task('young'), { state: 'succeeded', createdAt: 100 });

    expect(await store().ledger.prune(100)).toBe(6);
    expect(await store().ledger.prune(100)).toBe(0);

    const kept = await store().ledger.history(ANN, { since: 0, limit: 10 });
    expect(kept.map(({ id }) => id)).toEqual([young.id, ids.get('undoing'), ids.get('queued')]);
    expect(await store().ledger.find(others.id)).toBeUndefined();
  });

  it('never gives the id of a forgotten action to another', async () => {
    const { id } = await put(store(), ANN, task('1'), { state: 'succeeded', createdAt: 1 });
    await store().ledger.prune(2);

    expect((await put(store(), ANN, task('1'))).id).not.toBe(id);
  });
}
