/** The surface of controls (a message, Home, a modal), and the effect of pressing one. */
import { createContext, useContext, useEffect, useState } from 'react';
import { stringOf } from '../slack/json.ts';
import type { JsonObject, ViewValues } from '../slack/types.ts';
import { initialValue } from '../slack/values.ts';
import { send } from './api.ts';
import { usePerson } from './person.ts';
import type { Outcome, Where } from './protocol.ts';

export interface Surface {
  /** Changes with every edit, so that what a person picked before does not outlive it. */
  version: string;
  /** Values of a view's controls, as the workspace knows them. */
  values: ViewValues;
  press(blockId: string, action: JsonObject): void;
  /** `block_id action_id` of what is being sent. */
  pending: ReadonlySet<string>;
  /** A problem to show at a block. */
  notice: { blockId: string; text: string } | undefined;
  dismiss(): void;
}

export const SurfaceContext = createContext<Surface>({
  version: '',
  values: {},
  press: () => undefined,
  pending: new Set(),
  notice: undefined,
  dismiss: () => undefined,
});

export function useSurfaceContext(): Surface {
  return useContext(SurfaceContext);
}

/** `entered` is what stands in the inputs of a modal, which the app hears of with every press. */
export function useSurface(where: Where, version: string, values: ViewValues = {}, entered?: ViewValues): Surface {
  const { userId, appName } = usePerson();
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [notice, setNotice] = useState<Surface['notice']>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit answers what was complained about before it
  useEffect(() => setNotice(undefined), [version]);

  async function press(blockId: string, action: JsonObject): Promise<void> {
    const key = `${blockId} ${String(action.action_id)}`;
    setPending((before) => new Set(before).add(key));
    setNotice(undefined);
    const outcome = await send('/act', { userId, where, blockId, action, values: entered });
    setPending((before) => new Set([...before].filter((other) => other !== key)));
    const text = noticeOf(outcome, appName);
    setNotice(text === undefined ? undefined : { blockId, text });
  }

  return {
    version,
    values,
    press: (blockId, action) => void press(blockId, action),
    pending,
    notice,
    dismiss: () => setNotice(undefined),
  };
}

/** The value that a control shows: the pick since the last edit, else the workspace's or the app's value. */
export function useValue(
  blockId: string,
  element: JsonObject,
): [value: JsonObject, setValue: (value: JsonObject) => void, reset: () => void] {
  const { version, values } = useSurfaceContext();
  const [picked, setPicked] = useState<{ version: string; value: JsonObject }>();
  const known = values[blockId]?.[stringOf(element.action_id) ?? ''] ?? initialValue(element) ?? {};
  const value = picked?.version === version ? picked.value : known;
  return [value, (next) => setPicked({ version, value: next }), () => setPicked(undefined)];
}

/** Slack's words for a click that the app did not acknowledge. */
export function noticeOf(outcome: Outcome, appName: string): string | undefined {
  // The control went while the click was under way: Slack ignores such a click, here it is said.
  if ('refused' in outcome) return `Nothing was sent: ${outcome.refused}.`;
  const { acked, ackMs } = outcome.delivery;
  if (acked) return undefined;
  return ackMs >= 2_900
    ? `${appName} didn’t respond within 3 seconds. Please try again.`
    : `${appName} didn’t respond. Please try again.`;
}
