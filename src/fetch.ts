/**
 * A fetch on undici's `request`, for the calls that come by the thousand: to tools, and to Slack. Node's own fetch builds web
 * streams, headers and signals for each call, which takes three times as long.
 */
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';

interface FetchInit {
  method?: string | undefined;
  headers?: Headers | Record<string, string> | undefined;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** As much of a `Response` as the SDK and ofetch use. */
export interface FetchAnswer {
  ok: boolean;
  status: number;
  statusText: string;
  url: string;
  headers: { get(name: string): string | null; entries(): [string, string][] };
  /** Decompressed. Leaving it before its end closes the connection. */
  body: Readable;
}

/**
 * Resolves with the headers. Redirects are not followed, whatever the caller asks for: a credential must not travel to another
 * host. Rejects with the signal's reason, or with an error whose `code` names the network failure. Goes through the proxy of
 * `setGlobalProxyFromEnv`.
 */
export async function leanFetch(url: string | URL, init: FetchInit = {}): Promise<FetchAnswer> {
  const { method = 'GET', headers = {}, body = null, signal = null } = init;
  const named = [...(headers instanceof Headers ? headers : Object.entries(headers)), ACCEPT_ENCODING];
  const answer = await request(url, { method: method as Dispatcher.HttpMethod, headers: named.flat(), body, signal });
  const status = answer.statusCode;
  return {
    ok: status >= 200 && status <= 299,
    status,
    statusText: answer.statusText,
    url: String(url),
    headers: readable(answer.headers),
    body: decompressed(answer),
  };
}

function readable(headers: Dispatcher.ResponseData['headers']): FetchAnswer['headers'] {
  const joined = (value: string | string[]) => (Array.isArray(value) ? value.join(', ') : value);
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : joined(value);
    },
    entries: () => Object.entries(headers).map(([name, value]) => [name, joined(value ?? '')]),
  };
}

const ACCEPT_ENCODING = ['accept-encoding', 'gzip, br'];
const DECOMPRESSORS = new Map([
  ['gzip', createGunzip],
  ['br', createBrotliDecompress],
]);

/** Answers without a body, whatever their headers say. */
const NO_BODY = [204, 304];

/** An error of either stream comes out of the last one, and closing that one closes both. */
function decompressed({ statusCode, headers, body }: Dispatcher.ResponseData): Readable {
  if (NO_BODY.includes(statusCode)) return body;
  const decompress = DECOMPRESSORS.get(String(headers['content-encoding'] ?? '').toLowerCase());
  return decompress ? pipeline(body, decompress(), () => {}) : body;
}

/** `end` is to be called with the call's end: `AbortSignal.timeout` would hold on to every call for as long as one may take. */
export function timeLimit(ms: number): { signal: AbortSignal; end(): void } {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException('it took too long', 'TimeoutError')), ms);
  return { signal: limit.signal, end: () => clearTimeout(timer) };
}
