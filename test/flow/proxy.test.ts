import { request as ask, createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { MONDAY_NINE } from './cast.ts';
import { eventually, startReady } from './process.ts';
import { posted } from './read.ts';
import { createWorld } from './world.ts';

/** A proxy that lets everything through and remembers where to. */
async function createProxy() {
  const hosts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '');
    hosts.push(url.host);
    const onward = ask(url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, near, head) => {
    hosts.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const far = connect(Number(port), host, () => {
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      far.pipe(near).pipe(far);
    });
    for (const socket of [far, near]) socket.on('error', () => socket.destroy());
    sockets.add(far);
  });
  server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hosts, close };
}

test('behind a proxy the socket, Slack and the tools are reached through it', async () => {
  const world = await createWorld();
  await world.app.stop();
  const proxy = await createProxy();
  const hostOf = (url: string) => new URL(url).host;

  const docket = await startReady(world, MONDAY_NINE - 4_000, {
    HTTPS_PROXY: proxy.url,
    HTTP_PROXY: proxy.url,
    NO_PROXY: '',
  });
  await eventually(() => expect(posted(world)).toHaveLength(1));

  expect(world.slack.connected()).toBe(true);
  expect(proxy.hosts.filter((host) => host === hostOf(world.slack.url)).length).toBeGreaterThanOrEqual(2);
  expect(proxy.hosts).toContain(hostOf(world.gong.url));
  expect(docket.output()).toContain('requests go through the proxy');

  proxy.close();
  await eventually(() => expect(world.slack.connected()).toBe(false));
}, 90_000);
