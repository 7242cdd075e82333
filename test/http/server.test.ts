import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WebhookRequest } from '../../src/core/digests/webhooks.ts';
import type { ConsentOutcome } from '../../src/core/people/oauth-callback.ts';
import {
  consentPath,
  createHttpServer,
  type HookSource,
  type HttpDeps,
  hookPath,
  startPath,
} from '../../src/http/server.ts';

const SIGNATURE = 'outreach-webhook-signature';
const SLACK_SIGNED = { 'x-slack-signature': 'v0=abc', 'x-slack-request-timestamp': '1' };

interface Line {
  fields: object;
  message: string;
}

/** A server where nobody signs in and no provider tells of anything, unless `given` says so. */
async function serve(given: Partial<HttpDeps> = {}) {
  const lines: Line[] = [];
  const note = (fields: object, message: string) => void lines.push({ fields, message });
  const deps: HttpDeps = {
    port: 0,
    ready: () => true,
    taking: () => true,
    startConsent: async () => undefined,
    consent: async () => undefined,
    signatureHeader: ({ provider }) => (provider === 'outreach' ? SIGNATURE : undefined),
    handleWebhook: async () => 'unsigned',
    clock: () => 0,
    log: { info: note, warn: note, error: note },
    ...given,
  };
  const server = createHttpServer(deps);
  const port = await server.start();
  onTestFinished(() => server.stop());
  const ask = async (path: string, method = 'GET', body?: BodyInit, more: object = {}) => {
    const headers = { ...SLACK_SIGNED, [SIGNATURE]: 'abc' };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body && { body }),
      ...more,
    });
    return { status: response.status, text: await response.text() };
  };
  return { server, port, ask, url: `http://127.0.0.1:${port}`, lines };
}

test('health is answered while the process lives, readiness only once it is ready', async () => {
  let ready = false;
  const { ask } = await serve({ ready: () => ready });

  expect(await ask('/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await ask('/readyz')).toEqual({ status: 503, text: 'not ready\n' });
  ready = true;
  expect(await ask('/readyz')).toEqual({ status: 200, text: 'ready\n' });
  expect((await ask('/healthz?probe=1', 'HEAD')).status).toBe(200);
});

test('nothing else is answered, and Slack only where it may post', async () => {
  const heard: string[] = [];
  const slack: HttpDeps['slack'] = (request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(200).end();
  };
  const { ask } = await serve({ slack });

  for (const request of ['GET /', 'POST /healthz', 'GET /slack/events', 'PUT /slack/events', 'POST /slack/eventsx']) {
    const [method, path = ''] = request.split(' ');
    expect((await ask(path, method)).status, request).toBe(404);
  }
  expect((await ask('/slack/events', 'POST')).status).toBe(200);
  expect(heard).toEqual(['POST /slack/events']);
  // Without a listener for Slack its address is not there.
  expect((await (await serve()).ask('/slack/events', 'POST')).status).toBe(404);
});

test('stopping waits for an answer that is on its way, and takes no new request', async () => {
  let finish = () => {};
  const slack: HttpDeps['slack'] = (_, response) => {
    finish = () => void response.writeHead(200).end('done');
  };
  const { server, port, ask } = await serve({ slack });
  const answer = ask('/slack/events', 'POST');
  await wait(100);

  const stopped = server.stop();
  finish();

  expect(await answer).toEqual({ status: 200, text: 'done' });
  await stopped;
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
});

/** Says this on a connection of its own; what is answered comes when it comes. */
async function say(port: number, text: string) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let answered = '';
  socket.on('data', (chunk) => {
    answered += String(chunk);
  });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  return { socket, answered: () => answered, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(answered)?.[1]) };
}

/** The headers of a request and half of its body. */
function half(port: number, path: string, headers: Record<string, string>, length: number) {
  const lines = Object.entries({ Host: 'x', 'Content-Length': String(length), ...headers });
  const head = lines.map((line) => line.join(': ')).join('\r\n');
  return say(port, `POST ${path} HTTP/1.1\r\n${head}\r\n\r\nhalf`);
}

test('someone who never finishes a request does not hold up the stop', async () => {
  const { server, port } = await serve();
  await half(port, '/healthz', {}, 10);
  await wait(100);
  const before = performance.now();

  await server.stop();

  expect(performance.now() - before).toBeLessThan(3_000);
});

const EXPIRED: ConsentOutcome = { is: 'expired', provider: 'Outreach' };
const CALLBACK = consentPath('outreach');
const START = startPath('outreach');
const HOOK = hookPath('outreach');
/** Both ways of a browser, there and back. */
const BOTH = [
  ['comes back from a sign-in', CALLBACK, 'consent'],
  ['follows our link to a sign-in', START, 'startConsent'],
] as const;

/** What nobody else may find out from a page: a copy in a cache, an address in a referrer. */
const SECRETIVE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

describe.each(BOTH)('a browser that %s', (_name, path, way) => {
  test('is shown what became of it, on a page that leaves nothing behind and runs nothing', async () => {
    const { url } = await serve({ [way]: async () => EXPIRED });

    for (const query of ['', '?ticket=&state=', '?state=s&code=c&ticket=x', '?ticket=%00%FF']) {
      const response = await fetch(`${url}${path}${query}`);
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('This link is over')]);
      const headers = Object.fromEntries(response.headers);
      const kinds = { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' };
      expect(headers).toMatchObject({ ...SECRETIVE, ...kinds });
      const policy = ["default-src 'none'", "style-src 'unsafe-inline'"];
      expect(headers['content-security-policy']?.split('; ')).toEqual(policy);
    }
  });

  test('by another method, at a like address, or of a provider that is not there finds nothing', async () => {
    const asked = vi.fn(async () => undefined);
    const { ask } = await serve({ [way]: asked });
    const end = path.split('/').at(-1);

    for (const method of ['POST', 'PUT', 'OPTIONS', 'DELETE']) expect((await ask(path, method)).status).toBe(404);
    for (const like of [`/oauth//${end}`, `/oauth/a/b/${end}`, `/oauth/OUT/${end}`, `${path}/`]) {
      expect((await ask(`${like}?state=s`)).status, like).toBe(404);
    }
    expect(await ask(path, 'HEAD')).toEqual({ status: 204, text: '' });
    expect(asked).not.toHaveBeenCalled();
    const gong = await ask(`${path.replace('outreach', 'gong')}?state=s&code=c&ticket=x`);
    expect(gong).toEqual({ status: 404, text: 'not found\n' });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['sec-purpose', 'prefetch', 503],
    ['sec-purpose', 'prefetch;anonymous-client-ip', 503],
    ['sec-purpose', 'prefetch;prerender', 503],
    ['purpose', 'Prefetch', 503],
    ['x-purpose', 'preview', 503],
    ['x-moz', 'prefetch', 503],
    ['purpose', 'to sign in', 400],
    ['x-moz', 'prefetching', 400],
  ])('and says %s: %s is answered with %i', async (name, value, status) => {
    const asked = vi.fn(async () => EXPIRED);
    const { url } = await serve({ [way]: asked });

    const response = await fetch(`${url}${path}?state=s&code=c&ticket=t`, { headers: { [name]: value } });

    expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
    expect(asked).toHaveBeenCalledTimes(status === 503 ? 0 : 1);
  });
});

test.each([
  ['a browser that comes back', 'consent', CALLBACK, 'GET'],
  ['a browser that follows our link', 'startConsent', START, 'GET'],
  ['a provider that tells of something', 'handleWebhook', HOOK, 'POST'],
] as const)('%s hears when %s breaks; the log knows where, not what was sent', async (_who, way, path, method) => {
  const { ask, lines } = await serve({ [way]: async () => Promise.reject(new Error('the disk is full')) });

  const { status, text } = await ask(`${path}?state=hush&code=hush`, method, method === 'POST' ? 'hush' : undefined);

  expect(status).toBe(500);
  expect(text).not.toMatch(/disk|hush/);
  expect(lines).toMatchObject([{ fields: { path }, message: 'could not answer a request' }]);
  expect(JSON.stringify(lines)).not.toContain('hush');
  expect((await ask('/healthz')).status).toBe(200);
});

test('what a browser brings back is handed on as it came, with an answer, with a refusal and with nothing', async () => {
  const consent = vi.fn(async () => EXPIRED);
  const { ask } = await serve({ consent });

  for (const query of ['?state=s%2Bt&code=a+b%26c&scope=x', '?error=access_denied&state=s', '?state=&code=', '']) {
    await ask(`${CALLBACK}${query}`);
  }

  const nothing = { state: undefined, code: undefined, error: undefined };
  expect(consent.mock.calls).toEqual([
    ['outreach', { ...nothing, state: 's+t', code: 'a b&c' }],
    ['outreach', { ...nothing, state: 's', error: 'access_denied' }],
    ['outreach', nothing],
    ['outreach', nothing],
  ]);
});

test('a browser that comes back waits for another request with the same state, and shows what that one got', async () => {
  const under_way: ConsentOutcome = { is: 'under_way', provider: 'Outreach' };
  const answers = [under_way, under_way];
  const consent = vi.fn(async () => answers.shift() ?? EXPIRED);
  const { ask } = await serve({ consent });

  expect((await ask(`${CALLBACK}?state=s&code=c`)).text).toContain('This link is over');
  expect(consent).toHaveBeenCalledTimes(3);
  expect(new Set(consent.mock.calls.map((args: unknown[]) => JSON.stringify(args))).size).toBe(1);
});

test('a browser that follows our link is sent on to the provider; the ticket stays here', async () => {
  const location = 'https://outreach.example/oauth/authorize?state=s';
  const startConsent = vi.fn(async () => ({ url: location }));
  const { url } = await serve({ startConsent });

  const response = await fetch(`${url}${START}?ticket=a.b-c_d`, { redirect: 'manual' });

  expect(startConsent.mock.calls).toEqual([['outreach', 'a.b-c_d']]);
  expect([response.status, await response.text()]).toEqual([302, '']);
  expect(Object.fromEntries(response.headers)).toMatchObject({ location, ...SECRETIVE });
});

function hear(answer: 'taken' | 'unsigned' = 'taken') {
  const heard: [HookSource, WebhookRequest][] = [];
  const handleWebhook: HttpDeps['handleWebhook'] = async (source, given) => {
    heard.push([source, given]);
    return answer;
  };
  return { heard, handleWebhook };
}

test('news of a provider arrives byte by byte as it was sent, with its headers: a signature is over just that', async () => {
  const { heard, handleWebhook } = hear();
  const { url } = await serve({ handleWebhook });
  const body = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);

  const response = await fetch(`${url}${HOOK}?x=1`, {
    method: 'POST',
    body,
    headers: { 'Outreach-Webhook-Signature': 'abc', 'content-type': 'application/json' },
  });

  expect([response.status, await response.text()]).toEqual([200, 'taken\n']);
  const [[source, given] = []] = heard;
  expect(source).toEqual({ provider: 'outreach', teamId: undefined });
  expect(Buffer.from(given?.body ?? []).equals(Buffer.from(body))).toBe(true);
  expect(given?.headers).toMatchObject({ 'outreach-webhook-signature': 'abc' });
});

test('news of a provider about a workspace that installed the app has the workspace in its address', async () => {
  const { heard, handleWebhook } = hear();
  const { ask } = await serve({ handleWebhook });

  expect((await ask(`${HOOK}/T0123ABC`, 'POST', '{}')).status).toBe(200);
  for (const end of ['/t0123', '/T0123/', '/T0123/x', '/T%20', `/${'T'.repeat(31)}`]) {
    expect((await ask(HOOK + end, 'POST', '{}')).status, end).toBe(404);
  }

  expect(heard.map(([source]) => source)).toEqual([{ provider: 'outreach', teamId: 'T0123ABC' }]);
});

test('news of a provider whose signature is wrong is refused, and the log tells nothing of what it held', async () => {
  const { handleWebhook } = hear('unsigned');
  const { ask, lines } = await serve({ handleWebhook });

  expect((await ask(HOOK, 'POST', '{"hush":1}')).status).toBe(401);
  expect(lines).toMatchObject([{ fields: { times: 1 }, message: 'refused requests that are not signed' }]);
  expect(JSON.stringify(lines)).not.toContain('hush');
});

test.each([
  [0, 200, 1],
  [1_048_576, 200, 1],
  [1_048_577, 413, 0],
  [5_000_000, 413, 0],
])('news of a provider of %i bytes is answered with %i', async (size, status, times) => {
  const { heard, handleWebhook } = hear();
  const { ask } = await serve({ handleWebhook });

  expect((await ask(HOOK, 'POST', new Uint8Array(size))).status).toBe(status);
  expect(heard).toHaveLength(times);
});

test('news of a provider without end does not fill the memory: it is cut off', async () => {
  const { heard, handleWebhook } = hear();
  const { ask } = await serve({ handleWebhook });
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1_000_000;
      controller.enqueue(new Uint8Array(1_000_000));
      // Far beyond what is read; a server that read it all would get here.
      if (sent === 60_000_000) controller.close();
    },
  });

  const answer = ask(HOOK, 'POST', endless, { duplex: 'half' });

  await expect(answer.then(({ status }) => status).catch(() => 413)).resolves.toBe(413);
  expect(sent).toBeLessThan(60_000_000);
  expect(heard).toEqual([]);
  expect((await ask('/healthz')).status).toBe(200);
});

test('news of a provider is not read with GET, not at any other address, and not of a provider that sends none', async () => {
  const { heard, handleWebhook } = hear();
  const { ask } = await serve({ handleWebhook });

  expect((await ask(HOOK)).status).toBe(404);
  for (const end of ['', '/', '/a/b', '/OUT', '/outreach/', '/gong']) {
    expect((await ask(`/webhooks${end}`, 'POST')).status, end).toBe(404);
  }
  expect(heard).toEqual([]);
});

test('news of a provider that breaks off half-way is not heard, and ends nothing', async () => {
  const { heard, handleWebhook } = hear();
  const { port, ask } = await serve({ handleWebhook });
  const { socket } = await half(port, HOOK, { [SIGNATURE]: 'abc' }, 10);
  await wait(100);

  socket.destroy();
  await wait(100);

  expect(heard).toEqual([]);
  expect((await ask('/healthz')).status).toBe(200);
});

test.each([
  ['/slack/events', {}],
  ['/slack/events', { 'x-slack-signature': 'v0=abc' }],
  [HOOK, {}],
  [HOOK, SLACK_SIGNED],
])('strangers without a signature are refused before their body is there: %s %j', async (path, headers) => {
  const slack = vi.fn();
  const handleWebhook = vi.fn();
  const { port } = await serve({ slack, handleWebhook });

  const { status } = await half(port, path, headers, 900_000);

  await vi.waitFor(() => expect(status()).toBe(401));
  expect(slack).not.toHaveBeenCalled();
  expect(handleWebhook).not.toHaveBeenCalled();
});

test('strangers who claim to be signed hold no more memory than some, and leave room again when they go', async () => {
  const { port } = await serve();
  const claims = Array.from({ length: 80 }, () => half(port, HOOK, { [SIGNATURE]: 'abc' }, 1_048_576));
  const many = await Promise.all(claims);

  await vi.waitFor(() => expect(many.filter(({ status }) => status() === 503)).toHaveLength(16));
  for (const { socket } of many) socket.destroy();
  await vi.waitFor(async () => {
    const after = await half(port, HOOK, { [SIGNATURE]: 'abc' }, 4);
    await vi.waitFor(() => expect(after.status()).toBe(401));
  });
});

test('strangers cost the log a line a minute, with their number', async () => {
  let now = 0;
  const { url, lines } = await serve({ clock: () => now });
  const knock = () => fetch(`${url}${HOOK}`, { method: 'POST', body: 'x' });

  for (let times = 0; times < 5; times += 1) await knock();
  expect(lines.map(({ fields }) => fields)).toEqual([{ times: 1 }]);
  now = 60_000;
  await knock();

  expect(lines.map(({ fields }) => fields)).toEqual([{ times: 1 }, { times: 5 }]);
});

test('a connection that nobody uses outlives the minute after which load balancers close theirs', async () => {
  const { port } = await serve();

  const { answered } = await say(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');

  await vi.waitFor(() => expect(answered()).toContain('ok'));
  const [, seconds] = /keep-alive: timeout=(\d+)/i.exec(answered()) ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
});
