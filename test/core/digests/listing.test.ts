/** Asking every linked provider: one's failure never hides the others' tasks, nor passes for an empty list. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ListRequest } from '../../../src/core/digests/listing.ts';
import type { LoadedMessage } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { TaskProvider } from '../../../src/core/ports/provider.ts';
import { ANN, BEN, createDocket, DAY, type Docket, HOUR, ref } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, task } from '../provider.ts';

const ALL: ListRequest = { kind: 'list', filter: { by: 'all' }, after: undefined, priority: 'person' };

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
});

async function listed(request: Partial<ListRequest> = {}) {
  return withIds(await docket.lists.make(await docket.rep(), { ...ALL, ...request }));
}

async function load(id: string) {
  const message = await docket.deps.store.messages.load(id);
  if (!message) throw new Error('no such message');
  return withIds(message);
}

function withIds(message: LoadedMessage) {
  return { ...message, ids: message.items.map((item) => item.task.id) };
}

function many(count: number) {
  return Array.from({ length: count }, (_, index) => task(`${index}`, { dueAt: MONDAY_NINE + index }));
}

const idsOf = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

/** Ann has a task at each of two providers; the second one is returned. */
async function two() {
  const other = fakeProvider('other');
  docket = await createDocket({ providers: [fakeProvider(), other] });
  await docket.link(ANN, 'ann', { provider: 'other' });
  docket.holds(task('late', { dueAt: MONDAY_NINE + HOUR }));
  other.open.set('ann', [task('soon', { provider: 'other', dueAt: MONDAY_NINE + 1 })]);
  return other;
}

describe('several providers', () => {
  test.each([
    [{ kind: 'auth' } as const, 'auth'],
    [{ kind: 'unavailable' } as const, 'unavailable'],
    [{ throws: new TypeError('ours') }, 'unexpected'],
  ])('of which one fails (%j): the other’s tasks are there, and the failure beside them', async (trouble, reason) => {
    const other = await two();
    await listed();
    docket.pass(DAY);
    other.listTrouble.push(trouble);

    const { ids, summary } = await listed();

    expect(ids).toEqual(['late']);
    expect(summary.reports[0]).toMatchObject({ state: 'listed', tasks: 1 });
    const failed = { provider: 'other', name: 'other', noun: 'call tasks', state: 'failed' };
    expect(summary.reports[1]).toEqual({ ...failed, reason, lastListedAt: MONDAY_NINE, reference: '000000' });
    expect(docket.lines).toHaveLength(1);
  });

  const ODD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15, -8.64e15];
  test.each(ODD)('of which one has a task due at %s: it is unreadable, and costs no other its row', async (dueAt) => {
    const other = await two();
    other.open.get('ann')?.push(task('odd', { provider: 'other', dueAt }));

    for (const by of ['all', 'overdue', 'today', 'week'] as const) {
      const { summary } = await listed({ filter: { by } });
      expect(summary.reports[1]).toMatchObject({ state: 'listed', tasks: 1, unreadable: 1 });
    }
    expect((await listed()).ids).toEqual(['soon', 'late']);
  });

  test('of which one is not set up any more: it is not asked, and not reported', async () => {
    const other = await two();
    docket.deps.providers.delete(other.id);

    const { ids, summary } = await listed();

    expect(ids).toEqual(['late']);
    expect(summary.reports).toHaveLength(1);
    expect(other.calls).toEqual([]);
  });
});

describe('a list', () => {
  // contracts, unknown G5: the list has no end: what is shown is capped, and the rest counted
  test.each([
    ['shows what fits', many(25), undefined, many(10), { offset: 0, remaining: 15 }],
    ['goes on after the last row that was shown', many(25), many(20), many(25).slice(20), { offset: 20, remaining: 0 }],
    [
      'goes on there though rows are done by now',
      many(25).slice(7),
      many(10),
      many(20).slice(10),
      { offset: 3, remaining: 5 },
    ],
    ['begins anew when its page has emptied', many(3), many(20), many(3), { offset: 0, remaining: 0 }],
  ])('counts all that match, and %s', async (_name, held, shownBefore, shown, where) => {
    docket.holds(...held);

    const { ids, summary } = await listed({ after: shownBefore?.at(-1) });

    expect(ids).toEqual(idsOf(shown));
    expect(summary).toMatchObject({ ...where, counts: { overdue: 0, today: held.length, upcoming: 0 } });
  });

  test('counts only what its filter asks for, and the provider’s answer as a whole', async () => {
    docket.holds(task('a', { dueAt: MONDAY_NINE - 1 }), task('b'), task('c'));

    const { ids, summary } = await listed({ filter: { by: 'overdue' } });

    expect(ids).toEqual(['a']);
    expect(summary.counts).toEqual({ overdue: 1, today: 0, upcoming: 0 });
    expect(summary.reports[0]).toMatchObject({ tasks: 3 });
  });

  test('is asked again in place: what was closed is gone, what is new is there', async () => {
    const before = await listed({ filter: { by: 'today' } });
    docket.holds(task('2'), task('3'));
    docket.pass(1);

    await docket.lists.refresh(await docket.rep(), before.id, 'person');

    const after = await load(before.id);
    expect(before.ids).toEqual(['1', '2']);
    expect(after.ids).toEqual(['2', '3']);
    expect(after.summary).toMatchObject({ filter: { by: 'today' }, fetchedAt: MONDAY_NINE + 1 });
  });

  test('that is gone is not asked again', async () => {
    await docket.lists.refresh(await docket.rep(), '999', 'person');

    expect(docket.provider.calls).toEqual([]);
  });
});

describe('a provider whose list says little', () => {
  let asked: { externalId: string; ids: string[]; priority: string }[];
  beforeEach(() => {
    docket.holds(...many(25));
    asked = [];
    const describing: Pick<TaskProvider, 'describe'> = {
      async describe({ externalId }, tasks, { priority }) {
        asked.push({ externalId, ids: idsOf(tasks), priority });
        return tasks.map((each) => ({ ...each, contact: { name: `Dana ${each.id}` } }));
      },
    };
    Object.assign(docket.provider, describing);
  });

  test('is asked about the rows that are shown, and about no others', async () => {
    const { items, ids, summary } = await listed();

    const first = idsOf(many(10));
    expect(asked).toEqual([{ externalId: 'ann at fake', ids: first, priority: 'person' }]);
    expect(ids).toEqual(first);
    expect(items.map((item) => item.task.contact?.name)).toEqual(first.map((id) => `Dana ${id}`));
    expect(summary).toMatchObject({ remaining: 15, counts: { today: 25 } });
  });

  test('is not asked when none of its tasks is shown', async () => {
    await listed({ filter: { by: 'overdue' } });

    expect(asked).toEqual([]);
  });

  test('makes rows longer: what does not fit any more comes after', async () => {
    docket.screen.rowsThatFit = ({ tasks }) => Math.min(tasks.length, tasks.some(({ contact }) => contact) ? 4 : 10);

    const { ids, summary } = await listed();

    expect(ids).toEqual(['0', '1', '2', '3']);
    expect(summary.remaining).toBe(21);
  });

  test('may leave tasks as they were, and changes none of another provider', async () => {
    const second = await two();
    docket.holds(...many(25));
    const other = task('0', { provider: 'other', dueAt: MONDAY_NINE });
    second.open.set('ann', [other]);
    Object.assign(docket.provider, { describe: async (_: unknown, tasks: readonly Task[]) => tasks.slice(0, 1) });

    const { items } = await listed();

    expect(items).toHaveLength(10);
    expect(items.find((item) => item.task.provider === 'other')?.task).toEqual(other);
    expect(items.map((item) => item.task.contact)).toEqual(Array(10).fill(undefined));
  });
});

describe('a rep who asks again while a list is being read', () => {
  /** Readings stay open until the test lets them end. */
  async function held() {
    const gate = Promise.withResolvers<void>();
    const read = docket.provider.listTasks.bind(docket.provider);
    docket.provider.listTasks = async (account, options) => {
      try {
        return await read(account, options);
      } finally {
        await gate.promise;
      }
    };
    const ask = async (more: Partial<ListRequest> = {}) =>
      docket.lists.make(await docket.rep(), { ...ALL, ...more }).then(withIds);
    const readings = () => docket.provider.calls.filter((call) => call === 'list ann at fake').length;
    return { ask, readings, end: () => gate.resolve() };
  }

  test('shares it: the same ask has the same answer, another one an answer of its own from the same reading', async () => {
    const { ask, readings, end } = await held();
    const asked = [ask(), ask(), ask({ filter: { by: 'text', text: 'call 2' } }), ask()];
    await new Promise(setImmediate);
    end();
    const [first, second, filtered, third] = await Promise.all(asked);

    expect(readings()).toBe(1);
    expect(new Set([first?.id, second?.id, third?.id]).size).toBe(1);
    expect(first?.ids).toEqual(['1', '2']);
    expect(filtered?.ids).toEqual(['2']);
    await ask();
    expect(readings()).toBe(2);
    // Posted ones share the reading alone: a message has one place in Slack.
    const [one, other] = await Promise.all([ask({ posted: true }), ask({ posted: true })]);
    expect(one.id).not.toBe(other.id);
  });

  test('shares a failure too, and the next ask is read anew', async () => {
    const { ask, readings, end } = await held();
    docket.provider.listTrouble.push({ kind: 'unavailable' });
    const asked = [ask(), ask({ filter: { by: 'today' } })];
    await new Promise(setImmediate);
    end();
    const [first, second] = await Promise.all(asked);

    const failed = [{ state: 'failed', reason: 'unavailable' }];
    for (const list of [first, second]) expect(list?.summary.reports).toMatchObject(failed);
    expect((await ask()).ids).toEqual(['1', '2']);
    expect(readings()).toBe(2);
  });

  test('sees what they did since that reading began: the row shows it, and does not offer it again', async () => {
    const { ask, readings, end } = await held();
    const shown = await docket.show([task('1')]);
    const first = ask();
    await new Promise(setImmediate);
    docket.pass(1_000);
    await docket.clicks.change(ANN, ref(shown), { verb: 'done' });
    await docket.work();
    docket.pass(1_000);
    const second = ask({ filter: { by: 'today' } });
    await new Promise(setImmediate);
    end();
    await first;

    const { items, summary } = await second;
    expect(readings()).toBe(1);
    expect(summary.fetchedAt).toBe(MONDAY_NINE);
    const row = items.find((item) => item.task.id === '1');
    expect(row?.seq).toBe(0);
    expect(row?.action).toMatchObject({ change: { verb: 'done' }, state: 'succeeded', seq: 1 });
  });

  test('does not wait with a digest, nor with another rep', async () => {
    const { ask, readings, end } = await held();
    const asked = [ask(), ask({ kind: 'digest', priority: 'digest' }), docket.lists.make(await docket.rep(BEN), ALL)];
    await new Promise(setImmediate);
    end();
    await Promise.all<unknown>(asked);

    expect(readings()).toBe(2);
    expect(docket.provider.calls).toContain('list ben at fake');
  });
});
