import { isObject, objectsOf } from './json.ts';
import { randomId } from './state.ts';
import type { Json, JsonObject, ViewValues } from './types.ts';
import { fits, initialValue } from './values.ts';

/** An element that a person can use, and the block that holds it. */
export interface Placed {
  block: JsonObject;
  element: JsonObject;
}

function elementsOf(block: JsonObject): JsonObject[] {
  if (block.type === 'section') return isObject(block.accessory) ? [block.accessory] : [];
  if (block.type === 'actions') return objectsOf(block.elements);
  if (block.type === 'input') return isObject(block.element) ? [block.element] : [];
  return [];
}

/** Copies blocks and adds the ids that Slack generates where the app gave none. */
export function withIds(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.map((original) => {
    const block = structuredClone(original);
    block.block_id ??= randomId(3);
    for (const element of elementsOf(block)) element.action_id ??= randomId(3);
    return block;
  });
}

export function findElement(blocks: readonly JsonObject[], blockId: string, actionId: Json): Placed | undefined {
  for (const block of blocks) {
    if (block.block_id !== blockId) continue;
    const element = elementsOf(block).find((candidate) => candidate.action_id === actionId);
    if (element) return { block, element };
  }
  return undefined;
}

/** `state.values` of blocks; what a person entered before survives where block, action and type are the same. */
export function stateValues(blocks: readonly JsonObject[], before: ViewValues = {}): ViewValues {
  const values: ViewValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const initial = initialValue(element);
      const blockId = block.block_id;
      const actionId = element.action_id;
      if (!initial || typeof blockId !== 'string' || typeof actionId !== 'string') continue;
      const kept = before[blockId]?.[actionId];
      const value = kept && fits(element, kept) ? kept : initial;
      values[blockId] = { ...values[blockId], [actionId]: value };
    }
  }
  return values;
}
