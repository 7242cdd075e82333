import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { ACK_MS, notAcked, type Retry, type Transport } from './delivery.ts';
import { isObject, parseJson } from './json.ts';
import type { State } from './state.ts';
import type { Delivery, EnvelopeKind, JsonObject } from './types.ts';

interface Body {
  text: string;
  contentType: string;
}

function fields(payload: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value ?? '')]));
}

function encode(kind: EnvelopeKind, payload: JsonObject): Body {
  if (kind === 'events_api') return { text: JSON.stringify(payload), contentType: 'application/json' };
  const form = kind === 'interactive' ? { payload: JSON.stringify(payload) } : fields(payload);
  return { text: new URLSearchParams(form).toString(), contentType: 'application/x-www-form-urlencoded' };
}

/** The app compares the timestamp with the real time, so it is signed with that and not with the workspace's clock. */
function headers(state: State, body: Body, retry: Retry | undefined): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', state.signingSecret).update(`v0:${timestamp}:${body.text}`).digest('hex');
  return {
    'content-type': body.contentType,
    'content-length': String(Buffer.byteLength(body.text)),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    ...(retry ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': `http_${retry.reason}` } : {}),
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function ackBody(response: IncomingMessage, text: string): JsonObject {
  if (text === '') return {};
  const isJson = response.headers['content-type']?.includes('json') ?? false;
  const body = isJson ? parseJson(text) : undefined;
  return isObject(body) ? body : { text };
}

function post(url: string, body: Body, head: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // No agent: a connection kept open would hold up the app's shutdown.
    const outgoing = request(url, { method: 'POST', headers: head, agent: false, signal }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body.text);
  });
}

export function createHttpTransport(state: State, requestUrl: string): Transport {
  const closing = new AbortController();

  async function send(kind: EnvelopeKind, payload: JsonObject, retry?: Retry): Promise<Delivery> {
    const startedAt = performance.now();
    const body = encode(kind, payload);
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(ACK_MS)]);
    try {
      const response = await post(requestUrl, body, headers(state, body, retry), signal);
      const text = await readText(response);
      if (response.statusCode !== 200) return notAcked(startedAt);
      return { acked: true, ackMs: Math.round(performance.now() - startedAt), ackBody: ackBody(response, text) };
    } catch {
      return notAcked(startedAt);
    }
  }

  return {
    send,
    connected: () => true,
    disconnect: () => undefined,
    cut: () => undefined,
    close: async () => closing.abort(),
  };
}
