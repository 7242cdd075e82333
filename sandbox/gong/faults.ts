/** What tests and the demo ask to go wrong: the first fault that matches, in the order in which they were asked for. */
import type { GongFault } from './types.ts';

export interface Faults {
  add(fault: GongFault): void;
  clear(): void;
  /** The fault for this request (`METHOD /path`), counted down. */
  take(request: string): GongFault['how'] | undefined;
  /** Waits for `release`. */
  held(): Promise<void>;
  release(): void;
}

export function createFaults(): Faults {
  let faults: { on: string; left: number; how: GongFault['how'] }[] = [];
  let waiting: (() => void)[] = [];

  return {
    add(fault) {
      faults.push({ on: fault.on ?? '', left: fault.times ?? 1, how: fault.how });
    },
    clear() {
      faults = [];
    },
    take(request) {
      const fault = faults.find(({ on, left }) => left > 0 && request.startsWith(on));
      if (!fault) return undefined;
      fault.left -= 1;
      return fault.how;
    },
    held() {
      return new Promise((resolve) => waiting.push(resolve));
    },
    release() {
      const released = waiting;
      waiting = [];
      for (const go of released) go();
    },
  };
}
