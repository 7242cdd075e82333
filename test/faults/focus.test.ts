/**
 * Faults that strike a step of working through a list. Its action goes the way of every action (`perform.ts`), so these are
 * few; what differs is where the outcome is told.
 */
import { expect, test } from 'vitest';
import { MANUAL_TASK, TASK_A } from '../flow/cast.ts';
import { digestOf } from '../flow/press.ts';
import { fresh, wordsOf } from '../flow/read.ts';
import { createThree } from '../flow/start.ts';
import { openByButton, pressInWindow, step, windowTitle, windowWords } from '../flow/windows.ts';
import { chosen } from '../matrix/cells.ts';
import { countEffects } from './watch.ts';

const CELL_TIMEOUT = 60_000;

const TASKS = [
  { provider: 'gong', name: 'Gong', id: TASK_A, row: 'Whitfield 001', on: `PATCH /v2/tasks/${TASK_A}` },
  {
    provider: 'outreach',
    name: 'Outreach',
    id: MANUAL_TASK,
    row: 'Bo Tanaka',
    on: `POST /api/v2/tasks/${MANUAL_TASK}/actions`,
  },
  { provider: 'reply', name: 'Reply.io', id: '9001', row: 'Priya Raman', on: 'POST /v3/tasks/9001/complete' },
] as const;

const FAULTS = [
  { fault: 'lost answer', how: { kind: 'lose' }, times: 1, ends: 'done' },
  { fault: 'connection reset', how: { kind: 'reset' }, times: 1, ends: 'done' },
  { fault: '500 twice then fine', how: { kind: 'answer', status: 500 }, times: 2, ends: 'done' },
  { fault: '403', how: { kind: 'answer', status: 403 }, times: 1, ends: 'failed' },
] as const;

const CELLS = TASKS.flatMap((task) => FAULTS.map((fault) => ({ ...task, ...fault })));

test.each(chosen(CELLS, 4))(
  '$name, $fault: $ends, and at most one effect',
  async (cell) => {
    const world = await createThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
    const digest = await digestOf(world);
    await openByButton(world, digest, 'Work through');
    const effects = countEffects(world, cell.provider, cell.id);
    while (!windowWords(world).includes(cell.row)) await step(world, 'Leave');
    world[cell.provider].fail({ on: cell.on, times: cell.times, how: cell.how });
    await step(world, 'Done');
    while (windowTitle(world) !== 'Worked through') await step(world, 'Leave');
    await world.idle();
    for (const pause of [2_000, 4_000, 8_000, 120_000, 300_000, 600_000]) await world.pass(pause);

    const isDone = cell.ends === 'done';
    expect(effects.count()).toBe(isDone ? 1 : 0);
    expect(windowWords(world)).toContain(isDone ? '*1 done*.' : `*Not marked done.* ${cell.name} does not let Docket`);
    expect(wordsOf(fresh(world, digest))).toContain(isDone ? '1 of 5 cleared' : 'Not marked done.');
    if (!isDone) {
      await pressInWindow(world, 'Retry what failed');
      await world.pass(5_000, 3);
      expect([effects.count(), windowWords(world)]).toEqual([1, expect.stringContaining('*1 done*.')]);
    }
    effects.stop();
  },
  CELL_TIMEOUT,
);
