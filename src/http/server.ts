/** The HTTP server: health checks, OAuth, webhooks, the install page, and Slack's requests in HTTP mode. */
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
import { answer, isPrefetch, nothing, PRIVATE, type Query, queryOf, type Response, show } from './answers.ts';
import { type InstallPages, isInstallPath, serveInstall } from './install.ts';
import { type MetricsPage, serveMetrics } from './metrics.ts';
import { consentPage } from './pages.ts';

export interface HttpDeps {
  port: number;
  /** The store is migrated, Slack accepts the token, and clicks can arrive. */
  ready: () => boolean;
  /** Slack's requests are accepted, also while Slack refuses our token: clicks still reach the providers. */
  taking: () => boolean;
  /** Handles `POST /slack/events`; undefined in Socket Mode. */
  slack?: RequestListener | undefined;
  /** undefined: there are none. */
  metrics?: MetricsPage | undefined;
  /** The sign-in link: returns the provider's sign-in page, or a result to show. undefined: no such provider. */
  startConsent(provider: ProviderId, ticket: string | undefined): Promise<{ url: string } | ConsentOutcome | undefined>;
  /** The OAuth callback. undefined: no such provider. */
  consent(provider: ProviderId, answer: ConsentAnswer): Promise<ConsentOutcome | undefined>;
  /** The provider's signature header, in lower case. undefined: it sends no webhooks. */
  signatureHeader(of: HookSource): string | undefined;
  handleWebhook(of: HookSource, request: WebhookRequest): Promise<'taken' | 'unsigned'>;
  /** The pages on which the app is installed in a workspace. undefined: there are none. */
  install?: InstallPages | undefined;
  clock: Clock;
  log: Log;
}

/** The sender of a webhook, and the workspace that it is about. Without a team: the one of the settings. */
export interface HookSource {
  provider: ProviderId;
  teamId: string | undefined;
}

/** Open connections are closed after this time. */
const STOP_TIMEOUT_MS = 1_000;
const LIMITS = {
  /** For receiving a whole request. */
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than a load balancer's (60 s is usual), which would send a click into a connection just closed. */
  keepAliveTimeout: 75_000,
};
/** A thousand clicks at once, each on its own connection. */
const MOST_CONNECTIONS = 1_000;

export const SLACK_EVENTS_PATH = '/slack/events';
const SLACK_SIGNATURE = ['x-slack-signature', 'x-slack-request-timestamp'];

export function consentPath(provider: ProviderId): string {
  return `/oauth/${provider}/callback`;
}

export function startPath(provider: ProviderId): string {
  return `/oauth/${provider}/start`;
}

/** `teamId`: of a workspace that installed the app; the one of the settings has none in its address. */
export function hookPath(provider: ProviderId, teamId?: string): string {
  return `/webhooks/${provider}${teamId === undefined ? '' : `/${teamId}`}`;
}

const READING = ['GET', 'HEAD'];
const CONSENT = /^\/oauth\/([a-z]+)\/(start|callback)$/;
const HOOK = /^\/webhooks\/([a-z]+)(?:\/([A-Z0-9]{1,30}))?$/;

export function createHttpServer(deps: HttpDeps) {
  const { port, clock, log } = deps;
  const admission = createAdmission();
  const countUnsigned = onceAMinute(clock, (times) => log.warn({ times }, 'refused requests that are not signed'));
  const refuse: Serving['refuse'] = (request, response, signature) => {
    const refusal = admission.refuse(request, response, signature);
    if (!refusal) return false;
    if (refusal.status === 401) countUnsigned();
    // Node discards the body.
    answer(response, refusal.status, refusal.text);
    return true;
  };
  const serving = { ...deps, refuse, countUnsigned };
  const server = createServer(LIMITS, (request, response) => handleRequest(serving, request, response));
  server.maxConnections = MOST_CONNECTIONS;
  return {
    /** Resolves with the port. */
    start: () => listen(server, port),
    stop: () =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

interface Serving extends HttpDeps {
  /** True: the request was answered, and its body must not be read. */
  refuse(request: IncomingMessage, response: Response, signatureHeaders: readonly string[]): boolean;
  countUnsigned(): void;
}

function handleRequest(deps: Serving, request: IncomingMessage, response: Response) {
  const { slack, log } = deps;
  const path = request.url?.split('?', 1)[0] ?? '/';
  // Bolt throws at other methods, which would end the process.
  if (slack && path === SLACK_EVENTS_PATH && request.method === 'POST') {
    // Bolt would acknowledge clicks that it cannot handle yet; a refused click is shown to the rep.
    if (!deps.taking()) return answer(response, 503, 'not ready');
    if (!deps.refuse(request, response, SLACK_SIGNATURE)) slack(request, response);
    return;
  }
  const reading = READING.includes(request.method ?? '');
  if (reading && path === '/healthz') return answer(response, 200, 'ok');
  if (reading && path === '/readyz') {
    return deps.ready() ? answer(response, 200, 'ready') : answer(response, 503, 'not ready');
  }
  serve(deps, path, request, response).catch((error: unknown) => {
    log.error({ err: error, path }, 'could not answer a request');
    if (response.headersSent) response.destroy();
    else answer(response, 500, 'Docket could not answer. Trying again is safe.');
  });
}

async function serve(deps: Serving, path: string, request: IncomingMessage, response: Response): Promise<void> {
  if (path === '/metrics' && request.method === 'GET' && deps.metrics) {
    return serveMetrics(deps.metrics, request, response);
  }
  const [, provider, step] = CONSENT.exec(path) ?? [];
  if (provider && request.method === 'HEAD') return nothing(response, 204);
  if (provider && request.method === 'GET') {
    // The browser discards a prefetch with an error, and asks again when the person opens the link.
    if (isPrefetch(request)) return nothing(response, 503);
    const handle = step === 'start' ? startSignIn : handleOAuthCallback;
    return handle(deps, provider, queryOf(request), response);
  }
  if (deps.install && isInstallPath(path) && READING.includes(request.method ?? '')) {
    return serveInstall(deps.install, { path, isReady: deps.taking(), request, response });
  }
  const [, sender, teamId] = HOOK.exec(path) ?? [];
  if (sender && request.method === 'POST') return handleWebhook(deps, { provider: sender, teamId }, request, response);
  answer(response, 404, 'not found');
}

async function startSignIn(deps: HttpDeps, provider: ProviderId, query: Query, response: Response): Promise<void> {
  const started = await deps.startConsent(provider, query('ticket'));
  if (!started) return answer(response, 404, 'not found');
  if ('is' in started) return show(response, consentPage(started));
  response.writeHead(302, { ...PRIVATE, location: started.url }).end();
}

async function handleOAuthCallback(
  deps: HttpDeps,
  provider: ProviderId,
  query: Query,
  response: Response,
): Promise<void> {
  const given = { state: query('state'), code: query('code'), error: query('error') };
  let outcome = await deps.consent(provider, given);
  // A second request with the same state waits for the first one's result.
  for (let polls = 0; outcome?.is === 'under_way' && polls < MOST_POLLS; polls += 1) {
    await wait(POLL_MS);
    outcome = await deps.consent(provider, given);
  }
  if (!outcome) return answer(response, 404, 'not found');
  show(response, consentPage(outcome));
}

const POLL_MS = 250;
/** Half a minute: longer than a sign-in may take. */
const MOST_POLLS = 120;

async function handleWebhook(
  deps: Serving,
  source: HookSource,
  request: IncomingMessage,
  response: Response,
): Promise<void> {
  const header = deps.signatureHeader(source);
  if (header === undefined) return answer(response, 404, 'not found');
  if (deps.refuse(request, response, [header])) return;
  const body = await readBody(request);
  if (!body) return answer(response, 413, 'too large');
  const taken = await deps.handleWebhook(source, { body, headers: request.headers });
  if (taken === 'taken') return answer(response, 200, 'taken');
  deps.countUnsigned();
  answer(response, 401, 'not signed');
}

/** undefined: too large. The rest is read up to a limit and discarded. */
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
