/**
 * Things that reps, workers and the slow look do at the same time, in every order that fast-check's scheduler picks: one
 * consistent result each. Undo racing a held-back send is in `undo-races.test.ts`, two processes are in `test/crash` and
 * `test/queue/processes.test.ts`.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClickResult } from '../../../src/core/clicks/record.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import { ANN, type Core, createDocket, DAY, type Docket, ref } from '../docket.ts';
import { FINAL, MONDAY_NINE, task, type Verbs } from '../provider.ts';
import { interleaved } from './interleaved.ts';

/** Every run has days of its own, so that its look finds its own digest and no other's. */
let monday = MONDAY_NINE;

type Wish = 'done' | 'dismiss' | 'snooze' | 'reschedule';
const anyWish = fc.constantFrom<Wish>('done', 'dismiss', 'snooze', 'reschedule');

function changeOf(verb: Wish): Change {
  if (verb === 'done' || verb === 'dismiss') return { verb };
  return { verb, dueAt: monday + (verb === 'snooze' ? 2 : 5) * DAY };
}

/** Done and Dismiss that cannot be taken back are sent under a longer lease, and are read before a second sending. */
const anyVerbs = fc.constantFrom<Verbs>({}, { done: FINAL, dismiss: FINAL });

let tasks = 0;

/** Fresh tasks of Ann's in a digest on one database that all runs share: their ids keep them apart. */
async function show(docket: Docket, count: number) {
  tasks += count;
  const shown = Array.from({ length: count }, (_, index) => task(String(tasks - index)));
  docket.holds(...shown);
  docket.provider.effects.length = 0;
  return { id: await docket.showDigest(shown), shown };
}

/** Between its turns anyone else may do something at the provider; and time passes, if only a little. */
function inTurns(docket: Docket, scheduler: fc.Scheduler): () => void {
  const { provider } = docket;
  const { readTask, perform, listTasks, undo } = provider;
  const turn = async () => {
    docket.pass(1);
    await scheduler.schedule(Promise.resolve());
    docket.pass(1);
  };
  const slow =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await turn();
      const result = await act(...args);
      await turn();
      return result;
    };
  Object.assign(provider, {
    readTask: slow(readTask),
    perform: slow(perform),
    listTasks: slow(listTasks),
    undo: slow(undo),
  });
  return () => void Object.assign(provider, { readTask, perform, listTasks, undo });
}

/** A worker that takes jobs as they come, until it has looked so often. */
async function work(docket: Docket, core: Core, scheduler: fc.Scheduler, looks: number): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    await scheduler.schedule(Promise.resolve());
    for (const job of await docket.deps.queue.claim(docket.deps.clock(), { limit: 1, leaseMs: 60_000 })) {
      const isSlow = ['perform', 'undo', 'reconcile', 'changed'].includes(job.payload.kind);
      await (isSlow ? core.runJob(job) : docket.run(job));
    }
  }
}

/** What is left is done by someone whom nobody disturbs. */
async function settle(docket: Docket): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await docket.work();
    docket.pass(11_000);
  }
}

/** The same database for all runs: opening one takes longer than a run. */
const databases = new Map<Verbs, Promise<Docket>>();
async function docketWith(verbs: Verbs): Promise<Docket> {
  const docket = await (databases.get(verbs) ??
    databases.set(verbs, createDocket({ verbs, undoWindowMs: 0 })).get(verbs));
  if (!docket) throw new Error('no database');
  monday += 4 * DAY;
  docket.at(monday);
  return docket;
}

function isRecorded(result: ClickResult): boolean {
  return result.is === 'recorded';
}

/** What presses do beside two workers that take turns; then what is left is done. */
async function race<Result>(
  { docket, scheduler, looks }: { docket: Docket; scheduler: fc.Scheduler; looks: number },
  presses: (core: Core) => Promise<Result>[],
): Promise<Result[]> {
  const restore = inTurns(docket, scheduler);
  const core = interleaved(docket, scheduler);
  const [results] = await scheduler.waitFor(
    Promise.all([Promise.all(presses(core)), ...[1, 2].map(() => work(docket, core, scheduler, looks))]),
  );
  restore();
  await settle(docket);
  return results;
}

test('two quick verbs on one task: one is recorded and has its effect, and the other is told so', async () => {
  databases.clear();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyVerbs, anyWish, anyWish, async (scheduler, verbs, one, other) => {
      const docket = await docketWith(verbs);
      const { id, shown } = await show(docket, 1);
      const results = await race({ docket, scheduler, looks: 4 }, (core) =>
        [one, other].map((wish) => core.clicks.change(ANN, ref(id), changeOf(wish))),
      );

      const action = await docket.latest(shown[0]?.id);
      expect(results.filter(isRecorded)).toHaveLength(1);
      const [refused] = results.filter((result) => result.is === 'refused');
      if (one !== other) expect(refused).toMatchObject({ refusal: { why: 'overtaken' } });
      expect(action).toMatchObject({ seq: 1, state: 'succeeded' });
      expect(docket.provider.effects.map(({ verb }) => verb)).toEqual([action?.change.verb]);
      expect(await docket.deps.queue.open()).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('two rows of one message at once: each has its own effect, whatever the order', async () => {
  databases.clear();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyVerbs, anyWish, anyWish, async (scheduler, verbs, one, other) => {
      const docket = await docketWith(verbs);
      const { id, shown } = await show(docket, 2);
      const results = await race({ docket, scheduler, looks: 5 }, (core) =>
        [one, other].map((wish, position) => core.clicks.change(ANN, ref(id, 0, position), changeOf(wish))),
      );

      expect(results.map(isRecorded)).toEqual([true, true]);
      const states = await Promise.all(shown.map(async ({ id: taskId }) => docket.latest(taskId)));
      expect(states).toMatchObject([
        { state: 'succeeded', change: { verb: one } },
        { state: 'succeeded', change: { verb: other } },
      ]);
      expect(docket.provider.effects.map(({ verb }) => verb).toSorted()).toEqual([one, other].toSorted());
    }),
    { numRuns: 100 },
  );
});

const elsewhere = fc.constantFrom('nothing', 'closed', 'moved');

test('a click, and perhaps its Undo, during a slow look: one effect at most, and the row never says less than is so', async () => {
  databases.clear();
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.record({
        wish: anyWish,
        undo: fc.boolean(),
        verbs: anyVerbs,
        other: elsewhere,
        looks: fc.integer({ min: 1, max: 3 }),
      }),
      async (scheduler, { wish, undo, verbs, other, looks }) => {
        const docket = await docketWith(verbs);
        const { id, shown } = await show(docket, 1);
        const taskId = shown[0]?.id ?? '';
        const turn = () => scheduler.schedule(Promise.resolve());
        const enqueue = async (index: number): Promise<undefined> => {
          await turn();
          const payload =
            index % 2 === 0
              ? ({ kind: 'reconcile', ...ANN } as const)
              : ({ kind: 'changed', provider: 'fake', taskId, what: 'updated' } as const);
          await docket.enqueue(payload);
        };
        const meddle = async (): Promise<undefined> => {
          await turn();
          const open = docket.provider.open.get('ann at fake') ?? [];
          if (other === 'closed') docket.holds();
          if (other === 'moved') docket.holds(...open.map((each) => ({ ...each, dueAt: monday + 9 * DAY })));
        };
        const click = async (core: Core) => {
          const result = await core.clicks.change(ANN, ref(id), changeOf(wish));
          if (undo) await core.clicks.undo(ANN, ref(id, 1));
          return result;
        };
        const [result] = await race<ClickResult | undefined>({ docket, scheduler, looks: 8 }, (core) => [
          click(core),
          meddle(),
          ...Array.from({ length: looks }, (_, index) => enqueue(index)),
        ]);
        const seenThen = (await docket.deps.store.messages.load(id))?.items[0]?.seen;
        docket.pass(3_600_000);
        await docket.enqueue({ kind: 'reconcile', ...ANN });
        await settle(docket);

        const action = await docket.latest(taskId);
        const item = (await docket.deps.store.messages.load(id))?.items[0];
        const isOpen = (docket.provider.open.get('ann at fake') ?? []).some((each) => each.id === taskId);
        expect(result?.is).toBe('recorded');
        expect(docket.provider.effects.length).toBeLessThanOrEqual(1);
        expect(['succeeded', 'undone', 'stale']).toContain(action?.state);
        if (action?.state === 'stale') expect(docket.provider.effects).toEqual([]);
        // Nothing is said to have happened there that happened here.
        if (other === 'nothing') expect(seenThen).toBeUndefined();
        // What the row comes to show is what is so: closed there, or done here, or open.
        const closedHere =
          action?.state === 'succeeded' && (action.change.verb === 'done' || action.change.verb === 'dismiss');
        const closedThere = item?.seen?.how === 'gone' || (action?.state === 'stale' && action.found.how !== 'moved');
        expect(closedHere || closedThere).toBe(!isOpen);
        expect(await docket.deps.queue.open()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
