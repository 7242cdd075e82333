/** Digests stay true to what happens at the providers: told of it, or looked for. Nothing is acted on. */
import { beforeEach, describe, expect, test } from 'vitest';
import { enqueueChecks } from '../../../src/core/digests/reconcile.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, type Trouble, task } from '../provider.ts';

const SHOWN = [task('1'), task('2'), task('3')];
const LATER = MONDAY_NINE + 2 * DAY;

let docket: Docket;
let digest: string;
beforeEach(async () => {
  docket = await createDocket({ verbs: { dismiss: FINAL } });
  digest = await showDigest(SHOWN);
  docket.holds(...SHOWN);
});

async function showDigest(tasks: readonly Task[], rep: RepKey = ANN): Promise<string> {
  const id = await docket.show(tasks, rep, 'digest');
  const localDate = new Date(docket.deps.clock()).toISOString().slice(0, 10);
  const run = { ...rep, localDate, claimedAt: 1, postedAt: undefined, messageId: undefined };
  await docket.deps.store.runs.claim({ ...run, state: 'claimed' });
  await docket.deps.store.messages.markPosted(id, { channel: 'D1', ts: `${id}.0` });
  await docket.deps.store.runs.markPosted(rep, localDate, { messageId: id, at: docket.deps.clock() });
  return id;
}

async function seen(id = digest) {
  const message = await docket.deps.store.messages.load(id);
  return (message?.items ?? []).map((item) => item.seen);
}

/** Nothing is said of any row. */
const expectNothingSeen = async () => expect(await seen()).toEqual([undefined, undefined, undefined]);

let jobs = 0;
async function enqueue(payload: Parameters<Docket['deps']['queue']['enqueue']>[0]['payload']): Promise<void> {
  jobs += 1;
  await docket.deps.queue.enqueue({ key: `test:${jobs}`, payload, priority: 0, runAt: docket.deps.clock() });
}

async function look(rep: RepKey = ANN): Promise<void> {
  await enqueue({ kind: 'reconcile', ...rep });
  await docket.work();
}

async function told(taskId: string, what: 'created' | 'updated' | 'completed' | 'destroyed'): Promise<void> {
  await enqueue({ kind: 'changed', provider: 'fake', taskId, what });
  await docket.work();
}

/** Clicks on the digest, and has the work done. */
const act = (change: Change, position = 0) => docket.act(change, 0, position);

describe('a look', () => {
  // gong.md 8.1: there are no webhooks: what changed is found by reading
  test('finds what was closed and what was moved, and shows that without anyone waiting', async () => {
    docket.holds(task('1'), task('3', { dueAt: LATER }));
    docket.pass(HOUR);

    await look();

    const at = MONDAY_NINE + HOUR;
    expect(await seen()).toEqual([
      undefined,
      { how: 'gone', at },
      { how: 'changed', at, task: task('3', { dueAt: LATER }) },
    ]);
    expect(docket.screen.later.map(({ taskId }) => taskId).toSorted()).toEqual(['2', '3']);
    expect(docket.screen.changed).toEqual([]);
    expect(docket.provider.effects).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
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

  test('tells each change once, and nothing where nothing changed', async () => {
    await look();
    await expectNothingSeen();
    docket.holds(task('1', { dueAt: LATER }), task('2'));
    await look();
    await look();

    expect(docket.screen.later.map(({ taskId }) => taskId)).toEqual(['1', '3']);
  });

  test('follows a task that moves again, and back', async () => {
    docket.holds(task('1', { dueAt: LATER }), ...SHOWN.slice(1));
    await look();
    docket.holds(...SHOWN);
    await look();

    expect(docket.screen.later).toHaveLength(2);
    expect((await seen())[0]).toMatchObject({ how: 'changed', task: { dueAt: task('1').dueAt } });
  });

  test('keeps what a row knew of a task of which the list says less', async () => {
    const described = task('1', { title: 'Call Dana', contact: { name: 'Dana' } });
    digest = await showDigest([described, ...SHOWN.slice(1)]);
    docket.holds(task('1', { title: 'Call 1' }), ...SHOWN.slice(1));
    await look();
    const same = await seen();
    docket.holds(task('1', { title: 'Call 1', dueAt: LATER }), ...SHOWN.slice(1));
    await look();

    expect(same).toEqual([undefined, undefined, undefined]);
    expect((await seen())[0]).toMatchObject({ how: 'changed', task: { ...described, dueAt: LATER } });
  });

  test('is at all digests of three days, with one list, and with one reading of what it lacks', async () => {
    docket.pass(DAY);
    const second = await showDigest(SHOWN);
    docket.pass(DAY);
    const third = await showDigest(SHOWN);
    docket.holds(task('2'));

    await look();

    for (const id of [digest, second, third]) {
      expect((await seen(id)).map((each) => each?.how)).toEqual(['gone', undefined, 'gone']);
    }
    expect(docket.provider.calls).toEqual(['list ann at fake', 'read 1', 'read 3']);
  });

  test('leaves older digests as they are', async () => {
    docket.pass(3 * DAY + 1);
    await showDigest(SHOWN);
    docket.holds();

    await look();

    await expectNothingSeen();
  });

  test('tells when a task was done, where the provider does', async () => {
    docket.holds(task('2'), task('3'));
    docket.provider.done.set('1', MONDAY_NINE + 12 * 60_000);
    docket.pass(HOUR);

    await look();

    expect((await seen())[0]).toEqual({ how: 'done', at: MONDAY_NINE + HOUR, doneAt: MONDAY_NINE + 12 * 60_000 });
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
    digest = await showDigest([task('1', { provider: 'one' }), task('1', { provider: 'two' })]);
    one.open.clear();
    one.listTrouble.push({ kind: 'unavailable' });

    await look();

    expect((await seen()).map((each) => each?.how)).toEqual([undefined, 'gone']);
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

  test('a task that was dismissed and is held back, or was undone: the action speaks for the row', async () => {
    await docket.change({ verb: 'dismiss' });
    await act({ verb: 'done' }, 1);
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

    expect((await seen()).map((each) => each?.how)).toEqual(['changed', 'gone', undefined]);
  });

  test('and neither is what a rep undid', async () => {
    await act({ verb: 'done' });
    await docket.undo();
    await docket.work();

    await look();

    await expectNothingSeen();
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
    digest = await showDigest(SHOWN);
    docket.holds(...SHOWN.slice(1));

    await look();

    expect((await seen())[0]).toMatchObject({ how: 'gone' });
  });
});

describe('what a provider tells of', () => {
  test('is read again for everyone whose messages show the task, and for nobody else', async () => {
    const bens = await showDigest([task('1')], BEN);
    await addRep(docket, { ...ANN, userId: 'UCAT' }, 'cat at fake');
    docket.provider.open.set('ben at fake', []);
    docket.holds(task('1', { title: 'Call Dana instead' }), ...SHOWN.slice(1));

    await told('1', 'updated');

    expect(await seen()).toMatchObject([
      { how: 'changed', task: { title: 'Call Dana instead' } },
      undefined,
      undefined,
    ]);
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
    const bens = await showDigest([task('1')], BEN);
    docket.provider.open.set('ben at fake', []);
    docket.holds(...SHOWN.slice(1));
    docket.provider.readTrouble.push({ kind: 'disconnected' });

    await told('1', 'completed');

    const all = [(await seen())[0], (await seen(bens))[0]].map((each) => each?.how);
    expect(all.toSorted()).toEqual(['done', undefined]);
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
    const before = await seen();
    docket.pass(2_000);
    await docket.work();

    expect(before).toEqual([undefined, undefined, undefined]);
    expect((await seen())[0]).toMatchObject({ how: 'gone' });
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('looks', () => {
  /** The hours after the digest at which there was one, when asked every ten minutes for twelve hours. */
  async function hours(): Promise<number[]> {
    const found: number[] = [];
    for (let ten = 0; ten <= 6 * 80; ten += 1) {
      docket.at(MONDAY_NINE + (ten * HOUR) / 6);
      await enqueueChecks(docket.deps, ANN.teamId);
      await docket.work();
      const looked = docket.done.filter((payload) => payload.kind === 'reconcile').length;
      if (looked > found.length) found.push(ten / 6);
    }
    return found;
  }

  test('come once an hour for ten hours, then every four hours for three days, however often time ticks', async () => {
    const slow = Array.from({ length: 15 }, (_, index) => 14 + 4 * index);

    expect(await hours()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...slow]);
  }, 60_000);

  test('are for the reps of the workspace who had a digest', async () => {
    await showDigest(SHOWN, BEN);
    docket.pass(HOUR);
    await enqueueChecks(docket.deps, 'T2');
    const elsewhere = await docket.deps.queue.open();
    await enqueueChecks(docket.deps, ANN.teamId);
    await docket.work();

    expect(elsewhere).toBe(0);
    expect(docket.done).toEqual([
      { kind: 'reconcile', ...ANN },
      { kind: 'reconcile', ...BEN },
    ]);
  });

  test('that were missed are not made up for', async () => {
    docket.pass(5 * HOUR);
    await enqueueChecks(docket.deps, ANN.teamId);

    expect(await docket.deps.queue.open()).toBe(1);
  });
});
