import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { act, ask, errorId, movable, NOW, OTHER, OWNER, type Reply, start, step, task, tokenOf } from './outreach.ts';
import { receiver } from './receiver.ts';

const ID = '7304958120347716181';
const SECRET = 'whisper';

function hook(outreach: OutreachSimulator, url: string, more: object = {}): Promise<Reply> {
  const attributes = { url, resource: 'task', action: '*', secret: SECRET, payloadVersion: 2, ...more };
  return ask(outreach, 'POST', '/webhooks', { body: { data: { type: 'webhook', attributes } } });
}

describe('webhooks as resources (outreach.md 8)', () => {
  it('are made, listed, read and removed by the one who made them', async () => {
    const outreach = await start();

    const made = await hook(outreach, 'https://docket.example/webhooks/outreach');
    const others = await ask(outreach, 'GET', '/webhooks', { token: tokenOf(outreach, OTHER) });

    expect(made.status).toBe(201);
    expect(made.json.data).toMatchObject({
      type: 'webhook',
      id: 1,
      attributes: {
        active: true,
        cleanupToken: expect.any(String),
        disabledReason: null,
        payloadVersion: 2,
        resource: 'task',
      },
    });
    expect(made.text).not.toContain(SECRET);
    expect((await ask(outreach, 'GET', '/webhooks')).json.data).toHaveLength(1);
    expect(others.json.data).toEqual([]);
    expect((await ask(outreach, 'DELETE', '/webhooks/1', { token: tokenOf(outreach, OTHER) })).status).toBe(404);
    expect((await ask(outreach, 'GET', '/webhooks/1')).status).toBe(200);
    expect((await ask(outreach, 'DELETE', '/webhooks/1')).status).toBe(204);
    expect((await ask(outreach, 'GET', '/webhooks/1')).status).toBe(404);
    expect(outreach.unexpected).toEqual([]);
  });

  it.each<[string, object]>([
    ['plain http to elsewhere', { url: 'http://docket.example/webhooks' }],
    ['another resource', { resource: 'prospect' }],
    ['an action that tasks have not', { action: 'deleted' }],
    ['a version as text', { payloadVersion: 'v2' }],
    ['a version that is none', { payloadVersion: 3 }],
    ['no secret', { secret: '' }],
    ['an attribute of its own', { active: true }],
  ])('refuse %s', async (_, more) => {
    const outreach = await start();

    const reply = await hook(outreach, 'https://docket.example/webhooks', more);

    expect([reply.status, errorId(reply)]).toEqual([422, 'validationError']);
    expect(outreach.unexpected).toHaveLength(1);
    expect(outreach.webhooks()).toEqual([]);
  });

  it('take plain http to loopback addresses unless told otherwise', async () => {
    const strict = await start({ allowHttpWebhooks: false });
    const lenient = await start();

    expect((await hook(strict, 'http://127.0.0.1:3000/webhooks')).status).toBe(422);
    expect((await hook(lenient, 'http://127.0.0.1:3000/webhooks')).status).toBe(201);
  });

  it('need their scope', async () => {
    const outreach = await start();
    const { accessToken } = outreach.grant(OWNER, ['tasks.all']);

    const reply = await ask(outreach, 'GET', '/webhooks', { token: accessToken });

    expect([reply.status, errorId(reply)]).toEqual([403, 'unauthorizedOauthScope']);
  });
});

describe('a delivery', () => {
  it('is signed over its bytes, and says what changed and what was before', async () => {
    const outreach = await start({ tasks: [task(ID, { dueAt: '2026-03-09T15:00:00Z' })] });
    const { url, received } = await receiver();
    await hook(outreach, url);

    await act(outreach, ID, 'reschedule', { dueAt: '2026-03-10T15:00:00Z' });
    await outreach.settled();

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['outreach-webhook-signature']).toBe(createHmac('sha256', SECRET).update(body).digest('hex'));
    expect(headers['outreach-webhook-cleanup-token']).toBe(outreach.webhooks()[0]?.cleanupToken);
    expect(body).toContain(`"type":"task","id":${ID},`);
    expect(JSON.parse(body)).toEqual({
      data: {
        type: 'task',
        id: expect.any(Number),
        attributes: { dueAt: '2026-03-10T15:00:00.000Z', updatedAt: '2026-03-09T12:00:00.000Z' },
        relationships: {},
      },
      beforeUpdate: {
        type: 'task',
        id: expect.any(Number),
        attributes: { dueAt: '2026-03-09T15:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' },
        relationships: {},
      },
      meta: { deliveredAt: '2026-03-09T05:00:00.000-07:00', eventName: 'task.updated', jobId: expect.any(String) },
    });
    expect(outreach.deliveries).toMatchObject([{ event: 'task.updated', taskId: ID, status: 200, attempts: 1, body }]);
  });

  it('of version 1 has no beforeUpdate', async () => {
    const outreach = await start({ tasks: [task(ID)] });
    const { url, received } = await receiver();
    await hook(outreach, url, { payloadVersion: 1 });

    outreach.put(task(ID, { ownerId: OTHER }));
    await outreach.settled();

    const body = JSON.parse(received[0]?.body ?? '');
    expect(body.beforeUpdate).toBeUndefined();
    expect(body.data.relationships.owner).toMatchObject({ type: 'user' });
  });

  it('tells of everything that happens to tasks, by the API or in Outreach itself', async () => {
    const outreach = await start({ tasks: [task('1'), task('2'), step('3')] });
    const { url, received } = await receiver();
    await hook(outreach, url);

    outreach.put(task('4'));
    outreach.complete('1');
    outreach.remove('2');
    await act(outreach, '3', 'markComplete');
    await ask(outreach, 'DELETE', '/tasks/4');
    await outreach.settled();

    expect(outreach.deliveries.map(({ event, taskId }) => `${event} ${taskId}`)).toEqual([
      'task.created 4',
      'task.completed 1',
      'task.destroyed 2',
      'task.completed 3',
      'task.destroyed 4',
    ]);
    expect(received).toHaveLength(5);
    const destroyed = outreach.deliveries[2]?.body ?? '';
    expect(JSON.parse(destroyed).data.attributes).toMatchObject({ state: 'incomplete', taskType: 'manual' });
  });

  it('comes only for the action that was asked for', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const { url } = await receiver();
    await hook(outreach, url, { action: 'completed' });

    outreach.put(task('1', { note: 'x' }));
    outreach.complete('1');
    await outreach.settled();

    expect(outreach.deliveries.map(({ event }) => event)).toEqual(['task.completed']);
  });

  it('does not come for a change that is none', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const { url } = await receiver();
    await hook(outreach, url);

    const held = outreach.task('1');
    if (held) outreach.put(held);

    expect(held).toBeDefined();
    expect(outreach.deliveries).toEqual([]);
  });

  it('never shares its moment with another, although the clock stands still', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const { url } = await receiver();
    await hook(outreach, url);

    outreach.put(task('1', { note: 'a' }));
    outreach.put(task('1', { note: 'b' }));
    await outreach.settled();

    const moments = outreach.deliveries.map(({ body }) => Date.parse(JSON.parse(body).meta.deliveredAt));
    expect(moments).toEqual([NOW, NOW + 1]);
  });
});

describe('when the receiver fails', () => {
  it.each([500, 429, 404])('%i counts as delivered: it does not come again', async (status) => {
    const outreach = await start({ tasks: [task('1')] });
    const { url, received } = await receiver((response) => response.writeHead(status).end());
    await hook(outreach, url);

    outreach.complete('1');
    await outreach.settled();

    expect(received).toHaveLength(1);
    expect(outreach.deliveries).toMatchObject([{ status, attempts: 1 }]);
  });

  it('does not follow where it is led', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const elsewhere = await receiver();
    const { url } = await receiver((response) => response.writeHead(307, { Location: elsewhere.url }).end());
    await hook(outreach, url);

    outreach.complete('1');
    await outreach.settled();

    expect(elsewhere.received).toEqual([]);
    expect(outreach.deliveries).toMatchObject([{ status: 307, attempts: 1 }]);
  });

  it('comes again after a network failure, with the same bytes', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const { url, received } = await receiver((response, request, count) => {
      if (count < 3) request.socket.destroy();
      else response.writeHead(200).end();
    });
    await hook(outreach, url);

    outreach.complete('1');
    await outreach.settled();

    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(outreach.deliveries).toMatchObject([{ status: 200, attempts: 3 }]);
  });

  it('gives up after four attempts, and on an answer that takes too long', async () => {
    const outreach = await start({ tasks: [task('1')], webhookTimeoutMs: 20 });
    const { url, received } = await receiver(() => {});
    await hook(outreach, url);

    outreach.complete('1');
    await outreach.settled();

    expect(received).toHaveLength(4);
    expect(outreach.deliveries).toMatchObject([{ status: 0, attempts: 4 }]);
    expect(outreach.webhooks()).toMatchObject([{ active: true }]);
  });

  it('switches a webhook off that was dead for a week', async () => {
    const clock = movable();
    const outreach = await start({ clock: clock.read, tasks: [task('1'), task('2')] });
    const { url } = await receiver((_, request) => request.socket.destroy());
    await hook(outreach, url);

    outreach.complete('1');
    await outreach.settled();
    clock.move(7 * 86_400_000);
    outreach.complete('2');
    await outreach.settled();
    outreach.remove('2');

    expect(outreach.webhooks()).toMatchObject([
      { active: false, disabledReason: expect.any(String), disabledUntil: null },
    ]);
    expect(outreach.deliveries.map(({ attempts }) => attempts)).toEqual([4, 4, 0]);
  });

  it('suspends a webhook to a private address for an hour', async () => {
    const outreach = await start({ tasks: [task('1')] });
    await hook(outreach, 'https://192.168.7.7/webhooks');

    outreach.complete('1');

    expect(outreach.deliveries).toMatchObject([{ status: 0, attempts: 0 }]);
    expect(outreach.webhooks()).toMatchObject([
      { active: false, disabledSince: '2026-03-09T12:00:00.000Z', disabledUntil: '2026-03-09T13:00:00.000Z' },
    ]);
  });
});

describe('what tests do to deliveries', () => {
  it('loses them, and sends them late', async () => {
    const outreach = await start({ tasks: [task('1'), task('2')] });
    const { url, received } = await receiver();
    await hook(outreach, url);

    outreach.loseWebhooks(true);
    outreach.complete('1');
    await outreach.settled();
    expect(received).toEqual([]);
    outreach.loseWebhooks(false);
    outreach.complete('2');
    outreach.redeliver(0);
    await outreach.settled();

    expect(outreach.deliveries).toMatchObject([
      { taskId: '1', attempts: 0, status: 0 },
      { taskId: '2', attempts: 1, status: 200 },
      { taskId: '1', attempts: 1, status: 200, body: outreach.deliveries[0]?.body },
    ]);
    expect(received.map(({ body }) => body).sort()).toEqual(
      outreach.deliveries
        .slice(1)
        .map(({ body }) => body)
        .sort(),
    );
  });

  it('stops when the simulator closes', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const { url, received } = await receiver(() => {});
    await hook(outreach, url);
    outreach.complete('1');
    await expect.poll(() => received.length).toBe(1);

    const before = performance.now();
    await outreach.close();

    expect(performance.now() - before).toBeLessThan(1_000);
    await outreach.settled();
    expect(received).toHaveLength(1);
  });
});
