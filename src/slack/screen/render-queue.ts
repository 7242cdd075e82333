/** Serialises renders of each message; several changes meanwhile cause one more render. */
import type { Log } from '../../core/ports/runtime.ts';

interface Entry {
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  running: Promise<void> | undefined;
  again: boolean;
}

/** `idle` polls, because a scheduled render may be moved forward. */
const IDLE_POLL_MS = 10;

export function createRenderQueue(render: (id: string) => Promise<void>, log: Log) {
  const entries = new Map<string, Entry>();
  let closed = false;

  function start(id: string, entry: Entry): void {
    entry.timer = undefined;
    if (entry.running) {
      entry.again = true;
      return;
    }
    entry.running = render(id)
      .catch((error) => {
        if (!closed) log.error({ err: error, message: id }, 'could not render a message');
      })
      .finally(() => {
        entry.running = undefined;
        if (entry.again && !closed) {
          entry.again = false;
          start(id, entry);
        } else if (!entry.timer) {
          entries.delete(id);
        }
      });
  }

  /** Renders after `delayMs`; a shorter delay replaces a longer one. */
  function schedule(id: string, delayMs: number): void {
    if (closed) return;
    const entry = entries.get(id) ?? { timer: undefined, dueAt: 0, running: undefined, again: false };
    entries.set(id, entry);
    const dueAt = performance.now() + delayMs;
    if (entry.timer && entry.dueAt <= dueAt) return;
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (delayMs <= 0) {
      start(id, entry);
      return;
    }
    entry.dueAt = dueAt;
    entry.timer = setTimeout(() => start(id, entry), delayMs);
  }

  return {
    schedule,
    /** Renders at once; resolves when the message is up to date or waits for a retry. */
    async now(id: string): Promise<void> {
      schedule(id, 0);
      for (let entry = entries.get(id); entry?.running; entry = entries.get(id)) await entry.running;
    },
    /** Begins nothing any more: the database is about to be closed. What is under way then fails without a word. */
    close(): void {
      closed = true;
      for (const [id, entry] of entries) {
        clearTimeout(entry.timer);
        entry.timer = undefined;
        if (!entry.running) entries.delete(id);
      }
    },
    async idle(): Promise<void> {
      for (let [entry] = entries.values(); entry; [entry] = entries.values()) {
        if (entry.running) await entry.running;
        else await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
      }
    },
  };
}
