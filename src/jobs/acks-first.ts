/**
 * Acknowledgements come first: whoever clicked looks at the button, and nobody looks yet at the work behind it. That work
 * takes turns, one piece at a time, so that it never holds the event loop for long: whenever no acknowledgement is under
 * way, and at a slow rate if one always is.
 */
import { setImmediate as afterIo, setTimeout as sleep } from 'node:timers/promises';

/** Between two pieces of work while acknowledgements are under way. A piece takes a few milliseconds. */
const PAUSE_MS = 100;

export function createAcksFirst() {
  let underWay = 0;
  let free = Promise.withResolvers<void>();
  const waiting: (() => void)[] = [];
  let running = false;

  async function giveTurns(): Promise<void> {
    running = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (underWay > 0) await freeOrLate();
      next();
      await afterIo();
    }
    running = false;
  }

  async function freeOrLate(): Promise<void> {
    const late = new AbortController();
    const pause = sleep(PAUSE_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([free.promise, pause]);
    late.abort();
  }

  return {
    /** Returns what ends it. */
    begin(): () => void {
      underWay += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        underWay -= 1;
        if (underWay > 0) return;
        free.resolve();
        free = Promise.withResolvers();
      };
    },
    /** Resolves when a piece of other work may begin. */
    turn(): Promise<void> {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (!running) void giveTurns();
      });
    },
  };
}
