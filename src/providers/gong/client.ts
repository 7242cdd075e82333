/** Every request to Gong goes through here: the credential, the company's limit, the HTTP policy. */
import type { CallOptions } from '../../core/ports/provider.ts';
import { type Api, callJson, type HttpRequest, operationOf } from '../http.ts';
import { createTurns } from '../turns.ts';
import { requestIdOf } from './wire.ts';

export interface GongSettings extends Pick<Api, 'apiUrl' | 'clock' | 'circuit' | 'timeoutMs' | 'isPaced' | 'noteCall'> {
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
 * The window is longer than that second because Gong counts arrivals: calls that left apart bunch up when the first
 * ones are slow on their way, as they are on a new connection. What others use up shows as a 429, and then nobody here
 * sends before `Retry-After` has passed. The day is not counted: at 2.4 calls a second it takes more than an hour without
 * a pause to use it up, and Gong then says 429 too.
 * The limit holds for one process.
 */
const LIMIT = { calls: 3, windowMs: 1_250, concurrency: 10 };
/** The wait after a 429 without `Retry-After`. */
const DEFAULT_HOLD_MS = 1_000;

export function createGongClient({ accessKey, accessKeySecret, ...settings }: GongSettings): CallGong {
  const { clock, circuit, isPaced } = settings;
  const turns = createTurns({ provider: 'gong', clock, circuit, limits: [LIMIT], holdMs: DEFAULT_HOLD_MS, isPaced });
  // Nobody knows what the process before this one sent right before it ended, so a process begins with the limit used up. Only
  // the limit of a moment can: after a start, a click must not wait the minute or hour of Outreach's and Reply.io's.
  const left = LIMIT.windowMs - performance.now();
  if (left > 0) turns.hold(left);
  const api: Api = { ...settings, provider: 'gong', reference: requestIdOf };
  const headers = { authorization: `Basic ${Buffer.from(`${accessKey}:${accessKeySecret}`).toString('base64')}` };

  return ({ onStart, ...request }, options) =>
    turns.run(operationOf(request), options, () => {
      onStart?.();
      return callJson(api, { ...request, headers }, options);
    });
}
