/** Digests stay true to what happens at the providers: told of it, or looked for. Nothing is acted on. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, type Trouble, task } from '../provider.ts';

const SHOWN = [task('1'), task('2'), task('3')];
const LATER = MONDAY_NINE + 2 * DAY;

let docket: Docket;
let digest: string;
beforeEach(async () => {
  docket = await createDocket({ verbs: { dismiss: FINAL } });
  digest = await docket.showDigest(SHOWN);
  docket.holds(...SHOWN);
});

async function seen(id = digest) {
  const message = await docket.deps.store.messages.load(id);
  return (message?.items ?? []).map((item) => item.seen);
}

const hows = async (id = digest) => (await seen(id)).map((each) => each?.how);

/** Nothing is said of any row. */
const expectNothingSeen = async () => expect(await seen()).toEqual([undefined, undefined, undefined]);

async function look(rep: RepKey = ANN): Promise<void> {
  await docket.enqueue({ kind: 'reconcile', ...rep });
  await docket.work();
}

async function told(taskId: string, what: 'created' | 'updated' | 'completed' | 'destroyed'): Promise<void> {
  await docket.enqueue({ kind: 'changed', provider: 'fake', taskId, what });
  await docket.work();
}

/** Clicks on the digest, and has the work done. */
const act = (change: Change, position = 0) => docket.act(change, 0, position);

describe('a look', () => {
  // gong.md 8.1: there are no webhooks: what changed is found by reading
  test('finds what was done, closed or moved, and shows that without anyone waiting', async () => {
    const moved = task('3', { dueAt: LATER });
    docket.holds(moved);
    docket.provider.done.set('1', MONDAY_NINE + 1);
    docket.pass(HOUR);

    await look();

    const at = MONDAY_NINE + HOUR;
    const done = { how: 'done', at, doneAt: MONDAY_NINE + 1 };
    expect(await seen()).toEqual([done, { how: 'gone', at }, { how: 'changed', at, task: moved }]);
    expect(docket.screen.later.map(({ taskId }) => taskId).toSorted()).toEqual(['1', '2', '3']);
    expect(docket.screen.changed).toEqual([]);
    expect(docket.provider.effects).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('says who did it, where the provider does', async () => {
    docket.holds(task('3'));
    docket.provider.done.set('1', undefined).set('2', undefined);
    docket.provider.doneBy.set('1', 'other');

    await look();

    const done = { how: 'done', at: MONDAY_NINE };
    expect(await seen()).toEqual([{ ...done, doneBy: 'other' }, done, undefined]);
  });

  test('asks for a task that the list lacks: it may have slipped through between two pages', async () => {
    const { listTasks } = docket.provider;
    docket.provider.listTasks = async (...asked) => {
      const { tasks, unreadable } = await listTasks(...asked);
      return { tasks: tasks.slice(1), unreadable };
    };

    await look();

    expect(docket.provider.calls).toEqual(['list ann at fake', 'read 1']);
    await expectNothingSeen();
  });

  test('asks once for what is closed, and not for what was done here', async () => {
    await act({ verb: 'done' });
    docket.holds(task('3'));
    docket.provider.calls.length = 0;

    await look();
    await look();

    expect(docket.provider.calls).toEqual(['list ann at fake', 'read 2', 'list ann at fake']);
  });

  test('that meets a bug of ours is put off, not repeated at once for ever', async () => {
    docket.holds();
    docket.deps.screen = { ...docket.screen, showLater: async () => Promise.reject(new TypeError('a bug')) };

    await look();

    expect(await docket.deps.queue.open()).toBe(1);
    expect(await docket.deps.queue.claim(docket.deps.clock(), { limit: 9, leaseMs: 1 })).toEqual([]);
  });

  test('tells each change once, back to what it was included, and nothing where nothing changed', async () => {
    await look();
    await expectNothingSeen();
    docket.holds(task('1', { dueAt: LATER }), task('2'));
    await look();
    await look();
    docket.holds(task('1'), task('2'));
    await look();

    expect(docket.screen.later.map(({ taskId }) => taskId)).toEqual(['1', '3', '1']);
    expect((await seen())[0]).toMatchObject({ how: 'changed', task: { dueAt: task('1').dueAt } });
  });

  test('keeps what a row knew of a task of which the list says less', async () => {
    const described = task('1', { title: 'Call Dana', contact: { name: 'Dana' } });
    digest = await docket.showDigest([described, ...SHOWN.slice(1)]);
    docket.holds(task('1', { title: 'Call 1' }), ...SHOWN.slice(1));
    await look();
    const same = await seen();
    docket.holds(task('1', { title: 'Call 1', dueAt: LATER }), ...SHOWN.slice(1));
    await look();

    expect(same[0]).toBeUndefined();
    expect((await seen())[0]).toMatchObject({ how: 'changed', task: { ...described, dueAt: LATER } });
  });

  test('is at all digests of three days and none before, with one list, and with one reading of what it lacks', async () => {
    const three: string[] = [];
    for (const ms of [1, DAY, 2 * DAY]) {
      docket.pass(ms);
      three.push(await docket.showDigest(SHOWN));
    }
    docket.holds(task('2'));

    await look();

    for (const id of three) expect(await hows(id)).toEqual(['gone', undefined, 'gone']);
    await expectNothingSeen();
    expect(docket.provider.calls).toEqual(['list ann at fake', 'read 1', 'read 3']);
  });

  test('asks nobody for a rep without a digest', async () => {
    await look(BEN);

    expect(docket.provider.calls).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('a list that does not tell everything shows nothing as gone', () => {
  test.each<[string, () => unknown]>([
    ['it failed for now', () => docket.provider.listTrouble.push({ kind: 'unavailable' })],
    ['it failed for good', () => docket.provider.listTrouble.push({ kind: 'disconnected' })],
    ['it could be read in part', () => Object.assign(docket.provider, { unreadable: 1 })],
    ['the link is gone', () => docket.deps.store.links.remove(ANN, 'fake')],
    ['the provider is not set up', () => docket.deps.providers.clear()],
  ])('%s', async (_name, change) => {
    docket.holds();
    await change();

    await look();

    await expectNothingSeen();
    expect(docket.screen.later).toEqual([]);
  });

  test('of one provider, beside that of another', async () => {
    const [one, two] = [fakeProvider('one'), fakeProvider('two')];
    docket = await createDocket({ providers: [one, two] });
    await docket.link(ANN, 'ann', { provider: 'two' });
    digest = await docket.showDigest([task('1', { provider: 'one' }), task('1', { provider: 'two' })]);
    one.open.clear();
    one.listTrouble.push({ kind: 'unavailable' });

    await look();

    expect(await hows()).toEqual([undefined, 'gone']);
  });
});

describe('what was done here is not shown as done elsewhere', () => {
  test.each<Change>([
    { verb: 'done' },
    { verb: 'snooze', dueAt: LATER },
    { verb: 'reschedule', dueAt: LATER },
    { verb: 'reassign', to: { externalId: '9', name: 'Bo' } },
  ])('%j', async (change) => {
    docket.provider.allowed.verbs.reassign = { reversible: true, repeatable: false };
    await act(change);

    await look();
    await told('1', change.verb === 'done' ? 'completed' : 'updated');

    await expectNothingSeen();
    expect(docket.screen.later).toEqual([]);
  });

  test('a task whose Dismiss is held back, or whose Done is being undone or was: the action speaks for the row', async () => {
    await docket.change({ verb: 'dismiss' });
    await act({ verb: 'done' }, 1);
    await act({ verb: 'done' }, 2);
    await docket.undo(1, 2);
    await docket.work();
    await docket.undo(1, 1);
    docket.holds(task('3'));

    await look();

    await expectNothingSeen();
  });

  test('but what happens to the task after that is', async () => {
    await act({ verb: 'snooze', dueAt: LATER });
    await act({ verb: 'snooze', dueAt: LATER }, 1);
    docket.holds(task('1', { dueAt: LATER + DAY }), task('3'));

    await look();

    expect(await hows()).toEqual(['changed', 'gone', undefined]);
  });

  test.each<[string, Change, Trouble[]]>([
    ['action failed', { verb: 'done' }, [{ kind: 'invalid' }]],
    ['note was changed here', { verb: 'note', note: 'x' }, []],
  ])('but a task whose %s may be closed elsewhere', async (_name, change, trouble) => {
    docket.provider.allowed.verbs.note = { reversible: true, repeatable: true };
    docket.provider.trouble.push(...trouble);
    await act(change);
    docket.holds(...SHOWN.slice(1));

    await look();

    expect((await seen())[0]).toMatchObject({ how: 'gone' });
  });

  test('but a task that was done here, opened again there, listed anew, and closed there, is', async () => {
    await act({ verb: 'done' });
    docket.pass(DAY);
    docket.holds(...SHOWN);
    digest = await docket.showDigest(SHOWN);
    docket.holds(...SHOWN.slice(1));

    await look();

    expect((await seen())[0]).toMatchObject({ how: 'gone' });
  });
});

describe('what a provider tells of', () => {
  test('is read again for everyone whose messages show the task, and for nobody else', async () => {
    const bens = await docket.showDigest([task('1')], BEN);
    await addRep(docket, { ...ANN, userId: 'UCAT' }, 'cat at fake');
    docket.provider.open.set('ben at fake', []);
    docket.holds(task('1', { title: 'Call Dana instead' }), ...SHOWN.slice(1));

    await told('1', 'updated');

    const changed = { how: 'changed', task: { title: 'Call Dana instead' } };
    expect(await seen()).toMatchObject([changed, undefined, undefined]);
    expect(await seen(bens)).toMatchObject([{ how: 'gone' }]);
    expect(docket.provider.calls).toEqual(['read 1', 'read 1']);
    expect(docket.screen.later).toHaveLength(2);
  });

  test.each([
    ['completed', [], { how: 'done' }],
    ['updated', [], { how: 'gone' }],
    ['destroyed', [], { how: 'gone' }],
    // Told late, or again: it is open by now, and that is what counts.
    ['completed', [task('1', { dueAt: LATER })], { how: 'changed', task: { dueAt: LATER } }],
    ['created', [task('1')], undefined],
  ] as const)('%s, while the provider holds %j: %j', async (what, found, how) => {
    docket.holds(...found);

    await told('1', what);

    const [first] = await seen();
    if (how) expect(first).toMatchObject(how);
    else expect(first).toBeUndefined();
    expect(docket.screen.later).toHaveLength(how ? 1 : 0);
    expect(docket.provider.calls).toEqual(what === 'destroyed' ? [] : ['read 1']);
  });

  test('of a task that nobody looks at is forgotten', async () => {
    await told('99', 'completed');
    docket.pass(4 * DAY);
    await told('1', 'completed');

    expect(docket.provider.calls).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('is read for the others though it cannot be read for one of them', async () => {
    const bens = await docket.showDigest([task('1')], BEN);
    docket.provider.open.set('ben at fake', []);
    docket.holds(...SHOWN.slice(1));
    docket.provider.readTrouble.push({ kind: 'disconnected' });

    await told('1', 'completed');

    expect([...(await hows()).slice(0, 1), ...(await hows(bens))].toSorted()).toEqual(['done', undefined]);
    expect(docket.lines).toEqual(['error job failed']);
  });

  test('and was read before a rep put the task back closes nothing', async () => {
    await act({ verb: 'done' });
    const { readTask } = docket.provider;
    docket.provider.readTask = async (...asked) => {
      const found = await readTask(...asked);
      docket.provider.readTask = readTask;
      docket.pass(1_000);
      await docket.undo();
      await docket.work();
      return found;
    };

    await told('1', 'updated');

    expect(docket.provider.undone).toEqual(['done']);
    await expectNothingSeen();
  });

  test('of someone whose link is gone is left alone', async () => {
    await docket.deps.store.links.remove(ANN, 'fake');

    await told('1', 'destroyed');

    await expectNothingSeen();
  });

  test('and cannot be read is tried again, and not shown as gone', async () => {
    docket.holds();
    docket.provider.readTrouble.push({ kind: 'unavailable' });
    await told('1', 'updated');
    await expectNothingSeen();
    docket.pass(2_000);
    await docket.work();

    expect((await seen())[0]).toMatchObject({ how: 'gone' });
    expect(await docket.deps.queue.open()).toBe(0);
  });
});
