/** One choice for six tasks, and perhaps Undo of it, while a process dies at a point. */
import { expect } from 'vitest';
import type { JsonObject, SandboxMessage } from '../../sandbox/slack/types.ts';
import { countEffects } from '../faults/watch.ts';
import { MAYA } from '../flow/cast.ts';
import { eventually, START_WITHIN } from '../flow/process.ts';
import { fresh, mustBe, textOf, wordsOf } from '../flow/read.ts';
import { dueTimes, idsOf, progressMessages, type Sizes } from '../flow/sweeping.ts';
import type { World as Three } from '../flow/world.ts';
import { settled } from './cell.ts';
import type { SweepPoint } from './points.ts';

export const SIX: Sizes = { gong: 2, outreach: 2, reply: 2 };
const [TOMORROW, BEFORE] = ['2026-11-24T14:00:00.000Z', '2026-11-13T14:00:00.000Z'];

interface Story {
  world: Three;
  digest: SandboxMessage;
  point: SweepPoint;
  /** Counted since before the process that dies was there. */
  effects: () => number[];
  /** Resolves once it is dead, and there is one that goes on. */
  died(): Promise<void>;
  /** By then all must be done. */
  within?: number;
}

/** Returns what came of it. */
export async function sweepStory({
  world,
  digest,
  point,
  effects,
  died,
  within = START_WITHIN,
}: Story): Promise<string> {
  await press(world, fresh(world, digest), 'Act on many');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  const send = () => world.slack.submit(MAYA.id, {});
  const undo = () => press(world, lastProgress(world), 'Undo all');
  let acked = (await send()).acked;
  if (point.undo) {
    await eventually(() => expect(wordsOf(lastProgress(world))).toContain('6 of 6 done'), 40_000);
    acked = await undo();
  }
  await died();
  expect(acked).toBe(point.click === 'acknowledged');

  await settled(world, within);
  if (point.click === 'lost') {
    expect(effects()).toEqual([]);
    // The window is still open, and the rep, who saw an error, sends it again.
    expect((await send()).acked).toBe(true);
  } else if (point.click === 'recorded, not acknowledged') {
    expect((await world.slack.redeliver()).acked).toBe(true);
  }
  await settled(world, within);

  const messages = progressMessages(world).length;
  await eventually(() => expect(wordsOf(lastProgress(world))).toContain(point.undo ? '6 undone' : '6 of 6 done'));
  expect(dueTimes(world, SIX)).toEqual([point.undo ? BEFORE : TOMORROW]);
  // There and, where that was undone, back.
  expect(effects()).toEqual(Array(6).fill(point.undo ? 2 : 1));
  expect(messages).toBeLessThanOrEqual(point.most);
  return `${cameTo(effects())}, ${messages} of the progress`;
}

/** How often each task that changed at all became another. */
export function effectsOf(world: Three): () => number[] {
  const ids = idsOf(SIX);
  const tools = ['gong', 'outreach', 'reply'] as const;
  const counted = tools.flatMap((tool) => ids[tool].map((id) => countEffects(world, tool, id)));
  return () => counted.map(({ count }) => count()).filter((count) => count > 0);
}

function cameTo(effects: readonly number[]): string {
  const [each = 0] = effects;
  const same = effects.every((count) => count === each);
  return `${effects.length} tasks, ${same ? each : effects.join(' ')} effect${each === 1 ? '' : 's'} each`;
}

function lastProgress(world: Three) {
  return mustBe(progressMessages(world).at(-1));
}

async function press(world: Three, message: { ts: string; blocks: JsonObject[] }, label: string): Promise<boolean> {
  for (const block of message.blocks) {
    const button = ((block.elements ?? []) as JsonObject[]).find((each) => textOf(each.text) === label);
    if (button) return (await world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), button)).acked;
  }
  throw new Error(`no button "${label}"`);
}
