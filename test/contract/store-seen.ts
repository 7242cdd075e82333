/** What a message comes to show of changes that were made at a provider. */
import { beforeEach, expect, it } from 'vitest';
import type { SeenChange } from '../../src/core/model/message.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, message, OTHER_ANN, rep, summary, task } from '../store/fixtures.ts';

const KEY = { ...ANN, provider: 'gong', taskId: 'a' };
const DONE: SeenChange = { how: 'done', at: 7_000 };
const GONE: SeenChange = { how: 'gone', at: 7_000 };
const moved = (dueAt: number | undefined, at = 7_000): SeenChange => ({
  how: 'changed',
  at,
  task: task('a', { dueAt }),
});

export function seenContract(store: () => Store): void {
  const messages = () => store().messages;
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  async function seen(id: string) {
    return (await messages().load(id))?.items.map((item) => item.seen);
  }

  it.each([DONE, GONE, moved(5), moved(undefined)])('gives back what was seen: %j', async (news) => {
    const { id } = await messages().create(message(ANN), [task('a'), task('b')]);

    expect(await messages().noteSeen(KEY, news, 0)).toBe(true);
    expect(await seen(id)).toStrictEqual([news, undefined]);
    expect((await messages().row(id, 0))?.seen).toStrictEqual(news);
    // The row is still that of the task as it was listed.
    expect((await messages().row(id, 0))?.task).toEqual(task('a'));
  });

  it('notes it in every message of the rep that shows the task, from the time on that was asked for', async () => {
    const { id: old } = await messages().create(message(ANN, { createdAt: 99 }), [task('a')]);
    const ids = [
      (await messages().create(message(ANN, { createdAt: 100 }), [task('b'), task('a')])).id,
      (await messages().create(message(ANN, { createdAt: 200, kind: 'digest' }), [task('a'), task('a')])).id,
    ];
    const others = [
      (await messages().create(message(BEN, { createdAt: 200 }), [task('a')])).id,
      (await messages().create(message(OTHER_ANN, { createdAt: 200 }), [task('a')])).id,
      (await messages().create(message(ANN, { createdAt: 200 }), [task('a', { provider: 'reply' })])).id,
    ];

    expect(await messages().noteSeen(KEY, DONE, 100)).toBe(true);
    expect(await Promise.all(ids.map(seen))).toEqual([
      [undefined, DONE],
      [DONE, DONE],
    ]);
    expect(await Promise.all([old, ...others].map(seen))).toEqual([[undefined], [undefined], [undefined], [undefined]]);
  });

  it('finds no news in what a row shows already', async () => {
    await messages().create(message(ANN), [task('a', { contact: { name: 'Dana' } })]);
    const same: SeenChange = { how: 'changed', at: 7_000, task: task('a', { contact: { name: 'Dana' } }) };

    expect(await messages().noteSeen(KEY, same, 0)).toBe(false);
    expect(await messages().noteSeen(KEY, moved(5), 0)).toBe(true);
    expect(await messages().noteSeen(KEY, moved(5, 8_000), 0)).toBe(false);
    expect(await messages().noteSeen(KEY, moved(6), 0)).toBe(true);
  });

  it('finds news in a task that came back to what it was', async () => {
    const { id } = await messages().create(message(ANN), [task('a')]);
    await messages().noteSeen(KEY, moved(5), 0);

    expect(await messages().noteSeen(KEY, moved(task('a').dueAt), 0)).toBe(true);
    expect(await seen(id)).toStrictEqual([moved(task('a').dueAt)]);
  });

  it.each([DONE, GONE])('keeps a row closed that was closed: %j', async (closed) => {
    const { id } = await messages().create(message(ANN), [task('a')]);
    await messages().noteSeen(KEY, closed, 0);

    for (const later of [moved(5), DONE, GONE]) expect(await messages().noteSeen(KEY, later, 0)).toBe(false);
    expect(await seen(id)).toEqual([closed]);
  });

  it('finds no news where nobody looks: in rows that are hidden, and in no row at all', async () => {
    const { id } = await messages().create(message(ANN), [task('a')]);
    await messages().replace(id, summary(), [task('b')]);

    expect(await messages().noteSeen(KEY, DONE, 0)).toBe(false);
    expect(await messages().noteSeen({ ...KEY, taskId: 'unknown' }, DONE, 0)).toBe(false);
  });

  it('is over when the providers were asked again', async () => {
    const { id } = await messages().create(message(ANN), [task('a')]);
    await messages().noteSeen(KEY, moved(5), 0);
    await messages().replace(id, summary(), [task('a', { dueAt: 6 })]);

    expect(await seen(id)).toEqual([undefined]);
    expect((await messages().load(id))?.items[0]?.task.dueAt).toBe(6);
  });

  it('knows who looks at a task, each once', async () => {
    for (const createdAt of [99, 100, 200]) await messages().create(message(ANN, { createdAt }), [task('a')]);
    await messages().create(message(OTHER_ANN, { createdAt: 100 }), [task('a'), task('a')]);
    await messages().create(message(BEN, { createdAt: 99 }), [task('a')]);
    const { id: hidden } = await messages().create(message(BEN, { createdAt: 200 }), [task('a')]);
    await messages().replace(hidden, summary(), [task('b')]);

    const watchers = await messages().watchers({ teamId: undefined, provider: 'gong', taskId: 'a' }, 100);
    expect(watchers.toSorted((a, b) => (a.teamId < b.teamId ? -1 : 1))).toStrictEqual([ANN, OTHER_ANN]);
    expect(await messages().watchers({ teamId: undefined, provider: 'reply', taskId: 'a' }, 0)).toEqual([]);
    expect(await messages().watchers({ teamId: undefined, provider: 'gong', taskId: 'a' }, 201)).toEqual([]);
  });
}
