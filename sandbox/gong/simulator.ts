/** Gong Engage on 127.0.0.1: real HTTP, the documented contract and not a bit more lenient. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Answer, refuse } from './answer.ts';
import { createBook } from './book.ts';
import { createFaults } from './faults.ts';
import { createLimiter } from './limiter.ts';
import { answerTo, type Call, type Gong } from './routes.ts';
import type { GongFault, GongOptions, GongRequest, GongSimulator } from './types.ts';
import { newRequestId, toJson } from './wire.ts';

const JSON_TYPE = 'application/json;charset=UTF-8';

export async function createGong(options: GongOptions): Promise<GongSimulator> {
  const { accessKey = 'sandbox-gong-key', accessKeySecret = 'sandbox-gong-secret' } = options;
  const gong: Gong = {
    book: createBook(options.users, options.tasks),
    authorization: `Basic ${Buffer.from(`${accessKey}:${accessKeySecret}`).toString('base64')}`,
    pageSize: options.pageSize ?? 100,
    clock: options.clock ?? Date.now,
  };
  const desk = createDesk(gong, options.rateLimits ?? true);
  const { url, close } = await listen(options.port ?? 0, desk.serve);

  return {
    url,
    accessKey,
    accessKeySecret,
    requests: desk.requests,
    unexpected: desk.unexpected,
    task: gong.book.task,
    tasks: gong.book.tasks,
    put: gong.book.put,
    putUser: gong.book.putUser,
    onChange: gong.book.onChange,
    fail: desk.faults.add,
    clearFaults: desk.faults.clear,
    release: desk.faults.release,
    close,
  };
}

/** Takes requests in: logs them, counts them, lets faults interfere, answers. */
function createDesk(gong: Gong, rateLimits: boolean) {
  const requests: GongRequest[] = [];
  const unexpected: string[] = [];
  const faults = createFaults();
  const limiter = createLimiter();

  function perform(call: Call, waitSeconds: number | undefined): Answer {
    if (waitSeconds !== undefined) {
      return refuse(429, 'API request limit exceeded', { 'Retry-After': String(waitSeconds) });
    }
    const answer = answerTo(gong, call);
    if (answer.breach !== undefined) unexpected.push(`${call.method} ${call.url.pathname}: ${answer.breach}`);
    return answer;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = gong.clock();
    const call = await readCall(request);
    if (!call) return;
    const entry = entryOf(call, at);
    requests.push(entry);
    const waitSeconds = rateLimits ? limiter.admit(at) : undefined;
    const fault = faults.take(`${call.method} ${call.url.pathname}`);
    entry.fault = fault !== undefined && fault.kind !== 'hold';

    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return drop(request);
    if (fault?.kind === 'answer') {
      entry.status = fault.status;
      if (fault.body === undefined) entry.requestId = newRequestId();
      return sendFault(response, fault, entry.requestId);
    }
    if (fault?.kind === 'hold') await faults.held();
    const answer = perform(call, waitSeconds);
    entry.status = answer.status;
    entry.requestId = newRequestId();
    if (fault?.kind === 'lose') return drop(request);
    send(response, answer, entry.requestId);
  }

  return { requests, unexpected, faults, serve };
}

/** undefined: the client left before its request was complete, so nothing was asked. */
async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
  } catch {
    return undefined;
  }
  return {
    method: request.method ?? '',
    // A path such as `//x` must not be read as a host.
    url: new URL(`http://gong.invalid${request.url ?? '/'}`),
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Logged on arrival, status 0 until answered: so a request that hangs or is held can be seen. */
function entryOf(call: Call, at: number): GongRequest {
  const { method, url } = call;
  return { at, method, path: `${url.pathname}${url.search}`, body: bodyOf(call), status: 0, fault: false };
}

/** For the log: parsed where it is JSON, else the text, undefined when there is none. */
function bodyOf(call: Call): unknown {
  if (call.text === '') return undefined;
  try {
    return JSON.parse(call.text);
  } catch {
    return call.text;
  }
}

function send(response: ServerResponse, answer: Answer, requestId: string): void {
  response.writeHead(answer.status, { ...answer.headers, 'Content-Type': JSON_TYPE });
  response.end(toJson({ requestId, ...answer.body }));
}

type AnswerFault = Extract<GongFault['how'], { kind: 'answer' }>;

function sendFault(response: ServerResponse, fault: AnswerFault, requestId: string | undefined): void {
  response.writeHead(fault.status, { 'Content-Type': fault.contentType ?? JSON_TYPE, ...fault.headers });
  response.end(fault.body ?? toJson({ requestId, errors: ['An error has occurred'] }));
}

/** A reset, not a polite close: the client cannot know what became of its request. */
function drop(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

async function listen(port: number, serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  // Idle connections stay: a close of ours that crosses a client's next request would be a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');

  let closed: Promise<void> | undefined;
  function close(): Promise<void> {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  }
  return { url: `http://127.0.0.1:${address.port}`, close };
}
