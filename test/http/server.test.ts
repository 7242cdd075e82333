import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Delivery } from '../../src/core/digests/webhooks.ts';
import type { ConsentOutcome } from '../../src/core/people/sign-in.ts';
import { consentPath, createHttpServer, type HttpDeps, hookPath, startPath } from '../../src/http/server.ts';

const SIGNATURE = 'outreach-webhook-signature';
const SLACK_SIGNED = { 'x-slack-signature': 'v0=abc', 'x-slack-request-timestamp': '1' };

interface Line {
  fields: object;
  message: string;
}

/** A server where nobody signs in and no provider tells of anything. */
function depsOf(deps: Partial<HttpDeps> = {}): HttpDeps & { lines: Line[] } {
  const lines: Line[] = [];
  const note = (fields: object, message: string) => void lines.push({ fields, message });
  return {
    port: 0,
    ready: () => true,
    taking: () => true,
    startConsent: async () => undefined,
    consent: async () => undefined,
    signatureHeader: (provider) => (provider === 'outreach' ? SIGNATURE : undefined),
    delivery: async () => 'unsigned',
    clock: () => 0,
    log: { info: note, warn: note, error: note },
    lines,
    ...deps,
  };
}

async function serve(given: Partial<HttpDeps> = {}) {
  const deps = depsOf(given);
  const server = createHttpServer(deps);
  const port = await server.start();
  onTestFinished(() => server.stop());
  const ask = async (path: string, method = 'GET') => {
    const headers = { ...SLACK_SIGNED, [SIGNATURE]: 'abc' };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
    return { status: response.status, text: await response.text() };
  };
  return { server, port, ask, url: `http://127.0.0.1:${port}`, lines: deps.lines };
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

  for (const [path, method] of [
    ['/'],
    ['/healthz', 'POST'],
    ['/slack/events'],
    ['/slack/events', 'PUT'],
    ['/slack/eventsx', 'POST'],
  ]) {
    expect((await ask(String(path), method)).status, `${method} ${path}`).toBe(404);
  }
  expect((await ask('/slack/events', 'POST')).status).toBe(200);
  expect(heard).toEqual(['POST /slack/events']);
});

test('without a listener for Slack its address is not there', async () => {
  const { ask } = await serve();

  expect((await ask('/slack/events', 'POST')).status).toBe(404);
});

test('a port that is taken is an error of the start', async () => {
  const { port } = await serve();
  const second = createHttpServer(depsOf({ port }));

  await expect(second.start()).rejects.toThrow(`Port ${port} (PORT) is used by another process.`);
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

test('someone who never finishes a request does not hold up the stop', async () => {
  const { server, port } = await serve();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
  await wait(100);
  const before = performance.now();

  await server.stop();

  expect(performance.now() - before).toBeLessThan(3_000);
});

const EXPIRED: ConsentOutcome = { is: 'expired', provider: 'Outreach' };
const CALLBACK = consentPath('outreach');

describe('a browser that comes back from a sign-in', () => {
  test('is answered with what became of it; what it brought is handed on as it came', async () => {
    const consent = vi.fn(async () => EXPIRED);
    const { url } = await serve({ consent });

    const response = await fetch(`${url}${CALLBACK}?state=s%2Bt&code=a+b%26c&scope=x`);

    expect(consent.mock.calls).toEqual([['outreach', { state: 's+t', code: 'a b&c', error: undefined }]]);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<h1>This link is over</h1>');
  });

  test('without an answer, or with a refusal, is heard all the same', async () => {
    const consent = vi.fn(async () => EXPIRED);
    const { ask } = await serve({ consent });

    await ask(`${CALLBACK}?error=access_denied&state=s`);
    await ask(`${CALLBACK}?state=&code=`);
    await ask(CALLBACK);

    const nothing = { state: undefined, code: undefined, error: undefined };
    expect(consent.mock.calls.map((args: unknown[]) => args[1])).toEqual([
      { ...nothing, state: 's', error: 'access_denied' },
      nothing,
      nothing,
    ]);
  });

  test('leaves nothing behind: no copy in a cache, no address in a referrer, no script that could read it', async () => {
    const { url } = await serve({ consent: async () => EXPIRED });

    const { headers } = await fetch(`${url}${CALLBACK}?state=s&code=c`);

    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(["default-src 'none'", "style-src 'unsafe-inline'"]);
  });

  test.each(['POST', 'PUT', 'OPTIONS', 'DELETE'])('by %s is not one', async (method) => {
    const consent = vi.fn(async () => EXPIRED);
    const { ask } = await serve({ consent });

    expect((await ask(`${CALLBACK}?state=s&code=c`, method)).status).toBe(404);
    expect(consent).not.toHaveBeenCalled();
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
  ])('that says %s: %s is answered with %i', async (name, value, status) => {
    const consent = vi.fn(async () => EXPIRED);
    const startConsent = vi.fn(async () => EXPIRED);
    const { url } = await serve({ consent, startConsent });

    for (const path of [CALLBACK, startPath('outreach')]) {
      const response = await fetch(`${url}${path}?state=s&code=c&ticket=t`, { headers: { [name]: value } });
      expect([path, response.status]).toEqual([path, status]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
    expect([consent.mock.calls.length, startConsent.mock.calls.length]).toEqual(status === 503 ? [0, 0] : [1, 1]);
  });

  test('waits for another request with the same state, and shows what that one got', async () => {
    const answers: ConsentOutcome[] = [
      { is: 'under_way', provider: 'Outreach' },
      { is: 'under_way', provider: 'Outreach' },
    ];
    const consent = vi.fn(async () => answers.shift() ?? EXPIRED);
    const { ask } = await serve({ consent });

    expect((await ask(`${CALLBACK}?state=s&code=c`)).text).toContain('This link is over');
    expect(consent).toHaveBeenCalledTimes(3);
    expect(new Set(consent.mock.calls.map((args: unknown[]) => JSON.stringify(args))).size).toBe(1);
  });

  test('of a provider that is not there finds nothing', async () => {
    const consent = vi.fn(async () => undefined);
    const { ask } = await serve({ consent });

    expect(await ask(`${consentPath('gong')}?state=s&code=c`)).toEqual({ status: 404, text: 'not found\n' });
    expect(consent).toHaveBeenCalledTimes(1);
    for (const path of [
      '/oauth//callback',
      '/oauth/a/b/callback',
      '/oauth/OUT/callback',
      '/oauth/outreach/callback/',
    ]) {
      expect((await ask(`${path}?state=s`)).status, path).toBe(404);
    }
    expect(consent).toHaveBeenCalledTimes(1);
  });

  test('is told when something breaks, and the log knows where, without what the address held', async () => {
    const consent = async () => Promise.reject(new Error('the disk is full'));
    const { ask, lines } = await serve({ consent });

    const { status, text } = await ask(`${CALLBACK}?state=hush&code=hush`);

    expect(status).toBe(500);
    expect(text).not.toMatch(/disk|hush/);
    expect(lines).toMatchObject([{ fields: { path: CALLBACK }, message: 'could not answer a request' }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
    expect((await ask('/healthz')).status).toBe(200);
  });
});

describe('a browser that follows our link to a sign-in', () => {
  const START = startPath('outreach');

  test('is sent on to the provider; the ticket stays here', async () => {
    const startConsent = vi.fn(async () => ({ url: 'https://outreach.example/oauth/authorize?state=s' }));
    const { url } = await serve({ startConsent });

    const response = await fetch(`${url}${START}?ticket=a.b-c_d`, { redirect: 'manual' });

    expect(startConsent.mock.calls).toEqual([['outreach', 'a.b-c_d']]);
    expect(response.status).toBe(302);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      location: 'https://outreach.example/oauth/authorize?state=s',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(await response.text()).toBe('');
  });

  test('with a link that is over is shown what to do', async () => {
    const { url } = await serve({ startConsent: async () => EXPIRED });

    for (const query of ['', '?ticket=', '?ticket=x', '?ticket=%00%FF']) {
      const response = await fetch(`${url}${START}${query}`);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).toContain('This link is over');
    }
  });

  test('of a provider that is not there finds nothing, nor does another method', async () => {
    const startConsent = vi.fn(async () => undefined);
    const { ask } = await serve({ startConsent });

    expect((await ask(`${startPath('gong')}?ticket=x`)).status).toBe(404);
    expect(startConsent).toHaveBeenCalledTimes(1);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask(START, method)).status).toBe(404);
    expect(await ask(START, 'HEAD')).toEqual({ status: 204, text: '' });
    expect(startConsent).toHaveBeenCalledTimes(1);
  });

  test('leaves no ticket in the log when something breaks', async () => {
    const { ask, lines } = await serve({ startConsent: async () => Promise.reject(new Error('the disk is full')) });

    expect((await ask(`${START}?ticket=hush`)).status).toBe(500);
    expect(lines).toMatchObject([{ fields: { path: START } }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });
});

describe('news of a provider', () => {
  const HOOK = hookPath('outreach');
  const SIGNED = { [SIGNATURE]: 'abc' };

  function hear(answer: 'taken' | 'unsigned' = 'taken') {
    const heard: [string, Delivery][] = [];
    const delivery: HttpDeps['delivery'] = async (provider, given) => {
      heard.push([provider, given]);
      return answer;
    };
    return { heard, delivery };
  }

  test('arrives byte by byte as it was sent, with its headers: a signature is over just that', async () => {
    const { heard, delivery } = hear();
    const { url } = await serve({ delivery });
    const body = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);

    const response = await fetch(`${url}${HOOK}?x=1`, {
      method: 'POST',
      body,
      headers: { 'Outreach-Webhook-Signature': 'abc', 'content-type': 'application/json' },
    });

    expect([response.status, await response.text()]).toEqual([200, 'taken\n']);
    const [[provider, given] = []] = heard;
    expect(provider).toBe('outreach');
    expect(Buffer.from(given?.body ?? []).equals(Buffer.from(body))).toBe(true);
    expect(given?.headers).toMatchObject({ 'outreach-webhook-signature': 'abc' });
  });

  test('with no body at all is heard, too', async () => {
    const { heard, delivery } = hear();
    const { url } = await serve({ delivery });

    await fetch(`${url}${HOOK}`, { method: 'POST', headers: SIGNED });

    expect(heard[0]?.[1].body).toHaveLength(0);
  });

  test('whose signature is wrong is refused, and the log tells nothing of what it held', async () => {
    const { delivery } = hear('unsigned');
    const { url, lines } = await serve({ delivery });

    const response = await fetch(`${url}${HOOK}`, { method: 'POST', body: '{"hush":1}', headers: SIGNED });

    expect(response.status).toBe(401);
    expect(lines).toMatchObject([{ fields: { times: 1 }, message: 'refused requests that are not signed' }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  test('of a provider that sends none finds nothing', async () => {
    const { heard, delivery } = hear();
    const { ask } = await serve({ delivery });

    expect((await ask(hookPath('gong'), 'POST')).status).toBe(404);
    expect(heard).toEqual([]);
  });

  test.each([
    [1_048_576, 200, 1],
    [1_048_577, 413, 0],
    [5_000_000, 413, 0],
  ])('of %i bytes is answered with %i', async (size, status, times) => {
    const { heard, delivery } = hear();
    const { url } = await serve({ delivery });

    const response = await fetch(`${url}${HOOK}`, { method: 'POST', body: new Uint8Array(size), headers: SIGNED });

    expect(response.status).toBe(status);
    expect(heard).toHaveLength(times);
  });

  test('without end does not fill the memory: it is cut off', async () => {
    const { heard, delivery } = hear();
    const { url, ask } = await serve({ delivery });
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
        // Far beyond what is read; a server that read it all would get here.
        if (sent === 60_000_000) controller.close();
      },
    });

    const answer = fetch(`${url}${HOOK}`, {
      method: 'POST',
      body: endless,
      headers: SIGNED,
      duplex: 'half',
    } as RequestInit);

    await expect(answer.then(({ status }) => status).catch(() => 413)).resolves.toBe(413);
    expect(sent).toBeLessThan(60_000_000);
    expect(heard).toEqual([]);
    expect((await ask('/healthz')).status).toBe(200);
  });

  test('is not read with GET, and not at any other address', async () => {
    const { heard, delivery } = hear();
    const { ask } = await serve({ delivery });

    expect((await ask(HOOK)).status).toBe(404);
    for (const path of ['/webhooks', '/webhooks/', '/webhooks/a/b', '/webhooks/OUT', '/webhooks/outreach/']) {
      expect((await ask(path, 'POST')).status, path).toBe(404);
    }
    expect(heard).toEqual([]);
  });

  test('that cannot be taken in is no answer of 200, and no end of the process', async () => {
    const delivery = async () => Promise.reject(new Error('the disk is full'));
    const { url, ask, lines } = await serve({ delivery });

    const response = await fetch(`${url}${HOOK}`, { method: 'POST', body: 'hush', headers: SIGNED });

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('disk');
    expect(lines).toMatchObject([{ fields: { path: HOOK }, message: 'could not answer a request' }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
    expect((await ask('/healthz')).status).toBe(200);
  });

  test('that breaks off half-way is not heard, and ends nothing', async () => {
    const { heard, delivery } = hear();
    const { port, ask } = await serve({ delivery });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(`POST ${HOOK} HTTP/1.1\r\nHost: x\r\n${SIGNATURE}: abc\r\nContent-Length: 10\r\n\r\nhalf`);
    await wait(100);

    socket.destroy();
    await wait(100);

    expect(heard).toEqual([]);
    expect((await ask('/healthz')).status).toBe(200);
  });
});

describe('strangers', () => {
  /** Sends the headers of a request and half of its body, and returns what is answered. */
  async function half(port: number, path: string, headers: Record<string, string>, length: number) {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const lines = Object.entries({ Host: 'x', 'Content-Length': String(length), ...headers }).map((line) =>
      line.join(': '),
    );
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\nhalf`);
    let answered = '';
    socket.on('data', (chunk) => {
      answered += String(chunk);
    });
    socket.on('error', () => undefined);
    return { status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(answered)?.[1]), socket };
  }

  test.each([
    ['/slack/events', {}],
    ['/slack/events', { 'x-slack-signature': 'v0=abc' }],
    [hookPath('outreach'), {}],
    [hookPath('outreach'), SLACK_SIGNED],
  ])('without a signature are refused before their body is there: %s %j', async (path, headers) => {
    const slack = vi.fn();
    const delivery = vi.fn();
    const { port } = await serve({ slack, delivery });

    const { status } = await half(port, path, headers, 900_000);

    await vi.waitFor(() => expect(status()).toBe(401));
    expect(slack).not.toHaveBeenCalled();
    expect(delivery).not.toHaveBeenCalled();
  });

  test('who claim to be signed hold no more memory than some, and leave room again when they go', async () => {
    const { port } = await serve();
    const hook = hookPath('outreach');
    const many = await Promise.all(
      Array.from({ length: 80 }, () => half(port, hook, { [SIGNATURE]: 'abc' }, 1_048_576)),
    );

    await vi.waitFor(() => expect(many.filter(({ status }) => status() === 503)).toHaveLength(16));
    for (const { socket } of many) socket.destroy();
    await vi.waitFor(async () => {
      const after = await half(port, hook, { [SIGNATURE]: 'abc' }, 4);
      await vi.waitFor(() => expect(after.status()).toBe(401));
    });
  });

  test('cost the log a line a minute, with their number', async () => {
    let now = 0;
    const { url, lines } = await serve({ clock: () => now });
    const knock = () => fetch(`${url}${hookPath('outreach')}`, { method: 'POST', body: 'x' });

    for (let times = 0; times < 5; times += 1) await knock();
    expect(lines.map(({ fields }) => fields)).toEqual([{ times: 1 }]);
    now = 60_000;
    await knock();

    expect(lines.map(({ fields }) => fields)).toEqual([{ times: 1 }, { times: 5 }]);
  });

  test('a connection that nobody uses outlives the minute after which load balancers close theirs', async () => {
    const { port } = await serve();
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let answered = '';
    socket.on('data', (chunk) => {
      answered += String(chunk);
    });

    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');

    await vi.waitFor(() => expect(answered).toContain('ok'));
    const [, seconds] = /keep-alive: timeout=(\d+)/i.exec(answered) ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });
});
