/** What a provider cannot take back waits for the undo window, while one of three processes dies. */
import { describe, expect, test } from 'vitest';
import { cameTo, settled } from '../crash/cell.ts';
import { type Point, SEVERAL } from '../crash/points.ts';
import { EVERY, type Pressed } from '../crash/verbs.ts';
import { countEffects, type Effects, rowIn } from '../faults/watch.ts';
import { digestOf, type Shown } from '../flow/press.ts';
import { eventually } from '../flow/process.ts';
import { fresh, mustBe } from '../flow/read.ts';
import { isAll } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines } from './machines.ts';
import { send } from './send.ts';
import { CELL_TIMEOUT, SURVIVED_WITHIN, startThree, tell } from './three.ts';

interface Held {
  point: Point;
  pressed: Pressed;
  /** When the rep presses Undo: never, before one dies, or after. */
  undo: 'never' | 'before' | 'after';
}

/** Long enough for whoever presses Undo on a busy machine; nobody has to wait for its end then. */
const WINDOWS = { never: 4_000, before: 40_000, after: 40_000 } as const;

const [SHOWN, NOT_ACKNOWLEDGED, NOT_SHOWN] = SEVERAL.held as [Point, Point, Point];
const CELLS = EVERY.filter(({ reversible }) => !reversible).flatMap((pressed): Held[] => [
  { point: SHOWN, pressed, undo: 'never' },
  { point: SHOWN, pressed, undo: 'after' },
  { point: NOT_ACKNOWLEDGED, pressed, undo: 'before' },
  { point: NOT_SHOWN, pressed, undo: 'before' },
]);

describe.skipIf(!hasPostgres || !isAll)('one of three processes dies', () => {
  takeTurnsOnServer();
  test.each(CELLS.map((cell) => ({ ...cell, column: cell.pressed.name, row: cell.point.name })))(
    '$column, $row, Undo $undo',
    async ({ point, pressed, undo }) => {
      const told: { digest?: Shown; effects?: Effects } = {};
      const machines = await createMachines({
        async before(world) {
          told.digest = await digestOf(world);
          told.effects = countEffects(world, pressed.verb.provider, pressed.taskId);
        },
      });
      const { world } = machines;
      const [digest, effects] = [mustBe(told.digest), mustBe(told.effects)];
      const three = await startThree(machines, point, { UNDO_WINDOW_SECONDS: String(WINDOWS[undo] / 1_000) });
      const takeBack = async () => {
        await eventually(() => expect(rowIn(fresh(world, digest), pressed.row).controls).toEqual(['Undo']));
        return (await send(world, digest, pressed, 'Undo')).acked;
      };

      const pressedAt = Date.now();
      expect((await send(world, digest, pressed, pressed.verb.press.control)).acked).toBe(true);
      if (undo === 'before') expect(await takeBack()).toBe(point === NOT_SHOWN);
      await three.oneDied();
      if (undo === 'after') expect(await takeBack()).toBe(true);
      if (undo !== 'never') expect(Date.now()).toBeLessThan(pressedAt + WINDOWS[undo]);
      await settled(world, SURVIVED_WITHIN);
      if (point === NOT_ACKNOWLEDGED) expect((await world.slack.redeliver()).acked).toBe(true);
      await settled(world, SURVIVED_WITHIN);

      const came = cameTo(fresh(world, digest), pressed, effects);
      tell(three, rowOf({ point, pressed, undo }), pressed.name, came);
      expect(came).toBe(undo === 'never' ? `1 effect, ${pressed.word}` : '0 effects, open');
      expect(effects.requests()).toBe(effects.count());
      for (const at of effects.times()) expect(at).toBeGreaterThanOrEqual(pressedAt + WINDOWS.never);
    },
    CELL_TIMEOUT,
  );
});

function rowOf({ point, undo }: Held): Point {
  return undo === 'after' ? { ...point, name: `${point.name}; Undo afterwards` } : point;
}
