import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer, type HttpDeps } from '../../src/http/server.ts';

async function serve(deps: Partial<HttpDeps> = {}) {
  const server = createHttpServer({ port: 0, ready: () => true, ...deps });
  const port = await server.start();
  onTestFinished(() => server.stop());
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
  return { server, port, ask };
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
  const second = createHttpServer({ port, ready: () => true });

  await expect(second.start()).rejects.toThrow('EADDRINUSE');
});

test('stopping waits for an answer that is on its way, and takes no new request', async () => {
  let finish = () => {};
  const slack: HttpDeps['slack'] = (_, response) => {
    finish = () => void response.writeHead(200).end('done');
  };
  const { server, port, ask } = await serve({ slack });
  const answer = ask('/slack/events', 'POST');
  await new Promise((resolve) => setTimeout(resolve, 100));

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
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = performance.now();

  await server.stop();

  expect(performance.now() - before).toBeLessThan(3_000);
});
