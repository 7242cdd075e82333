/** Every request to Gong goes through here: the credential, the company's limit, the HTTP policy. */
import type { z } from 'zod';
import type { Circuit } from '../../core/jobs/circuit.ts';
import { ProviderError } from '../../core/model/errors.ts';
import type { CallOptions } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { baseOf, callJson, DEFAULT_TIMEOUT_MS, isUrgent, refuseWhileAway } from '../http.ts';
import { createPace, Held } from '../pace.ts';
import { requestIdOf } from './wire.ts';

export interface GongSettings {
  accessKey: string;
  accessKeySecret: string;
  /** Without `/v2`. */
  apiUrl: string;
  clock: Clock;
  circuit: Circuit;
  /** For one answer, waiting for a turn not included; default 10 s. */
  timeoutMs?: number;
}

export interface GongRequest<T> {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** The path without ids and query, for errors; default: the path. */
  template?: string;
  body?: Record<string, unknown>;
  schema: z.ZodType<T>;
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
/** How long to wait after a 429 that does not say. */
const DEFAULT_HOLD_MS = 1_000;

export function createGongClient(settings: GongSettings): CallGong {
  const pace = createPace({ ...LIMIT, clock: settings.clock });
  // Nobody knows what the process before this one sent right before it ended, so a process begins with the limit used up. Only
  // the limit of a moment can: after a start, a click must not wait the minute or hour of Outreach's and Reply.io's.
  const left = LIMIT.windowMs - performance.now();
  if (left > 0) pace.hold(left);
  const base = baseOf(settings.apiUrl);
  const credential = Buffer.from(`${settings.accessKey}:${settings.accessKeySecret}`).toString('base64');

  return async ({ method, path, template, body, schema, onStart }, options) => {
    const operation = `${method} ${template ?? path}`;
    const asked = { provider: 'gong', operation, circuit: settings.circuit, urgent: isUrgent(options) };
    refuseWhileAway(asked);
    const send = () => {
      onStart?.();
      return callJson({
        ...asked,
        method,
        url: base + path,
        headers: { authorization: `Basic ${credential}` },
        ...(body && { body }),
        schema,
        reference: requestIdOf,
        timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        signal: options.signal,
        clock: settings.clock,
      }).catch((error: unknown) => {
        if (error instanceof ProviderError && error.kind === 'rate_limited') {
          pace.hold(error.retryAfterMs ?? DEFAULT_HOLD_MS);
        }
        throw error;
      });
    };
    try {
      return await pace.run(send, options);
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (error instanceof Held) {
        throw new ProviderError({ provider: 'gong', kind: 'rate_limited', operation, retryAfterMs: error.ms });
      }
      // The queue throws the caller's own reason when a call is aborted before its turn or under way.
      throw new ProviderError({ provider: 'gong', kind: 'unavailable', operation, cause: error });
    }
  };
}
