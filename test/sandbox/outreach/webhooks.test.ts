import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OutreachOptions } from '../../../sandbox/outreach/types.ts';
import { act, ask, NOW, OTHER, start, step, task, tokenOf } from './outreach.ts';
import { type Behaviour, receiver } from './receiver.ts';

const ID = '7304958120347716181';
const SECRET = 'whisper';

type Outreach = Awaited<ReturnType<typeof start>>;

function hook(outreach: Outreach, url: string) {
  const attributes = { url, resource: 'task', action: '*', secret: SECRET, payloadVersion: 2 };
  return ask(outreach, 'POST /webhooks', { body: { data: { type: 'webhook', attributes } } });
}

/** A simulator with the open tasks 1 and 2, and somewhere for its news to go. */
async function hooked(behaviour?: Behaviour, options: Partial<OutreachOptions> = {}) {
  const outreach = await start({ tasks: [task('1'), task('2')], ...options });
  const { url, received } = await receiver(behaviour);
  await hook(outreach, url);
  return { outreach, received };
}

describe('webhooks as resources (outreach.md 8)', () => {
  it('are made, listed, read and removed by the one who made them', async () => {
    const outreach = await start();
    const other = { token: tokenOf(outreach, OTHER) };

    const made = await hook(outreach, 'https://docket.example/webhooks/outreach');

    const attributes = { active: true, payloadVersion: 2, resource: 'task' };
    expect(made).toMatchObject({ status: 201, json: { data: { type: 'webhook', id: 1, attributes } } });
    expect(made.text).not.toContain(SECRET);
    expect((await ask(outreach, 'GET /webhooks')).json.data).toHaveLength(1);
    expect((await ask(outreach, 'GET /webhooks', other)).json.data).toEqual([]);
    expect((await ask(outreach, 'DELETE /webhooks/1', other)).status).toBe(404);
    expect((await ask(outreach, 'GET /webhooks/1')).status).toBe(200);
    expect((await ask(outreach, 'DELETE /webhooks/1')).status).toBe(204);
    expect((await ask(outreach, 'GET /webhooks/1')).status).toBe(404);
  });
});

describe('a delivery', () => {
  it('is signed over its bytes, and says what changed and what was before', async () => {
    const { outreach, received } = await hooked(undefined, { tasks: [task(ID, { dueAt: '2026-03-09T15:00:00Z' })] });

    await act(outreach, ID, 'reschedule', { dueAt: '2026-03-10T15:00:00Z' });
    await outreach.settled();

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['outreach-webhook-signature']).toBe(createHmac('sha256', SECRET).update(body).digest('hex'));
    expect(body).toContain(`"type":"task","id":${ID},`);
    const resource = (dueAt: string, updatedAt: string) => ({
      type: 'task',
      id: expect.any(Number),
      attributes: { dueAt, updatedAt },
      relationships: {},
    });
    expect(JSON.parse(body)).toEqual({
      data: resource('2026-03-10T15:00:00.000Z', '2026-03-09T12:00:00.000Z'),
      beforeUpdate: resource('2026-03-09T15:00:00.000Z', '2026-03-01T08:00:00.000Z'),
      meta: { deliveredAt: '2026-03-09T05:00:00.000-07:00', eventName: 'task.updated', jobId: expect.any(String) },
    });
    expect(outreach.deliveries).toMatchObject([{ event: 'task.updated', taskId: ID, status: 200, attempts: 1, body }]);
  });

  it('tells of everything that happens to tasks, by the API or in Outreach itself', async () => {
    const { outreach, received } = await hooked(undefined, { tasks: [task('1'), task('2'), step('3')] });

    outreach.put(task('4'));
    outreach.complete('1');
    outreach.remove('2');
    await act(outreach, '3', 'markComplete');
    await ask(outreach, 'DELETE /tasks/4');
    await outreach.settled();

    expect(outreach.deliveries.map(({ event, taskId }) => `${event} ${taskId}`)).toEqual([
      'task.created 4',
      'task.completed 1',
      'task.destroyed 2',
      'task.completed 3',
      'task.destroyed 4',
    ]);
    expect(received).toHaveLength(5);
    const destroyed = JSON.parse(outreach.deliveries[2]?.body ?? '').data.attributes;
    expect(destroyed).toMatchObject({ state: 'incomplete', taskType: 'manual' });
  });

  it('does not come for a change that is none', async () => {
    const { outreach } = await hooked();

    outreach.put(task('1'));
    await outreach.settled();

    expect(outreach.deliveries).toEqual([]);
  });

  it('never shares its moment with another, although the clock stands still', async () => {
    const { outreach } = await hooked();

    outreach.put(task('1', { note: 'a' }));
    outreach.put(task('1', { note: 'b' }));
    await outreach.settled();

    const moments = outreach.deliveries.map(({ body }) => Date.parse(JSON.parse(body).meta.deliveredAt));
    expect(moments).toEqual([NOW, NOW + 1]);
  });
});

describe('when the receiver fails', () => {
  const answers =
    (status: number, headers = {}): Behaviour =>
    (response) =>
      response.writeHead(status, headers).end();
  const elsewhere = { Location: 'http://127.0.0.1:9/elsewhere' };
  const FAILS_TWICE: Behaviour = (response, request, count) => {
    if (count < 3) request.socket.destroy();
    else response.writeHead(200).end();
  };

  it.each<[string, Behaviour, status: number, attempts: number]>([
    ['an error counts as delivered', answers(500), 500, 1],
    ['a limit counts as delivered', answers(429), 429, 1],
    ['an unknown path counts as delivered', answers(404), 404, 1],
    ['it does not follow where it is led', answers(307, elsewhere), 307, 1],
    ['it comes again after a network failure', FAILS_TWICE, 200, 3],
    ['it gives up after four attempts, and on an answer that takes too long', () => {}, 0, 4],
  ])('%s', async (_, behaviour, status, attempts) => {
    const { outreach, received } = await hooked(behaviour, status === 0 ? { webhookTimeoutMs: 200 } : {});

    outreach.complete('1');
    await outreach.settled();

    expect(outreach.deliveries).toMatchObject([{ status, attempts }]);
    // With the same bytes.
    expect([received.length, new Set(received.map(({ body }) => body)).size]).toEqual([attempts, 1]);
  });
});

describe('what tests do to deliveries', () => {
  it('loses them, and sends them late', async () => {
    const { outreach, received } = await hooked();

    outreach.loseWebhooks(true);
    outreach.complete('1');
    await outreach.settled();
    expect(received).toEqual([]);
    outreach.loseWebhooks(false);
    outreach.complete('2');
    outreach.redeliver(0);
    await outreach.settled();

    const [lost, ...sent] = outreach.deliveries;
    expect(lost).toMatchObject({ taskId: '1', attempts: 0, status: 0 });
    expect(sent).toMatchObject([
      { taskId: '2', attempts: 1, status: 200 },
      { taskId: '1', attempts: 1, status: 200, body: lost?.body },
    ]);
    expect(received.map(({ body }) => body).sort()).toEqual(sent.map(({ body }) => body).sort());
  });

  it('stops when the simulator closes', async () => {
    const { outreach, received } = await hooked(() => {});
    outreach.complete('1');
    await expect.poll(() => received.length).toBe(1);

    const before = performance.now();
    await outreach.close();

    expect(performance.now() - before).toBeLessThan(1_000);
    await outreach.settled();
    expect(received).toHaveLength(1);
  });
});
