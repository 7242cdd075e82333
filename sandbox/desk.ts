/** The HTTP server of a simulated provider: on 127.0.0.1, with a log of requests and faults on demand. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, type Fault, type Faults } from './faults.ts';

export interface Call {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  text: string;
}

/** A route's answer, ready to be sent. */
export interface Sent {
  status: number;
  headers?: Record<string, string>;
  contentType?: string;
  text: string | Uint8Array;
  /** The request broke the documented contract, in words for `unexpected`. */
  breach?: string | undefined;
}

/** A request that the simulator received. */
export interface SimulatorRequest {
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** Parsed; the text itself where it is no JSON; undefined when there was none. */
  body: unknown;
  /** 0 while, or because, nothing was answered; what a lost answer would have said. */
  status: number;
  /** True when a fault answered instead of the simulator. */
  fault: boolean;
}

export interface DeskOptions<Entry extends SimulatorRequest> {
  port: number;
  clock: () => number;
  /** Answers one request; may add to its entry in the log. */
  answer(call: Call, entry: Entry): Sent;
  /** Before faults are looked at: notes that a request came, for limits that count every one. */
  admit?(call: Call, entry: Entry): void;
  /** The body of a fault that has none of its own. */
  faultText(entry: Entry): string;
  contentType: string;
}

export interface Desk<Entry extends SimulatorRequest> {
  readonly url: string;
  readonly requests: Entry[];
  readonly unexpected: string[];
  readonly faults: Faults;
  close(): Promise<void>;
}

export async function openDesk<Entry extends SimulatorRequest = SimulatorRequest>(
  options: DeskOptions<Entry>,
): Promise<Desk<Entry>> {
  const requests: Entry[] = [];
  const unexpected: string[] = [];
  const faults = createFaults();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = options.clock();
    const call = await readCall(request);
    if (!call) return;
    // Further fields of an entry are optional, and added while the request is answered.
    const entry = entryOf(call, at) as Entry;
    requests.push(entry);
    options.admit?.(call, entry);
    const fault = faults.take(`${call.method} ${call.url.pathname}`);
    entry.fault = fault !== undefined && fault.kind !== 'hold';

    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return drop(request);
    if (fault?.kind === 'answer') {
      entry.status = fault.status;
      return send(
        response,
        faultAnswer(fault, () => options.faultText(entry)),
        options.contentType,
      );
    }
    if (fault?.kind === 'hold') await faults.held();
    const answer = options.answer(call, entry);
    entry.status = answer.status;
    if (answer.breach !== undefined) unexpected.push(`${call.method} ${call.url.pathname}: ${answer.breach}`);
    if (fault?.kind === 'lose') return drop(request);
    send(response, answer, options.contentType);
  }

  return { ...(await listen(options.port, serve)), requests, unexpected, faults };
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
    url: new URL(`http://provider.invalid${request.url ?? '/'}`),
    headers: request.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Logged on arrival, status 0 until answered: so a request that hangs or is held can be seen. */
function entryOf(call: Call, at: number): SimulatorRequest {
  const { method, url } = call;
  return { at, method, path: `${url.pathname}${url.search}`, body: bodyOf(call), status: 0, fault: false };
}

function bodyOf(call: Call): unknown {
  if (call.text === '') return undefined;
  try {
    return JSON.parse(call.text);
  } catch {
    return call.text;
  }
}

function faultAnswer(fault: Extract<Fault['how'], { kind: 'answer' }>, fallback: () => string): Sent {
  return {
    status: fault.status,
    text: fault.body ?? fallback(),
    ...(fault.headers && { headers: fault.headers }),
    ...(fault.contentType !== undefined && { contentType: fault.contentType }),
  };
}

function send(response: ServerResponse, answer: Sent, contentType: string): void {
  // 204 has no body, and no type of one.
  const type = answer.status === 204 ? {} : { 'Content-Type': answer.contentType ?? contentType };
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(answer.status === 204 ? undefined : answer.text);
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
