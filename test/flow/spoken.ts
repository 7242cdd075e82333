/** What a screen reader says of the buttons of a surface: whoever only hears them must be able to tell them apart. */
import type { Json, JsonObject } from '../../sandbox/slack/types.ts';
import type { World } from './world.ts';

/** `Done: Dana Whitfield: Call`: tasks that read alike sound alike, too. */
const NAMES_A_TASK = /: ./;

/** Buttons of one surface that do different things under the same spoken name. */
function soundAlike(blocks: Json): string[] {
  const byName = Map.groupBy(buttonsOf(blocks), nameOf);
  return [...byName].flatMap(([name, buttons]) => {
    const isOfTask = NAMES_A_TASK.test(name);
    const doing = new Set(
      buttons.map(({ action_id: action, value, url }) => JSON.stringify(isOfTask ? [action] : [action, value, url])),
    );
    return doing.size > 1 ? [`${doing.size} different buttons are called “${name}”`] : [];
  });
}

/** Over all that the people of a workspace see in the end: their messages, their Home, their windows. */
export function soundAlikeIn({ slack }: World): string[] {
  return slack.users.flatMap(({ id }) => {
    const surfaces = [...slack.messages(id), slack.home(id), slack.modal(id)];
    const shown: Json[] = JSON.parse(JSON.stringify(surfaces.map((surface) => surface ?? null)));
    return shown.flatMap(soundAlike);
  });
}

function buttonsOf(value: Json): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(buttonsOf);
  if (value === null || typeof value !== 'object') return [];
  const own = value.type === 'button' ? [value] : [];
  return [...own, ...Object.values(value).flatMap((each) => buttonsOf(each ?? null))];
}

function nameOf({ accessibility_label: label, text }: JsonObject): string {
  return String(label ?? (text as JsonObject | undefined)?.text ?? '');
}
