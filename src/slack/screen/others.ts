/**
 * Other processes that edit messages of the same workspace. A click's response_url and a window's id are known only to the
 * process that Slack told them to, so it hears of tasks whose outcome another one has in hand.
 */
import { z } from 'zod';
import type { TaskKey } from '../../core/model/keys.ts';

export interface Others {
  /** Tells the others. Best effort. */
  tell(word: string): void;
  /** Called with what another process told. */
  onWord(listener: (word: string) => void): void;
}

/** `message`: it can be edited only where it was clicked. */
export type Told = { task: TaskKey } | { message: string };

const Told = z.union([
  z.object({ task: z.object({ teamId: z.string(), userId: z.string(), provider: z.string(), taskId: z.string() }) }),
  z.object({ message: z.string() }),
]);

export function tell(others: Others | undefined, told: Told): void {
  others?.tell(JSON.stringify(told));
}

/** Of a newer version it may be something else. */
export function onTold(others: Others | undefined, listener: (told: Told) => void): void {
  others?.onWord((word) => {
    const told = Told.safeParse(tryJson(word)).data;
    if (told) listener(told);
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
