/** Faults on demand, for tests and the demo: the first that matches wins, in the order in which they were added. */

/** For the next `times` matching requests (default 1; Infinity until cleared). */
export interface Fault {
  /** Matches `METHOD /path` by prefix, for example `PATCH /v2/tasks`; absent: every request. */
  on?: string;
  times?: number;
  /**
   * `answer` sends this instead of the provider's answer, without effect. `reset` drops the connection before any effect.
   * `lose` performs the request and then drops the connection. `hang` never answers (until close).
   * `hold` waits until `release()` and then answers as usual.
   */
  how:
    | {
        kind: 'answer';
        status: number;
        headers?: Record<string, string>;
        /** Bytes: as they go over the wire, compressed where the headers say so. */
        body?: string | Uint8Array;
        contentType?: string;
      }
    | { kind: 'reset' }
    | { kind: 'lose' }
    | { kind: 'hang' }
    | { kind: 'hold' };
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault for this request (`METHOD /path`), counted down. */
  take(request: string): Fault['how'] | undefined;
  /** Waits for `release`. */
  held(): Promise<void>;
  release(): void;
}

export function createFaults(): Faults {
  let faults: { on: string; left: number; how: Fault['how'] }[] = [];
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
