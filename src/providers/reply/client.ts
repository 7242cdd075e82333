/** Every request to Reply.io goes through here: the key, the acting user, the limit, the HTTP policy. */
import type { z } from 'zod';
import type { Circuit } from '../../core/jobs/circuit.ts';
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { CallOptions } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { baseOf, callJson, DEFAULT_TIMEOUT_MS, isUrgent, refuseWhileAway } from '../http.ts';
import { createPace, Held, type Pace } from '../pace.ts';
import { createDialect, type Dialect, type KeyHeader } from './dialect.ts';
import { codeOf } from './wire.ts';

export interface ReplySettings {
  /** A Master key (reply.md 2). */
  apiKey: string;
  /** Without `/v3`. */
  apiUrl: string;
  clock: Clock;
  circuit: Circuit;
  /** For one answer, waiting for a turn not included; default 10 s. */
  timeoutMs?: number;
}

export interface ReplyRequest<T> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After `/v3`. */
  path: string;
  /** The path without ids and query, for errors; default: the path. */
  template?: string;
  body?: Record<string, unknown>;
  schema: z.ZodType<T>;
  kindOf?(status: number, body: unknown): ProviderErrorKind | undefined;
}

/** Throws only `ProviderError`. */
export interface ReplyClient {
  /**
   * As one rep, with that rep's rights. Without an address nothing is sent: a Master key that is told no name acts as the
   * workspace owner (reply.md 2).
   */
  as<T>(email: string | undefined, request: ReplyRequest<T>, options: CallOptions): Promise<T>;
  /** As the workspace owner: for what is about no one's tasks. */
  asOwner<T>(request: ReplyRequest<T>, options: CallOptions): Promise<T>;
  readonly dialect: Dialect;
}

/**
 * Reply allows 100 calls a minute and 3,000 an hour for each user, all of their apps together; whether calls under a Master
 * key count for the owner of the key or for the acting user is not said, so all of ours count as one (reply.md 6; contracts, unknown R6),
 * and a tenth of the minute is left to other apps. What is not a click takes turns of its own before that, so that a
 * morning's digests leave room for clicks. It holds for one process.
 */
const EVERY_CALL = { calls: 90, windowMs: 60_000, concurrency: 10 };
const BUT_CLICKS = { calls: 70, windowMs: 60_000, concurrency: 100 };
const EVERY_HOUR = { calls: 3_000, windowMs: 60 * 60_000, concurrency: 100 };
/** How long to wait after a 429 that does not say. */
const DEFAULT_HOLD_MS = 5_000;

/** What may stand in a header, and looks like an address. */
const ADDRESS = /^[\x21-\x7e]+@[\x21-\x7e]+$/;

export function createReplyClient(settings: ReplySettings): ReplyClient {
  const base = `${baseOf(settings.apiUrl)}/v3`;
  const dialect = createDialect();
  const turns = createTurns(settings.clock);

  async function call<T>(actor: Record<string, string>, request: ReplyRequest<T>, options: CallOptions): Promise<T> {
    const { method, path, body, schema } = request;
    const operation = operationOf(request);
    const asked = { provider: 'reply', operation, circuit: settings.circuit, urgent: isUrgent(options) };
    refuseWhileAway(asked);
    const attempt = (pick: () => KeyHeader) => () =>
      callJson({
        ...asked,
        method,
        url: base + path,
        headers: { ...keyIn(pick(), settings.apiKey), ...actor },
        ...(body && { body }),
        schema,
        // Reply gives its exchanges no id.
        reference: () => undefined,
        kindOf: (status, answer) => kindOf(request, status, answer),
        timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        signal: options.signal,
        clock: settings.clock,
      });
    try {
      return await dialect.key.ask((pick) => turns.run(attempt(pick), options));
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (error instanceof Held) {
        throw new ProviderError({ provider: 'reply', kind: 'rate_limited', operation, retryAfterMs: error.ms });
      }
      // The queue throws the caller's own reason when a call is aborted before its turn or under way.
      throw new ProviderError({ provider: 'reply', kind: 'unavailable', operation, cause: error });
    }
  }

  return {
    dialect,
    async as(email, request, options) {
      if (email !== undefined && ADDRESS.test(email)) return call({ 'x-user-email': email }, request, options);
      const cause = new Error('no address to act as');
      throw new ProviderError({ provider: 'reply', kind: 'forbidden', operation: operationOf(request), cause });
    },
    asOwner: (request, options) => call({}, request, options),
  };
}

function operationOf({ method, path, template }: ReplyRequest<unknown>): string {
  return `${method} /v3${template ?? path}`;
}

function keyIn(header: KeyHeader, apiKey: string): Record<string, string> {
  return header === 'bearer' ? { authorization: `Bearer ${apiKey}` } : { 'x-api-key': apiKey };
}

/** A 401 may be about the acting user, and then the key is right (reply.md 5). */
function kindOf(request: ReplyRequest<unknown>, status: number, body: unknown): ProviderErrorKind | undefined {
  if (status === 401 && codeOf(body) === 'USER_NOT_FOUND') return 'forbidden';
  return request.kindOf?.(status, body);
}

function createTurns(clock: Clock): Pick<Pace, 'run'> {
  const everyCall = createPace({ ...EVERY_CALL, clock });
  const butClicks = createPace({ ...BUT_CLICKS, clock });
  const everyHour = createPace({ ...EVERY_HOUR, clock });

  return {
    run(work, options) {
      const watched = () =>
        work().catch((error: unknown) => {
          if (error instanceof ProviderError && error.kind === 'rate_limited') {
            everyCall.hold(error.retryAfterMs ?? DEFAULT_HOLD_MS);
          }
          throw error;
        });
      const turn = () => everyHour.run(() => everyCall.run(watched, options), options);
      return options.priority === 'click' ? turn() : butClicks.run(turn, options);
    },
  };
}
