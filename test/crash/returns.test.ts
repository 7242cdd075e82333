/** A task comes back from a snooze to later today, though the process dies when it is snoozed, or at its time. */
import { expect, test } from 'vitest';
import { HOUR, MONDAY_NINE } from '../flow/cast.ts';
import { digestOf, press, pressOnly } from '../flow/press.ts';
import { startReady } from '../flow/process.ts';
import { fresh, posted, wordsOf } from '../flow/read.ts';
import type { World as Three } from '../flow/world.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startDying, startReadyToDie } from './cell.ts';
import { RETURN_POINTS, RETURNING_POINTS } from './points.ts';

const NOON = MONDAY_NINE + 3 * HOUR;
/** A full row: its menu has all times. */
const ROW = 'Bo Tanaka';
const CELLS = [
  ...RETURN_POINTS.map((point) => ({ point, most: point.most, when: 'at its time' as const })),
  ...RETURNING_POINTS.map((point) => ({ point, most: 1, when: 'at the snooze' as const })),
].map((cell) => ({ ...cell, killedAt: cell.point.name }));

test.each(chosen(CELLS, 1))(
  'back from a snooze, killed at: $killedAt',
  async ({ point, most, when }) => {
    const world = await createCell();
    const digest = await digestOf(world);
    if (when === 'at its time') {
      await press(world, digest, ROW, 'Snooze', 'Later today');
      await world.app.stop();
      const first = await startDying(world, point, NOON + 1_000);
      await expectKilledAt(first, point);
      await startReady(world, first.now() + LATER);
    } else {
      await world.app.stop();
      const first = await startReadyToDie(world, point);
      expect((await pressOnly(world, fresh(world, digest), ROW, 'Snooze', 'Later today')).acked).toBe(true);
      await expectKilledAt(first, point);
      await startReady(world, NOON + 1_000);
    }
    await settled(world);

    const count = returns(world);
    note({ matrix: 'crashes', row: point.name, column: 'return', came: `${count} for one rep` });
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(most);
  },
  CELL_TIMEOUT,
);

function returns(world: Three): number {
  return posted(world).filter((message) => wordsOf(message).startsWith('Back from a snooze')).length;
}
