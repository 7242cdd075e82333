import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isObject, parseJson } from './json.ts';
import { postToResponseUrl } from './response-url.ts';
import type { Json, JsonObject } from './types.ts';
import { callMethod, type HttpAnswer, type WebApi } from './web-api.ts';

const BODY_LIMIT = 4 * 1024 * 1024;

/** Arguments that a form carries as JSON text. */
const STRUCTURED = new Set(['blocks', 'view', 'attachments', 'metadata']);

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new Error('request too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A body that is not JSON stays text, and the method refuses it. */
function formValue(name: string, value: string): Json {
  return STRUCTURED.has(name) ? (parseJson(value) ?? value) : value;
}

function formArguments(text: string): JsonObject {
  const fields = [...new URLSearchParams(text)];
  return Object.fromEntries(fields.map(([name, value]) => [name, formValue(name, value)]));
}

/** Undefined when a JSON body is no JSON object. */
function parseArguments(contentType: string, text: string): JsonObject | undefined {
  if (!contentType.startsWith('application/json')) return formArguments(text);
  const body = text === '' ? {} : parseJson(text);
  return isObject(body) ? body : undefined;
}

function send(response: ServerResponse, { status, body, retryAfter, scopes }: HttpAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(scopes === undefined ? {} : { 'x-oauth-scopes': scopes.join(',') }),
  });
  response.end(isText ? body : JSON.stringify(body));
}

function answer(api: WebApi, request: IncomingMessage, text: string): HttpAnswer {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const body = parseArguments(request.headers['content-type'] ?? '', text);
  if (pathname.startsWith('/api/')) {
    if (!body) return { status: 200, body: { ok: false, error: 'invalid_json' } };
    const [, bearer] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    return callMethod(api, pathname.slice('/api/'.length), bearer, { ...formArguments(search.slice(1)), ...body });
  }
  if (pathname.startsWith('/actions/') && request.method === 'POST') {
    // Bolt posts JSON; a form with `payload` is what older clients send.
    const payload = typeof body?.payload === 'string' ? parseJson(body.payload) : body;
    return postToResponseUrl(api.state, pathname, isObject(payload) ? payload : {});
  }
  api.state.unexpected.push(`${request.method} ${pathname}`);
  return { status: 404, body: 'not found' };
}

async function serve(api: WebApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (api.state.away) return void request.socket.destroy();
  try {
    send(response, answer(api, request, await readBody(request)));
  } catch (error) {
    api.state.unexpected.push(`${request.method} ${request.url}: ${error instanceof Error ? error.message : 'failed'}`);
    if (!response.headersSent) send(response, { status: 500, body: { ok: false, error: 'internal_error' } });
  }
}

export async function listen(api: WebApi, port: number): Promise<Server> {
  const server = createServer((request, response) => void serve(api, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
