/** The weekly roll-up, though the process dies at its time. */
import { expect, test } from 'vitest';
import { ADMIN, HOUR, MAYA, MONDAY_NINE, THEO } from '../flow/cast.ts';
import { digestOf } from '../flow/press.ts';
import { eventually, START_WITHIN, startReady } from '../flow/process.ts';
import { inChannel, SALES, setUp } from '../flow/rollup.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startDying } from './cell.ts';
import { type DigestPoint, ROLLUP_POINTS } from './points.ts';

const CELLS: readonly DigestPoint[] = ROLLUP_POINTS;

test.each(chosen(CELLS, 1))(
  'roll-up, killed at: $name',
  async (point) => {
    const world = await createCell({ users: [MAYA, THEO, ADMIN] });
    world.slack.setChannel(SALES);
    await digestOf(world);
    await setUp(world, { day: 1, time: '10:00' });
    await world.app.stop();
    const first = await startDying(world, point, MONDAY_NINE + HOUR + 1_000);
    await expectKilledAt(first, point);

    await startReady(world, first.now() + LATER);
    // The first message says that it will come.
    const rollups = () => inChannel(world).length - 1;
    // Where nothing was committed there is no job yet: the first look at what is due comes after the start.
    await eventually(() => expect(rollups()).toBeGreaterThan(0), START_WITHIN);
    await settled(world);

    const count = rollups();
    note({ matrix: 'crashes', row: point.name, column: 'roll-up', came: `${count} for one team` });
    expect(count).toBeLessThanOrEqual(point.most);
  },
  CELL_TIMEOUT,
);
