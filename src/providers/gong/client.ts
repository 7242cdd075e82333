/** Every request to Gong goes through here: the credential, the company's limit, the HTTP policy. */

import type { Budget } from '../../core/jobs/budget.ts';
import type { CallOptions } from '../../core/ports/provider.ts';
import { type Api, callJson, type HttpRequest, operationOf } from '../http.ts';
import { createTurns, type TurnsOptions } from '../turns.ts';
import { requestIdOf } from './wire.ts';

export interface GongSettings
  extends Pick<
    Api,
    'apiUrl' | 'clock' | 'circuit' | 'timeoutMs' | 'isPaced' | 'sharePace' | 'account' | 'keepPaces' | 'noteCall'
  > {
  budget?: Budget | undefined;
  accessKey: string;
  accessKeySecret: string;
}

interface GongRequest<T> extends HttpRequest<T> {
  /** Called when its turn has come, right before it is sent. */
  onStart?(): void;
}

/** Throws only `ProviderError`. */
export type CallGong = <T>(request: GongRequest<T>, options: CallOptions) => Promise<T>;

/**
 * Gong allows 3 calls a second and 10,000 a day for a whole company, all of its integrations together (gong.md 6).
 * Gong counts arrivals: calls that left apart bunch up when the first ones are slow on their way, as they are on a new
 * connection. What others use up shows as a 429, and then nobody here sends before `Retry-After` has passed.
 */
const LIMIT = { calls: 3, windowMs: 1_000, lateMs: 250, concurrency: 10 };
/** Evenly, so that a click finds a turn within a third of a second. */
const DIGESTS = { calls: 1, windowMs: 360, concurrency: 2, only: ['digest'] } satisfies TurnsOptions['limits'][number];
/** A turn in each second is left for clicks. */
const SPARE = { calls: 1, windowMs: 500, concurrency: 1, only: ['spare'] } satisfies TurnsOptions['limits'][number];
export const CALLS_A_DAY = 10_000;
/** The wait after a 429 without `Retry-After`. */
const DEFAULT_HOLD_MS = 1_000;

export function createGongClient({ accessKey, accessKeySecret, ...settings }: GongSettings): CallGong {
  const { clock, circuit, isPaced, sharePace, account, keepPaces, budget } = settings;
  const sharing = { sharePace, account, keepPaces, budget };
  const pacing = { limits: [LIMIT, DIGESTS, SPARE], holdMs: DEFAULT_HOLD_MS, isPaced, ...sharing };
  const turns = createTurns({ provider: 'gong', clock, circuit, ...pacing });
  // Where processes share no notes, nobody knows what the one before sent right before it ended: it begins with the limit used up. Only
  // the limit of a moment can: after a start, a click must not wait the minute or hour of Outreach's and Reply.io's.
  const left = LIMIT.windowMs + LIMIT.lateMs - performance.now();
  if (!sharePace && left > 0) turns.hold(left);
  const api: Api = { ...settings, provider: 'gong', reference: requestIdOf };
  const headers = { authorization: `Basic ${Buffer.from(`${accessKey}:${accessKeySecret}`).toString('base64')}` };

  return ({ onStart, ...request }, options) =>
    turns.run(operationOf(request), options, () => {
      onStart?.();
      return callJson(api, { ...request, headers }, options);
    });
}
