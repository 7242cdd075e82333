/**
 * The one HTTP policy of all providers: one attempt, and none at a provider that is away; a time limit, no redirects, ids
 * read losslessly, the caller's zod schema, and `ProviderError` for everything else. Who waits, and who tries again, is
 * decided elsewhere.
 */
import { ofetch } from 'ofetch';
import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { Circuit, Entry, Verdict } from '../core/jobs/circuit.ts';
import { ProviderError, type ProviderErrorKind } from '../core/model/errors.ts';
import type { Instant, ProviderId } from '../core/model/keys.ts';
import type { CallOptions } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { readBody } from './body.ts';
import { tryParse } from './json.ts';

export const DEFAULT_TIMEOUT_MS = 10_000;
/** A provider that asks for more is asked again after this long: its limit may have been raised meanwhile. */
export const MAX_RETRY_AFTER_MS = 15 * 60_000;

export interface HttpCall<T> {
  provider: ProviderId;
  /** What error texts say instead of the address: method and path template, `PATCH /v2/tasks/{id}`. */
  operation: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON, or as a form. */
  body?: Record<string, unknown>;
  form?: Record<string, string>;
  /** Of the parsed body; `null` for 204, which has none. */
  schema: z.ZodType<T>;
  /** The provider's id of the exchange, out of a parsed body of any shape. */
  reference: (body: unknown) => string | undefined;
  /** Where the provider says more than its status does: a kind of its own for an answer that is not 2xx. */
  kindOf?: (status: number, body: unknown) => ProviderErrorKind | undefined;
  /** From sending to the last byte of the answer. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** For a `Retry-After` that is a date. */
  clock: Clock;
  /** The provider's. */
  circuit: Circuit;
  /** It is tried even while the provider is away. */
  urgent: boolean;
}

interface Answer {
  status: number;
  retryAfter: string | null;
  /** undefined: too large to be read. */
  text: string | undefined;
}

/**
 * Throws only `ProviderError`. The `cause` of `unavailable` is the reason of the caller's own abort, an error named
 * `TimeoutError`, or an error whose text is the code of the network failure. Nothing of the address, the headers or the
 * bodies gets into an error: ofetch's own errors carry them, and so does JSON's SyntaxError, so neither is kept.
 */
export async function callJson<T>(call: HttpCall<T>): Promise<T> {
  const entry = await enter(call);
  if ('waitMs' in entry) throw notAsked(call, entry.waitMs);
  let verdict: Verdict = 'answered';
  try {
    return await exchange(call);
  } catch (error) {
    verdict = verdictOf(error, call);
    throw error;
  } finally {
    entry.note(verdict);
  }
}

/** How long someone waits for another call that tries the provider. */
const TURN_WITHIN_MS = 3_000;

function enter({ circuit, urgent, signal }: HttpCall<unknown>): Promise<Entry> {
  if (!urgent) return circuit.enter();
  const limit = AbortSignal.timeout(TURN_WITHIN_MS);
  return circuit.enter(signal ? AbortSignal.any([signal, limit]) : limit);
}

type Asked = Pick<HttpCall<unknown>, 'provider' | 'operation' | 'circuit' | 'urgent'>;

function notAsked({ provider, operation }: Asked, retryAfterMs: number): ProviderError {
  return new ProviderError({ provider, operation, kind: 'away', retryAfterMs });
}

/** Before a call takes one of a provider's few turns: what would not be asked leaves the turn to others. */
export function refuseWhileAway(call: Asked): void {
  const waitMs = call.urgent ? undefined : call.circuit.blockedFor();
  if (waitMs !== undefined) throw notAsked(call, waitMs);
}

export function isUrgent({ priority, fresh }: CallOptions): boolean {
  return priority === 'person' || fresh === true;
}

/** Any answer that is Docket's to read shows that the provider is there; a server that fails, or a page for people, does not. */
function verdictOf(error: unknown, { signal }: HttpCall<unknown>): Verdict {
  if (!(error instanceof ProviderError)) return 'unknown';
  if (error.cause === NOT_JSON) return 'away';
  if (error.kind !== 'unavailable') return 'answered';
  return signal?.aborted && error.cause === signal.reason ? 'unknown' : 'away';
}

const NOT_JSON = new Error('the answer is not JSON');
/** Whoever asked for a page may ask for a smaller one. */
export const TOO_LARGE = new Error('the answer is too large');

async function exchange<T>(call: HttpCall<T>): Promise<T> {
  const answer = await send(call);
  const body = answer.status === 204 ? null : tryParse(answer.text ?? '');
  const details = { provider: call.provider, operation: call.operation, status: answer.status };
  const reference = call.reference(body);
  if (answer.status < 200 || answer.status > 299) {
    const retryAfter = retryAfterMs(answer.retryAfter, call.clock());
    const kind = call.kindOf?.(answer.status, body) ?? kindOfStatus(answer.status);
    throw new ProviderError({ ...details, kind, retryAfterMs: retryAfter, reference });
  }
  if (body === undefined) {
    const cause = answer.text === undefined ? TOO_LARGE : NOT_JSON;
    throw new ProviderError({ ...details, kind: 'unreadable', cause });
  }
  const parsed = call.schema.safeParse(body);
  if (!parsed.success) {
    throw new ProviderError({ ...details, kind: 'unreadable', reference, cause: new Error(outline(parsed.error)) });
  }
  return parsed.data;
}

/** The time limit is ours, because ofetch's ends with the headers and the body can stall too. */
async function send(call: HttpCall<unknown>): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException('no answer in time', 'TimeoutError')), call.timeoutMs);
  try {
    const response = await ofetch.raw<ReadableStream, 'stream'>(call.url, {
      method: call.method,
      headers: { accept: 'application/json', 'user-agent': 'Docket', ...contentTypeOf(call), ...call.headers },
      body: bodyOf(call),
      responseType: 'stream', // `body.ts` counts what comes
      retry: 0,
      redirect: 'manual', // a credential must not travel to another host
      ignoreResponseError: true,
      signal: call.signal ? AbortSignal.any([call.signal, limit.signal]) : limit.signal,
    });
    return { status: response.status, retryAfter: waitToldIn(response), text: await readBody(response.body) };
  } catch (error) {
    const stopped = [call.signal, limit.signal].find((signal) => signal?.aborted);
    const cause = stopped ? stopped.reason : new Error(networkCode(error));
    throw new ProviderError({ provider: call.provider, operation: call.operation, kind: 'unavailable', cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Outreach has the end of its window on every answer, by either name (outreach.md 6): only a 429 means that we wait for it. */
function waitToldIn({ status, headers }: Response): string | null {
  if (status === 429) return headers.get('retry-after') ?? headers.get('x-ratelimit-reset');
  return status === 503 ? headers.get('retry-after') : null;
}

function contentTypeOf({ body, form }: HttpCall<unknown>): Record<string, string> {
  if (body) return { 'content-type': 'application/json' };
  return form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
}

function bodyOf({ body, form }: HttpCall<unknown>): string | undefined {
  if (body) return JSON.stringify(body);
  return form && new URLSearchParams(form).toString();
}

const KINDS: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'auth',
  402: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  410: 'not_found',
  425: 'unavailable',
  429: 'rate_limited',
};

/** An address that paths can stand behind. */
export function baseOf(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, '');
}

/** For every status but 2xx. A redirect is a wrong address or a login page: nothing that we can read. */
export function kindOfStatus(status: number): ProviderErrorKind {
  if (status < 400) return 'unreadable';
  if (status >= 500) return 'unavailable';
  return KINDS[status] ?? 'invalid';
}

const SECONDS = /^\d+(\.\d+)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** Numbers from here on are seconds since the epoch (2001 and later), smaller ones are seconds from now. */
const FIRST_EPOCH_SECOND = 1e9;

/**
 * `Retry-After` as milliseconds from `now`, between 0 and 15 minutes: seconds, seconds since the epoch, an HTTP date or
 * an ISO date with an offset. undefined when it is absent or nonsense.
 */
export function retryAfterMs(value: string | null | undefined, now: Instant): number | undefined {
  const text = value?.trim() ?? '';
  const ms = SECONDS.test(text) ? secondsToMs(Number(text), now) : dateToMs(text, now);
  if (ms === undefined || Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(Math.ceil(ms), 0), MAX_RETRY_AFTER_MS);
}

function secondsToMs(seconds: number, now: Instant): number {
  return seconds >= FIRST_EPOCH_SECOND ? seconds * 1000 - now : seconds * 1000;
}

function dateToMs(text: string, now: Instant): number | undefined {
  if (HTTP_DATE.test(text)) return Date.parse(text) - now;
  try {
    return Temporal.Instant.from(text).epochMilliseconds - now;
  } catch {
    return undefined;
  }
}

/** Where an answer departs from its schema, without any of its values. */
function outline(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`);
  return `unexpected shape: ${issues.join(', ')}`;
}

/** `ECONNRESET` and the like, from wherever in the chain of causes it stands. */
function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return 'network failure';
}
