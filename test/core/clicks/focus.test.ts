/** Working through a list: what a submission means, which task is next, and the sweep that its actions belong to. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFocus, type Focus, type FocusChoice, meaningOf, nextStep } from '../../../src/core/clicks/focus.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import { ANN, BEN, createDocket, DAY, type Docket, HOUR, ref, why } from '../docket.ts';
import { FINAL, MONDAY_NINE, task } from '../provider.ts';

const NOW = MONDAY_NINE;
const DONE: Change = { verb: 'done' };

describe('a submission', () => {
  const meant = (choice: FocusChoice, picked?: number) => meaningOf(choice, picked, NOW);

  test('means what was chosen', () => {
    expect(meant({ does: 'done' })).toEqual({ is: 'change', change: DONE });
    expect(meant({ does: 'dismiss' })).toEqual({ is: 'change', change: { verb: 'dismiss' } });
    expect(meant({ ending: 'replied' })).toEqual({ is: 'change', change: { verb: 'done', ending: 'replied' } });
    expect(meant({ snooze: NOW + DAY })).toEqual({ is: 'change', change: { verb: 'snooze', dueAt: NOW + DAY } });
    expect(meant({ does: 'leave' })).toEqual({ is: 'leave' });
    expect(meant({ does: 'back' })).toEqual({ is: 'back' });
  });

  test('of Reschedule needs a time to come', () => {
    const change = { verb: 'reschedule', dueAt: NOW + 1 } as const;
    expect(meant({ does: 'reschedule' }, NOW + 1)).toEqual({ is: 'change', change });
    expect(meant({ does: 'reschedule' })).toEqual({ is: 'refused', why: 'no_time' });
    expect(meant({ does: 'reschedule' }, NOW)).toEqual({ is: 'refused', why: 'past' });
    expect(meant({ reschedule: NOW + 1 })).toEqual({ is: 'change', change });
  });

  test('with a time and another choice is asked about, never guessed', () => {
    for (const choice of [{ does: 'done' }, { does: 'leave' }, { snooze: NOW + DAY }, { ending: 'replied' }] as const) {
      expect(meant(choice, NOW + HOUR)).toEqual({ is: 'which', dueAt: NOW + HOUR, choice });
    }
  });
});

describe('the next step', () => {
  const open = (row: boolean) => row;

  test('is the first open task from there on, and none at the end', () => {
    expect(nextStep([true, false, true], 1, open, { number: 1, of: 2 })).toEqual({
      row: true,
      index: 2,
      number: 2,
      of: 2,
    });
    expect(nextStep([true, false, false], 1, open, { number: 1, of: 1 })).toBeUndefined();
    expect(nextStep([], 0, open)).toBeUndefined();
  });

  test('counts tasks that were closed meanwhile as passed', () => {
    // Four were open; of the three that were left, the next one is closed now.
    expect(nextStep([true, false, true, true], 1, open, { number: 1, of: 4 })).toMatchObject({
      index: 2,
      number: 3,
      of: 4,
    });
  });

  test('never counts back or beyond its total, and ends at it, whatever is closed or opened meanwhile', () => {
    const check = (rows: boolean[], flips: number[]) => {
      let before: { number: number; of: number } | undefined;
      let from = 0;
      for (let step = nextStep(rows, from, open, before); step; step = nextStep(rows, from, open, before)) {
        expect(step.number).toBeGreaterThan(before?.number ?? 0);
        expect(step.number).toBeLessThanOrEqual(step.of);
        if (!rows.slice(step.index + 1).some(open)) expect(step.number).toBe(step.of);
        before = step;
        from = step.index + 1;
        const flip = flips.shift();
        if (flip !== undefined) rows[flip % rows.length] = !rows[flip % rows.length];
      }
    };
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        check,
      ),
    );
  });
});

describe('the sweep of a window', () => {
  let docket: Docket;
  let focus: Focus;
  beforeEach(() => arrange());

  async function arrange(undoWindowMs = 0): Promise<void> {
    docket = await createDocket({ undoWindowMs });
    await docket.show([task('1'), task('2')]);
    focus = createFocus({ ...docket.deps, clicks: docket.clicks });
  }

  const step = (position: number, change: Change = DONE, seq = 0) =>
    focus.change(ANN, 'V1', { ref: ref(docket.shown, seq, position), change });
  const sweepOf = async (id: string) => (await docket.latest(id))?.sweepId;

  test('holds the actions of all steps of one window', async () => {
    await step(0);
    await step(1);
    expect(await sweepOf('1')).toBe(await sweepOf('2'));
    expect(await docket.deps.store.sweeps.find((await sweepOf('1')) ?? '')).toMatchObject({ ...ANN, kind: 'focus' });
    await focus.change(ANN, 'V2', { ref: ref(docket.shown, 1, 0), change: { verb: 'snooze', dueAt: NOW + DAY } });
    expect(await sweepOf('1')).toBe(await sweepOf('2'));
  });

  test('has one action for a step that comes twice', async () => {
    const results = await Promise.all([step(0), step(0)]);
    expect(results.map(why).sort()).toEqual(['recorded', 'repeated']);
    expect(new Set(results.map(({ sweepId }) => sweepId)).size).toBe(1);
    await docket.work();
    expect(docket.sent()).toEqual(['done 1 by ann at fake']);
  });

  test('shows no message when a step settles, and all of it at once a minute after the last one', async () => {
    await step(0);
    await docket.work();
    docket.pass(40_000);
    await step(1);
    await docket.work();
    docket.pass(59_000);
    await docket.work();
    expect([docket.screen.changed, docket.screen.calmly]).toEqual([[], []]);
    docket.pass(1_000);
    await docket.work();
    expect(docket.screen.calmly).toEqual([{ tasks: ['1', '2'], now: true }]);
    docket.pass(10 * 60_000);
    await docket.work();
    expect([docket.screen.changed, docket.screen.calmly.length]).toEqual([[], 1]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('that is left is shown at once when it has settled', async () => {
    await step(0);
    await docket.work();
    await focus.leave(ANN, (await sweepOf('1')) ?? '');
    docket.pass(1_000);
    await docket.work();
    expect(docket.screen.calmly).toEqual([{ tasks: ['1'], now: true }]);
  });

  test('is followed until what is held back has gone', async () => {
    docket = await createDocket({ undoWindowMs: 10_000, verbs: { done: FINAL } });
    await docket.show([task('1')]);
    focus = createFocus({ ...docket.deps, clicks: docket.clicks });
    await step(0);
    await focus.leave(ANN, (await sweepOf('1')) ?? '');
    docket.pass(1_000);
    await docket.work();
    expect(docket.screen.calmly).toHaveLength(1);
    for (let seconds = 0; seconds < 20; seconds += 1) {
      docket.pass(1_000);
      await docket.work();
    }
    expect(docket.sent()).toEqual(['done 1 by ann at fake']);
    expect(docket.screen.calmly).toHaveLength(2);
  });

  test('that is left before all has settled is one edit all the same', async () => {
    docket.provider.trouble.push({ kind: 'unavailable' });
    await step(0);
    await focus.leave(ANN, (await sweepOf('1')) ?? '');
    for (let seconds = 0; seconds < 10; seconds += 1) {
      docket.pass(1_000);
      await docket.work();
    }
    expect(await docket.latest('1')).toMatchObject({ state: 'succeeded' });
    expect(docket.screen.calmly).toHaveLength(1);
  });

  test('shows why a step waits, long before it has settled', async () => {
    docket.provider.trouble.push(...Array.from({ length: 20 }, () => ({ kind: 'unavailable' as const })));
    await step(0);
    await focus.leave(ANN, (await sweepOf('1')) ?? '');
    for (let seconds = 0; seconds < 60; seconds += 1) {
      docket.pass(1_000);
      await docket.work();
    }
    expect(await docket.latest('1')).toMatchObject({ state: 'queued', waiting: { reason: 'unavailable' } });
    expect(docket.screen.calmly.length).toBeGreaterThanOrEqual(1);
    expect(docket.screen.calmly.length).toBeLessThanOrEqual(3);
  });

  test('tells of a failure also where no message can show it', async () => {
    docket.provider.trouble.push({ kind: 'forbidden' });
    await step(0);
    await docket.work();
    expect(docket.screen.changed).toEqual([]);
    docket.pass(60_000);
    await docket.work();
    expect(docket.screen.changed).toMatchObject([{ taskId: '1' }]);
  });

  test('is nobody else’s: neither a step on it nor leaving it', async () => {
    await step(0);
    const sweep = (await sweepOf('1')) ?? '';
    const theirs = await focus.change(BEN, 'V1', { ref: ref(docket.shown, 0, 1), change: DONE });
    expect(why(theirs)).toBe('not_yours');
    expect(await docket.latest('2')).toBeUndefined();
    await docket.work();
    await focus.leave(BEN, sweep);
    docket.pass(1_000);
    await docket.work();
    expect(docket.screen.calmly).toEqual([]);
  });

  test('does not keep a later press on its row from being shown at once', async () => {
    await step(0);
    await docket.work();
    await docket.undo();
    await docket.work();
    expect(docket.screen.changed).toMatchObject([{ taskId: '1' }]);
  });
});
