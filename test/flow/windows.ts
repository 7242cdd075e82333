/** What reps do in windows: open one, press in it, read it, send it. */
import { expect, vi } from 'vitest';
import type { Delivery, Json, JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA } from './cast.ts';
import { fresh, homeOf, modalOf, mustBe, textOf, wordsOf } from './read.ts';
import type { World } from './world.ts';

/** Every control of some blocks: accessories and those of actions blocks. */
function controlsIn(blocks: readonly JsonObject[]): { block: JsonObject; element: JsonObject }[] {
  return blocks.flatMap((block) => {
    const elements = block.type === 'section' ? [block.accessory] : block.type === 'actions' ? block.elements : [];
    return ((elements ?? []) as Json[]).filter(Boolean).map((element) => ({ block, element: element as JsonObject }));
  });
}

function labelOf(element: JsonObject): string {
  return textOf(element.text ?? element.placeholder);
}

function withChoice(element: JsonObject, choice: string | undefined): JsonObject {
  if (choice === undefined) return { ...element };
  const option = ((element.options ?? []) as JsonObject[]).find(({ text }) => textOf(text).startsWith(choice));
  if (!option) throw new Error(`no option "${choice}"`);
  return { ...element, selected_option: option };
}

/** Chooses Open… in the menu of the row with these words. */
export async function openTaskWindow(world: World, message: SandboxMessage, words: string): Promise<void> {
  const found = controlsIn(fresh(world, message).blocks).find(
    ({ block, element }) => element.type === 'overflow' && textOf(block.text).includes(words),
  );
  const { block, element } = mustBe(found);
  await opens(world, () =>
    world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), withChoice(element, 'Open…')),
  );
}

/** Presses the button of a list that opens a window. */
export async function openByButton(
  world: World,
  place: SandboxMessage | 'home',
  label: string,
  who: Pick<SandboxUser, 'id'> = MAYA,
): Promise<void> {
  const { blocks } = place === 'home' ? homeOf(world, who) : fresh(world, place);
  const where = place === 'home' ? ({ home: true } as const) : { ts: place.ts };
  const { block, element } = mustBe(controlsIn(blocks).find(({ element }) => labelOf(element) === label));
  await opens(world, () => world.slack.act(who.id, where, String(block.block_id), element));
}

async function opens(world: World, act: () => Promise<Delivery>): Promise<void> {
  const before = world.slack.calls.length;
  expect((await act()).acked).toBe(true);
  await vi.waitFor(() => expect(world.slack.calls.length).toBeGreaterThan(before), { timeout: 5_000, interval: 5 });
  await world.idle();
}

/** The labels of what can be pressed in the window. */
export function windowControls(world: World): string[] {
  return controlsIn(modalOf(world)).map(({ element }) => labelOf(element));
}

export function windowWords(world: World): string {
  return wordsOf({ blocks: modalOf(world) });
}

export function windowTitle(world: World): string {
  return textOf(mustBe(world.slack.modal(MAYA.id)).view.title);
}

/** Presses a control of the window, and waits until the app has nothing left to do. */
export async function pressInWindow(world: World, label: string, choice?: string): Promise<void> {
  expect((await pressOnly(world, label, choice)).acked).toBe(true);
  await world.idle();
}

export function pressOnly(world: World, label: string, choice?: string): Promise<Delivery> {
  const found = controlsIn(modalOf(world)).find(({ element }) => labelOf(element) === label);
  const { block, element } = mustBe(found);
  return world.slack.act(MAYA.id, { modal: true }, String(block.block_id), withChoice(element, choice));
}

export function callsOf(world: World, method: string, since = 0): number {
  return world.slack.calls.slice(since).filter((call) => call.method === method).length;
}

interface Field {
  block: JsonObject;
  element: JsonObject;
}

function fieldOf(world: World, prefix: string): Field | undefined {
  const block = modalOf(world).find(({ block_id }) => String(block_id).startsWith(prefix));
  return block && { block, element: block.element as JsonObject };
}

/** What the step offers, in its order. */
export function choicesOf(world: World): string[] {
  const options = (fieldOf(world, 'focus_choice.')?.element.options ?? []) as JsonObject[];
  return options.map(({ text }) => textOf(text));
}

/** The choice that is made already. */
export function chosenOf(world: World): string {
  return textOf((fieldOf(world, 'focus_choice.')?.element.initial_option as JsonObject | undefined)?.text);
}

/** Sends the step: without a choice as by Enter alone, with what is chosen already. */
export async function step(world: World, choice?: string, time?: number): Promise<Delivery> {
  const delivery = await submitStep(world, choice, time);
  expect(delivery.acked).toBe(true);
  return delivery;
}

/** The same where no acknowledgement may come. */
export function submitStep(world: World, choice?: string, time?: number): Promise<Delivery> {
  const field = mustBe(fieldOf(world, 'focus_choice.'));
  const option = ((field.element.options ?? []) as JsonObject[]).find(
    ({ text }) => choice !== undefined && textOf(text).startsWith(choice),
  );
  if (choice !== undefined && !option) throw new Error(`no way "${choice}" in ${choicesOf(world).join()}`);
  const picker = time === undefined ? undefined : mustBe(fieldOf(world, 'focus_time.'));
  const valuesOf = ({ block }: Field, value: JsonObject) => ({
    [String(block.block_id)]: { [String(block.block_id)]: value },
  });
  return world.slack.submit(MAYA.id, {
    ...(option && valuesOf(field, { selected_option: option })),
    ...(picker && valuesOf(picker, { selected_date_time: Math.floor(Number(time) / 1_000) })),
  });
}

/** The app's own error beside a field. */
export function errorsOf(world: World): string[] {
  return Object.values(mustBe(world.slack.modal(MAYA.id)).errors ?? {});
}
