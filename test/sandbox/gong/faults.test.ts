import { describe, expect, it } from 'vitest';
import { ask, ids, list, patch, start, task } from './gong.ts';

/** The code of the socket error under fetch's own error. */
async function dropped(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

async function arrived(requests: readonly unknown[], count: number): Promise<void> {
  await expect.poll(() => requests.length).toBe(count);
}

describe('faults', () => {
  it('answer: sends this instead, without effect', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({
      on: 'PATCH /v2/tasks',
      how: {
        kind: 'answer',
        status: 429,
        headers: { 'Retry-After': '7' },
        body: '{"requestId":"r1","errors":["slow"]}',
      },
    });

    const reply = await patch(gong, '1', { status: 'DONE' });

    expect(reply).toMatchObject({ status: 429, requestId: 'r1', errors: ['slow'] });
    expect(reply.headers.get('retry-after')).toBe('7');
    expect(gong.task('1')?.status).toBe('OPEN');
    expect(gong.requests.at(-1)).toMatchObject({ status: 429, fault: true });
    expect((await patch(gong, '1', { status: 'DONE' })).status).toBe(200);
  });

  it('answer: may be something that is no JSON, and has an envelope by default', async () => {
    const gong = await start();
    gong.fail({ how: { kind: 'answer', status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' } });
    gong.fail({ how: { kind: 'answer', status: 500 } });

    const html = await fetch(`${gong.url}/v2/users`);
    const plain = await list(gong);

    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await html.text()).toBe('<html>Bad gateway</html>');
    expect(plain).toMatchObject({ status: 500, requestId: expect.any(String), errors: [expect.any(String)] });
    expect(gong.requests.at(-1)?.requestId).toBe(plain.requestId);
    expect(gong.unexpected).toEqual([]);
  });

  it('reset: drops the connection before any effect', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({ how: { kind: 'reset' } });

    expect(await dropped(patch(gong, '1', { status: 'DONE' }))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);

    expect(gong.task('1')?.status).toBe('OPEN');
    expect(gong.requests).toMatchObject([{ status: 0, fault: true, body: { status: 'DONE' } }]);
    expect((await list(gong)).status).toBe(200);
  });

  it('lose: performs the request and drops the connection', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({ on: 'PATCH', how: { kind: 'lose' } });

    expect(await dropped(patch(gong, '1', { status: 'DONE' }))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);

    expect(gong.task('1')?.status).toBe('DONE');
    expect(gong.requests).toMatchObject([{ status: 200, fault: true }]);
  });

  it('hang: never answers, and does not hinder closing', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({ how: { kind: 'hang' } });

    const hanging = patch(gong, '1', { status: 'DONE' });
    await arrived(gong.requests, 1);
    gong.release();
    const early = await Promise.race([hanging, new Promise((resolve) => setTimeout(resolve, 50, 'still hanging'))]);
    const before = performance.now();
    const broken = dropped(hanging);
    await gong.close();

    expect(early).toBe('still hanging');
    expect(await broken).toBeDefined();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(gong.task('1')?.status).toBe('OPEN');
  });

  it('hold: waits for release, then answers as usual', async () => {
    const gong = await start({ tasks: [task('1'), task('2')] });
    gong.fail({ how: { kind: 'hold' }, times: 2 });

    const held = [patch(gong, '1', { status: 'DONE' }), patch(gong, '2', { status: 'DONE' })];
    await arrived(gong.requests, 2);
    const meanwhile = ids(await list(gong));
    gong.release();
    const replies = await Promise.all(held);

    expect(meanwhile.sort()).toEqual(['1', '2']);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(ids(await list(gong))).toEqual([]);
    expect(gong.requests.map(({ fault }) => fault)).toEqual([false, false, false, false]);
  });

  it('hold: takes effect although the client has given up, as a slow server does', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({ how: { kind: 'hold' } });
    const giveUp = new AbortController();

    const call = ask(gong, 'PATCH', '/v2/tasks/1', {
      body: { userId: task('1').userId, status: 'DONE' },
      signal: giveUp.signal,
    });
    await arrived(gong.requests, 1);
    giveUp.abort();
    await expect(call).rejects.toThrow();
    gong.release();

    await expect.poll(() => gong.task('1')?.status).toBe('DONE');
  });

  it('takes the first that matches, in the order in which they were asked for, and counts it down', async () => {
    const gong = await start({ tasks: [task('1')] });
    gong.fail({ on: 'PATCH /v2/tasks/1', how: { kind: 'answer', status: 500 } });
    gong.fail({ times: 2, how: { kind: 'answer', status: 503 } });
    gong.fail({ on: 'POST /v2/tasks', times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 403 } });

    const statuses = [
      (await list(gong)).status,
      (await patch(gong, '1', { status: 'DONE' })).status,
      (await patch(gong, '1', { status: 'DONE' })).status,
      (await patch(gong, '1', { status: 'DONE' })).status,
      (await list(gong)).status,
      (await list(gong)).status,
    ];
    gong.clearFaults();

    expect(statuses).toEqual([503, 500, 503, 200, 403, 403]);
    expect((await list(gong)).status).toBe(200);
  });

  it('still counts for the rate limit', async () => {
    const gong = await start({ rateLimits: true, clock: () => 1_700_000_000_000 });
    gong.fail({ times: 3, how: { kind: 'answer', status: 500 } });

    for (let call = 0; call < 3; call += 1) await list(gong);

    expect((await list(gong)).status).toBe(429);
  });
});

describe('closing', () => {
  it('ends quickly while connections are open, and twice', async () => {
    const gong = await start();
    await list(gong);

    const before = performance.now();
    await Promise.all([gong.close(), gong.close()]);

    expect(performance.now() - before).toBeLessThan(1_000);
    await expect(list(gong)).rejects.toThrow();
  });

  it('takes the port that it is given, and says so when it is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);

    await expect(start({ port })).rejects.toThrow(/EADDRINUSE/);
    await first.close();

    expect((await start({ port })).url).toBe(first.url);
  });
});
