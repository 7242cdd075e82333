/** The three steps of a first visit, and what in the workspace shows that each of them was taken. */
import { isObject, objectsOf, stringOf } from '../slack/json.ts';
import type { Json, JsonObject, SandboxMessage } from '../slack/types.ts';
import { newCalls } from './changes.ts';
import type { PageState, PanelState } from './protocol.ts';
import { standingOf } from './standing.ts';

export const STEPS = ['done', 'undo', 'outage'] as const;
export type Step = (typeof STEPS)[number];

/** The steps that happened between two looks at the same person's screen. */
export function stepsTaken(before: PageState, after: PageState): Step[] {
  // On the clock's way, things happen that nobody at the page has done.
  if (before.userId !== after.userId || before.clock?.journey || after.clock?.journey) return [];
  const taken: Step[] = [];
  if (changedByApp(before, after, (was, is) => was === 'open' && is === 'done')) taken.push('done');
  if (changedByApp(before, after, (was, is) => was !== 'open' && is === 'open') || isWithdrawn(before, after)) {
    taken.push('undo');
  }
  if (isOutageShown(before, after)) taken.push('outage');
  return taken;
}

type Standing = ReturnType<typeof standingOf>;

/** A task changed at a provider because the app asked for it: someone's change at the provider itself is no request. */
function changedByApp(before: PageState, after: PageState, fits: (was: Standing, is: Standing) => boolean): boolean {
  return pairs(before, after).some(([known, panel]) => {
    if (!newCalls(known, panel).some((call) => call.isChange && !call.isFault)) return false;
    return panel.tasks.some((task) => {
      const was = known.tasks.find(({ id }) => id === task.id);
      return was !== undefined && fits(standingOf(was), standingOf(task));
    });
  });
}

function pairs(before: PageState, after: PageState): [PanelState, PanelState][] {
  return after.panels.flatMap((panel): [PanelState, PanelState][] => {
    const known = before.panels.find(({ id }) => id === panel.id);
    return known ? [[known, panel]] : [];
  });
}

/** A withdrawn click leaves no trace at the provider: the row has Done again in place of Undo. */
function isWithdrawn(before: PageState, after: PageState): boolean {
  return after.messages.some((message) => {
    const known = before.messages.find(({ ts }) => ts === message.ts);
    if (!known || known.edits === message.edits) return false;
    return count(message, 'Done') === count(known, 'Done') + 1 && count(message, 'Undo') === count(known, 'Undo') - 1;
  });
}

/** Counts the controls of a message that offer this. */
export function count({ blocks }: SandboxMessage, word: string): number {
  return blocks.flatMap(controlsOf).filter((control) => labelsOf(control).some((label) => label.startsWith(word)))
    .length;
}

function controlsOf({ accessory, elements }: JsonObject): JsonObject[] {
  return [...(isObject(accessory) ? [accessory] : []), ...objectsOf(elements)];
}

function labelsOf({ type, text, options }: JsonObject): string[] {
  if (type === 'overflow') return objectsOf(options).map((option) => words(option.text));
  return type === 'button' ? [words(text)] : [];
}

function words(text: Json | undefined): string {
  return isObject(text) ? (stringOf(text.text) ?? '') : '';
}

/** The app asked a provider that is down, and then showed the person something that names it. */
function isOutageShown(before: PageState, after: PageState): boolean {
  const away = after.panels.filter(({ isDown, calls }) => isDown && calls[0]?.isFault);
  const shown = after.messages.filter((message) => {
    const known = before.messages.find(({ ts }) => ts === message.ts);
    return message.author !== 'person' && known?.edits !== message.edits;
  });
  return shown.some((message) => away.some(({ name }) => JSON.stringify(message).includes(name)));
}
