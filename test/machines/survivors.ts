/** One cell: one of three processes on one PostgreSQL database dies at a point of a click, and the others go on. */
import { describe, expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { cameTo, settled } from '../crash/cell.ts';
import { type ClickPoint, SEVERAL } from '../crash/points.ts';
import { cellsOf, EVERY, type Pressed } from '../crash/verbs.ts';
import { pressVerb } from '../faults/subject.ts';
import type { Provider } from '../faults/verbs.ts';
import { countEffects, type Effects, rowIn, stateOf } from '../faults/watch.ts';
import { digestOf, type Shown } from '../flow/press.ts';
import { fresh, mustBe, posted } from '../flow/read.ts';
import { afterWindow } from '../flow/start.ts';
import type { World } from '../flow/world.ts';
import { isAll } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines } from './machines.ts';
import { send } from './send.ts';
import { CELL_TIMEOUT, SURVIVED_WITHIN, startThree, type Three, tell } from './three.ts';

const AT_ONCE = { UNDO_WINDOW_SECONDS: '0' };

/** At every point: what may be sent twice, and is sent under a short lease; and what must not, and is sent under a long one. */
const THROUGHOUT = ['Gong done', 'Outreach done'];
/** Where one verb is not like another: each has a request, an answer and a row of its own. */
const OWN_POINTS =
  /: (?:about to be sent|provider did it, answer not read|answer read, not settled|settled, not shown|Undo claimed|provider took it back, answer not read|Undo settled, not shown)$/;
/** A verb that is sent again is prepared as no other verb is, and sent as each. */
const RETRIED = ['Gong done', 'Outreach done', 'Reply done'];

interface Cell {
  point: ClickPoint;
  pressed: Pressed;
  /** What dies: the verb, Undo of it once it is done, or Retry of it once it has failed. */
  of: '' | 'Undo' | 'Retry';
}

/** `isMeant`: some of the verbs, so that no file takes longer than all others together. */
export function runClicks(provider: Provider, isMeant: (pressed: Pressed) => boolean = () => true): void {
  const verbs = EVERY.filter((pressed) => pressed.verb.provider === provider && isMeant(pressed));
  const undone = verbs.filter(({ reversible }) => reversible);
  const retried = verbs.filter(({ name }) => RETRIED.includes(name));
  const cells = [
    ...cellsOf(SEVERAL.clicks, verbs).map((cell) => ({ ...cell, of: '' as const })),
    ...cellsOf(SEVERAL.undos, undone).map((cell) => ({ ...cell, of: 'Undo' as const })),
    ...cellsOf(SEVERAL.retries, retried).map((cell) => ({ ...cell, of: 'Retry' as const })),
  ].map((cell) => ({ ...cell, column: columnOf(cell) }));
  describe.skipIf(!hasPostgres || (!isAll && provider !== 'gong'))('one of three processes dies', () => {
    takeTurnsOnServer();
    test.each(cells.filter(isAll ? isPlayed : isQuick))('$column, $row', survived, CELL_TIMEOUT);
  });
}

function isPlayed({ point, pressed, of }: Cell): boolean {
  return of === 'Retry' || THROUGHOUT.includes(pressed.name) || OWN_POINTS.test(point.name);
}

/** The one that is played each time: what was in hand is taken up after a short lease. */
function isQuick({ point, pressed, of }: Cell): boolean {
  return point.name.endsWith(': claimed') && pressed.name === 'Gong done' && of === '';
}

function columnOf({ of, pressed }: Cell): string {
  return of === '' ? pressed.name : `${of} of ${pressed.name}`;
}

async function survived(cell: Cell): Promise<void> {
  const { point, pressed, of } = cell;
  const { provider } = pressed.verb;
  const told: { before?: Before } = {};
  const machines = await createMachines({
    async before(world) {
      told.before = await prepare(world, cell);
    },
  });
  const { world } = machines;
  const { digest, effects, state } = mustBe(told.before);
  const messages = posted(world).length;
  const kind = point.request === 'never done' ? 'hang' : 'hold';
  if (point.request) world[provider].fail({ on: changeOf(pressed), how: { kind } });

  const three = await startThree(machines, point, AT_ONCE);
  const came = await play({ ...cell, world, three, digest, effects });
  tell(three, point, columnOf(cell), came);

  expect(effects.count(), came).toBe(1);
  const requests =
    point.request === 'never done' || (pressed.verb.repeatable && point.click === 'acknowledged') ? 2 : 1;
  expect(effects.requests(), came).toBeLessThanOrEqual(requests);
  expect(posted(world)).toHaveLength(messages);
  const becomes = of === 'Undo' ? state : pressed.becomes && expect.objectContaining(pressed.becomes);
  expect(stateOf(world, provider, pressed.taskId)).toEqual(becomes);
  expect(rowIn(fresh(world, digest), pressed.row).controls).toEqual(controlsAfter(cell));
}

function changeOf({ verb, taskId }: Pressed): string {
  return verb.change.replace('{id}', taskId);
}

function controlsAfter({ pressed, of }: Cell): unknown {
  if (of === 'Undo') return expect.arrayContaining([pressed.verb.press.control]);
  return pressed.reversible ? ['Undo'] : [];
}

interface Before {
  digest: Shown;
  /** Counted from now on. */
  effects: Effects;
  /** Of the task before it was pressed at all. */
  state: object | undefined;
}

/** What there is before the click that is cut off. */
async function prepare(world: World, { pressed, of }: Cell): Promise<Before> {
  const { verb, row, taskId } = pressed;
  const digest = await digestOf(world);
  const state = stateOf(world, verb.provider, taskId);
  if (of === 'Retry') world[verb.provider].fail({ on: changeOf(pressed), how: { kind: 'answer', status: 422 } });
  if (of !== '') {
    await pressVerb(world, { id: taskId, message: digest, person: row }, verb);
    await afterWindow(world);
    expect(rowIn(fresh(world, digest), row).controls).toContain(of);
  }
  return { digest, effects: countEffects(world, verb.provider, taskId), state };
}

interface Play extends Cell {
  world: World;
  three: Three;
  digest: SandboxMessage;
  effects: Effects;
}

async function play({ world, three, digest, effects, point, pressed, of }: Play): Promise<string> {
  const pressIt = (label = of || pressed.verb.press.control) => send(world, digest, pressed, label);
  const measure = async () => {
    await settled(world, SURVIVED_WITHIN);
    return cameTo(fresh(world, digest), pressed, effects);
  };
  const { acked } = await pressIt();
  await three.oneDied();
  world[pressed.verb.provider].release();
  expect(acked).toBe(point.click === 'acknowledged');

  const came = [await measure()];
  if (point.click === 'lost') {
    expect(effects.count()).toBe(0);
    // Slack may send it once more, and the rep, who saw an error, presses again.
    for (const { acked } of await Promise.all([world.slack.redeliver(), pressIt()])) expect(acked).toBe(true);
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
