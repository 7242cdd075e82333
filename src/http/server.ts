/** The process's one HTTP server: health, reps' browsers and providers' news, and Slack's requests in HTTP mode. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { WebhookRequest } from '../core/digests/webhooks.ts';
import { StartError } from '../core/model/errors.ts';
import type { ProviderId } from '../core/model/keys.ts';
import { onceAMinute } from '../core/model/log-limit.ts';
import type { ConsentAnswer, ConsentOutcome } from '../core/people/oauth-callback.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import { createAdmission, MOST_BODY_BYTES } from './admission.ts';
import { consentPage, pageHtml } from './pages.ts';

export interface HttpDeps {
  port: number;
  /** The store is migrated, Slack accepts the token, and clicks can arrive. */
  ready: () => boolean;
  /** Slack's requests are taken: also while Slack refuses our token, for a click goes to the tools all the same. */
  taking: () => boolean;
  /** Takes `POST /slack/events`; absent in Socket Mode. */
  slack?: RequestListener | undefined;
  /** A rep's browser that follows our link to a provider's sign-in: where it goes from here, or what to show. */
  startConsent(provider: ProviderId, ticket: string | undefined): Promise<{ url: string } | ConsentOutcome | undefined>;
  /** A rep's browser that comes back from a provider; undefined: there is no such provider. */
  consent(provider: ProviderId, answer: ConsentAnswer): Promise<ConsentOutcome | undefined>;
  /** The header, in lower case, that a provider signs its webhooks in; undefined: it sends none. */
  signatureHeader(provider: ProviderId): string | undefined;
  /** A webhook that a provider sends. */
  handleWebhook(provider: ProviderId, request: WebhookRequest): Promise<'taken' | 'unsigned'>;
  clock: Clock;
  log: Log;
}

export interface HttpServer {
  /** Resolves with the port that it listens on. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** Whoever has not sent all of a request by then, or does not take the answer, is cut off. */
const STOP_TIMEOUT_MS = 1_000;
const LIMITS = {
  /** A request that is not whole by then is cut off: it holds a connection for nothing. */
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than a load balancer keeps a connection that nobody uses (60 s is usual): it would send a click into one that we just closed. */
  keepAliveTimeout: 75_000,
};
/** A thousand clicks at once, each on a connection of its own. */
const MOST_CONNECTIONS = 1_000;

export const SLACK_EVENTS_PATH = '/slack/events';
const SLACK_SIGNATURE = ['x-slack-signature', 'x-slack-request-timestamp'];

export function consentPath(provider: ProviderId): string {
  return `/oauth/${provider}/callback`;
}

export function startPath(provider: ProviderId): string {
  return `/oauth/${provider}/start`;
}

export function hookPath(provider: ProviderId): string {
  return `/webhooks/${provider}`;
}

const CONSENT = /^\/oauth\/([a-z]+)\/(start|callback)$/;
const HOOK = /^\/webhooks\/([a-z]+)$/;

export function createHttpServer(deps: HttpDeps): HttpServer {
  const { port, ready, taking, slack, clock, log } = deps;
  const admission = createAdmission();
  const noteUnsigned = onceAMinute(clock, (times) => log.warn({ times }, 'refused requests that are not signed'));
  const refuse = (request: IncomingMessage, response: Response, signature: readonly string[]): boolean => {
    const refusal = admission.refuse(request, response, signature);
    if (!refusal) return false;
    if (refusal.status === 401) noteUnsigned();
    // Node throws the body away as it comes.
    answer(response, refusal.status, refusal.text);
    return true;
  };
  const server = createServer(LIMITS, (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    // Bolt throws at anything but a POST, and what is thrown here would end the process.
    if (slack && path === SLACK_EVENTS_PATH && request.method === 'POST') {
      // Bolt would acknowledge what it cannot yet handle; refused, the click is shown to the rep as not taken.
      if (!taking()) return answer(response, 503, 'not ready');
      return refuse(request, response, SLACK_SIGNATURE) ? undefined : slack(request, response);
    }
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && path === '/healthz') return answer(response, 200, 'ok');
    if (reading && path === '/readyz')
      return ready() ? answer(response, 200, 'ready') : answer(response, 503, 'not ready');
    serve({ ...deps, refuse, noteUnsigned }, path, request, response).catch((error: unknown) => {
      log.error({ err: error, path }, 'could not answer a request');
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'Docket could not answer. Trying again is safe.');
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  return {
    start: () => listen(server, port),
    stop: () =>
      new Promise((resolve) => {
        const impatient = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
        server.close(() => {
          clearTimeout(impatient);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

interface Serving extends HttpDeps {
  /** True: the request was answered, and its body must not be read. */
  refuse(request: IncomingMessage, response: Response, signatureHeaders: readonly string[]): boolean;
  noteUnsigned(): void;
}

async function serve(deps: Serving, path: string, request: IncomingMessage, response: Response): Promise<void> {
  const [, provider, step] = CONSENT.exec(path) ?? [];
  if (provider && request.method === 'HEAD') return nothing(response, 204);
  if (provider && request.method === 'GET') {
    // Any answer but 2xx is thrown away by the browser, which asks again when the person really goes there.
    if (isAhead(request)) return nothing(response, 503);
    return step === 'start'
      ? sendAway(deps, provider, request, response)
      : welcomeBack(deps, provider, request, response);
  }
  const telling = HOOK.exec(path)?.[1];
  if (telling && request.method === 'POST') return handleWebhook(deps, telling, request, response);
  answer(response, 404, 'not found');
}

/** A browser that fetches what a person may open next, or a preview of it: nothing of a sign-in is used up for that. */
function isAhead({ headers }: IncomingMessage): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')),
  );
}

function queryOf(request: IncomingMessage): (name: string) => string | undefined {
  const query = new URL(request.url ?? '/', 'http://docket.invalid').searchParams;
  return (name) => query.get(name) || undefined;
}

async function sendAway(
  deps: HttpDeps,
  provider: ProviderId,
  request: IncomingMessage,
  response: Response,
): Promise<void> {
  const answered = await deps.startConsent(provider, queryOf(request)('ticket'));
  if (!answered) return answer(response, 404, 'not found');
  if ('is' in answered) return show(response, answered);
  response.writeHead(302, { ...PRIVATE, location: answered.url }).end();
}

async function welcomeBack(
  deps: HttpDeps,
  provider: ProviderId,
  request: IncomingMessage,
  response: Response,
): Promise<void> {
  const given = queryOf(request);
  const brought = { state: given('state'), code: given('code'), error: given('error') };
  let outcome = await deps.consent(provider, brought);
  // Whoever comes second with a state waits for what the first one gets.
  for (let looks = 0; outcome?.is === 'under_way' && looks < LOOKS; looks += 1) {
    await wait(LOOK_AGAIN_MS);
    outcome = await deps.consent(provider, brought);
  }
  if (!outcome) return answer(response, 404, 'not found');
  show(response, outcome);
}

const LOOK_AGAIN_MS = 250;
/** For half a minute: longer than a sign-in may take. */
const LOOKS = 120;

/** The address holds a ticket, or a code and a state: nothing keeps it, and it goes nowhere else. */
const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

function show(response: Response, outcome: ConsentOutcome): void {
  const page = consentPage(outcome);
  response
    .writeHead(page.status, {
      ...PRIVATE,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
    })
    .end(pageHtml(page));
}

function nothing(response: Response, status: number): void {
  response.writeHead(status, PRIVATE).end();
}

async function handleWebhook(
  deps: Serving,
  provider: ProviderId,
  request: IncomingMessage,
  response: Response,
): Promise<void> {
  const header = deps.signatureHeader(provider);
  if (header === undefined) return answer(response, 404, 'not found');
  if (deps.refuse(request, response, [header])) return;
  const body = await readBody(request);
  if (!body) return answer(response, 413, 'too large');
  const taken = await deps.handleWebhook(provider, { body, headers: request.headers });
  if (taken === 'taken') return answer(response, 200, 'taken');
  deps.noteUnsigned();
  answer(response, 401, 'not signed');
}

/** undefined: larger than anything that we expect. The rest is read all the same, up to a bound, and thrown away. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES * 10) break;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

type Response = Parameters<RequestListener>[1];

function answer(response: Response, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainPort(error, port)));
    server.listen(port, () => {
      server.removeAllListeners('error');
      const { port: actual } = server.address() as AddressInfo;
      resolve(actual);
    });
  });
}

function explainPort(error: NodeJS.ErrnoException, port: number): Error {
  const why = { EADDRINUSE: 'is used by another process', EACCES: 'may not be used by this user' }[error.code ?? ''];
  return why === undefined ? error : new StartError(`Port ${port} (PORT) ${why}.`, { cause: error });
}
