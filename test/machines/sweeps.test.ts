/** One choice for six tasks, while one of three processes dies. */
import { describe, test } from 'vitest';
import { SEVERAL, type SweepPoint } from '../crash/points.ts';
import { effectsOf, SIX, sweepStory } from '../crash/sweep-story.ts';
import { digestOf, type Shown } from '../flow/press.ts';
import { mustBe } from '../flow/read.ts';
import { overdueTasks } from '../flow/sweeping.ts';
import { isAll } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines } from './machines.ts';
import { CELL_TIMEOUT, SURVIVED_WITHIN, startThree, tell } from './three.ts';

describe.skipIf(!hasPostgres || !isAll)('one of three processes dies', () => {
  takeTurnsOnServer();
  test.each<SweepPoint>(SEVERAL.sweeps)(
    'six tasks at once, $name',
    async (point) => {
      const told: { digest?: Shown; effects?: () => number[] } = {};
      const machines = await createMachines({
        ...overdueTasks(SIX),
        async before(world) {
          told.digest = await digestOf(world);
          told.effects = effectsOf(world);
        },
      });
      const { world } = machines;
      const three = await startThree(machines, point);
      const came = await sweepStory({
        world,
        digest: mustBe(told.digest),
        point,
        effects: mustBe(told.effects),
        died: three.oneDied,
        within: SURVIVED_WITHIN,
      });
      tell(three, point, 'sweep', came);
    },
    CELL_TIMEOUT,
  );
});
