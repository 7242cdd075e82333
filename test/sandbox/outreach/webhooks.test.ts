import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { OutreachOptions } from '../../../sandbox/outreach/types.ts';
import { serve } from '../../providers/serve.ts';
import { act, ask, NOW, start, task } from './outreach.ts';

const ID = '7304958120347716181';
const SECRET = 'whisper';

type Behaviour = (...args: [...Parameters<RequestListener>, count: number]) => void;

const TAKES_IT: Behaviour = (_, response) => response.end();

/** A simulator with the open tasks 1 and 2, and somewhere for its news to go, which is told how many have come. */
async function hooked(behaviour = TAKES_IT, options: Partial<OutreachOptions> = {}) {
  const outreach = await start({ tasks: [task('1'), task('2')], ...options });
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const { url } = await serve(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    behaviour(request, response, received.length);
  });
  const attributes = { url, resource: 'task', action: '*', secret: SECRET, payloadVersion: 2 };
  await ask(outreach, 'POST /webhooks', { body: { data: { type: 'webhook', attributes } } });
  return { outreach, received };
}

it('a delivery (outreach.md 8) is signed over its bytes, and says what changed and what was before', async () => {
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

it('a delivery (outreach.md 8) tells of what was done by the API, too', async () => {
  const { outreach } = await hooked();

  await act(outreach, '1', 'markComplete');
  await ask(outreach, 'DELETE /tasks/2');
  await outreach.settled();

  const [completed, destroyed] = outreach.deliveries;
  expect([completed, destroyed]).toMatchObject([
    { event: 'task.completed', taskId: '1' },
    { event: 'task.destroyed', taskId: '2' },
  ]);
  expect(JSON.parse(destroyed?.body ?? '').data.attributes).toMatchObject({
    state: 'incomplete',
    taskType: 'manual',
  });
});

it('a delivery (outreach.md 8) does not come for a change that is none', async () => {
  const { outreach } = await hooked();

  outreach.put(task('1'));
  await outreach.settled();

  expect(outreach.deliveries).toEqual([]);
});

it('a delivery (outreach.md 8) never shares its moment with another, although the clock stands still', async () => {
  const { outreach } = await hooked();

  outreach.put(task('1', { note: 'a' }));
  outreach.put(task('1', { note: 'b' }));
  await outreach.settled();

  const moments = outreach.deliveries.map(({ body }) => Date.parse(JSON.parse(body).meta.deliveredAt));
  expect(moments).toEqual([NOW, NOW + 1]);
});

const answers =
  (status: number, headers = {}): Behaviour =>
  (_, response) =>
    response.writeHead(status, headers).end();
const elsewhere = { Location: 'http://127.0.0.1:9/elsewhere' };
const FAILS_TWICE: Behaviour = (request, response, count) => {
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
])('when the receiver fails: %s', async (_, behaviour, status, attempts) => {
  const { outreach, received } = await hooked(behaviour, status === 0 ? { webhookTimeoutMs: 200 } : {});

  outreach.complete('1');
  await outreach.settled();

  expect(outreach.deliveries).toMatchObject([{ status, attempts }]);
  // With the same bytes.
  expect([received.length, new Set(received.map(({ body }) => body)).size]).toEqual([attempts, 1]);
});
