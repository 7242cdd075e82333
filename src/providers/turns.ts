/**
 * The way of every call to one provider, or to one rep's account there: refused while the provider is away, in its turn
 * within the provider's limits, held after a 429, out of the queue when its caller stops. Throws `ProviderError` for all of it.
 */
import type { Budget } from '../core/jobs/budget.ts';
import type { Circuit } from '../core/jobs/circuit.ts';
import {
  Held,
  type KeepPaces,
  type Limit,
  type LimitedPace,
  type PaceMore,
  type SharePace,
} from '../core/jobs/pace.ts';
import { ProviderError } from '../core/model/errors.ts';
import type { ProviderId } from '../core/model/keys.ts';
import type { CallOptions } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { createArrivalPace } from './arrival-pace.ts';
import { isUrgent } from './http.ts';
import { createPace } from './pace.ts';

export interface TurnsOptions {
  provider: ProviderId;
  clock: Clock;
  /** With it, calls that would not be sent are refused before they take one of the few turns. */
  circuit?: Circuit;
  /** Each is waited for, the last one first; a 429 holds the first. */
  limits: readonly Limit[];
  /** With it, the limits hold for all processes together. */
  sharePace?: SharePace | undefined;
  /** The owner of the limits: a company's credential, or one rep. */
  account?: string | undefined;
  /** Default: the limits are of this caller alone. */
  keepPaces?: KeepPaces | undefined;
  /** The wait after a 429 without `Retry-After`. */
  holdMs: number;
  /** A longer wait is said to the caller; default 5 s. */
  longestPauseMs?: number;
  isPaced?: (() => boolean) | undefined;
  /** Of the day: calls that can wait until the next one are refused, and all are counted. */
  budget?: Pick<Budget, 'spend' | 'take' | 'giveBack'> | undefined;
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
  sharePace,
  account,
  keepPaces,
  holdMs,
  longestPauseMs,
  isPaced,
  budget,
}: TurnsOptions): Turns {
  const more = { longestPauseMs, isPaced };
  const name = account === undefined ? provider : `${provider} ${account}`;
  const make = (): LimitedPace[] =>
    sharePace ? [sharePace(name, limits, more)] : limits.map((limit) => ownPace(limit, { ...more, clock }));
  const paces = keepPaces ? keepPaces(name, make) : make();
  const hold = (ms: number) => paces[0]?.hold(ms);

  async function watched<T>(work: () => Promise<T>): Promise<T> {
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
      const isFree = isPaced?.() === false;
      if (isFree) budget?.spend();
      const closedMs = budget && !isFree ? await budget.take(options.priority) : undefined;
      if (closedMs !== undefined) {
        throw new ProviderError({ provider, operation, kind: 'rate_limited', retryAfterMs: closedMs });
      }
      let isSent = false;
      const send = () => {
        isSent = true;
        return watched(work);
      };
      const turn = paces
        .filter(({ only }) => only === undefined || only.includes(options.priority))
        .reduce((next, pace) => () => pace.run(next, options), send);
      try {
        return await turn();
      } catch (error) {
        if (!isSent) budget?.giveBack();
        if (error instanceof Held) {
          const { ms: retryAfterMs, cause } = error;
          throw new ProviderError({ provider, operation, kind: 'rate_limited', retryAfterMs, cause });
        }
        if (error instanceof ProviderError || !options.signal?.aborted) throw error;
        // The queue throws the caller's own reason when a call is aborted before its turn or under way.
        throw new ProviderError({ provider, operation, kind: 'unavailable', cause: error });
      }
    },
  };
}

function ownPace({ only, lateMs, ...limit }: Limit, more: PaceMore & { clock: Clock }): LimitedPace {
  const options = { ...limit, ...more };
  const pace = lateMs === undefined ? createPace(options) : createArrivalPace({ ...options, lateMs });
  return only ? { ...pace, only } : pace;
}
