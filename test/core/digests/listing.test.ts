/** Asking every linked provider: one's failure never hides the others' tasks, nor passes for an empty list. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ListRequest } from '../../../src/core/digests/listing.ts';
import { type LoadedMessage, MOST_ROWS_OF_A_PAGE } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { TaskProvider } from '../../../src/core/ports/provider.ts';
import { ANN, BEN, createDocket, DAY, type Docket, HOUR, ref } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, task } from '../provider.ts';

/** What is due then is due now, and not overdue yet. */
const JUST_DUE = MONDAY_NINE - 300_000;

const ALL: ListRequest = { kind: 'list', filter: { by: 'all' }, priority: 'person' };

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
  // contracts, unknown G5: the list has no end
  test('has a row for each task that matches, ranked, and counts them', async () => {
    docket.holds(...many(120));

    const { ids, summary } = await listed();

    expect(ids).toEqual(idsOf(many(120)));
    expect(summary.counts).toEqual({ overdue: 0, today: 120, upcoming: 0 });
  });

  test('is ranked by the working week that the rep chose', async () => {
    // Due on Friday at noon, and on Thursday at noon with a priority that a working day outweighs.
    const friday = MONDAY_NINE - 3 * DAY + 3 * HOUR;
    docket.holds(task('friday', { dueAt: friday, kind: 'call' }), task('thursday', { dueAt: friday - DAY }));
    const rep = await docket.rep();
    const chosen = await docket.deps.store.schedules.find(rep);
    if (!chosen) throw new Error('no schedule');

    expect((await listed()).ids).toEqual(['thursday', 'friday']);
    await docket.deps.store.schedules.save({ ...chosen, days: [1] });
    expect((await listed()).ids).toEqual(['friday', 'thursday']);
  });

  test('turns to a page, and back: a page that is asked for twice is turned to once', async () => {
    docket.holds(...many(120));
    const { id } = await listed();
    const turn = async (start: number) => {
      await docket.lists.turn(await docket.rep(), await load(id), start);
      return (await load(id)).summary.starts;
    };

    expect(await turn(20)).toEqual([0, 20]);
    expect(await turn(20)).toEqual([0, 20]);
    expect(await turn(45)).toEqual([0, 20, 45]);
    expect(await turn(20)).toEqual([0, 20]);
    expect(await turn(0)).toEqual([0]);
  });

  test('begins at its first page when it is asked again', async () => {
    docket.holds(...many(120));
    const { id } = await listed();
    await docket.lists.turn(await docket.rep(), await load(id), 20);

    await docket.lists.refresh(await docket.rep(), id, 'person');

    expect((await load(id)).summary.starts).toBeUndefined();
  });

  test('counts only what its filter asks for, and the provider’s answer as a whole', async () => {
    docket.holds(task('a', { dueAt: MONDAY_NINE - HOUR }), task('b'), task('c'));

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
    docket.holds(...many(60));

    const { items, ids } = await listed();

    const first = idsOf(many(MOST_ROWS_OF_A_PAGE));
    expect(asked).toEqual([{ externalId: 'ann at fake', ids: first, priority: 'person' }]);
    expect(ids).toEqual(idsOf(many(60)));
    const described = items.filter(({ task: { contact } }) => contact);
    expect(described.map(({ task: { contact } }) => contact?.name)).toEqual(first.map((id) => `Dana ${id}`));
  });

  test('is not asked when none of its tasks is shown', async () => {
    await listed({ filter: { by: 'overdue' } });

    expect(asked).toEqual([]);
  });

  test('is asked about the rows of the page that a rep turns to', async () => {
    docket.holds(...many(120));
    const { id } = await listed();
    asked.length = 0;

    await docket.lists.turn(await docket.rep(), await load(id), 50);

    const page = idsOf(many(120)).slice(50, 50 + MOST_ROWS_OF_A_PAGE);
    expect(asked).toEqual([{ externalId: 'ann at fake', ids: page, priority: 'person' }]);
    const { items } = await load(id);
    expect(items[50]?.task.contact?.name).toBe('Dana 50');
    expect(items[49]?.task.contact).toBeUndefined();
  });

  test('may leave tasks as they were, and changes none of another provider', async () => {
    const second = await two();
    docket.holds(...many(25));
    const other = task('0', { provider: 'other', dueAt: MONDAY_NINE });
    second.open.set('ann', [other]);
    Object.assign(docket.provider, { describe: async (_: unknown, tasks: readonly Task[]) => tasks.slice(0, 1) });

    const { items } = await listed();

    expect(items).toHaveLength(26);
    expect(items.find((item) => item.task.provider === 'other')?.task).toEqual(other);
    expect(items.map((item) => item.task.contact)).toEqual(Array(26).fill(undefined));
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
    await ask({ anew: true });
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

  test('is ranked as of that reading, by which it is grouped when it is shown', async () => {
    const { ask, end } = await held();
    const urgent = { dueAt: JUST_DUE + 500, priority: 'Urgent' };
    docket.holds(task('today', urgent), task('overdue', { dueAt: JUST_DUE - 1 }));
    const first = ask();
    await new Promise(setImmediate);
    docket.pass(1_000);
    const second = ask({ filter: { by: 'text', text: 'call' } });
    await new Promise(setImmediate);
    end();

    expect((await first).ids).toEqual(['overdue', 'today']);
    expect((await second).ids).toEqual(['overdue', 'today']);
    expect((await second).summary.fetchedAt).toBe(MONDAY_NINE);
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
