/** One choice for many tasks is cut off at a point; the next process goes on with what is left. */
import { test } from 'vitest';
import { digestOf } from '../flow/press.ts';
import { startReady } from '../flow/process.ts';
import { overdueTasks } from '../flow/sweeping.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, startReadyToDie } from './cell.ts';
import { SWEEP_POINTS, type SweepPoint } from './points.ts';
import { effectsOf, SIX, sweepStory } from './sweep-story.ts';

const CELLS: readonly SweepPoint[] = SWEEP_POINTS;

test.each(chosen(CELLS, 1))(
  'six tasks at once, killed at: $name',
  async (point) => {
    const world = await createCell(overdueTasks(SIX));
    const digest = await digestOf(world);
    await world.app.stop();
    const effects = effectsOf(world);
    const first = await startReadyToDie(world, point);

    const died = async () => {
      await expectKilledAt(first, point);
      await startReady(world, first.now() + LATER);
    };
    const came = await sweepStory({ world, digest, point, effects, died });
    note({ matrix: 'crashes', row: point.name, column: 'sweep', came });
  },
  CELL_TIMEOUT,
);
