/**
 * Any interleaving of two workers, a rep who presses Undo and Retry, lost answers and time, about a verb that cannot be
 * taken back: never both undone and done, and never done twice. A crash is a worker that gets no further turn.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClickResult } from '../../../src/core/clicks/record.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import { ProviderError } from '../../../src/core/model/errors.ts';
import { ANN, createDocket, type Docket, ref } from '../docket.ts';
import { FINAL, task } from '../provider.ts';
import { interleaved } from './interleaved.ts';

const DONE: Change = { verb: 'done' };
const LEASE = 8_000;
/** Within so long a sending is given up (`SENT_WITHIN`); what was not through by then does not happen. */
const GIVEN_UP_AFTER = 45_000;

const plan = fc.record({
  /** What becomes of each sending: the answer is lost after it took effect, or it never arrived. */
  trouble: fc.array(fc.constantFrom('lost', 'never arrived', 'fine'), { maxLength: 3 }),
  /** Whether the undo window is over when everyone begins. */
  due: fc.boolean(),
  passes: fc.array(fc.constantFrom(2_000, 9_999, 10_000, 20_000, 60_000), { minLength: 3, maxLength: 8 }),
  presses: fc.array(fc.constantFrom('undo', 'undo', 'retry', 'done'), { maxLength: 4 }),
  /** How many jobs each worker takes before it is gone. */
  workers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 }),
});

test('is never both undone and done, nor done twice, whatever the order', async () => {
  const docket = await createDocket({ verbs: { done: FINAL }, undoWindowMs: 10_000 });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plan, async (scheduler, planned) => {
      number += 1;
      const world = await createWorld(docket, scheduler, String(number), planned.trouble);
      if (planned.due) docket.pass(10_000);
      const everyone = Promise.all([
        ...planned.workers.map((jobs) => world.work(jobs)),
        ...planned.presses.map((press) => world.press(press)),
        world.pass(planned.passes),
      ]);
      await scheduler.waitFor(everyone);
      await world.settle();
      await world.check();
    }),
    { numRuns: 200 },
  );
});

type Scheduler = fc.Scheduler;

async function createWorld(docket: Docket, scheduler: Scheduler, taskId: string, trouble: readonly string[]) {
  const { provider } = docket;
  const left = [...trouble];
  const undos: ClickResult[] = [];
  let effects = 0;
  const turn = () => scheduler.schedule(Promise.resolve());
  const open = () => provider.open.get('ann at fake') ?? [];
  provider.open.set('ann at fake', [task(taskId)]);

  provider.readTask = async (_account, id) => {
    await turn();
    return open().find((each) => each.id === id);
  };
  provider.perform = async (_account, { id }) => {
    const startedAt = docket.deps.clock();
    const fate = left.shift() ?? 'fine';
    await turn();
    if (fate === 'never arrived' || docket.deps.clock() - startedAt >= GIVEN_UP_AFTER) throw lost();
    effects += 1;
    provider.open.set(
      'ann at fake',
      open().filter((each) => each.id !== id),
    );
    await turn();
    if (fate === 'lost') throw lost();
    return { reference: 'request' };
  };

  const shown = await docket.show([task(taskId)]);
  await docket.clicks.change(ANN, ref(shown), DONE);
  const core = interleaved(docket, scheduler);

  return {
    async work(jobs: number): Promise<void> {
      for (let count = 0; count < jobs; count += 1) {
        await turn();
        const [job] = await docket.deps.queue.claim(docket.deps.clock(), { limit: 1, leaseMs: LEASE });
        if (job) await (job.payload.kind === 'perform' ? core.runJob(job) : docket.run(job));
      }
    },
    async press(button: 'undo' | 'retry' | 'done'): Promise<void> {
      await turn();
      if (button === 'done') await core.clicks.change(ANN, ref(shown), DONE);
      if (button === 'retry') await core.clicks.retry(ANN, ref(shown, 1));
      if (button === 'undo') undos.push(await core.clicks.undo(ANN, ref(shown, 1)));
    },
    async pass(steps: readonly number[]): Promise<void> {
      const wait = scheduler.scheduleFunction(async (ms: number) => {
        // Whoever has just been answered goes on first: a process that is stopped in between is not what this is about.
        for (let hop = 0; hop < 5; hop += 1) await new Promise(setImmediate);
        docket.pass(ms);
      });
      for (const ms of steps) await wait(ms);
    },
    /** Nobody presses anything any more, and a worker without trouble does what is left. */
    async settle(): Promise<void> {
      left.length = 0;
      for (let round = 0; round < 6; round += 1) {
        docket.pass(60_000);
        await scheduler.waitFor(docket.work());
      }
    },
    async check(): Promise<void> {
      const action = await docket.latest(taskId);
      const undone = undos.some((result) => result.is === 'recorded');
      expect(effects).toBeLessThanOrEqual(1);
      expect(action?.seq).toBe(1);
      expect(action?.state === 'undone').toBe(undone);
      if (undone) expect(effects).toBe(0);
      // Failed: it may have happened, and says that it is not known. Otherwise what is said is what is so.
      else if (action?.state !== 'failed') expect([action?.state, effects]).toEqual(['succeeded', 1]);
      expect(await docket.deps.queue.open()).toBe(0);
    },
  };
}

function lost(): ProviderError {
  return new ProviderError({ provider: 'fake', kind: 'unavailable', operation: 'PATCH /x' });
}
