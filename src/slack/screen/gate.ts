/** Calls of Slack within a limit that several processes share; `PQueue` for those that do not. */
import { Held, type Limit, type SharePace } from '../../core/jobs/pace.ts';
import { DeliveryError } from '../../core/model/errors.ts';

/** The part of `PQueue` that background edits use. */
export interface Gate {
  add<T>(work: () => Promise<T>, options?: { priority?: number; signal?: AbortSignal }): Promise<T>;
  /** Resolves when nothing waits or runs. */
  onIdle(): Promise<void>;
}

/** What waits for a pause waits to its end. Throws `DeliveryError` where no turn can be had. */
export function createSharedGate(
  sharePace: SharePace,
  name: string,
  limits: readonly Limit[],
): Gate & { pause(ms: number): void } {
  const pace = sharePace(name, limits, { longestPauseMs: Number.POSITIVE_INFINITY });
  const underWay = new Set<Promise<unknown>>();
  return {
    async add(work, { priority = 0, signal } = {}) {
      const turn = pace.run(work, { priority: priority > 0 ? 'sweep' : 'digest', ...(signal && { signal }) });
      underWay.add(turn);
      try {
        return await turn;
      } catch (error) {
        if (!(error instanceof Held)) throw error;
        throw new DeliveryError('rate_limited', 'no turn can be had', { retryAfterMs: error.ms, cause: error.cause });
      } finally {
        underWay.delete(turn);
      }
    },
    async onIdle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    pause: pace.hold,
  };
}
