/** A Slack that only answers: every method is taken, nothing is checked, and whoever listens is told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../sandbox/slack/types.ts';
import { type Person, ZONE } from './people.ts';

export const SLACK = {
  token: 'xoxb-bench',
  signingSecret: 'bench-signing-secret',
  team: 'T0BENCH',
  command: '/tasks',
} as const;

interface SlackCall {
  /** `response_url` is one too. */
  method: string;
  at: number;
  /** Who sees it, if it is a message. */
  userId: string | undefined;
  /** Of a message: where it stands. */
  ts: string | undefined;
  /** Parsed when it is asked for. */
  blocks(): JsonObject[];
}

export interface SlackServer {
  apiUrl: string;
  responseUrl(userId: string, ts?: string): string;
  /** After each call that was taken. */
  onCall(listen: (call: SlackCall) => void): void;
  /** Replaces the rule before. It names the seconds to wait, and then the call is refused. */
  limit(rule: (call: SlackCall) => number | undefined): void;
  close(): Promise<void>;
}

const PAGE = 200;

export async function createSlackServer(everyone: readonly Person[]): Promise<SlackServer> {
  const listeners: ((call: SlackCall) => void)[] = [];
  let limit: (call: SlackCall) => number | undefined = () => undefined;
  let last = 1_700_000_000;
  const server = createServer(async (request, response) => {
    const text = await readText(request);
    last += 1;
    const call = toCall(request, text, `${last}.000100`);
    const wait = limit(call);
    if (wait !== undefined) {
      response.writeHead(429, { 'retry-after': String(wait) }).end('{"ok":false,"error":"ratelimited"}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(everyone, call, text)));
    for (const listen of listeners) listen(call);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${origin}/api/`,
    responseUrl: (userId, ts = '') => `${origin}/respond/${userId}/${ts}`,
    onCall: (listen) => void listeners.push(listen),
    limit(rule) {
      limit = rule;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function toCall({ url = '' }: IncomingMessage, text: string, newTs: string): SlackCall {
  const [, , first = '', ts] = url.split('/');
  const at = performance.now();
  const isResponse = url.startsWith('/respond/');
  if (isResponse) return { method: 'response_url', at, userId: first, ts, blocks: () => blocksOf(JSON.parse(text)) };
  // The SDK sends forms; what is an object stands in them as JSON.
  const form = new URLSearchParams(text);
  const channel = form.get('channel') ?? undefined;
  const isPost = first === 'chat.postMessage';
  return {
    method: first,
    at,
    userId: channel?.replace(/^D/, 'U') ?? form.get('user_id') ?? undefined,
    ts: isPost ? newTs : (form.get('ts') ?? undefined),
    blocks: () => blocksOf({ blocks: JSON.parse(form.get('blocks') ?? '[]') }),
  };
}

function blocksOf(body: { blocks?: JsonObject[] }): JsonObject[] {
  return body.blocks ?? [];
}

function answer(everyone: readonly Person[], { method, userId, ts }: SlackCall, text: string): JsonObject {
  const channel = userId?.replace(/^U/, 'D') ?? '';
  switch (method) {
    case 'auth.test':
      return { ok: true, team_id: SLACK.team, user_id: 'U0DOCKET', bot_id: 'B0DOCKET', is_enterprise_install: false };
    case 'users.list':
      return page(everyone, Number(new URLSearchParams(text).get('cursor') ?? 0));
    case 'chat.postMessage':
    case 'chat.update':
      return { ok: true, channel, ts: ts ?? '' };
    case 'views.open':
    case 'views.update':
    case 'views.publish':
      return { ok: true, view: { id: `V0${channel}`, hash: '1' } };
    default:
      return { ok: true };
  }
}

function page(everyone: readonly Person[], from: number): JsonObject {
  const members = everyone.slice(from, from + PAGE).map(({ id, name, email }) => ({
    id,
    team_id: SLACK.team,
    name,
    deleted: false,
    is_bot: false,
    real_name: name,
    tz: ZONE,
    tz_offset: 0,
    locale: 'en-GB',
    profile: { real_name: name, display_name: name, email },
  }));
  const next = from + PAGE < everyone.length ? String(from + PAGE) : '';
  return { ok: true, members, response_metadata: { next_cursor: next } };
}
