import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { leanFetch, timeLimit } from '../src/fetch.ts';
import { serve } from './providers/serve.ts';

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it.for([
  ['gzip', gzipSync('{"é":1}')],
  ['br', brotliCompressSync('{"é":1}')],
  ['GZIP', gzipSync('{"é":1}')],
] as const)('unpacks %s', async ([encoding, bytes]) => {
  const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bytes));
  expect(await textOf((await leanFetch(url)).body)).toBe('{"é":1}');
});

it('asks for no packing that it cannot undo', async () => {
  let asked: unknown;
  const { url } = await serve(({ headers }, response) => {
    asked = headers['accept-encoding'];
    response.end();
  });
  await textOf((await leanFetch(url)).body);
  expect(asked).toBe('gzip, br');
});

it('takes an answer without a body, though it is said to be packed', async () => {
  const { url } = await serve((_, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end());
  const answer = await leanFetch(url);
  expect([answer.status, answer.ok, await textOf(answer.body)]).toEqual([204, true, '']);
});

it('rejects what cannot be unpacked', async () => {
  const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'));
  await expect(leanFetch(url).then(({ body }) => textOf(body))).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
});

it('ends with the signal, also while a packed body stalls, and closes the connection', async () => {
  let closed = false;
  const { url } = await serve((_, response) => {
    response.on('close', () => {
      closed = true;
    });
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('{"a":1}').subarray(0, 12));
  });
  const { signal } = timeLimit(150);
  await expect(leanFetch(url, { signal }).then(({ body }) => textOf(body))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await expect.poll(() => closed).toBe(true);
});

it('sends headers of either kind, and reads those that came, by any case', async () => {
  const seen: unknown[] = [];
  const { url } = await serve(({ headers, method }, response) => {
    seen.push([method, headers['x-one'], headers['x-two']]);
    response.writeHead(201, { 'X-Answer': ['a', 'b'] }).end();
  });
  const record = { 'X-One': '1', 'x-two': '2' };
  for (const headers of [record, new Headers(record)]) {
    const answer = await leanFetch(url, { method: 'POST', headers, body: '{}' });
    expect([answer.headers.get('x-ANSWER'), answer.headers.get('x-none')]).toEqual(['a, b', null]);
    expect(new Map(answer.headers.entries()).get('x-answer')).toBe('a, b');
    await textOf(answer.body);
  }
  expect(seen).toEqual([
    ['POST', '1', '2'],
    ['POST', '1', '2'],
  ]);
});

it('follows no redirect', async () => {
  const { url } = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  const answer = await leanFetch(url);
  expect([answer.status, answer.ok, answer.url]).toEqual([302, false, url]);
  await textOf(answer.body);
});
