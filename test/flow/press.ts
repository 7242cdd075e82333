/** What reps do: press, choose, type, open. */
import { expect, vi } from 'vitest';
import type { Delivery, Json, JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA, MONDAY_NINE } from './cast.ts';
import { findRow, fresh, homeOf, lastMessage, mustBe, rowsOf, type SeenRow, textOf, wordsOf } from './read.ts';
import type { World } from './world.ts';

type Who = Pick<SandboxUser, 'id'>;

/** A message, or Home, that somebody looks at: each look and each press is at what it shows by then. */
export interface Screen {
  now(): { blocks: JsonObject[] };
  words(): string;
  rows(): SeenRow[];
  row(words: string): SeenRow;
  /** The labels of the controls of a row, beside its window and its menu as a whole; none where it has no row. */
  controls(words: string): string[];
  /** Presses a control of a row, and waits until the app has nothing left to do. */
  press(words: string, label: string, choice?: string): Promise<void>;
  /** Presses a control that opens a window, and waits for that. */
  open(words: string, label: string, choice?: string): Promise<void>;
  /** Presses a button of the list as a whole. */
  button(label: string): Promise<void>;
  /** Chooses in a menu of the list as a whole, by the name of the menu. */
  choose(menu: string, choice: string): Promise<void>;
  /** Types into the search field, and presses Enter. */
  search(text: string): Promise<void>;
}

/** As it was when it came, and by its functions as it is now. */
export interface Shown extends SandboxMessage, Screen {
  now(): SandboxMessage;
}

export function show(world: World, message: SandboxMessage): Shown {
  const who = { id: message.userId };
  return { ...message, ...screenOf(world, () => fresh(world, message), who), now: () => fresh(world, message) };
}

export function homeScreen(world: World, who: Who = MAYA): Screen {
  return screenOf(world, () => 'home', who);
}

function screenOf(world: World, place: () => SandboxMessage | 'home', who: Who): Screen {
  const now = () => {
    const here = place();
    return here === 'home' ? homeOf(world, who) : here;
  };
  const rows = () => rowsOf(now().blocks);
  return {
    now,
    rows,
    words: () => wordsOf(now()),
    row: (words) => findRow(now(), words),
    controls: (words) => {
      const labels = Object.keys(rows().find(({ text }) => text.includes(words))?.controls ?? {});
      return labels.filter((label) => label !== 'menu' && label !== 'Open');
    },
    press: (words, label, choice) => press(world, place(), words, label, choice, who),
    open: (words, label, choice) => answered(world, () => pressOnly(world, place(), words, label, choice, who)),
    button: (label) => pressButton(world, place(), label, who),
    choose: (menu, choice) => chooseIn(world, place(), { menu, choice }, who),
    search: (text) => searchFor(world, place(), text, who),
  };
}

/** Lets five minutes pass, so that it is nine in New York, and returns what came. */
export async function digestOf(world: World, who: SandboxUser = MAYA): Promise<Shown> {
  await world.passTo(MONDAY_NINE);
  return show(world, mustBe(lastMessage(world, who)));
}

/** Types a command, and returns the newest message on the person's screen once the app has answered. */
export async function type(world: World, text: string, who: SandboxUser = MAYA): Promise<Shown> {
  await answered(world, () => world.slack.command(who.id, '/tasks', text));
  return show(world, mustBe(lastMessage(world, who)));
}

export async function openHome(world: World, who: SandboxUser = MAYA): Promise<Screen & { blocks: JsonObject[] }> {
  await answered(world, () => world.slack.openHome(who.id));
  return { ...homeOf(world, who), ...homeScreen(world, who) };
}

/** Presses a control of a row, and waits until the app has nothing left to do. */
export async function press(
  world: World,
  message: SandboxMessage | 'home' | undefined,
  words: string,
  label: string,
  choice?: string,
  who: Who = MAYA,
): Promise<void> {
  const { acked } = await pressOnly(world, message, words, label, choice, who);
  expect(acked).toBe(true);
  await world.idle();
}

export async function pressOnly(
  world: World,
  message: SandboxMessage | 'home' | undefined,
  words: string,
  label: string,
  choice?: string,
  who: Who = MAYA,
) {
  const control = findRow(message === 'home' ? homeOf(world, who) : message, words).controls[label];
  if (!message || !control) throw new Error(`no control "${label}" at "${words}"`);
  const action = { ...control.element };
  if (choice !== undefined) {
    // The menu of a compact row names the time behind the verb: `Snooze to tomorrow, Tue 09:00`.
    const said = action.type === 'overflow' && label !== 'menu' ? `${label} to ${choice}` : choice;
    const option = ((action.options ?? []) as JsonObject[]).find((candidate) =>
      textOf(candidate.text).toLowerCase().startsWith(said.toLowerCase()),
    );
    if (!option) throw new Error(`no option "${choice}"`);
    action.selected_option = option;
  }
  const where = message === 'home' ? ({ home: true } as const) : { ts: message.ts };
  return world.slack.act(who.id, where, control.blockId, action);
}

/** Presses a button of the list as a whole, or of Home, and waits until the app has nothing left to do. */
export async function pressButton(
  world: World,
  place: SandboxMessage | 'home',
  label: string,
  who: Who = MAYA,
): Promise<void> {
  const blocks = place === 'home' ? homeOf(world, who).blocks : place.blocks;
  const where = place === 'home' ? ({ home: true } as const) : { ts: place.ts };
  for (const block of blocks) {
    const elements = block.type === 'section' ? [block.accessory] : ((block.elements ?? []) as Json[]);
    for (const element of elements as (JsonObject | undefined)[]) {
      if (element?.type !== 'button' || textOf(element.text) !== label) continue;
      return answered(world, () => world.slack.act(who.id, where, String(block.block_id), element));
    }
  }
  throw new Error(`no button "${label}" in ${JSON.stringify(blocks, null, 1)}`);
}

function blocksOf(world: World, place: SandboxMessage | 'home', who: Who) {
  const where = place === 'home' ? ({ home: true } as const) : { ts: place.ts };
  return { where, blocks: place === 'home' ? homeOf(world, who).blocks : place.blocks };
}

async function chooseIn(
  world: World,
  place: SandboxMessage | 'home',
  { menu, choice }: { menu: string; choice: string },
  who: Who,
): Promise<void> {
  const { where, blocks } = blocksOf(world, place, who);
  for (const block of blocks.filter(({ type }) => type === 'actions')) {
    const element = (block.elements as JsonObject[]).find(({ placeholder }) => textOf(placeholder) === menu);
    const option = ((element?.options ?? []) as JsonObject[]).find(({ text }) => textOf(text) === choice);
    if (!element || !option) continue;
    const action = { ...element, selected_option: option };
    return answered(world, () => world.slack.act(who.id, where, String(block.block_id), action));
  }
  throw new Error(`no "${choice}" in a menu "${menu}"`);
}

async function searchFor(world: World, place: SandboxMessage | 'home', text: string, who: Who): Promise<void> {
  const { where, blocks } = blocksOf(world, place, who);
  const block = mustBe(blocks.find(({ type }) => type === 'input'));
  const action = { ...(block.element as JsonObject), value: text === '' ? null : text };
  return answered(world, () => world.slack.act(who.id, where, String(block.block_id), action));
}

/** Sends the window that is open, and waits until the app has nothing left to do. */
export async function submit(
  world: World,
  values: Record<string, JsonObject[string]>,
  who: Who = MAYA,
): Promise<Delivery> {
  const state = Object.entries(values).map(([id, value]) => [id, { [id]: value }]);
  const delivery = await world.slack.submit(who.id, Object.fromEntries(state));
  expect(delivery.acked).toBe(true);
  await world.idle();
  return delivery;
}

const ANSWERS = new Set(['response_url', 'views.open', 'views.publish', 'chat.update']);

/** Some things are acknowledged first and answered later: waits for the next thing that the app shows. */
export async function answered(world: World, act: () => Promise<Delivery>): Promise<void> {
  const shown = () => world.slack.calls.filter(({ method, result }) => ANSWERS.has(method) && result !== '').length;
  const before = shown();
  const { acked } = await act();
  expect(acked).toBe(true);
  await vi.waitFor(() => expect(shown()).toBeGreaterThan(before), { timeout: 15_000, interval: 10 });
  await world.idle();
}
