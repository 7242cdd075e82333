/** One Slack with several workspaces: each call goes to the workspace of its token. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlackWorkspace } from './types.ts';

export interface SlackFront {
  readonly apiUrl: string;
  close(): Promise<void>;
}

export async function createSlackFront(workspaces: readonly SlackWorkspace[]): Promise<SlackFront> {
  const server = createServer((request, response) => {
    pass(workspaces, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(workspaces: readonly SlackWorkspace[], request: IncomingMessage, response: ServerResponse) {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const workspace = workspaces.find(({ botToken }) => botToken === token);
  const method = (request.url ?? '').replace(/^\/api\//, '');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  if (!workspace) {
    response.writeHead(200, { 'content-type': 'application/json' });
    return void response.end(JSON.stringify({ ok: false, error: token ? 'invalid_auth' : 'not_authed' }));
  }
  const answer = await fetch(workspace.apiUrl + method, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': request.headers['content-type'] ?? 'application/x-www-form-urlencoded',
    },
    body: Buffer.concat(chunks),
  });
  const headers = ['content-type', 'retry-after', 'x-oauth-scopes'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(answer.status, Object.fromEntries(headers)).end(await answer.text());
}
