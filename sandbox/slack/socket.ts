import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Method } from './answers.ts';
import { ACK_MS, notAcked, type Retry, type Transport } from './delivery.ts';
import { isObject, parseJson } from './json.ts';
import { changed, randomId, type State } from './state.ts';
import type { Delivery, EnvelopeKind, JsonObject } from './types.ts';

const PING_MS = 5_000;
/** Timeout for the app's side of the closing handshake. */
const CLOSE_MS = 100;
const LINK_PATH = '/link/';

/** An envelope that the app has not acknowledged yet. */
interface Waiting {
  socket: WebSocket;
  acceptsPayload: boolean;
  startedAt: number;
  timer: NodeJS.Timeout;
  resolve: (delivery: Delivery) => void;
}

interface Hub {
  readonly state: State;
  readonly server: WebSocketServer;
  readonly tickets: Set<string>;
  readonly sockets: Set<WebSocket>;
  readonly waiting: Map<string, Waiting>;
  /** Envelopes given up on, whose acknowledgement may still come. */
  readonly givenUp: Set<string>;
  readonly pings: NodeJS.Timeout;
  turn: number;
}

export interface SocketTransport extends Transport {
  openConnection: Method;
  attach(server: Server): void;
}

/** Slack reads an acknowledgement's payload only where an answer is of use. */
function acceptsPayload(kind: EnvelopeKind, payload: JsonObject): boolean {
  return kind === 'slash_commands' || (kind === 'interactive' && payload.type === 'view_submission');
}

function giveUp(hub: Hub, id: string): void {
  const entry = hub.waiting.get(id);
  if (!entry) return;
  clearTimeout(entry.timer);
  hub.waiting.delete(id);
  hub.givenUp.add(id);
  entry.resolve(notAcked(entry.startedAt));
}

function onAck(hub: Hub, id: string, payload: JsonObject): void {
  const entry = hub.waiting.get(id);
  if (!entry) {
    // After three seconds an acknowledgement is too late, but no mistake.
    if (!hub.givenUp.delete(id)) hub.state.unexpected.push(`socket: acknowledgement of unknown envelope ${id}`);
    return;
  }
  if (!entry.acceptsPayload && Object.keys(payload).length > 0) {
    hub.state.unexpected.push('socket: payload in an acknowledgement that takes none');
  }
  clearTimeout(entry.timer);
  hub.waiting.delete(id);
  entry.resolve({ acked: true, ackMs: Math.round(performance.now() - entry.startedAt), ackBody: payload });
}

function onMessage(hub: Hub, data: RawData): void {
  const message = parseJson(data.toString());
  if (!isObject(message) || typeof message.envelope_id !== 'string') {
    hub.state.unexpected.push('socket: a message that is no acknowledgement');
    return;
  }
  onAck(hub, message.envelope_id, isObject(message.payload) ? message.payload : {});
}

function onClose(hub: Hub, socket: WebSocket): void {
  hub.sockets.delete(socket);
  const lost = [...hub.waiting].filter(([, entry]) => entry.socket === socket);
  for (const [id] of lost) giveUp(hub, id);
  changed(hub.state);
}

function onOpen(hub: Hub, socket: WebSocket): void {
  hub.sockets.add(socket);
  socket.on('message', (data) => onMessage(hub, data));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => onClose(hub, socket));
  const hello = {
    type: 'hello',
    num_connections: hub.sockets.size,
    debug_info: { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: hub.state.appId },
  };
  socket.send(JSON.stringify(hello));
  socket.ping();
  changed(hub.state);
}

function onUpgrade(hub: Hub, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
  if (hub.state.away) return void duplex.destroy();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== LINK_PATH || !hub.tickets.delete(searchParams.get('ticket') ?? '')) {
    hub.state.unexpected.push(`socket: refused ${pathname}`);
    duplex.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    return;
  }
  hub.server.handleUpgrade(request, duplex, head, (socket) => onOpen(hub, socket));
}

/** One of the app's connections, each in its turn. */
function nextSocket(hub: Hub): WebSocket | undefined {
  const open = [...hub.sockets].filter((socket) => socket.readyState === WebSocket.OPEN);
  hub.turn += 1;
  return open[hub.turn % Math.max(1, open.length)];
}

function send(hub: Hub, kind: EnvelopeKind, payload: JsonObject, retry?: Retry): Promise<Delivery> {
  const startedAt = performance.now();
  const socket = nextSocket(hub);
  if (!socket) return Promise.resolve(notAcked(startedAt));
  const id = randomUUID();
  const accepts = acceptsPayload(kind, payload);
  const envelope = { envelope_id: id, type: kind, accepts_response_payload: accepts, payload };
  const again = { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' };
  return new Promise((resolve) => {
    const timer = setTimeout(() => giveUp(hub, id), ACK_MS);
    hub.waiting.set(id, { socket, acceptsPayload: accepts, startedAt, timer, resolve });
    socket.send(JSON.stringify(kind === 'events_api' ? { ...envelope, ...again } : envelope));
  });
}

function openConnection(hub: Hub): ReturnType<Method> {
  const ticket = randomId(16);
  hub.tickets.add(ticket);
  const base = hub.state.url.replace('http', 'ws');
  return { ok: true, url: `${base}${LINK_PATH}?ticket=${ticket}&app_id=${hub.state.appId}` };
}

function sendDisconnect(hub: Hub, reason: string): void {
  const message = JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } });
  for (const socket of hub.sockets) socket.send(message);
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function close(hub: Hub): Promise<void> {
  clearInterval(hub.pings);
  for (const id of [...hub.waiting.keys()]) giveUp(hub, id);
  const ends = [...hub.sockets].map(closed);
  const cut = setTimeout(() => {
    for (const socket of hub.sockets) socket.terminate();
  }, CLOSE_MS);
  for (const socket of hub.sockets) socket.close(1001);
  await Promise.all(ends);
  clearTimeout(cut);
  hub.server.close();
}

export function createSocketTransport(state: State): SocketTransport {
  const sockets = new Set<WebSocket>();
  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping();
  }, PING_MS);
  pings.unref();
  const hub: Hub = {
    state,
    server: new WebSocketServer({ noServer: true }),
    tickets: new Set(),
    sockets,
    waiting: new Map(),
    givenUp: new Set(),
    pings,
    turn: 0,
  };
  return {
    send: (kind, payload, retry) => send(hub, kind, payload, retry),
    openConnection: () => openConnection(hub),
    attach: (server) => void server.on('upgrade', (...upgrade) => onUpgrade(hub, ...upgrade)),
    connected: () => [...sockets].some((socket) => socket.readyState === WebSocket.OPEN),
    disconnect: (reason) => sendDisconnect(hub, reason),
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    close: () => close(hub),
  };
}
