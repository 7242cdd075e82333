/** The first message to a rep, though the process dies while it is sent. */
import { expect, test } from 'vitest';
import { HOUR, MAYA, MINUTE, MONDAY_NINE } from '../flow/cast.ts';
import { startReady } from '../flow/process.ts';
import { posted } from '../flow/read.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startDying } from './cell.ts';
import { type DigestPoint, WELCOME_POINTS } from './points.ts';

const CELLS: readonly DigestPoint[] = WELCOME_POINTS;

test.each(chosen(CELLS, 1))(
  'a welcome, killed at: $name',
  async (point) => {
    // Linked before their working hours.
    const world = await createCell({ users: [MAYA], strangers: true, now: MONDAY_NINE - 3 * HOUR, signedIn: [] });
    await world.app.stop();
    const first = await startDying(world, point, MONDAY_NINE - 30 * MINUTE);
    await expectKilledAt(first, point);

    await startReady(world, first.now() + LATER);
    await settled(world);

    const count = posted(world).filter(({ text }) => text.startsWith('*Hello from Docket.*')).length;
    note({ matrix: 'crashes', row: point.name, column: 'welcome', came: `${count} for one rep` });
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(point.most);
  },
  CELL_TIMEOUT,
);
