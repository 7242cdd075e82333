import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA, MONDAY_NINE, THEO } from '../flow/cast.ts';
import { eventually, START_WITHIN, startReady } from '../flow/process.ts';
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
    const most = await mostOf(world, point);

    await startReady(world, first.now() + LATER);
    // Where nothing was committed there is no job yet: the first look at what is due comes after the start.
    await eventually(
      () => expect(Math.min(...REPS.map((rep) => digests(world, rep)))).toBeGreaterThan(0),
      START_WITHIN,
    );
    await settled(world);

    const counts = REPS.map((rep) => digests(world, rep));
    note({ matrix: 'crashes', row: point.name, column: 'digest', came: `${counts.join(' and ')} for two reps` });
    for (const [index, count] of counts.entries()) {
      expect(count).toBeLessThanOrEqual(most[index] ?? 0);
    }
  },
  CELL_TIMEOUT,
);

/**
 * How often each may come: again if Slack has it and that was not noted. At a point that allows no second one, whoever is at
 * the point has it noted; the other one's post may be under way just then.
 */
async function mostOf(world: Three, point: DigestPoint): Promise<number[]> {
  const db = new DatabaseSync(fileURLToPath(new URL(world.config.databaseUrl)), { readOnly: true });
  const find = db.prepare("select 1 from messages where user_id = ? and kind = 'digest' and ts is not null");
  const isNoted = REPS.map(({ id }) => find.get(id) !== undefined);
  db.close();
  const hasSlackIt = REPS.map((rep) => digests(world, rep) > 0);
  if (point.most === 1 && hasSlackIt.includes(true)) expect(isNoted).toContain(true);
  return REPS.map((_, index) => (hasSlackIt[index] && !isNoted[index] ? 2 : 1));
}

function digests(world: Three, rep: SandboxUser): number {
  return posted(world, rep).filter((message) => wordsOf(message).includes('Monday 23 November')).length;
}
