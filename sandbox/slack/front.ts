/** One Slack with several workspaces: each call goes to the workspace of its token. With an app, it can be installed. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSlackOAuth, type OAuthApp, type SlackOAuth } from './oauth.ts';
import type { JsonObject, SlackWorkspace } from './types.ts';

export interface SlackFront {
  readonly apiUrl: string;
  /** How often `oauth.v2.access` was called, and what each call came to. */
  readonly accesses: readonly string[];
  /** undefined: there is no app to install. */
  readonly oauth: SlackOAuth | undefined;
  /** The next so many calls of `oauth.v2.access`: Slack does what is asked, and its answer is lost; or it does nothing. */
  failAccess(how: 'lost' | 'unreached', times?: number): void;
  close(): Promise<void>;
}

interface Front {
  workspaces: readonly SlackWorkspace[];
  oauth: SlackOAuth | undefined;
  accesses: string[];
  failures: ('lost' | 'unreached')[];
}

export async function createSlackFront(workspaces: readonly SlackWorkspace[], app?: OAuthApp): Promise<SlackFront> {
  const front: Front = {
    workspaces,
    oauth: app && createSlackOAuth(app, workspaces),
    accesses: [],
    failures: [],
  };
  const server = createServer((request, response) => {
    serve(front, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    accesses: front.accesses,
    oauth: front.oauth,
    failAccess(how, times = 1) {
      for (let time = 0; time < times; time += 1) front.failures.push(how);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://slack.invalid');
  const body = await bodyOf(request);
  if (front.oauth && pathname === '/oauth/v2/authorize') {
    const { status, html } = front.oauth.authorize(searchParams);
    response.writeHead(status, { 'content-type': 'text/html' }).end(html);
    return;
  }
  const method = pathname.replace(/^\/api\//, '');
  if (front.oauth && method === 'oauth.v2.access') return access(front, front.oauth, body, response);
  await pass(front, { method, body, request }, response);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function access({ accesses, failures }: Front, oauth: SlackOAuth, body: Buffer, response: ServerResponse): void {
  const failure = failures.shift();
  const answer = failure === 'unreached' ? undefined : oauth.access(new URLSearchParams(body.toString()));
  accesses.push(failure ?? (answer?.ok === true ? 'ok' : String(answer?.error)));
  if (failure || !answer) response.destroy();
  else reply(response, answer);
}

function reply(response: ServerResponse, answer: JsonObject): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

async function pass(
  { workspaces, oauth }: Front,
  { method, body, request }: { method: string; body: Buffer; request: IncomingMessage },
  response: ServerResponse,
): Promise<void> {
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const holder = workspaces.find(({ botToken }) => botToken === token) ?? oauth?.holderOf(token);
  if (holder === undefined || typeof holder === 'string') {
    return reply(response, { ok: false, error: holder ?? (token ? 'invalid_auth' : 'not_authed') });
  }
  const answer = await fetch(holder.apiUrl + method, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${holder.botToken}`,
      'content-type': request.headers['content-type'] ?? 'application/x-www-form-urlencoded',
    },
    body: new Uint8Array(body),
  });
  const headers = ['content-type', 'retry-after', 'x-oauth-scopes'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(answer.status, Object.fromEntries(headers)).end(await answer.text());
}
