/** Every request to Outreach's API goes through here: the rep's own token, the rep's limit, the HTTP policy. */
import type { z } from 'zod';
import type { Circuit } from '../../core/jobs/circuit.ts';
import { ProviderError } from '../../core/model/errors.ts';
import type { Instant, RepKey } from '../../core/model/keys.ts';
import type { CallOptions, Grants, HeldGrant } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { baseOf, callJson, DEFAULT_TIMEOUT_MS, isUrgent } from '../http.ts';
import { createPace, type Pace } from '../pace.ts';
import type { Tokens } from './tokens.ts';

export interface OutreachSettings {
  clientId: string;
  clientSecret: string;
  /** The API is under `/api/v2` of it, OAuth under `/oauth`. */
  apiUrl: string;
  /** Where consent leads back to. Outreach wants it with every renewal too (outreach.md 1). */
  redirectUri?: string | undefined;
  grants: Grants;
  clock: Clock;
  circuit: Circuit;
  /** For one answer, waiting for a turn not included; default 10 s. */
  timeoutMs?: number | undefined;
}

export type Query = Readonly<Record<string, string>>;

export interface OutreachRequest<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under `/api/v2`. */
  path: string;
  query?: Query;
  /** The path without ids and query, for errors; default: the path. */
  template?: string;
  body?: Record<string, unknown>;
  schema: z.ZodType<T>;
}

/** Throws only `ProviderError` for what went wrong at Outreach. */
export interface OutreachClient {
  call<T>(rep: RepKey, request: OutreachRequest<T>, options: CallOptions): Promise<T>;
  /** What the rep allowed us. */
  scopes(rep: RepKey): Promise<ReadonlySet<string>>;
  /** The path and query, under `/api/v2`, of a link that Outreach gave; undefined when it leads anywhere else. */
  ownPath(link: string): string | undefined;
}

/** Outreach wants it on every request, on those without a body too, and answers 415 otherwise (outreach.md 1). */
export const MEDIA_TYPE = 'application/vnd.api+json';
/** 10,000 an hour for each user (outreach.md 6), all of their apps together; what others use up shows as a 429. */
const LIMIT = { calls: 10_000, windowMs: 3_600_000, concurrency: 6 };
/** How long to wait after a 429 that does not say. */
const DEFAULT_HOLD_MS = 1_000;
/** A 403 within this time of the token's end may be about the token: some have seen it so (outreach.md 5). */
const NEAR_END_MS = 5 * 60_000;

/** One rep's way to Outreach. */
interface Lane {
  pace: Pace;
  /** Nobody is sent before. */
  heldUntil: Instant;
}

export function createOutreachClient(settings: OutreachSettings, tokens: Tokens): OutreachClient {
  const { clock, timeoutMs = DEFAULT_TIMEOUT_MS } = settings;
  const base = `${baseOf(settings.apiUrl)}/api/v2`;
  const lanes = new Map<string, Lane>();

  function laneOf({ teamId, userId }: RepKey): Lane {
    const key = JSON.stringify([teamId, userId]);
    const lane = lanes.get(key) ?? { pace: createPace({ ...LIMIT, clock }), heldUntil: 0 };
    lanes.set(key, lane);
    return lane;
  }

  function send<T>({ grant }: HeldGrant, request: OutreachRequest<T>, options: CallOptions): Promise<T> {
    const { method, path, query, body, schema } = request;
    return callJson({
      provider: 'outreach',
      operation: operationOf(request),
      method,
      url: base + path + (query ? `?${toQuery(query)}` : ''),
      headers: { authorization: `Bearer ${grant.accessToken}`, accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE },
      ...(body && { body }),
      schema,
      reference: () => undefined, // Outreach names no exchange
      timeoutMs,
      signal: options.signal,
      clock,
      circuit: settings.circuit,
      urgent: isUrgent(options),
    });
  }

  /**
   * A token can end between two calls, or be taken back: then once more, with a new one. If that is refused as well, only
   * the rep can help; their consent is not ended for it, because it might be Outreach that is confused.
   */
  async function sendAsRep<T>(rep: RepKey, request: OutreachRequest<T>, options: CallOptions): Promise<T> {
    const held = await tokens.current(rep, options.signal);
    try {
      return await send(held, request, options);
    } catch (error) {
      if (!isAboutToken(error, held.grant.expiresAt - clock())) throw error;
      const renewed = await tokens.renewed(held, options.signal);
      return send(renewed, request, options).catch((again: unknown) => {
        if (!(again instanceof ProviderError) || again.status !== 401) throw again;
        const { operation, status } = again;
        throw new ProviderError({ provider: 'outreach', kind: 'disconnected', operation, status });
      });
    }
  }

  async function takeTurn<T>(lane: Lane, request: OutreachRequest<T>, work: () => Promise<T>): Promise<T> {
    const waitMs = lane.heldUntil - clock();
    if (waitMs > 0) {
      const operation = operationOf(request);
      // Said at once: the time may be minutes, and whoever waits can come back for it.
      throw new ProviderError({ provider: 'outreach', kind: 'rate_limited', operation, retryAfterMs: waitMs });
    }
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rate_limited' && error.status === 429) {
        lane.heldUntil = Math.max(lane.heldUntil, clock() + (error.retryAfterMs ?? DEFAULT_HOLD_MS));
      }
      throw error;
    }
  }

  return {
    async call(rep, request, options) {
      const lane = laneOf(rep);
      try {
        return await lane.pace.run(() => takeTurn(lane, request, () => sendAsRep(rep, request, options)), options);
      } catch (error) {
        if (error instanceof ProviderError || !options.signal?.aborted) throw error;
        // The queue throws the caller's own reason when a call is aborted before its turn or under way.
        const operation = operationOf(request);
        throw new ProviderError({ provider: 'outreach', kind: 'unavailable', operation, cause: error });
      }
    },
    async scopes(rep) {
      const { grant } = await tokens.held(rep);
      return new Set(grant.scopes);
    },
    ownPath(link) {
      const { origin, pathname } = new URL(base);
      const url = URL.parse(link, base);
      if (url?.origin !== origin || !url.pathname.startsWith(`${pathname}/`)) return undefined;
      return url.pathname.slice(pathname.length) + url.search;
    },
  };
}

function operationOf({ method, path, template = path }: OutreachRequest<unknown>): string {
  return `${method} /api/v2${template}`;
}

function isAboutToken(error: unknown, leftMs: number): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.status === 401 || (error.status === 403 && leftMs < NEAR_END_MS);
}

/** A blank becomes `%20` and a plus `%2B`, so that a text arrives the same whichever way its reader takes a plus. */
export function toQuery(query: Query): string {
  return new URLSearchParams(query).toString().replaceAll('+', '%20');
}
