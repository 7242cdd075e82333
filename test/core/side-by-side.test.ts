/**
 * Two processes do something at the same moment: what each has read in its transaction, the other has read too before either
 * writes, unless the store keeps one of them waiting. The result is as if one had come first.
 */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { resumeRefusedKeys } from '../../src/core/clicks/resume.ts';
import { claimDueDigests } from '../../src/core/digests/send.ts';
import type { Change } from '../../src/core/model/capabilities.ts';
import { suggestion } from '../store/fixtures.ts';
import { openUrl, temporaryFolder } from '../store/open.ts';
import { createSchema, hasPostgres } from '../store/postgres.ts';
import { ANN, addRep, BEN, type Core, createDocket, DAY, type Docket, ref, why } from './docket.ts';
import { MONDAY_NINE, task } from './provider.ts';

const DONE = { verb: 'done' } satisfies Change;
const SNOOZE = { verb: 'snooze', dueAt: MONDAY_NINE + 2 * DAY } satisfies Change;

/** Long enough for the other to read as well, if nothing keeps it. */
const MEET_MS = 120;

/** Calls resolve when two have come, or after a while. */
function createMeeting() {
  let first: (() => void) | undefined;
  return async function meet(): Promise<void> {
    if (first) {
      first();
      first = undefined;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    first = resolve;
    const timer = setTimeout(resolve, MEET_MS);
    await promise;
    clearTimeout(timer);
    if (first === resolve) first = undefined;
  };
}

/** Of each transaction, the first reading waits for the other process's. */
function meetingIn<Part extends object>(
  part: Part,
  names: readonly (keyof Part)[],
  meet: () => Promise<void>,
  met: WeakSet<object>,
): Part {
  const changed: Partial<Part> = {};
  for (const name of names) {
    const method = part[name];
    if (typeof method !== 'function') throw new Error(`${String(name)} is no method`);
    const read = async (...args: unknown[]) => {
      const found = await Reflect.apply(method, part, args);
      const tx = args.at(-1);
      if (args.length >= method.length && typeof tx === 'object' && tx !== null && !met.has(tx)) {
        met.add(tx);
        await meet();
      }
      return found;
    };
    Object.assign(changed, { [name]: read });
  }
  return { ...part, ...changed };
}

async function urlOf(engine: string): Promise<string> {
  if (engine === 'PostgreSQL') {
    const schema = await createSchema();
    onTestFinished(() => schema.drop());
    return schema.url;
  }
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  return `file:${join(folder.path, 'docket.db')}`;
}

/** A docket, and two processes on its database. */
async function createTwo(engine: string): Promise<{ docket: Docket; two: [Core, Core] }> {
  const url = await urlOf(engine);
  const docket = await createDocket({ url, undoWindowMs: 0 });
  const meet = createMeeting();
  const met = new WeakSet<object>();
  const open = async () => {
    const { store, queue, close } = await openUrl(url, { clock: docket.deps.clock });
    onTestFinished(close);
    const of = <Part extends object>(part: Part, ...names: (keyof Part)[]) => meetingIn(part, names, meet, met);
    return docket.over({
      queue: of(queue, 'knows'),
      store: {
        ...store,
        ledger: of(store.ledger, 'latest', 'find', 'ofSweep', 'failed'),
        links: of(store.links, 'holders', 'find'),
        schedules: of(store.schedules, 'find'),
        runs: of(store.runs, 'find'),
        sweeps: of(store.sweeps, 'find', 'ofKey'),
        people: of(store.people, 'suggestions'),
      },
    });
  };
  return { docket, two: [await open(), await open()] };
}

describe.each(hasPostgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'])('two processes on %s', (engine) => {
  test('a new verb, and Undo of the one before: one of them is recorded', async () => {
    const { docket, two } = await createTwo(engine);
    await docket.show([task('1')]);
    await docket.act(DONE);

    const results = await Promise.all([
      two[0].clicks.undo(ANN, ref(docket.shown, 1)),
      two[1].clicks.change(ANN, ref(docket.shown, 1), SNOOZE),
    ]);
    expect(results.map(why).toSorted()).toEqual(['overtaken', 'recorded']);
  });

  test('two verbs on one task: one is recorded, and done once', async () => {
    const { docket, two } = await createTwo(engine);
    await docket.show([task('1')]);

    const pressed = two.map(({ clicks }, index) => clicks.change(ANN, ref(docket.shown), index === 0 ? DONE : SNOOZE));
    expect((await Promise.all(pressed)).map(why).toSorted()).toEqual(['overtaken', 'recorded']);
    await docket.work();
    expect(docket.provider.effects).toHaveLength(1);
  });

  test('a typed command that both get acts once, though the list was made anew between them', async () => {
    const { docket, two } = await createTwo(engine);
    await docket.show([task('1'), task('2')]);

    const typed = two.map(({ clicks }, position) =>
      clicks.change(ANN, ref(docket.shown, 0, position), DONE, { command: 'trigger 1' }),
    );
    await Promise.all(typed);
    await docket.work();
    expect(docket.provider.effects).toEqual([DONE]);
  });

  test('two sweeps of the same tasks: one takes them, and the other finds nothing left', async () => {
    const { docket, two } = await createTwo(engine);
    const messageId = await docket.show([task('1'), task('2')]);

    const asked = { messageId, which: { by: 'all' }, change: SNOOZE, sure: true } as const;
    const swept = await Promise.all(
      two.map(({ sweeps }, index) => sweeps.act(ANN, { ...asked, key: `window ${index}` })),
    );
    expect(swept.map(({ is }) => is).toSorted()).toEqual(['recorded', 'refused']);
  });

  test('Undo of a sweep, and a new verb on one of its tasks: not both', async () => {
    const { docket, two } = await createTwo(engine);
    const messageId = await docket.show([task('1')]);
    const asked = { messageId, which: { by: 'all' }, change: SNOOZE, sure: true, key: 'window' } as const;
    const swept = await docket.sweeps.act(ANN, asked);
    await docket.work();

    const [undone, pressed] = await Promise.all([
      two[0].sweeps.undoAll(ANN, 'sweep' in swept ? swept.sweep.id : ''),
      two[1].clicks.change(ANN, ref(messageId, 1), DONE),
    ]);
    expect([undone?.asked === 1, why(pressed) === 'recorded'].toSorted()).toEqual([false, true]);
  });

  test('what was refused goes on with the new key, unless the rep presses something else: not both', async () => {
    const { docket, two } = await createTwo(engine);
    await docket.show([task('1')]);
    docket.provider.trouble.push({ kind: 'auth' });
    await docket.act(DONE);
    await docket.deps.store.connections.noteCredential({ teamId: 'T1', provider: 'fake' }, 'old');

    const resume = (core: Core) => resumeRefusedKeys(core.deps, ANN.teamId, () => 'new');
    const [pressed] = await Promise.all([two[1].clicks.change(ANN, ref(docket.shown, 1), SNOOZE), ...two.map(resume)]);
    await docket.work();
    expect(docket.provider.effects).toEqual([why(pressed) === 'recorded' ? SNOOZE : DONE]);
  });

  test('what a rep chooses in two windows: both are kept', async () => {
    const { docket, two } = await createTwo(engine);
    const rep = await docket.rep();

    await Promise.all([two[0].schedules.choose(rep, { time: '07:30' }), two[1].schedules.pause(rep)]);
    const schedule = await docket.deps.store.schedules.find(ANN);
    expect(schedule?.time).toBe('07:30');
    expect(schedule?.pausedUntil).toBeDefined();
  });

  test('the close of a day that is chosen while its digest is being sent: it is planned', async () => {
    const { docket, two } = await createTwo(engine);
    docket.holds(task('1'));
    await claimDueDigests(docket.deps);
    const [job] = await docket.deps.queue.claim(MONDAY_NINE, { limit: 1, leaseMs: 60_000 });
    if (!job) throw new Error('no digest');
    const rep = await docket.rep(job.payload.kind === 'digest' ? job.payload : ANN);

    await Promise.all([two[0].runJob(job), two[1].schedules.choose(rep, { choices: { closesAt: '17:00' } })]);
    expect(await docket.deps.queue.openKinds()).toContain('close');
  });

  test('a tool’s user who was suggested to two reps: one gets it', async () => {
    const { docket, two } = await createTwo(engine);
    for (const rep of [ANN, BEN]) {
      await docket.deps.store.people.suggest(suggestion(rep, { provider: 'fake', externalId: '77' }));
    }
    const confirm = (core: Core, rep: typeof ANN) =>
      core.links.confirm(rep, { provider: 'fake', suggestedAt: suggestion(rep).suggestedAt });
    expect((await Promise.all([confirm(two[0], ANN), confirm(two[1], BEN)])).toSorted()).toEqual(['linked', 'taken']);
  });

  test('a minute that both see: each rep has one run and one job', async () => {
    const { docket, two } = await createTwo(engine);
    const reps = Array.from({ length: 30 }, (_, n) => ({ teamId: 'T1', userId: `U${n}` }));
    for (const [n, rep] of reps.entries()) await addRep(docket, rep, `user ${n}`);

    const claimed = await Promise.all(two.map(({ deps }) => claimDueDigests(deps)));
    expect(claimed.reduce((sum, each) => sum + each, 0)).toBe(reps.length + 2);
    expect(await docket.deps.queue.open()).toBe(reps.length + 2);
    expect(docket.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
