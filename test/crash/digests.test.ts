import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA, MONDAY_NINE, THEO } from '../flow/cast.ts';
import { startReady } from '../flow/process.ts';
import { posted, wordsOf } from '../flow/read.ts';
import type { World as Three } from '../flow/world.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CELL_TIMEOUT, createCell, expectKilledAt, LATER, settled, startDying } from './cell.ts';
import { DIGEST_POINTS, type DigestPoint } from './points.ts';

/** Two whose digests are due at the same minute. */
const REPS: readonly SandboxUser[] = [MAYA, { ...THEO, tz: MAYA.tz }];
const CELLS: readonly DigestPoint[] = DIGEST_POINTS;

test.each(chosen(CELLS, 1))(
  'two reps’ digests, killed at: $name',
  async (point) => {
    const world = await createCell({ users: [...REPS] });
    await world.app.stop();
    const first = await startDying(world, point, MONDAY_NINE + 1_000);
    await expectKilledAt(first, point);

    await startReady(world, first.now() + LATER);
    await settled(world);

    const counts = REPS.map((rep) => digests(world, rep));
    note({ matrix: 'crashes', row: point.name, column: 'digest', came: `${counts.join(' and ')} for two reps` });
    for (const count of counts) {
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(point.most);
    }
  },
  CELL_TIMEOUT,
);

function digests(world: Three, rep: SandboxUser): number {
  return posted(world, rep).filter((message) => wordsOf(message).includes('Monday 23 November')).length;
}
