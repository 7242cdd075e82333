/**
 * A pace for a provider that counts when calls arrive. Calls that leave a window apart may arrive closer together, if the
 * first was slow on its way. A call has arrived when it is answered, so the next one leaves a window after the answer, or
 * after the longest that a way is expected to take.
 */
import PQueue from 'p-queue';
import { Held, LONGEST_PAUSE_MS, type Pace, RANK } from '../core/jobs/pace.ts';
import type { PaceOptions } from './pace.ts';

interface ArrivalOptions extends PaceOptions {
  /** How much later than it left a call may arrive. */
  lateMs: number;
}

interface Sent {
  at: number;
  arrivedAt?: number;
}

/** Timers are early, or late, by a millisecond or so. */
const TIMER_MS = 3;

/**
 * The queue starts one call at a time, the most urgent first, and is paused until the next one may leave. So nothing that
 * has its turn waits, and a click is behind nobody.
 */
export function createArrivalPace(options: ArrivalOptions): Pace {
  const { calls, windowMs, lateMs, concurrency, clock } = options;
  const { longestPauseMs = LONGEST_PAUSE_MS, isPaced = () => true } = options;
  const queue = new PQueue({ concurrency: 1 });
  /** The last ones, oldest first. */
  let sent: Sent[] = [];
  let underWay = 0;
  let heldUntil = 0;
  let refusedUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  function opensAt(): number {
    if (underWay >= concurrency) return Number.POSITIVE_INFINITY;
    const [oldest] = sent;
    if (!oldest || sent.length < calls) return heldUntil;
    return Math.max(heldUntil, (oldest.arrivedAt ?? oldest.at + lateMs) + windowMs + TIMER_MS);
  }

  /** Lets the next one leave, or waits until it may. */
  function openGate(): void {
    clearTimeout(timer);
    const waitMs = opensAt() - performance.now();
    if (waitMs <= 0) {
      queue.start();
      return;
    }
    queue.pause();
    if (queue.size > 0 && Number.isFinite(waitMs)) timer = setTimeout(openGate, waitMs);
  }

  async function send<T>(work: () => Promise<T>): Promise<T> {
    const mine: Sent = { at: performance.now() };
    sent = [...sent, mine].slice(-calls);
    underWay += 1;
    openGate();
    try {
      return await work();
    } finally {
      underWay -= 1;
      mine.arrivedAt = Math.min(performance.now(), mine.at + lateMs);
      openGate();
    }
  }

  function refuseIfHeld(): void {
    const left = refusedUntil - clock();
    if (left > 0) throw new Held(left);
  }

  return {
    async run(work, { priority, signal }) {
      if (!isPaced()) {
        refuseIfHeld();
        return work();
      }
      const turn = async () => {
        refuseIfHeld();
        const answer = send(work);
        // It is awaited below, and not by the queue.
        answer.catch(() => undefined);
        return { answer };
      };
      const turned = queue.add(turn, { priority: RANK[priority], ...(signal && { signal }) });
      openGate();
      return (await turned).answer;
    },
    hold(ms) {
      if (ms > longestPauseMs) refusedUntil = Math.max(refusedUntil, clock() + ms);
      else heldUntil = Math.max(heldUntil, performance.now() + ms);
      openGate();
    },
  };
}
