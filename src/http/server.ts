/** The process's one HTTP server: health, and Slack's requests in HTTP mode. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpDeps {
  port: number;
  /** The store is migrated and Slack has accepted the token. */
  ready: () => boolean;
  /** Takes `POST /slack/events`; absent in Socket Mode. */
  slack?: RequestListener | undefined;
}

export interface HttpServer {
  /** Resolves with the port that it listens on. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** Whoever has not sent all of a request by then, or does not take the answer, is cut off. */
const STOP_WITHIN = 1_000;

export const SLACK_EVENTS_PATH = '/slack/events';

export function createHttpServer({ port, ready, slack }: HttpDeps): HttpServer {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    // Bolt throws at anything but a POST, and what is thrown here would end the process.
    if (slack && path === SLACK_EVENTS_PATH && request.method === 'POST') {
      // Bolt would acknowledge what it cannot yet handle; refused, the click is shown to the rep as not taken.
      return ready() ? slack(request, response) : answer(response, 503, 'not ready');
    }
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && path === '/healthz') return answer(response, 200, 'ok');
    if (reading && path === '/readyz')
      return ready() ? answer(response, 200, 'ready') : answer(response, 503, 'not ready');
    return answer(response, 404, 'not found');
  });
  return {
    start: () => listen(server, port),
    stop: () =>
      new Promise((resolve) => {
        const impatient = setTimeout(() => server.closeAllConnections(), STOP_WITHIN);
        server.close(() => {
          clearTimeout(impatient);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

type Response = Parameters<RequestListener>[1];

function answer(response: Response, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      const { port: actual } = server.address() as AddressInfo;
      resolve(actual);
    });
  });
}
