/** Renders of one message never overlap, and however often it changed meanwhile it is rendered once more, not n times. */
import type { Log } from '../../core/ports/runtime.ts';

export interface RenderQueue {
  /** Renders after `delayMs`; a shorter delay replaces a longer one that still waits. */
  schedule(id: string, delayMs: number): void;
  /** Renders at once; resolves when the message is up to date, or waits to be tried again. */
  now(id: string): Promise<void>;
  idle(): Promise<void>;
}

interface Entry {
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  running: Promise<void> | undefined;
  again: boolean;
}

/** How often `idle` looks: what waits may be rendered sooner than it was scheduled for. */
const LOOK_EVERY = 10;

export function createRenderQueue(render: (id: string) => Promise<void>, log: Log): RenderQueue {
  const entries = new Map<string, Entry>();

  function start(id: string, entry: Entry): void {
    entry.timer = undefined;
    if (entry.running) {
      entry.again = true;
      return;
    }
    entry.running = render(id)
      .catch((error) => log.error({ err: error, message: id }, 'could not render a message'))
      .finally(() => {
        entry.running = undefined;
        if (entry.again) {
          entry.again = false;
          start(id, entry);
        } else if (!entry.timer) {
          entries.delete(id);
        }
      });
  }

  function schedule(id: string, delayMs: number): void {
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
    async now(id) {
      schedule(id, 0);
      for (let entry = entries.get(id); entry?.running; entry = entries.get(id)) await entry.running;
    },
    async idle() {
      for (let entry = next(entries); entry; entry = next(entries)) {
        if (entry.running) await entry.running;
        else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      }
    },
  };
}

function next(entries: Map<string, Entry>): Entry | undefined {
  return entries.values().next().value;
}
