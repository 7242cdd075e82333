/**
 * What is to be done once a minute, whoever does it: the process that comes first takes the minute in hand, and the others
 * wait until it is done. If it dies, stands still or fails, the next one does it. What both did then is done once all the same,
 * because claims and keys are unique; this saves the work.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../core/model/keys.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { SharedNotes } from '../core/ports/shared-notes.ts';

interface Hand {
  by: string;
  /** Of the clock. */
  minute: number;
  /** In hand until then, unless it is extended; 0: done. */
  until: Instant;
}

interface OnceDeps {
  notes: Pick<SharedNotes, 'read' | 'write'>;
  clock: Clock;
  /** False: the process is stopping. */
  pause(ms: number): Promise<boolean>;
  leaseMs?: number;
}

const NAME = 'tick';
const LEASE_MS = 10_000;
const LOOK_MS = 500;

/** Returns a function that does the work, or waits while another process does it. */
export function createOnce({ notes, clock, pause, leaseMs = LEASE_MS }: OnceDeps) {
  const by = randomUUID();

  async function read() {
    const { note, version, now } = await notes.read(NAME);
    const hand: Hand | undefined = note === undefined ? undefined : JSON.parse(note);
    return { hand, version, now };
  }

  const write = (hand: Omit<Hand, 'by'>, version: number) =>
    notes.write(NAME, JSON.stringify({ by, ...hand }), version);

  /** False: another process did it, or this one is stopping. A process may do it again. */
  async function take(minute: number): Promise<boolean> {
    for (;;) {
      const { hand, version, now } = await read();
      const isOthers = hand !== undefined && hand.by !== by;
      if (isOthers && hand.until === 0 && hand.minute >= minute) return false;
      if (isOthers && hand.until > now) {
        if (!(await pause(Math.min(hand.until - now, LOOK_MS)))) return false;
      } else if (await write({ minute, until: now + leaseMs }, version)) return true;
    }
  }

  async function keep(minute: number, untilOf: (now: Instant) => Instant): Promise<void> {
    for (;;) {
      const { hand, version, now } = await read();
      if (hand?.by !== by || hand.until === 0) return;
      if (await write({ minute, until: untilOf(now) }, version)) return;
    }
  }

  return async function once(work: () => Promise<void>): Promise<void> {
    const minute = Math.floor(clock() / MINUTE);
    if (!(await take(minute))) return;
    // If the lease cannot be extended, another process may do the same: that does no harm.
    const timer = setInterval(() => void keep(minute, (now) => now + leaseMs).catch(() => undefined), leaseMs / 3);
    let done = minute - 1;
    try {
      await work();
      done = minute;
    } finally {
      clearInterval(timer);
      await keep(done, () => 0);
    }
  };
}
