import { describe, expect, it } from 'vitest';
import { act, ask, dropped, errorId, ids, list, OWNER, start, step, task, tokenOf } from './outreach.ts';

describe('faults', () => {
  it('answer: sends this instead, without effect', async () => {
    const outreach = await start({ tasks: [step('1')] });
    outreach.fail({
      on: 'POST /api/v2/tasks/1/actions/markComplete',
      how: { kind: 'answer', status: 503, headers: { 'Retry-After': '2026-03-09T12:05:00Z' } },
    });

    const reply = await act(outreach, '1', 'markComplete');

    expect([reply.status, errorId(reply)]).toEqual([503, 'scheduledServerMaintenance']);
    expect(reply.headers.get('retry-after')).toBe('2026-03-09T12:05:00Z');
    expect(outreach.task('1')?.state).toBe('incomplete');
    expect(outreach.effects).toEqual([]);
    expect(outreach.requests.at(-1)).toMatchObject({ status: 503, fault: true, userId: OWNER });
    expect((await act(outreach, '1', 'markComplete')).status).toBe(200);
  });

  it('answer: speaks as OAuth does under /oauth', async () => {
    const outreach = await start();
    outreach.fail({ on: 'POST /oauth/token', how: { kind: 'answer', status: 500 } });

    const response = await fetch(`${outreach.url}/oauth/token`, { method: 'POST' });

    expect(await response.json()).toMatchObject({ error: 'server_error' });
    expect(outreach.unexpected).toEqual([]);
  });

  it('reset: drops the connection before any effect', async () => {
    const outreach = await start({ tasks: [task('1')] });
    tokenOf(outreach);
    outreach.fail({ how: { kind: 'reset' } });

    expect(await dropped(ask(outreach, 'DELETE', '/tasks/1'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);

    expect(outreach.task('1')).toBeDefined();
    expect(outreach.requests).toMatchObject([{ status: 0, fault: true }]);
  });

  it('lose: performs the request and drops the connection', async () => {
    const outreach = await start({ tasks: [step('1')] });
    outreach.fail({ on: 'POST', how: { kind: 'lose' } });

    expect(await dropped(act(outreach, '1', 'markComplete'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);

    expect(outreach.task('1')?.state).toBe('complete');
    expect(outreach.effects).toHaveLength(1);
    const again = await act(outreach, '1', 'markComplete');
    expect([again.status, outreach.effects.length]).toEqual([422, 1]);
  });

  it('hang: never answers, and does not hinder closing', async () => {
    const outreach = await start();
    outreach.fail({ how: { kind: 'hang' } });

    const hanging = dropped(list(outreach));
    await expect.poll(() => outreach.requests.length).toBe(1);
    const before = performance.now();
    await outreach.close();

    expect(await hanging).toBeDefined();
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('hold: waits for release, then answers as usual', async () => {
    const outreach = await start({ tasks: [task('1')] });
    outreach.fail({ on: 'GET', how: { kind: 'hold' } });

    const held = list(outreach);
    await expect.poll(() => outreach.requests.length).toBe(1);
    outreach.put(task('2'));
    outreach.release();

    expect(ids(await held)).toEqual(['1', '2']);
  });

  it('ends with clearFaults', async () => {
    const outreach = await start();
    outreach.fail({ times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 500 } });

    expect((await list(outreach)).status).toBe(500);
    outreach.clearFaults();

    expect((await list(outreach)).status).toBe(200);
  });
});

describe('what it holds', () => {
  it('is copied on its way in and out', async () => {
    const mine = task('1', { note: 'as it was' });
    const outreach = await start({ tasks: [mine] });

    mine.note = 'changed';
    const [held] = outreach.tasks();
    if (held) held.note = 'changed';
    const again = outreach.task('1');
    if (again) again.note = 'changed';

    expect(held?.note).toBe('changed');
    expect(outreach.task('1')?.note).toBe('as it was');
  });

  it('tells of changes, until one stops listening', async () => {
    const outreach = await start({ tasks: [task('1')] });
    let count = 0;
    const stop = outreach.onChange(() => {
      count += 1;
    });

    outreach.complete('1');
    outreach.remove('1');
    stop();
    outreach.put(task('2'));

    expect(count).toBe(2);
  });

  it('takes ids of digits only, and knows what it cannot complete or remove', async () => {
    const outreach = await start();

    expect(() => outreach.put(task('x'))).toThrow(TypeError);
    expect(() => outreach.put(task('1', { prospectId: '01' }))).toThrow(TypeError);
    expect(() => outreach.complete('1')).toThrow(RangeError);
    expect(() => outreach.remove('1')).toThrow(RangeError);
    expect(() => outreach.grant('12345')).toThrow(RangeError);
    expect(() => outreach.redeliver(0)).toThrow(RangeError);
  });

  it('has no completion on a task that is open again', async () => {
    const outreach = await start({ tasks: [task('1')] });
    outreach.complete('1');
    const done = outreach.task('1');

    if (done) outreach.put({ ...done, state: 'incomplete' });

    expect(done?.completedAt).toBe('2026-03-09T12:00:00.000Z');
    expect(outreach.task('1')).not.toHaveProperty('completedAt');
  });
});
