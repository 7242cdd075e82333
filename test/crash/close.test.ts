/** The close of a day, and the reminder of a call, though the process dies at their time. */
import { expect, test } from 'vitest';
import { HOUR, MINUTE, MONDAY_NINE } from '../flow/cast.ts';
import { closes, reminders, settle } from '../flow/day.ts';
import { digestOf } from '../flow/press.ts';
import { startReady } from '../flow/process.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startDying } from './cell.ts';
import { CLOSE_POINTS, type DigestPoint, NUDGE_POINTS } from './points.ts';

const HALF_PAST_FIVE = MONDAY_NINE + 8.5 * HOUR;
/** Gong's two calls are due at noon, and no other tool's. */
const BEFORE_NOON = MONDAY_NINE + 3 * HOUR - 15 * MINUTE;

const CLOSING = { wish: { closes: '17:30' }, at: HALF_PAST_FIVE, came: closes, column: 'close' };
const REMINDING = { wish: { nudges: true }, at: BEFORE_NOON, came: reminders, column: 'reminder' };
const CELLS = [
  ...CLOSE_POINTS.map((point: DigestPoint) => ({ ...CLOSING, point, killedAt: point.name })),
  ...NUDGE_POINTS.map((point: DigestPoint) => ({ ...REMINDING, point, killedAt: point.name })),
];

test.each(chosen(CELLS, 1))(
  '$column, killed at: $killedAt',
  async ({ point, wish, at, came, column }) => {
    const world = await createCell();
    await digestOf(world);
    await settle(world, wish);
    await world.app.stop();
    const first = await startDying(world, point, at + 1_000);
    await expectKilledAt(first, point);

    await startReady(world, first.now() + LATER);
    await settled(world);

    const count = came(world).length;
    note({ matrix: 'crashes', row: point.name, column, came: `${count} for one rep` });
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(point.most);
  },
  CELL_TIMEOUT,
);
