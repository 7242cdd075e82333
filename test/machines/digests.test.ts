/** The digests of two reps, while one of the three processes that reach for them dies. */
import { describe, expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { settled } from '../crash/cell.ts';
import { type DigestPoint, SEVERAL } from '../crash/points.ts';
import { MAYA, MONDAY_NINE, THEO } from '../flow/cast.ts';
import { eventually } from '../flow/process.ts';
import { posted, wordsOf } from '../flow/read.ts';
import { isAll } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines } from './machines.ts';
import { CELL_TIMEOUT, SURVIVED_WITHIN, startThree, tell } from './three.ts';

const REPS: readonly SandboxUser[] = [MAYA, { ...THEO, tz: MAYA.tz }];
/** The three are up by then, unless the machine is very busy; their ticks come at the same moment. */
const EARLY_MS = 8_000;

describe.skipIf(!hasPostgres || !isAll)('one of three processes dies', () => {
  takeTurnsOnServer();
  test.each<DigestPoint>(SEVERAL.digests)(
    'two reps’ digests, $name',
    async (point) => {
      const machines = await createMachines({ users: [...REPS], at: MONDAY_NINE - EARLY_MS });
      const { world } = machines;
      const three = await startThree(machines, point);
      await three.oneDied();
      const count = (rep: SandboxUser) =>
        posted(world, rep).filter((message) => wordsOf(message).includes('Monday 23 November')).length;
      // Without a run there is no job yet: that comes with another process's next tick.
      await eventually(() => expect(REPS.every((rep) => count(rep) > 0)).toBe(true), SURVIVED_WITHIN);
      await settled(world, SURVIVED_WITHIN);

      const counts = REPS.map(count);
      tell(three, point, 'digest', `${counts.join(' and ')} for two reps`);
      for (const each of counts) {
        expect(each).toBeGreaterThanOrEqual(1);
        expect(each).toBeLessThanOrEqual(point.most);
      }
      // Twice is for one of them, and only for the one that was being posted.
      expect(counts.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(REPS.length + point.most - 1);
    },
    CELL_TIMEOUT,
  );
});
