/**
 * The way of every call to one provider, or to one rep's account there: refused while the provider is away, in its turn
 * within the provider's limits, held after a 429, out of the queue when its caller stops. Throws `ProviderError` for all of it.
 */
import type { Budget } from '../core/jobs/budget.ts';
import type { Circuit } from '../core/jobs/circuit.ts';
import { ProviderError } from '../core/model/errors.ts';
import type { ProviderId } from '../core/model/keys.ts';
import type { CallOptions, Priority } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { createArrivalPace } from './arrival-pace.ts';
import { isUrgent } from './http.ts';
import { createPace, Held, type Limit } from './pace.ts';

export interface TurnsOptions {
  provider: ProviderId;
  clock: Clock;
  /** With it, calls that would not be sent are refused before they take one of the few turns. */
  circuit?: Circuit;
  /** Each is waited for, the last one first; a 429 holds the first. */
  limits: readonly (Limit & {
    /** Default: for all calls. */
    only?: readonly Priority[];
    /** The provider counts when calls arrive: how much later than it left a call may. */
    lateMs?: number;
  })[];
  /** The wait after a 429 without `Retry-After`. */
  holdMs: number;
  /** A longer wait is said to the caller; default 5 s. */
  longestPauseMs?: number;
  isPaced?: (() => boolean) | undefined;
  /** Of the day: calls that can wait until the next one are refused, and all are counted. */
  budget?: Pick<Budget, 'spend' | 'closedFor'> | undefined;
}

export interface Turns {
  /** `operation` is what errors name. */
  run<T>(operation: string, options: CallOptions, work: () => Promise<T>): Promise<T>;
  hold(ms: number): void;
}

export function createTurns({
  provider,
  clock,
  circuit,
  limits,
  holdMs,
  longestPauseMs,
  isPaced,
  budget,
}: TurnsOptions): Turns {
  const paces = limits.map(({ only, lateMs, ...limit }) => {
    const options = { ...limit, clock, longestPauseMs, isPaced };
    return { only, ...(lateMs === undefined ? createPace(options) : createArrivalPace({ ...options, lateMs })) };
  });
  const hold = (ms: number) => paces[0]?.hold(ms);

  async function watched<T>(work: () => Promise<T>): Promise<T> {
    budget?.spend();
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError && error.status === 429) hold(error.retryAfterMs ?? holdMs);
      throw error;
    }
  }

  return {
    hold,
    async run(operation, options, work) {
      const awayMs = isUrgent(options) ? undefined : circuit?.blockedFor();
      if (awayMs !== undefined) throw new ProviderError({ provider, operation, kind: 'away', retryAfterMs: awayMs });
      const closedMs = isPaced?.() === false ? undefined : budget?.closedFor(options.priority);
      if (closedMs !== undefined) {
        throw new ProviderError({ provider, operation, kind: 'rate_limited', retryAfterMs: closedMs });
      }
      const turn = paces
        .filter(({ only }) => only === undefined || only.includes(options.priority))
        .reduce(
          (next, pace) => () => pace.run(next, options),
          () => watched(work),
        );
      try {
        return await turn();
      } catch (error) {
        if (error instanceof Held) {
          throw new ProviderError({ provider, operation, kind: 'rate_limited', retryAfterMs: error.ms });
        }
        if (error instanceof ProviderError || !options.signal?.aborted) throw error;
        // The queue throws the caller's own reason when a call is aborted before its turn or under way.
        throw new ProviderError({ provider, operation, kind: 'unavailable', cause: error });
      }
    },
  };
}
