import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { MessageKind } from '../../src/core/model/message.ts';
import type { Task } from '../../src/core/model/task.ts';
import { fail } from '../../src/core/model/transitions.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, message, OTHER_ANN, rep, run, summary, task, tasks } from '../store/fixtures.ts';

export function messagesContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  /** An action that was over when the providers were asked. */
  const act = (of: Task, seq: number, key: RepKey = ANN) =>
    store().ledger.record(action(key, of, seq, { state: 'succeeded', settledAt: summary().fetchedAt }));

  async function posted({ key, ...more }: { key: RepKey; kind: MessageKind; createdAt: number }): Promise<string> {
    const { id } = await store().messages.create(message(key, more), []);
    await store().messages.markPosted(id, { channel: 'D1', ts: '1.1' });
    return id;
  }

  /** What a person sees: position and task of each row. */
  async function rows(id: string): Promise<[number, string][]> {
    const loaded = await store().messages.load(id);
    return (loaded?.items ?? []).map((item) => [item.position, item.task.id]);
  }

  it('gives back what was created, in order', async () => {
    const shown = [task('9', { dueAt: undefined }), task('5', { deal: { name: 'Big', amount: '1' } }), task('7')];
    const { id } = await store().messages.create(message(ANN), shown);

    expect(id).toMatch(/^[0-9]+$/);
    expect(await store().messages.load(id)).toStrictEqual({
      ...message(ANN),
      id,
      posted: undefined,
      items: shown.map((each, position) => ({ position, task: each, seq: 0, action: undefined })),
    });
  });

  it('knows where it was posted', async () => {
    const { id } = await store().messages.create(message(ANN), []);
    await store().messages.markPosted(id, { channel: 'D1', ts: '1700000000.000100' });
    expect((await store().messages.load(id))?.posted).toEqual({ channel: 'D1', ts: '1700000000.000100' });
    expect((await store().messages.load(id))?.items).toEqual([]);
  });

  it('counts the actions of each task when a row is made, and shows the last one at any time', async () => {
    await act(task('1'), 1);
    await act(task('1'), 2);
    await act(task('2'), 1, OTHER_ANN);
    await act(task('2', { provider: 'reply' }), 1);
    const { id } = await store().messages.create(message(ANN), [task('1'), task('2')]);
    const later = await act(task('2'), 1);

    const items = (await store().messages.load(id))?.items;
    expect(items?.map((item) => item.seq)).toEqual([2, 0]);
    expect(items?.map((item) => item.action?.seq)).toEqual([2, 1]);
    expect(items?.[1]?.action).toStrictEqual(later);
  });

  it('lets an action that was not over when the providers were asked still speak for the row', async () => {
    await act(task('1'), 1);
    const settledAt = summary().fetchedAt + 1;
    await store().ledger.record(action(ANN, task('1'), 2, { state: 'succeeded', settledAt }));
    await store().ledger.record(action(ANN, task('2'), 1));

    const { id } = await store().messages.create(message(ANN), [task('1'), task('2')]);

    const items = (await store().messages.load(id))?.items;
    expect(items?.map((item) => [item.seq, item.action?.seq])).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it('returns what was created as it will be read, with the actions that there were', async () => {
    const first = await store().messages.create(message(ANN), [task('1'), task('2', { dueAt: undefined }), task('1')]);
    await act(task('1'), 1);
    await store().ledger.record(action(ANN, task('1'), 2));
    const second = await store().messages.create({ ...message(ANN), aheadOf: '2026-11-23' }, [task('2'), task('1')]);

    expect(first.items.map(({ seq, action: shown }) => [seq, shown])).toEqual(Array(3).fill([0, undefined]));
    expect(second.items.map(({ seq, action: shown }) => [seq, shown?.seq])).toEqual([
      [0, undefined],
      [1, 2],
    ]);
    expect(second).toStrictEqual(await store().messages.load(second.id));
  });

  it('holds 5,000 tasks', async () => {
    const many = tasks(5_000);
    for (const index of [0, 499, 500, 4_999]) await act(task(String(index)), 1);
    const { id } = await store().messages.create(message(ANN), many);

    const items = (await store().messages.load(id))?.items ?? [];
    expect(items.map((item) => item.task.id)).toEqual(many.map((each) => each.id));
    expect(items.filter((item) => item.seq === 1 && item.action).map((item) => item.position)).toEqual([
      0, 499, 500, 4_999,
    ]);

    await store().messages.replace(id, summary(), many.toReversed());
    expect(await rows(id)).toEqual(many.map((each, position) => [position, each.id]).toReversed());
  });

  it('keeps the position of a task that is still shown, and gives none to another task', async () => {
    const { id } = await store().messages.create(message(ANN), [task('a'), task('b'), task('c')]);
    await store().messages.replace(id, summary(), [task('d'), task('c'), task('a')]);
    expect(await rows(id)).toEqual([
      [3, 'd'],
      [2, 'c'],
      [0, 'a'],
    ]);

    await store().messages.replace(id, summary(), []);
    expect(await rows(id)).toEqual([]);

    await store().messages.replace(id, summary(), [task('e'), task('b'), task('a', { provider: 'reply' })]);
    expect(await rows(id)).toEqual([
      [4, 'e'],
      [1, 'b'],
      [5, 'a'],
    ]);
  });

  it('refreshes the rows that stay, and the summary', async () => {
    const { id } = await store().messages.create(message(ANN), [task('a'), task('b')]);
    await store().messages.markPosted(id, { channel: 'D1', ts: '1.1' });
    await act(task('a'), 1);
    await store().messages.replace(id, summary({ remaining: 8 }), [task('b'), task('a', { title: 'New title' })]);

    const loaded = await store().messages.load(id);
    expect(loaded).toMatchObject({ id, kind: 'list', posted: { channel: 'D1', ts: '1.1' }, summary: { remaining: 8 } });
    expect(loaded?.items[1]).toMatchObject({ position: 0, seq: 1, task: { title: 'New title' } });
  });

  it('turns to another page, and writes details into the rows that they are of, and into no others', async () => {
    const { id } = await store().messages.create(message(ANN), [task('a'), task('b')]);
    const told = task('b', { title: 'Told' });

    expect(await store().messages.turn(id, [0, 1], [{ position: 1, task: told }])).toBe(true);
    // A position is of one task for ever.
    expect(await store().messages.turn(id, [0, 1], [{ position: 0, task: told }])).toBe(true);

    const loaded = await store().messages.load(id);
    expect(loaded?.summary).toEqual({ ...summary(), starts: [0, 1] });
    expect(loaded?.items.map((item) => item.task.title)).toEqual([task('a').title, 'Told']);
    expect(await store().messages.turn('999999', [0], [])).toBe(false);
  });

  it('revises a summary by what stands there, and leaves it where nothing is to be changed', async () => {
    const { id } = await store().messages.create(message(ANN), [task('a'), task('b')]);
    const later = (count: number) => ({ count, tasks: [{ provider: 'gong', id: 'c' }], at: 5 });
    await store().messages.turn(id, [0, 1], []);

    const seen: string[][] = [];
    const revise = (count: number | undefined, at = id) =>
      store().messages.revise(at, ({ summary: now, items }) => {
        seen.push(items.map((item) => item.task.id));
        return count === undefined ? undefined : { ...now, later: later(count) };
      });
    expect([await revise(1), await revise(undefined), await revise(7, '999999')]).toEqual([true, false, false]);

    expect(seen).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect((await store().messages.load(id))?.summary).toEqual({ ...summary(), starts: [0, 1], later: later(1) });
    await store().messages.turn(id, [0], []);
    expect((await store().messages.load(id))?.summary).toEqual({ ...summary(), starts: [0], later: later(1) });
  });

  it('revises a summary in a transaction, and takes it back with that', async () => {
    const { id } = await store().messages.create(message(ANN), []);
    const stop = new Error('stop');
    const attempt = store().transact(async (tx) => {
      expect(await store().messages.revise(id, ({ summary: now }) => ({ ...now, unfolded: true }), tx)).toBe(true);
      expect((await store().messages.load(id, tx))?.summary.unfolded).toBe(true);
      throw stop;
    });

    await expect(attempt).rejects.toBe(stop);
    expect((await store().messages.load(id))?.summary).toEqual(summary());
  });

  it('loses nothing of a summary that is revised and turned at the same time, many times over', async () => {
    const { id } = await store().messages.create(message(ANN), tasks(3));
    const more = () =>
      store().messages.revise(id, ({ summary: now }) => {
        const count = (now.later?.count ?? 0) + 1;
        return { ...now, later: { count, tasks: [], at: 1 } };
      });
    const turns = Array.from({ length: 20 }, (_, index) => store().messages.turn(id, [0, index], []));

    await Promise.all([...turns, ...Array.from({ length: 20 }, more)]);

    const loaded = (await store().messages.load(id))?.summary;
    expect(loaded?.later?.count).toBe(20);
    expect(loaded?.starts).toHaveLength(2);
  });

  it('finds the row of a late click, as it was, also when it is no longer shown', async () => {
    await act(task('b'), 1);
    const { id } = await store().messages.create(message(ANN, { kind: 'digest' }), [task('a'), task('b')]);
    await act(task('b'), 2);
    await store().messages.replace(id, summary(), [task('c')]);

    const found = { position: 1, task: task('b'), seq: 1, rep: ANN, kind: 'digest' };
    expect(await store().messages.row(id, 1)).toStrictEqual(found);
    expect((await store().messages.row(id, 2))?.task.id).toBe('c');
    expect(await store().transact((tx) => store().messages.row(id, 1, tx))).toStrictEqual(found);
    for (const position of [3, -1, 0.5, Number.NaN]) {
      expect(await store().messages.row(id, position), String(position)).toBeUndefined();
    }
  });

  it('keeps two rows of a task that is listed twice apart', async () => {
    const { id } = await store().messages.create(message(ANN), [task('a'), task('a')]);
    await store().messages.replace(id, summary(), [task('a'), task('b'), task('a')]);
    const positions = (await rows(id)).map(([position]) => position);
    expect(new Set(positions).size).toBe(3);
  });

  it('knows which messages show a task, newest first', async () => {
    const { id: old } = await store().messages.create(message(ANN, { createdAt: 99 }), [task('a')]);
    const { id: first } = await store().messages.create(message(ANN, { createdAt: 300 }), [task('a'), task('a')]);
    const { id: second } = await store().messages.create(message(ANN, { createdAt: 200 }), [task('b'), task('a')]);
    const { id: moved } = await store().messages.create(message(ANN, { createdAt: 400 }), [task('a')]);
    await store().messages.create(message(OTHER_ANN, { createdAt: 500 }), [task('a')]);
    await store().messages.create(message(ANN, { createdAt: 500 }), [task('a', { provider: 'reply' })]);
    await store().messages.replace(moved, summary(), [task('b')]);

    const key = { ...ANN, provider: 'gong', taskId: 'a' };
    const showing = async (since: number) => (await store().messages.showing(key, since)).map(({ id }) => id);
    expect(await showing(100)).toEqual([first, second]);
    expect(await showing(99)).toEqual([first, second, old]);
  });

  it('knows where a message that shows a task stands', async () => {
    const { id } = await store().messages.create(message(ANN), [task('1')]);
    await store().messages.markPosted(id, { channel: 'D1', ts: '1.1' });
    const [place] = await store().messages.showing({ ...ANN, provider: 'gong', taskId: '1' }, 0);
    const { items: _, summary: __, ...whole } = (await store().messages.load(id)) ?? {};
    expect(place).toEqual(whole);
    expect(place?.posted).toBeDefined();
  });

  it('knows the newest message of a kind', async () => {
    expect(await store().messages.newest(ANN, 'home')).toBeUndefined();
    await store().messages.create(message(ANN, { kind: 'home' }), []);
    const { id: newest } = await store().messages.create(message(ANN, { kind: 'home' }), []);
    await store().messages.create(message(BEN, { kind: 'home' }), []);
    await store().messages.create(message(ANN, { kind: 'list', createdAt: 9_000 }), []);
    expect(await store().messages.newest(ANN, 'home')).toBe(newest);
  });

  it('knows the lists that a rep saw, newest first: no Home, and no digest before it is posted', async () => {
    const first = await posted({ key: ANN, kind: 'digest', createdAt: 100 });
    const { id: second } = await store().messages.create(message(ANN, { kind: 'list', createdAt: 200 }), []);
    const { id: third } = await store().messages.create(message(ANN, { kind: 'list', createdAt: 200 }), []);
    await store().messages.create(message(ANN, { kind: 'digest', createdAt: 300 }), []);
    await store().messages.create(message(ANN, { kind: 'home', createdAt: 300 }), []);
    await store().messages.create(message(BEN, { kind: 'list', createdAt: 300 }), []);

    expect(await store().messages.newestLists(ANN, 10)).toEqual([third, second, first]);
    expect(await store().messages.newestLists(ANN, 1)).toEqual([third]);
  });

  it('knows a rep’s digests that were posted since, newest first', async () => {
    const digest = (key: RepKey, createdAt: number) => posted({ key, kind: 'digest', createdAt });
    await digest(ANN, 99);
    const [old, young] = [await digest(ANN, 100), await digest(ANN, 200)];
    const twin = await digest(ANN, 200);
    await digest(OTHER_ANN, 300);
    await posted({ key: ANN, kind: 'list', createdAt: 300 });
    await store().messages.create(message(ANN, { kind: 'digest', createdAt: 300 }), []);

    expect(await store().messages.digestsSince(ANN, 100)).toEqual([twin, young, old]);
    expect(await store().messages.digestsSince(BEN, 0)).toEqual([]);
  });

  it('retires digests that were posted before, oldest first, each once', async () => {
    const digest = (key: RepKey, createdAt: number) => posted({ key, kind: 'digest', createdAt });
    const [newer, older, bens] = [await digest(ANN, 98), await digest(ANN, 1), await digest(BEN, 99)];
    await digest(ANN, 100);
    await digest(OTHER_ANN, 1);
    await posted({ key: ANN, kind: 'list', createdAt: 1 });
    await store().messages.create(message(ANN, { kind: 'digest', createdAt: 1 }), []);

    const ids = async (limit: number) => (await store().messages.toRetire('T1', 100, limit)).map(({ id }) => id);
    expect(await ids(10)).toEqual([bens, newer, older]);
    expect(await ids(2)).toEqual([bens, newer]);
    await store().messages.markRetired(newer);
    await store().messages.markRetired('99');
    expect(await ids(10)).toEqual([bens, older]);
    // It is a message as before: it just has nothing to press.
    expect(await store().messages.digestsSince(ANN, 98)).toContain(newer);
  });

  it('retires no digest that shows a task with something under way', async () => {
    const { id } = await store().messages.create(message(ANN, { kind: 'digest', createdAt: 1 }), [task('a')]);
    await store().messages.markPosted(id, { channel: 'D1', ts: '1.1' });
    const queued = await store().ledger.record(action(ANN, task('a'), 1));
    expect(await store().messages.toRetire('T1', 100, 10)).toEqual([]);

    await store().ledger.transition(queued?.id ?? '', (now) => fail(now, 'invalid', 5));
    expect(await store().messages.toRetire('T1', 100, 10)).toEqual([{ id, createdAt: 1 }]);
  });

  it('knows what was listed ahead of a date, until a digest takes it or it is posted', async () => {
    const ahead = async (key: RepKey, aheadOf: string) =>
      (await store().messages.create({ ...message(key, { kind: 'digest', createdAt: 90 }), aheadOf }, [task('a')])).id;
    const aheadOf = (key: RepKey, date: string) => store().messages.aheadOf(key, date);
    const id = await ahead(ANN, '2026-03-02');
    const other = await ahead(ANN, '2026-03-03');
    await ahead(OTHER_ANN, '2026-03-02');
    await store().messages.create(message(BEN, { kind: 'digest' }), []);
    expect(await aheadOf(ANN, '2026-03-02')).toBe(id);
    expect(await aheadOf(ANN, '2026-03-03')).toBe(other);
    expect(await aheadOf(BEN, '2026-03-02')).toBeUndefined();
    expect(await store().messages.newest(ANN, 'digest')).toBeUndefined();

    await store().messages.take(id, 100);
    await store().messages.markPosted(other, { channel: 'D1', ts: '1.1' });
    expect(await aheadOf(ANN, '2026-03-02')).toBeUndefined();
    expect(await aheadOf(ANN, '2026-03-03')).toBeUndefined();
    expect((await store().messages.load(id))?.createdAt).toBe(100);
    expect(await store().messages.newest(ANN, 'digest')).toBe(id);
  });

  it('prunes old messages with their rows, but no digest that a run points to', async () => {
    const { id: digest } = await store().messages.create(message(ANN, { kind: 'digest', createdAt: 1 }), [task('a')]);
    const { id: list } = await store().messages.create(message(ANN, { createdAt: 2 }), [task('a')]);
    const { id: young } = await store().messages.create(message(ANN, { createdAt: 100 }), [task('a')]);
    await store().runs.claim(run(ANN, '2026-03-02'));
    await store().runs.markPosted(ANN, '2026-03-02', { messageId: digest, at: 5 });

    expect(await store().messages.prune(100)).toBe(1);
    expect(await store().messages.load(list)).toBeUndefined();
    expect(await store().messages.row(list, 0)).toBeUndefined();
    expect(await rows(digest)).toEqual([[0, 'a']]);
    expect(await rows(young)).toEqual([[0, 'a']]);
  });

  it('prunes all that is old, however many, and passes by what stays', async () => {
    const made: string[] = [];
    for (let n = 0; n < 450; n += 1) made.push((await store().messages.create(message(ANN, { createdAt: n }), [])).id);
    for (const [date, index] of [
      ['2026-03-02', 0],
      ['2026-03-03', 199],
      ['2026-03-04', 420],
    ] as const) {
      await store().runs.claim(run(ANN, date, { messageId: made[index] }));
    }

    expect(await store().messages.prune(440)).toBe(437);
    expect(await store().messages.prune(440)).toBe(0);
    expect(await Promise.all([0, 199, 420, 440].map((n) => store().messages.load(made[n] ?? '')))).not.toContain(
      undefined,
    );
  });

  it('never gives the id of a pruned message to another, so that an old button finds nothing', async () => {
    const { id: pruned } = await store().messages.create(message(ANN, { createdAt: 1 }), [task('a')]);
    await store().messages.prune(2);
    const { id: next } = await store().messages.create(message(ANN), [task('b')]);
    expect(next).not.toBe(pruned);

    await store().messages.replace(pruned, summary(), [task('b')]);
    expect(await store().messages.load(pruned)).toBeUndefined();
  });

  it('refuses a message for someone unknown, and leaves nothing of it', async () => {
    await expect(store().messages.create(message({ teamId: 'T1', userId: 'nobody' }), tasks(3))).rejects.toThrow();
    expect(
      await store().messages.showing({ teamId: 'T1', userId: 'nobody', provider: 'gong', taskId: '1' }, 0),
    ).toEqual([]);
  });
}
