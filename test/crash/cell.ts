/** One cell of the crash matrix: a process dies at a point, the next one goes on, and what came of it is measured. */
import { expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import type { Provider } from '../faults/verbs.ts';
import { countEffects, type Effects, jobsOf, openJobs, rowIn, stateOf } from '../faults/watch.ts';
import { digestOf, press, pressOnly } from '../flow/press.ts';
import { type DocketProcess, envOf, eventually, START_WITHIN, startProcess, startReady } from '../flow/process.ts';
import { fresh, posted } from '../flow/read.ts';
import { freePort } from '../flow/simulators.ts';
import { createThree, type ThreeOptions } from '../flow/start.ts';
import type { World as Three } from '../flow/world.ts';
import { chosen, note } from '../matrix/cells.ts';
import { CLICK_POINTS, type ClickPoint, type Point } from './points.ts';
import { cellsOf, PRESSED, type Pressed } from './verbs.ts';

/** By then every lease of the killed process is over, that of a sending too, which is the longest: a minute. */
export const LATER = 90_000;
export const CELL_TIMEOUT = 120_000;
const CRASH_AT = new URL('./crash-at.ts', import.meta.url);
const AT_ONCE = { UNDO_WINDOW_SECONDS: '0' };

/** A process that dies at a point; it may die before it is ready. */
export function startDying(world: Three, point: Point, now: number): Promise<DocketProcess> {
  return startProcess({ ...envOf(world), CRASH_AT: point.name }, now, [CRASH_AT]);
}

export function startReadyToDie(world: Three, point: Point, env: Record<string, string> = {}): Promise<DocketProcess> {
  return startReady(world, world.now(), { ...env, CRASH_AT: point.name }, [CRASH_AT]);
}

/** It died there, and of nothing else: a point that is never reached proves nothing. */
export async function expectKilledAt(docket: DocketProcess, point: Point): Promise<void> {
  await eventually(() => expect(docket.output()).toContain(`killed at: ${point.name}\n`), START_WITHIN);
  expect(await docket.signal).toBe('SIGKILL');
}

/** Waits until nothing is left to be done or shown. */
export async function settled(world: Three, within = START_WITHIN): Promise<void> {
  const db = jobsOf(world);
  // Looks follow a digest for days.
  const isLook = ({ key }: { key: string }) => key.startsWith('reconcile:');
  const nothingOpen = async () => expect((await openJobs(db)).filter((job) => !isLook(job))).toEqual([]);
  try {
    await eventually(nothingOpen, within);
    await world.outreach.settled();
    await eventually(nothingOpen, within);
  } finally {
    await db.destroy();
  }
}

/** Whose address the processes take over from the world's own app: it is in what Outreach was told. */
export async function createCell(options: ThreeOptions = {}): Promise<Three> {
  const port = await freePort();
  const address = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  return createThree({ ...options, env: { ...address, ...options.env } });
}

/** Some of the presses of one provider's verbs, each cut off at a point. */
export function runClicks(provider: Provider): void {
  const verbs = PRESSED.filter(({ verb }) => verb.provider === provider);
  const cells = chosen(cellsOf(CLICK_POINTS, verbs), 1);
  test.each(cells)('$column, killed at: $row', ({ point, pressed }) => verbCell(point, pressed), CELL_TIMEOUT);
}

async function verbCell(point: ClickPoint, pressed: Pressed): Promise<void> {
  const world = await createCell();
  const digest = await digestOf(world);
  const { control, choice } = pressed.verb.press;
  await cell(world, digest, point, pressed, { control, ...(choice !== undefined && { choice }) });

  expect(taskNow(world, pressed)).toEqual(pressed.becomes && expect.objectContaining(pressed.becomes));
  const { text, controls } = rowIn(fresh(world, digest), pressed.row);
  expect(text).toContain(pressed.verb.says);
  expect(controls).toEqual(pressed.reversible ? ['Undo'] : []);
}

/** Undo of a verb that was done is cut off at a point. */
export async function undoCell(point: ClickPoint, pressed: Pressed): Promise<void> {
  const world = await createCell();
  const digest = await digestOf(world);
  const before = taskNow(world, pressed);
  const { control, choice } = pressed.verb.press;
  await press(world, digest, pressed.row, control, choice);
  expect(taskNow(world, pressed)).toEqual(expect.objectContaining(pressed.becomes));
  await cell(world, digest, point, pressed, { control: 'Undo' });

  expect(taskNow(world, pressed)).toEqual(before);
  expect(rowIn(fresh(world, digest), pressed.row).controls).toContain(control);
}

function taskNow(world: Three, { verb, taskId }: Pressed): object | undefined {
  return stateOf(world, verb.provider, taskId);
}

async function cell(
  world: Three,
  digest: SandboxMessage,
  point: ClickPoint,
  pressed: Pressed,
  how: { control: string; choice?: string },
): Promise<void> {
  const pressIt = () => pressOnly(world, fresh(world, digest), pressed.row, how.control, how.choice);
  await world.app.stop();
  const messages = posted(world).length;
  const { verb } = pressed;
  const effects = countEffects(world, verb.provider, pressed.taskId);
  const measure = async () => {
    await settled(world);
    return cameTo(fresh(world, digest), pressed, effects);
  };

  const provider = world[verb.provider];
  if (point.request) {
    const kind = point.request === 'never done' ? 'hang' : 'hold';
    provider.fail({ on: verb.change.replace('{id}', pressed.taskId), how: { kind } });
  }
  const first = await startReadyToDie(world, point, AT_ONCE);
  const { acked } = await pressIt();
  await expectKilledAt(first, point);
  provider.release();
  expect(acked).toBe(point.click === 'acknowledged');

  await startReady(world, first.now() + LATER, AT_ONCE);
  const came = [await measure()];
  if (point.click === 'lost') {
    expect(effects.count()).toBe(0);
    // Slack may send it once more, and the rep, who saw an error, presses again.
    for (const { acked } of await Promise.all([world.slack.redeliver(), pressIt()])) expect(acked).toBe(true);
    came.push(`pressed again: ${await measure()}`);
  } else if (point.click === 'recorded, not acknowledged') {
    // Slack sends what was not acknowledged once more.
    expect((await world.slack.redeliver()).acked).toBe(true);
    came.push(`delivered again: ${await measure()}`);
  }
  note({ matrix: 'crashes', row: point.name, column: columnOf(pressed, how.control), came: came.join('; ') });

  if (rowIn(fresh(world, digest), pressed.row).controls.includes('Retry')) {
    // What came of it could not be found out, so whether it is sent again is the rep's to say; it happens once all the same.
    await pressOnly(world, fresh(world, digest), pressed.row, 'Retry');
    came.push(`retried: ${await measure()}`);
  }
  expect(effects.count(), came.join('; ')).toBe(1);
  // What must not happen twice is not even asked for twice once it has happened.
  const requests = point.request === 'never done' || (verb.repeatable && point.click === 'acknowledged') ? 2 : 1;
  expect(effects.requests(), came.join('; ')).toBeLessThanOrEqual(requests);
  expect(posted(world)).toHaveLength(messages);
}

function columnOf({ name }: Pressed, control: string): string {
  return control === 'Undo' ? `Undo of ${name}` : name;
}

/** `1 effect, done`: what became of the task, and what its row says of it. */
export function cameTo(now: SandboxMessage, pressed: Pressed, effects: Effects): string {
  const count = effects.count();
  const requests = effects.requests() > count ? ` of ${effects.requests()} requests` : '';
  return `${count} ${count === 1 ? 'effect' : 'effects'}${requests}, ${shows(now, pressed)}`;
}

function shows(now: SandboxMessage, { row, verb, word }: Pressed): string {
  const { text, controls } = rowIn(now, row);
  if (controls.includes('Retry')) return 'Retry';
  if (text.includes(verb.says)) return word;
  // Whatever else stands there, as it is: nothing that a row should say.
  return controls.includes(verb.press.control) ? 'open' : `“${text}”`;
}
