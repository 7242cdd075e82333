/** A step of working through a list is cut off by the death of the process; the next one goes on with the same window. */
import { expect, test } from 'vitest';
import { countEffects } from '../faults/watch.ts';
import { MAYA } from '../flow/cast.ts';
import { digestOf } from '../flow/press.ts';
import { startReady } from '../flow/process.ts';
import { fresh, posted, wordsOf } from '../flow/read.ts';
import { openByButton, step, submitStep, windowTitle, windowWords } from '../flow/windows.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startReadyToDie } from './cell.ts';
import { FOCUS_POINTS } from './points.ts';
import { OUTREACH_DONE } from './verbs.ts';

const AT_ONCE = { UNDO_WINDOW_SECONDS: '0' };
const CELLS = FOCUS_POINTS.map((point) => ({ point, killedAt: point.name }));

test.each(chosen(CELLS, 1))(
  'Done in the window, killed at: $killedAt',
  async ({ point }) => {
    const world = await createCell();
    const digest = await digestOf(world);
    await openByButton(world, digest, 'Work through');
    while (!windowWords(world).includes(OUTREACH_DONE.row)) await step(world, 'Leave');
    const title = windowTitle(world);
    await world.app.stop();
    const messages = posted(world).length;
    const effects = countEffects(world, 'outreach', OUTREACH_DONE.taskId);

    const first = await startReadyToDie(world, point, AT_ONCE);
    const { acked } = await submitStep(world, 'Done');
    await expectKilledAt(first, point);
    expect(acked).toBe(point.click === 'acknowledged');
    await startReady(world, first.now() + LATER, AT_ONCE);
    await settled(world);
    const came = [`${effects.count()} effects`];
    if (!acked) {
      // The window is where it was, and Slack sends what was not acknowledged once more.
      expect(windowTitle(world)).toBe(title);
      expect((await world.slack.redeliver()).acked).toBe(true);
      expect(windowWords(world)).toContain('Done: Ines Calder');
      // Closed, so that nobody has to wait for a minute without a step.
      expect((await world.slack.closeModal(MAYA.id))?.acked).toBe(true);
      await settled(world);
      came.push(`delivered again: ${effects.count()} effects`);
    }
    note({ matrix: 'crashes', row: point.name, column: OUTREACH_DONE.name, came: came.join('; ') });
    expect([effects.count(), effects.requests()], came.join('; ')).toEqual([1, 1]);
    expect(wordsOf(fresh(world, digest))).toMatch(/1 of \d cleared/u);
    expect(posted(world)).toHaveLength(messages);
  },
  CELL_TIMEOUT,
);
