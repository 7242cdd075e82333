/** One cell: one of three processes on one PostgreSQL database dies at a point of a click, and the others go on. */
import { describe, expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { cameTo, settled } from '../crash/cell.ts';
import { type ClickPoint, SEVERAL } from '../crash/points.ts';
import { cellsOf, PRESSED, type Pressed } from '../crash/verbs.ts';
import type { Provider } from '../faults/verbs.ts';
import { countEffects, type Effects, rowIn, stateOf } from '../faults/watch.ts';
import { digestOf, press, pressOnly, type Shown } from '../flow/press.ts';
import { fresh, mustBe, posted } from '../flow/read.ts';
import type { World } from '../flow/world.ts';
import { isAll } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines } from './machines.ts';
import { CELL_TIMEOUT, SURVIVED_WITHIN, startThree, type Three, tell } from './three.ts';

const AT_ONCE = { UNDO_WINDOW_SECONDS: '0' };

/** What may be sent twice, and is sent under a short lease; and what must not, and is sent under a long one. */
const VERBS = PRESSED.filter(({ name }) => name === 'Gong done' || name === 'Outreach done');

interface Cell {
  point: ClickPoint;
  pressed: Pressed;
  /** What dies is Undo of a verb that was done before. */
  undo?: true;
}

export function runClicks(provider: Provider): void {
  const verbs = VERBS.filter(({ verb }) => verb.provider === provider);
  const undone = verbs.filter(({ reversible }) => reversible);
  const undos = cellsOf(SEVERAL.undos, undone).map((cell) => ({
    ...cell,
    column: `Undo of ${cell.column}`,
    undo: true as const,
  }));
  const cells: (Cell & { row: string; column: string })[] = [...cellsOf(SEVERAL.clicks, verbs), ...undos];
  describe.skipIf(!hasPostgres || (!isAll && provider !== 'gong'))('one of three processes dies', () => {
    takeTurnsOnServer();
    test.each(cells.filter((cell) => isAll || isQuick(cell)))('$column, $row', survived, CELL_TIMEOUT);
  });
}

/** The one that is played each time: what was in hand is taken up after a short lease. */
function isQuick({ point, pressed, undo }: Cell): boolean {
  return point.name.endsWith(': claimed') && pressed.verb.repeatable && !undo;
}

async function survived({ point, pressed, undo }: Cell): Promise<void> {
  const { provider, press: pressing } = pressed.verb;
  const told: { digest?: Shown; effects?: Effects } = {};
  const machines = await createMachines({
    async before(world) {
      told.digest = await digestOf(world);
      if (undo) await press(world, told.digest, pressed.row, pressing.control, pressing.choice);
      told.effects = countEffects(world, provider, pressed.taskId);
    },
  });
  const { world } = machines;
  const [digest, effects] = [mustBe(told.digest), mustBe(told.effects)];
  const messages = posted(world).length;
  const kind = point.request === 'never done' ? 'hang' : 'hold';
  if (point.request) world[provider].fail({ on: pressed.verb.change.replace('{id}', pressed.taskId), how: { kind } });

  const three = await startThree(machines, point, AT_ONCE);
  const came = await play({ world, three, digest, effects, point, pressed, control: undo ? 'Undo' : pressing.control });
  tell(three, point, undo ? `Undo of ${pressed.name}` : pressed.name, came);

  expect(effects.count(), came).toBe(1);
  const requests =
    point.request === 'never done' || (pressed.verb.repeatable && point.click === 'acknowledged') ? 2 : 1;
  expect(effects.requests(), came).toBeLessThanOrEqual(requests);
  expect(posted(world)).toHaveLength(messages);
  if (!undo) {
    const becomes = pressed.becomes && expect.objectContaining(pressed.becomes);
    expect(stateOf(world, provider, pressed.taskId)).toEqual(becomes);
  }
}

interface Play {
  world: World;
  three: Three;
  digest: SandboxMessage;
  effects: Effects;
  point: ClickPoint;
  pressed: Pressed;
  control: string;
}

async function play({ world, three, digest, effects, point, pressed, control }: Play): Promise<string> {
  const pressIt = (label: string) =>
    pressOnly(world, fresh(world, digest), pressed.row, label, pressed.verb.press.choice);
  const measure = async () => {
    await settled(world, SURVIVED_WITHIN);
    return cameTo(fresh(world, digest), pressed, effects);
  };
  const { acked } = await pressIt(control);
  await three.oneDied();
  world[pressed.verb.provider].release();
  expect(acked).toBe(point.click === 'acknowledged');

  const came = [await measure()];
  if (point.click === 'lost') {
    expect(effects.count()).toBe(0);
    // Slack may send it once more, and the rep, who saw an error, presses again.
    for (const { acked } of await Promise.all([world.slack.redeliver(), pressIt(control)])) expect(acked).toBe(true);
    came.push(`pressed again: ${await measure()}`);
  } else if (point.click === 'recorded, not acknowledged') {
    expect((await world.slack.redeliver()).acked).toBe(true);
    came.push(`delivered again: ${await measure()}`);
  }
  if (rowIn(fresh(world, digest), pressed.row).controls.includes('Retry')) {
    // What came of it could not be found out, so whether it is sent again is the rep's to say.
    await pressIt('Retry');
    came.push(`retried: ${await measure()}`);
  }
  return came.join('; ');
}
