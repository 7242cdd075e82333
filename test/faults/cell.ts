/** One cell of the fault matrix: a press, the fault, the time that passes, and what came of it. */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { MAYA_OUTREACH } from '../flow/cast.ts';
import { withOtherKeys } from '../flow/world.ts';
import { chosen, note } from '../matrix/cells.ts';
import { asked } from './answers.ts';
import { expected, inWords } from './expected.ts';
import { expectExplained, expectReadInBetween, expectSeemly, measure } from './measure.ts';
import { createStages, type Stage, type Stages, signInAgain } from './stages.ts';
import { createSubject, pressRow, pressVerb, removeSubject, rowOf, type Subject } from './subject.ts';
import { CELLS, type Cell } from './table.ts';
import type { Provider, Verb } from './verbs.ts';
import { countEffects } from './watch.ts';

const CELL_TIMEOUT = 120_000;

/** Between two cells: limits of Slack's and of ours, tokens and circuits are as at the beginning. */
const BETWEEN = 90_000;
/** Outreach's tokens end after two hours. */
const FRESH_FOR = 90 * 60_000;
/** More than the quarter of an hour in which a click is tried again, and more than a circuit stays open. */
const PAUSES = [2_000, 4_000, 8_000, 120_000, 300_000, 600_000] as const;
/** Where each attempt takes as long as we wait for an answer, in real time. */
const FEW_PAUSES = [4_000, 300_000, 900_000] as const;
/** By then the job that would show an outcome again is over. */
const AFTERWARDS = 15_000;

/** Some of the cells of one provider, side by side. */
export function runCells(provider: Provider): void {
  describe.concurrent('the fault matrix', () => {
    const stages = createStages();
    afterAll(() => stages.close());

    const ours = CELLS.filter(({ verb }) => verb.provider === provider);
    for (const cell of chosen(ours, 8)) test(cell.name, () => runCell(stages, cell), CELL_TIMEOUT);
  });
}

async function runCell(stages: Stages, cell: Cell): Promise<void> {
  const hasty = cell.fault.how.kind === 'hang';
  await stages.use({ provider: cell.verb.provider, hasty }, (stage) => runOn(stage, cell));
}

async function runOn(stage: Stage, cell: Cell): Promise<void> {
  const { world } = stage;
  const { verb, row, column } = cell;
  const subject = await begin(stage, verb);
  const seenFrom = { calls: world.slack.calls.length, lines: world.lines.length };
  const effects = countEffects(world, verb.provider, subject.id);
  const measured: string[] = [];
  try {
    await strike(stage, cell, subject);
    await untilSettled(stage);
    measured.push(measure(world, verb, subject, effects));
    expectExplained(world, cell, subject);
    await mend(stage, cell, subject);
    const { mendedBy } = expected(cell);
    if (mendedBy) measured.push(`after ${mendedBy}: ${measure(world, verb, subject, effects)}`);
    expectSeemly(world, seenFrom);
    expect(measured.join('; ')).toBe(inWords(expected(cell), verb));
    expectReadInBetween(world, verb, subject);
    await expectNothingOpen(stage);
  } finally {
    note({ matrix: 'faults', row, column, came: measured.join('; ') || 'failed' });
    effects.stop();
    world[verb.provider].clearFaults();
  }
  removeSubject(world, verb.provider, subject);
}

/** A task in a digest, and where Undo is what fails, the verb that it takes back. */
async function begin(stage: Stage, verb: Verb): Promise<Subject> {
  const { world } = stage;
  if (verb.provider === 'outreach' && world.now() - stage.tokenAt > FRESH_FOR) {
    // The cell before may have renewed it, and Outreach makes one a minute.
    await world.pass(BETWEEN);
    world.outreach.expireAccess(MAYA_OUTREACH);
    stage.tokenAt = world.now();
  }
  const subject = await createSubject(world, verb);
  await world.pass(BETWEEN);
  if (verb.undo) {
    await pressVerb(world, subject, verb);
    await untilNothingIsDue(stage);
    expect(rowOf(world, subject).controls).toEqual(['Undo']);
  }
  return subject;
}

async function strike(stage: Stage, cell: Cell, subject: Subject): Promise<void> {
  const { world } = stage;
  const { fault, verb, at } = cell;
  const on = (at === 'read' ? verb.read : verb.change)?.replace('{id}', subject.id);
  if (on === undefined) throw new TypeError(`${verb.name}: nothing is read`);
  const simulator = world[verb.provider];
  let before = 0;
  const fail = () => {
    before = simulator.requests.length;
    simulator.fail({ on, times: fault.times, how: asked(fault, verb.provider, world.now()) });
  };
  const struck = () =>
    simulator.requests.slice(before).filter(({ method, path }) => `${method} ${path}`.startsWith(on)).length;
  if (verb.undo) {
    fail();
    await pressRow(world, subject, 'Undo');
  } else {
    await pressVerb(world, subject, verb, fail);
  }
  if (fault.toldMs !== undefined) {
    // Told to wait: not a moment earlier, and not for longer.
    await untilNothingIsDue(stage);
    await world.pass(fault.toldMs - 1_000);
    await untilNothingIsDue(stage);
    expect(struck()).toBe(1);
    await world.pass(2_000);
    await untilNothingIsDue(stage);
    expect(struck()).toBeGreaterThan(1);
  }
  if (fault.ends === 'refused') {
    // Asked again it would say the same.
    await untilNothingIsDue(stage);
    await world.pass(5_000);
    await untilNothingIsDue(stage);
    expect(struck()).toBe(1);
  }
}

async function untilSettled(stage: Stage): Promise<void> {
  for (const pause of stage.hasty ? FEW_PAUSES : PAUSES) {
    await untilNothingIsDue(stage);
    if ((await undecided(stage)).length === 0) return;
    await stage.world.pass(pause);
  }
  await untilNothingIsDue(stage);
}

async function undecided(stage: Stage) {
  return (await stage.openJobs()).filter(({ key }) => !key.startsWith('show:'));
}

async function untilNothingIsDue(stage: Stage): Promise<void> {
  const due = async () => (await undecided(stage)).filter(({ dueAt }) => dueAt <= stage.world.now());
  await vi.waitFor(async () => expect(await due()).toEqual([]), { timeout: 30_000 });
  await stage.world.idle();
}

async function expectNothingOpen(stage: Stage): Promise<void> {
  await stage.world.pass(AFTERWARDS);
  await vi.waitFor(async () => expect(await stage.openJobs()).toEqual([]), { timeout: 5_000 });
}

/** The trouble is over: what is to be done then is done, by the rep or by itself. */
async function mend(stage: Stage, cell: Cell, subject: Subject): Promise<void> {
  const { world } = stage;
  const { mendedBy } = expected(cell);
  world[cell.verb.provider].clearFaults();
  if (!mendedBy) return;
  // Outreach makes one token a minute, and a circuit that opened is asked again.
  await world.pass(BETWEEN);
  if (mendedBy === 'sign in') {
    await signInAgain(world);
    stage.tokenAt = world.now();
  } else if (mendedBy === 'restart') {
    await world.restart(0, withOtherKeys(world.config));
  } else {
    await pressRow(world, subject, mendedBy);
  }
  await untilSettled(stage);
}
