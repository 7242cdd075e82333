import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import { LINK_EVENTS, type LinkDoubt, type LinkEvent, type LinkProblem } from '../../src/core/model/people.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, OTHER_ANN, rep, suggestion } from '../store/fixtures.ts';

function problem(key: RepKey, more: Partial<LinkProblem> = {}): LinkProblem {
  return { ...key, provider: 'gong', reason: 'ambiguous', name: 'Ann Ab', email: 'ann@example.com', ...more };
}

function event(key: RepKey, more: Partial<LinkEvent> = {}): LinkEvent {
  return {
    ...key,
    provider: 'gong',
    event: 'linked',
    by: 'directory',
    externalId: '7',
    origin: 'address',
    at: 1_000,
    ...more,
  };
}

export function peopleContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  it('remembers who ended a link, until they ask for it again', async () => {
    const { people } = store();
    await people.decline(ANN, 'gong', 1);
    await people.decline(ANN, 'gong', 2);
    await people.decline(ANN, 'reply', 1);
    await people.decline(OTHER_ANN, 'gong', 1);
    await people.undecline(ANN, 'reply');
    await people.undecline(BEN, 'gong');

    expect(await people.declined('T1')).toStrictEqual([{ ...ANN, provider: 'gong' }]);
    expect(await people.declined('T2')).toStrictEqual([{ ...OTHER_ANN, provider: 'gong' }]);
    expect(await people.hasDeclined(ANN, 'gong')).toBe(true);
    expect(await people.hasDeclined(ANN, 'reply')).toBe(false);
    expect(await people.hasDeclined(BEN, 'gong')).toBe(false);
  });

  it('keeps one open suggestion for a rep and provider', async () => {
    const { people } = store();
    const [first, second] = [suggestion(ANN), suggestion(ANN, { externalId: '8', email: undefined, name: 'Bén 🚀' })];
    await people.suggest(suggestion(ANN, { provider: 'reply' }));
    await people.suggest(first);
    expect(await people.suggestions(ANN)).toStrictEqual([first, suggestion(ANN, { provider: 'reply' })]);

    await people.suggest(second);
    await people.dropSuggestion(ANN, 'reply');
    expect(await people.suggestions(ANN)).toStrictEqual([second]);
    expect(await people.suggestions(OTHER_ANN)).toEqual([]);
  });

  it('replaces what was known of one provider’s problems, in one team', async () => {
    const { people } = store();
    await people.noteProblems('T1', 'gong', [problem(ANN), problem(BEN)]);
    await people.noteProblems('T2', 'gong', [problem(OTHER_ANN)]);
    await people.noteProblems('T1', 'reply', [problem(ANN, { provider: 'reply', reason: 'locked' })]);
    await people.noteProblems('T1', 'gong', [problem(BEN, { reason: 'taken', email: undefined })]);

    expect(await people.problems('T1')).toStrictEqual([
      problem(BEN, { reason: 'taken', email: undefined }),
      problem(ANN, { provider: 'reply', reason: 'locked' }),
    ]);
    await people.noteProblems('T1', 'gong', []);
    expect((await people.problems('T1')).map(({ provider }) => provider)).toEqual(['reply']);
    expect(await people.problems('T2')).toHaveLength(1);
  });

  it('lists problems by provider, then name, however many there are', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) =>
      problem({ teamId: 'T1', userId: `U${index}` }, { name: `Rep ${String(1_199 - index).padStart(4, '0')}` }),
    );
    await store().people.noteProblems('T1', 'outreach', [problem(ANN, { provider: 'outreach', name: 'Aaron' })]);
    await store().people.noteProblems('T1', 'gong', many);

    const listed = await store().people.problems('T1');
    expect(listed.map(({ name }) => name)).toEqual([...many.map(({ name }) => name).toReversed(), 'Aaron']);
  });

  it('adds a problem to those that are known, or replaces it', async () => {
    const { people } = store();
    const moved = problem(ANN, { reason: 'moved', email: undefined });
    await people.noteProblems('T1', 'gong', [problem(ANN), problem(BEN)]);
    await people.noteProblem(moved);
    await people.noteProblem(problem(ANN, { provider: 'reply' }));

    expect(await people.problems('T1')).toStrictEqual([moved, problem(BEN), problem(ANN, { provider: 'reply' })]);
  });

  it('replaces the doubts about a provider’s links, however many, and lists the oldest first', async () => {
    const { people } = store();
    const doubt = (key: RepKey, more: Partial<LinkDoubt> = {}): LinkDoubt => {
      const about = { provider: 'gong', externalId: '7', reason: 'unnamed' } as const;
      return { ...key, ...about, since: 5, looks: 2, lastDay: '2026-11-23', ...more };
    };
    const many = Array.from({ length: 1_200 }, (_, n) =>
      doubt({ teamId: 'T1', userId: `U${n}` }, { since: 1_200 - n }),
    );
    await people.noteDoubts('T1', 'gong', [doubt(ANN)]);
    await people.noteDoubts('T2', 'gong', [doubt(OTHER_ANN)]);
    await people.noteDoubts('T1', 'reply', [doubt(BEN, { provider: 'reply', reason: 'inactive' })]);
    await people.noteDoubts('T1', 'gong', many);

    const last = doubt(BEN, { provider: 'reply', reason: 'inactive' });
    expect(await people.doubts('T1')).toStrictEqual([...many.toReversed(), last]);
    expect(await people.doubts('T2')).toStrictEqual([doubt(OTHER_ANN)]);
    await people.noteDoubts('T1', 'gong', []);
    expect(await people.doubts('T1')).toStrictEqual([last]);
    await expect(people.noteDoubts('T1', 'gong', [doubt(ANN, { looks: 0 })])).rejects.toThrow(/check/i);
  });

  it('keeps the audit in the order in which things happened, newest first', async () => {
    const { people } = store();
    const all = LINK_EVENTS.map((kind) => event(ANN, { event: kind }));
    for (const each of all) await people.record(each);
    const bare = event(BEN, { by: 'UADMIN', externalId: undefined, origin: undefined, at: 5 });
    await people.record(bare);
    await people.record(event(OTHER_ANN));

    // The clock may have been set back: what was written last is the newest all the same.
    expect(await people.events('T1', { limit: 100 })).toStrictEqual([bare, ...all.toReversed()]);
    expect(await people.events('T1', { limit: 2 })).toStrictEqual([bare, all.at(-1)]);
    expect(await people.events('T1', { limit: 100, userId: 'UBEN' })).toStrictEqual([bare]);
    expect(await people.events('T1', { limit: 100, userId: '' })).toEqual([]);
  });

  it('forgets lines of the audit from before, in every team', async () => {
    const { people } = store();
    const kept = [event(ANN, { at: 100 }), event(BEN, { at: 5_000, event: 'unlinked' })];
    for (const each of [event(ANN, { at: 1 }), ...kept, event(BEN, { at: 99 }), event(OTHER_ANN, { at: 99 })]) {
      await people.record(each);
    }

    expect(await people.pruneEvents(100)).toBe(3);
    expect(await people.pruneEvents(100)).toBe(0);
    expect(await people.events('T1', { limit: 10 })).toStrictEqual(kept.toReversed());
    expect(await people.events('T2', { limit: 10 })).toEqual([]);
  });
}
