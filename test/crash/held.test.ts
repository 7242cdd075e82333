/** What a provider cannot take back waits for the undo window, and so it may be killed while it waits. */
import { expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { countEffects, rowIn } from '../faults/watch.ts';
import { digestOf, pressOnly } from '../flow/press.ts';
import { eventually, startReady } from '../flow/process.ts';
import { fresh } from '../flow/read.ts';
import type { World as Three } from '../flow/world.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, cameTo, createCell, expectKilledAt, LATER, settled, startReadyToDie } from './cell.ts';
import { HELD_POINTS, type Point } from './points.ts';
import { OUTREACH_DONE } from './verbs.ts';

interface HeldCell {
  point: Point;
  /** What the rep presses before the crash. */
  presses: 'Done' | 'Done, Undo';
  /** When there is a process again, and what the rep presses then. */
  back: 'within the window' | 'within the window, Undo' | 'after the window';
  comesTo: string;
}

const [SHOWN, UNDO_NOT_ACKNOWLEDGED, UNDO_NOT_SHOWN] = HELD_POINTS;
const CELLS: readonly HeldCell[] = [
  { point: SHOWN, presses: 'Done', back: 'within the window', comesTo: '1 effect, done' },
  { point: SHOWN, presses: 'Done', back: 'within the window, Undo', comesTo: '0 effects, open' },
  { point: SHOWN, presses: 'Done', back: 'after the window', comesTo: '1 effect, done' },
  { point: UNDO_NOT_ACKNOWLEDGED, presses: 'Done, Undo', back: 'after the window', comesTo: '0 effects, open' },
  { point: UNDO_NOT_SHOWN, presses: 'Done, Undo', back: 'after the window', comesTo: '0 effects, open' },
];

const { row } = OUTREACH_DONE;

test.each(chosen(CELLS, 1).map((cell) => ({ ...cell, killedAt: cell.point.name })))(
  'Outreach done, killed at: $killedAt, and back $back: $comesTo',
  async ({ point, presses, back, comesTo }) => {
    // Where somebody has to be in time, there is time enough also on a busy machine.
    const window = back === 'within the window' ? 5_000 : 40_000;
    const env = { UNDO_WINDOW_SECONDS: String(window / 1_000) };
    const world = await createCell();
    const digest = await digestOf(world);
    await world.app.stop();
    const effects = countEffects(world, 'outreach', OUTREACH_DONE.taskId);
    const first = await startReadyToDie(world, point, env);
    const doneAt = first.now();
    expect((await pressOnly(world, digest, row, 'Done')).acked).toBe(true);
    if (presses === 'Done, Undo') {
      const { acked } = await undo(world, digest);
      expect(acked).toBe(point === UNDO_NOT_SHOWN);
    }
    await expectKilledAt(first, point);
    expect(effects.requests()).toBe(0);

    const second = await startReady(world, back === 'after the window' ? first.now() + LATER : doneAt, env);
    if (back === 'within the window, Undo') expect((await undo(world, digest)).acked).toBe(true);
    await settled(world);
    if (point === UNDO_NOT_ACKNOWLEDGED) expect((await world.slack.redeliver()).acked).toBe(true);

    const shown = () => cameTo(fresh(world, digest), OUTREACH_DONE, effects);
    const tell = () =>
      note({ matrix: 'crashes', row: `${point.name}; back ${back}`, column: OUTREACH_DONE.name, came: shown() });
    await eventually(() => expect(shown()).toBe(comesTo), 3_000).finally(tell);
    expect(effects.requests()).toBe(effects.count());
    // Not before the window of the first process had ended.
    for (const at of effects.times()) expect(second.now(at)).toBeGreaterThanOrEqual(doneAt + window);
  },
  CELL_TIMEOUT,
);

async function undo(world: Three, digest: SandboxMessage) {
  await eventually(() => expect(rowIn(fresh(world, digest), row).controls).toEqual(['Undo']));
  return pressOnly(world, fresh(world, digest), row, 'Undo');
}
