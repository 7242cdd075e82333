/**
 * The one HTTP policy of all providers: one attempt, and none at a provider that is away; a time limit, no redirects, ids
 * read losslessly, the caller's zod schema, and `ProviderError` for everything else. Who waits, and who tries again, is
 * decided elsewhere.
 */
import { createFetch } from 'ofetch';
import type { z } from 'zod';
import type { Circuit, Verdict } from '../core/jobs/circuit.ts';
import type { KeepPaces, SharePace } from '../core/jobs/pace.ts';
import { ProviderError, type ProviderErrorKind } from '../core/model/errors.ts';
import type { ProviderId } from '../core/model/keys.ts';
import type { ToolCall } from '../core/ports/meter.ts';
import type { CallOptions } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { leanFetch, timeLimit } from '../fetch.ts';
import { tryParse } from './json.ts';
import { retryAfterMs, waitToldIn } from './retry-after.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** The settings that all calls to one provider share. */
export interface Api {
  provider: ProviderId;
  /** Paths stand behind it, whether it ends with a slash or not. */
  apiUrl: string;
  /** For a `Retry-After` that is a date. */
  clock: Clock;
  circuit: Circuit;
  /** From sending to the last byte of the answer, waiting for a turn not included; default 10 s. */
  timeoutMs?: number | undefined;
  /** As in `PaceMore`. */
  isPaced?: (() => boolean) | undefined;
  sharePace?: SharePace | undefined;
  /** A fingerprint of the company's credential: its limits are named by it. */
  account?: string | undefined;
  keepPaces?: KeepPaces | undefined;
  /** For metrics. */
  noteCall?: ((call: ToolCall) => void) | undefined;
  /** The provider's id of the exchange, out of a parsed body of any shape. Some name none. */
  reference?(body: unknown): string | undefined;
}

export interface HttpRequest<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** The path without ids and query, for errors; default: the path. */
  template?: string;
  headers?: Record<string, string>;
  /** Sent as JSON, or as a form. */
  body?: Record<string, unknown>;
  form?: Record<string, string>;
  /** Of the parsed body; `null` for 204, which has none. */
  schema: z.ZodType<T>;
  /** Where the provider says more than its status does: a kind of its own for an answer that is not 2xx. */
  kindOf?(status: number, body: unknown): ProviderErrorKind | undefined;
}

interface Call<T> extends Api, HttpRequest<T> {
  operation: string;
  signal: AbortSignal | undefined;
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
export async function callJson<T>(api: Api, request: HttpRequest<T>, options: CallOptions): Promise<T> {
  const { provider, circuit } = api;
  const { signal } = options;
  const operation = operationOf(request);
  const entry = await (isUrgent(options) ? circuit.enter(turnLimit(signal)) : circuit.enter());
  if ('waitMs' in entry) throw new ProviderError({ provider, operation, kind: 'away', retryAfterMs: entry.waitMs });
  let verdict: Verdict = 'answered';
  try {
    return await exchange({ ...api, ...request, operation, signal });
  } catch (error) {
    verdict = verdictOf(error, signal);
    throw error;
  } finally {
    entry.report(verdict);
  }
}

/** Named in errors instead of the URL: method and path template, `PATCH /v2/tasks/{id}`. */
export function operationOf({ method, path, template = path }: HttpRequest<unknown>): string {
  return `${method} ${template}`;
}

export function isUrgent({ priority, fresh }: CallOptions): boolean {
  return priority === 'person' || fresh === true;
}

/** The longest wait for another call that probes the provider. */
const TURN_WITHIN_MS = 3_000;

function turnLimit(signal: AbortSignal | undefined): AbortSignal {
  return anyOf(signal, AbortSignal.timeout(TURN_WITHIN_MS));
}

function anyOf(signal: AbortSignal | undefined, limit: AbortSignal): AbortSignal {
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

/** Any answer that is Docket's to read shows that the provider is there; a server that fails, or a page for people, does not. */
function verdictOf(error: unknown, signal: AbortSignal | undefined): Verdict {
  if (!(error instanceof ProviderError)) return 'unknown';
  if (error.cause === NOT_JSON) return 'away';
  if (error.kind !== 'unavailable') return 'answered';
  return signal?.aborted && error.cause === signal.reason ? 'unknown' : 'away';
}

const NOT_JSON = new Error('the answer is not JSON');
/** The caller may ask for a smaller page. */
export const TOO_LARGE = new Error('the answer is too large');

async function exchange<T>(call: Call<T>): Promise<T> {
  const answer = await sendNoted(call);
  const body = answer.status === 204 ? null : tryParse(answer.text ?? '');
  const details = { provider: call.provider, operation: call.operation, status: answer.status };
  const reference = call.reference?.(body);
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

async function sendNoted(call: Call<unknown>): Promise<Answer> {
  const { provider, noteCall } = call;
  if (!noteCall) return send(call);
  const from = performance.now();
  const note = (status: ToolCall['status']) => noteCall({ provider, status, ms: performance.now() - from });
  try {
    const answer = await send(call);
    note(answer.status);
    return answer;
  } catch (error) {
    note('none');
    throw error;
  }
}

/**
 * ofetch, with nothing done to the answer: `readBody` counts what comes, and whoever waits or tries again is elsewhere. It takes
 * no more of a `Response` than `leanFetch` has.
 */
const toolFetch = createFetch({
  fetch: leanFetch as unknown as typeof fetch,
  defaults: { responseType: 'stream', retry: 0, ignoreResponseError: true },
});

/** The time limit is ours, because ofetch's ends with the headers and the body can stall too. */
async function send(call: Call<unknown>): Promise<Answer> {
  const { signal: limit, end } = timeLimit(call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    const response = await toolFetch.raw<ReadableStream, 'stream'>(call.apiUrl.replace(/\/+$/, '') + call.path, {
      method: call.method,
      headers: { accept: 'application/json', 'user-agent': 'Docket', ...contentTypeOf(call), ...call.headers },
      body: bodyOf(call),
      signal: anyOf(call.signal, limit),
    });
    return { status: response.status, retryAfter: waitToldIn(response), text: await readBody(response.body) };
  } catch (error) {
    const stopped = [call.signal, limit].find((signal) => signal?.aborted);
    const cause = stopped ? stopped.reason : new Error(networkCode(error));
    throw new ProviderError({ provider: call.provider, operation: call.operation, kind: 'unavailable', cause });
  } finally {
    end();
  }
}

/**
 * In bytes as they are once decompressed. What the documents allow fits: a hundred tasks of Outreach's whose notes all have
 * the 65,535 characters that a note may have, of three bytes each, are 19.7 MB; five thousand tasks of Gong's, which does not
 * page, of four kilobytes each, are 20 MB; a thousand of Reply.io's are half of one.
 */
const MAX_ANSWER_BYTES = 20 * 1024 * 1024;

/**
 * Counts as the bytes come, and stops at once when there are too many: undefined then. Leaving the loop cancels the stream,
 * which closes the connection, so nothing more is received or decompressed.
 */
async function readBody(body: ReadableStream<Uint8Array> | null | undefined): Promise<string | undefined> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return UTF8.decode(Buffer.concat(chunks));
}

const UTF8 = new TextDecoder();

function contentTypeOf({ body, form }: HttpRequest<unknown>): Record<string, string> {
  if (body) return { 'content-type': 'application/json' };
  return form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
}

function bodyOf({ body, form }: HttpRequest<unknown>): string | undefined {
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

/** For every status but 2xx. A redirect is a wrong address or a login page: nothing that we can read. */
export function kindOfStatus(status: number): ProviderErrorKind {
  if (status < 400) return 'unreadable';
  if (status >= 500) return 'unavailable';
  return KINDS[status] ?? 'invalid';
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
