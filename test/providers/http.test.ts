import type { OutgoingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import { type Api, callJson, type HttpRequest, kindOfStatus } from '../../src/providers/http.ts';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../src/providers/retry-after.ts';
import { fails, failureOf } from '../contract/provider-harness.ts';
import { serve } from './serve.ts';

const NOW = Date.UTC(2026, 10, 27, 10, 30);

function call(
  url: string,
  { timeoutMs = 2_000, ...request }: Partial<HttpRequest<unknown> & Pick<Api, 'timeoutMs'>> = {},
): Promise<unknown> {
  const { origin, pathname, search } = new URL(url);
  const api: Api = {
    provider: 'test',
    apiUrl: origin,
    clock: () => NOW,
    circuit: createCircuit(() => NOW),
    timeoutMs,
    reference: (body) => z.object({ ref: z.string() }).safeParse(body).data?.ref,
  };
  const common = { method: 'GET', path: pathname + search, template: '/things/{id}', schema: z.unknown() } as const;
  return callJson(api, { ...common, ...request }, { priority: 'digest' });
}

/** Whatever is asked, this is answered. */
async function answering(body: string | Uint8Array, status = 200, headers: OutgoingHttpHeaders = {}): Promise<string> {
  return (await serve((_request, response) => response.writeHead(status, headers).end(body))).url;
}

it.for([
  [429, 'x-ratelimit-reset', 30_000],
  [429, 'retry-after', 30_000],
  [503, 'retry-after', 30_000],
  [503, 'x-ratelimit-reset', undefined],
  [500, 'x-ratelimit-reset', undefined],
  [500, 'retry-after', undefined],
] as const)(
  'the end of a window, of a %i in %s, is a wait only where it means one: Outreach has it on every answer',
  async ([status, name, ms]) => {
    const url = await answering('{}', status, { [name]: String(NOW / 1_000 + 30) });
    await expect(call(url)).rejects.toMatchObject({ status, retryAfterMs: ms });
  },
);

// outreach.md 6.1, 6.4
it.for<[number | undefined, (string | null | undefined)[]]>([
  [7_000, ['7', ' 7 ']],
  [0, ['0', String(NOW / 1000 - 30), 'Fri, 27 Nov 2026 10:29:00 GMT']],
  [250, ['0.25']],
  [1_001, ['1.0001']],
  [MAX_RETRY_AFTER_MS, ['900', '86400', '999999999999999999999']],
  [30_000, [String(NOW / 1000 + 30)]],
  [60_000, ['Fri, 27 Nov 2026 10:31:00 GMT']],
  [5_000, ['2026-11-27T10:30:05Z', '2026-11-27T11:30:05+01:00']],
  [undefined, ['Fri, 99 Nov 2026 10:29:00 GMT', '2026-11-27T10:30:05', '2026-11-27']],
  [undefined, ['-5', '1e3', 'soon', '', null, undefined]],
])('retryAfterMs reads %s from each of %j', ([expected, values]) => {
  expect(values.map((value) => retryAfterMs(value, NOW))).toEqual(values.map(() => expected));
});

it.for([
  ['unreadable', [304, 307]],
  ['forbidden', [402]],
  ['invalid', [405, 413]],
  ['unavailable', [408, 425, 501, 504]],
  ['not_found', [410]],
] as const)('kindOfStatus is %s for each of %j', ([kind, statuses]) => {
  expect(statuses.map(kindOfStatus)).toEqual(statuses.map(() => kind));
});

describe('callJson', () => {
  // reply.md 10.2: requests have a User-Agent
  it('sends what it was given, once, with a user agent', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(async (request, response) => {
      const { 'user-agent': agent, accept, authorization, 'content-type': type } = request.headers;
      const chunks = await request.toArray();
      seen.push({ method: request.method, agent, accept, authorization, type, body: chunks.join('') });
      response.end('{"id":12345678901234567890}');
    });
    const request = { method: 'PATCH', headers: { authorization: 'Basic x' }, body: { a: 1 } } as const;
    const schema = z.object({ id: z.string() });
    expect(await call(url, { ...request, schema })).toEqual({ id: '12345678901234567890' });
    const headers = { agent: 'Docket', accept: 'application/json', authorization: 'Basic x', type: 'application/json' };
    expect(seen).toEqual([{ method: 'PATCH', ...headers, body: '{"a":1}' }]);
  });

  it('does not repeat what failed', async () => {
    let requests = 0;
    const { url } = await serve((_request, response) => {
      requests += 1;
      response.writeHead(503, { 'Retry-After': '3' }).end('{"ref":"r-1"}');
    });
    const error = await failureOf(call(url));
    expect(error).toMatchObject({ kind: 'unavailable', status: 503, retryAfterMs: 3_000, reference: 'r-1' });
    expect(error.message).toBe('test: unavailable, status 503, GET /things/{id}');
    expect(requests).toBe(1);
  });

  // contracts, rule 8: a redirect gets no credential
  it('does not carry a credential to where a redirect points', async () => {
    let strayed = 0;
    const { url: other } = await serve((_request, response) => {
      strayed += 1;
      response.end('{}');
    });
    const url = await answering('', 307, { location: other });
    await fails(call(url, { headers: { authorization: 'Basic x' } }), 'unreadable', { status: 307 });
    expect(strayed).toBe(0);
  });

  it('limits the time of the body too', async () => {
    const { url } = await serve((_request, response) => void response.write('{"ref":'));
    await fails(call(url, { timeoutMs: 150 }), 'unavailable', { cause: { name: 'TimeoutError' } });
  });

  it('leaves no time limit behind: it would hold on to what was answered', async () => {
    const url = await answering('{}');
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let times = 0; times < 20; times += 1) await call(url, { timeoutMs: 60_000 });
    expect(timers() - before).toBeLessThan(10);
  });

  it('names the network failure, and not the address', async () => {
    const { url, stop } = await serve(() => undefined);
    stop();
    const refused = { kind: 'unavailable', cause: { message: 'ECONNREFUSED' } };
    await expect.poll(() => failureOf(call(`${url}/?q=secret`))).toMatchObject(refused);
  });

  it('takes an answer that is nested too deeply, or cut off, for what it is', async () => {
    await fails(call(await answering('['.repeat(200_000) + ']'.repeat(200_000))), 'unreadable');
    const { url: cut } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"ref"');
      setTimeout(() => response.destroy(), 20);
    });
    await fails(call(cut), 'unavailable');
  });

  it('says where an answer departs from its schema, and keeps the reference', async () => {
    const url = await answering('{"ref":"r-2","tasks":"private"}');
    const error = await failureOf(call(url, { schema: z.object({ tasks: z.array(z.unknown()) }) }));
    expect(error).toMatchObject({ kind: 'unreadable', status: 200, reference: 'r-2' });
    expect(error).toMatchObject({ cause: { message: 'unexpected shape: tasks: invalid_type' } });
  });

  it('reads no more of an answer than any answer has, and closes the connection', async () => {
    const closed: boolean[] = [];
    const chunk = Buffer.alloc(1_000_000, 'x');
    const { url } = await serve((_request, response) => {
      response.on('close', () => closed.push(response.writableFinished));
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      more();
    });
    const told = { status: 200, cause: { message: 'the answer is too large' } };
    await fails(call(url, { timeoutMs: 20_000 }), 'unreadable', told);
    await expect.poll(() => closed).toEqual([false]);
  });

  it('counts the bytes of a packed answer as they are unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    expect(bomb.length).toBeLessThan(200_000);
    const packed = (bytes: Uint8Array) => answering(bytes, 200, { 'content-encoding': 'gzip' });
    const large = call(await packed(bomb), { timeoutMs: 20_000 });
    await fails(large, 'unreadable', { cause: { message: 'the answer is too large' } });
    expect(await call(await packed(gzipSync('{"ref":"r-1"}')))).toEqual({ ref: 'r-1' });
  });

  it('keeps the kind of a refusal whose body has no end', async () => {
    const url = await answering(Buffer.alloc(30_000_000, 'x'), 403);
    await fails(call(url, { timeoutMs: 20_000 }), 'forbidden', { status: 403 });
  });

  it('reads a text whose characters come in two pieces', async () => {
    const bytes = Buffer.from('{"ref":"\u00e9😀"}');
    const { url } = await serve((_request, response) => {
      response.write(bytes.subarray(0, 11));
      setTimeout(() => response.end(bytes.subarray(11)), 30);
    });
    expect(await call(url)).toEqual({ ref: '\u00e9😀' });
  });
});
