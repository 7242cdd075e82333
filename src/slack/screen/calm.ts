/** Shows many outcomes with few edits: each message at most once in some seconds, within the limit of background edits. */
import { KEEP_UPDATED_MS } from '../../core/model/digest.ts';
import type { TaskKey } from '../../core/model/keys.ts';
import type { MessageEdits, ScreenDeps } from './edits.ts';
import { createRenderQueue } from './render-queue.ts';

const GAP_MS = 8_000;
/** Remembered messages; for older ones the pause is forgotten. */
const MOST_REMEMBERED = 1_000;

type Background = (edit: () => Promise<void>) => Promise<void>;

export function createCalm(
  { views, clock, log }: Pick<ScreenDeps, 'views' | 'clock' | 'log'>,
  edits: Pick<MessageEdits, 'showIfPossible'>,
  background: Background,
) {
  /** Message id -> its last edit. */
  const editedAt = new Map<string, number>();
  /** Messages that take only a few edits are edited at the end alone. */
  const ending = new Set<string>();

  /** Messages that wait for their pause to be over. */
  const waiting = new Set<string>();

  const queue = createRenderQueue((messageId) => {
    waiting.delete(messageId);
    editedAt.delete(messageId);
    editedAt.set(messageId, performance.now());
    const [oldest] = editedAt.keys();
    if (editedAt.size > MOST_REMEMBERED && oldest !== undefined) editedAt.delete(oldest);
    const isEnd = ending.delete(messageId);
    return background(() => edits.showIfPossible(messageId, { isOften: !isEnd }));
  }, log);

  return {
    async show(tasks: readonly TaskKey[], { atOnce }: { atOnce: boolean } = { atOnce: false }): Promise<void> {
      const since = clock() - KEEP_UPDATED_MS;
      const ids = new Set<string>();
      for (const task of tasks) for (const { id } of await views.showing(task, since)) ids.add(id);
      // Whoever shows the end must not end before it is shown: nobody would show it after a crash.
      if (atOnce) {
        for (const id of ids) ending.add(id);
        await Promise.all([...ids].map((id) => queue.now(id)));
        return;
      }
      for (const id of ids) {
        const pause = (editedAt.get(id) ?? Number.NEGATIVE_INFINITY) + GAP_MS - performance.now();
        waiting.add(id);
        queue.schedule(id, Math.max(0, pause));
      }
    },
    /** Ends the pauses, and resolves when no render waits or runs. */
    async settled(): Promise<void> {
      for (const id of waiting) queue.schedule(id, 0);
      await queue.idle();
    },
  };
}
