/** What a rep does to act on many tasks, each click counted, and what came of it. */
import { expect, vi } from 'vitest';
import type { Delivery, JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, outreachTask, replyTask } from './cast.ts';
import { type Screen, type Shown, show, submit } from './press.ts';
import { modalOf, mustBe, textOf, wordsOf } from './read.ts';
import { createThree, type ThreeOptions } from './start.ts';
import type { World } from './world.ts';

/** Tasks of each tool. */
export interface Sizes {
  gong: number;
  outreach: number;
  reply: number;
}

export const TWENTY: Sizes = { gong: 7, outreach: 7, reply: 6 };
const OLD = MONDAY_NINE - 10 * DAY;

const ids = (from: bigint, count: number) => Array.from({ length: count }, (_, index) => String(from + BigInt(index)));

export function idsOf({ gong, outreach, reply }: Sizes) {
  return {
    gong: ids(9_007_199_254_741_000_100n, gong),
    outreach: ids(9_107_199_254_741_000_100n, outreach),
    reply: ids(9_100n, reply),
  };
}

/** Maya's tasks, all overdue for ten days. */
export function overdue(sizes: Sizes): Promise<World> {
  return createThree({
    ...overdueTasks(sizes),
    // The limit counts in real seconds, and these tests have few of them.
    overrides: { backgroundEdits: { intervalCap: 100, interval: 100 } },
  });
}

export function overdueTasks(sizes: Sizes): ThreeOptions {
  const of = idsOf(sizes);
  const at = new Date(OLD).toISOString();
  // One that starts when it is due cannot be moved.
  const startAt = new Date(OLD - HOUR).toISOString();
  return {
    tasks: of.gong.map((id) => gongTask({ id, dueDate: at })),
    outreachOptions: {
      tasks: of.outreach.map((id) => outreachTask({ id, dueAt: at, prospectId: '42', note: `Ask ${id}` })),
    },
    replyOptions: {
      tasks: of.reply.map((id) => replyTask({ id, startAt, dueTo: at })),
    },
  };
}

/** When the tools think that the tasks are due. */
export function dueTimes(world: World, sizes: Sizes): string[] {
  const of = idsOf(sizes);
  const times = [
    ...of.gong.map((id) => world.gong.task(id)?.dueDate),
    ...of.outreach.map((id) => world.outreach.task(id)?.dueAt),
    ...of.reply.map((id) => world.reply.task(id)?.dueTo),
  ];
  return [...new Set(times.map((time) => new Date(String(time)).toISOString()))];
}

/** A rep whose clicks are counted: a press, a choice, a submission. */
export function clicker(world: World, who: SandboxUser = MAYA) {
  let clicks = 0;
  return {
    get clicks() {
      return clicks;
    },
    async button(screen: Screen, label: string): Promise<void> {
      clicks += 1;
      await screen.button(label);
    },
    /** A choice in a field of the window; it is sent with the submission. */
    choose(block: string, text: string): Record<string, JsonObject> {
      clicks += 1;
      return { [block]: { type: 'static_select', selected_option: optionOf(world, block, text, who) } };
    },
    async submit(values: Record<string, JsonObject> = {}): Promise<Delivery> {
      clicks += 1;
      return submit(world, values, who);
    },
  };
}

export function optionOf(world: World, block: string, text: string, who: SandboxUser = MAYA): JsonObject {
  const input = modalOf(world, who).find(({ block_id }) => block_id === block)?.element as JsonObject | undefined;
  const options = (input?.options ?? []) as JsonObject[];
  const found = options.find((each) => textOf(each.text).includes(text));
  if (!found) throw new Error(`no option "${text}" among ${options.map((each) => textOf(each.text)).join(', ')}`);
  return found;
}

export function progressOf(world: World, who: SandboxUser = MAYA): Shown {
  const found = world.slack.messages(who.id).filter(isProgress);
  return show(world, mustBe(found.at(-1)));
}

export function progressMessages(world: World, who: SandboxUser = MAYA): SandboxMessage[] {
  return world.slack.messages(who.id).filter(isProgress);
}

function isProgress({ text }: SandboxMessage): boolean {
  return /^(Moving|Marking|Dismissing) \d+ task/.test(text);
}

/** Lets time pass until the message says so. */
export async function untilProgress(world: World, words: string): Promise<Shown> {
  await vi.waitFor(
    async () => {
      await world.pass(1_000);
      expect(wordsOf(progressOf(world).now())).toContain(words);
    },
    { timeout: 40_000, interval: 50 },
  );
  return progressOf(world);
}
