import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Hooks } from '../../../src/core/ports/provider.ts';
import { click, failureOf } from '../../contract/provider-harness.ts';
import { OWNER, outreachPerTest, outreachTask, STRANGER, type Started } from './harness.ts';

const start = outreachPerTest();
const ID = '9007199254740993';
const SECRET = 'a secret of the hook';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Delivered {
  body: Buffer;
  headers: IncomingHttpHeaders;
}

/** Where deliveries come in. */
async function listen(): Promise<{ url: string; came: Delivered[] }> {
  const came: Delivered[] = [];
  const server = createServer(async (request, response) => {
    came.push({ headers: request.headers, body: Buffer.concat(await request.toArray()) });
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/outreach`, came };
}

async function open(setup: Parameters<typeof start>[0] = {}): Promise<Started & { hooks: Hooks }> {
  const started = await start(setup);
  const { hooks } = started.provider;
  if (!hooks) throw new Error('Outreach tells nothing');
  return { ...started, hooks };
}

describe('a hook', () => {
  // contracts, conflict 12: payloadVersion is the integer 2
  it('tells of all changes of tasks', async () => {
    const { outreach, hooks } = await open();
    const { url } = await listen();
    const id = await hooks.register(OWNER, { url, secret: SECRET }, click);
    expect(outreach.webhooks()).toMatchObject([
      { id, creatorId: OWNER.externalId, url, action: '*', secret: SECRET, payloadVersion: 2, active: true },
    ]);
    expect(await hooks.isActive(OWNER, id, click)).toBe(true);
  });

  it('takes the place of older ones to the same address, and of no others', async () => {
    const { outreach, hooks } = await open();
    const { url } = await listen();
    await hooks.register(OWNER, { url: `${url}/2`, secret: SECRET }, click);
    const first = await hooks.register(OWNER, { url, secret: SECRET }, click);
    const second = await hooks.register(OWNER, { url, secret: 'another' }, click);
    expect(outreach.webhooks().map((hook) => [hook.url, hook.secret])).toEqual([
      [`${url}/2`, SECRET],
      [url, 'another'],
    ]);
    expect(await hooks.isActive(OWNER, first, click)).toBe(false);
    expect(await hooks.isActive(OWNER, second, click)).toBe(true);
  });

  it('is registered although an older one is gone by the time it is removed', async () => {
    const { outreach, hooks } = await open();
    const { url } = await listen();
    await hooks.register(OWNER, { url, secret: SECRET }, click);
    outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 404 } });
    await hooks.register(OWNER, { url, secret: SECRET }, click);
    outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 500 } });
    expect(await failureOf(hooks.register(OWNER, { url, secret: SECRET }, click))).toMatchObject({
      kind: 'unavailable',
      operation: 'DELETE /api/v2/webhooks/{id}',
    });
  });

  // outreach.md 8.6: a hook that was switched off is noticed
  it("is not active when it is nobody's, someone else's, or switched off", async () => {
    const { outreach, hooks } = await open();
    const { url } = await listen();
    const id = await hooks.register(OWNER, { url, secret: SECRET }, click);
    expect(await hooks.isActive(STRANGER, id, click)).toBe(false);
    expect(await hooks.isActive(OWNER, '77', click)).toBe(false);
    const asked = outreach.requests.length;
    expect(await hooks.isActive(OWNER, '../tasks', click)).toBe(false);
    expect(outreach.requests).toHaveLength(asked);
    const body = JSON.stringify({ data: { type: 'webhook', id: 1, attributes: { active: false } } });
    outreach.fail({ how: { kind: 'answer', status: 200, body } });
    expect(await hooks.isActive(OWNER, id, click)).toBe(false);
  });

  it('is neither when Outreach cannot be asked', async () => {
    const { outreach, hooks } = await open();
    outreach.fail({ how: { kind: 'answer', status: 500 } });
    expect(await failureOf(hooks.isActive(OWNER, '77', click))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a delivery', () => {
  async function deliver() {
    const started = await open();
    const { url, came } = await listen();
    await started.hooks.register(OWNER, { url, secret: SECRET }, click);
    const { outreach } = started;
    outreach.put(outreachTask({ id: ID }));
    outreach.put(outreachTask({ id: ID, note: 'naïve & 日本' }));
    outreach.complete(ID);
    outreach.remove(ID);
    outreach.redeliver(1);
    await outreach.settled();
    const bodies = outreach.deliveries.map(({ body }) => body);
    return { ...started, came, bodies };
  }

  // outreach.md 8.3: deliveries have no id: event, task and time tell them apart
  it('says what happened to which task, to its last digit, and is known again', async () => {
    const { hooks, bodies } = await deliver();
    const events = bodies.map((body) => hooks.parse(body));
    expect(events.map((event) => [event?.taskId, event?.what])).toEqual([
      [ID, 'created'],
      [ID, 'updated'],
      [ID, 'completed'],
      [ID, 'destroyed'],
      [ID, 'updated'],
    ]);
    const keys = events.map((event) => event?.key);
    expect(new Set(keys).size).toBe(4);
    expect(keys[4]).toBe(keys[1]);
  });

  // outreach.md 8.1: the signature is over the raw body, in lower-case hex
  it('is verified by its bytes as they came', async () => {
    const { hooks, came } = await deliver();
    expect(came).toHaveLength(5);
    for (const { body, headers } of came) expect(hooks.verify(SECRET, body, headers)).toBe(true);
  });

  it.for<[string, (signed: Delivered) => Delivered]>([
    ['no signature', ({ body }) => ({ body, headers: {} })],
    ['an empty signature', ({ body }) => ({ body, headers: { 'outreach-webhook-signature': '' } })],
    ['two signatures', ({ body, headers }) => ({ body, headers: { 'outreach-webhook-signature': twice(headers) } })],
    ['a shorter signature', ({ body, headers }) => ({ body, headers: changed(headers, (text) => text.slice(1)) })],
    ['another signature', ({ body, headers }) => ({ body, headers: changed(headers, flipped) })],
    ['a changed body', ({ body, headers }) => ({ body: Buffer.concat([body, Buffer.from(' ')]), headers })],
  ])('with %s is not', async ([, change]) => {
    const { hooks } = await open();
    const { body, headers } = change(signed('{"a":1}'));
    expect(hooks.verify(SECRET, body, headers)).toBe(false);
  });

  // outreach.md 8.2: another secret signs nothing
  it('that was signed with another secret is not', async () => {
    const { hooks } = await open();
    const { body, headers } = signed('{"a":1}');
    expect(hooks.verify(SECRET, body, headers)).toBe(true);
    expect(hooks.verify(`${SECRET}.`, body, headers)).toBe(false);
    expect(hooks.verify(SECRET, body, { 'Outreach-Webhook-Signature': headers[SIGNATURE] })).toBe(true);
  });

  it.for<[string, string]>([
    ['no JSON', '<x>'],
    ['nothing', ''],
    ['null', 'null'],
    ['another resource', '{"data":{"id":1},"meta":{"eventName":"prospect.updated"}}'],
    ['another event', '{"data":{"id":1},"meta":{"eventName":"task.moved"}}'],
    ['a name of every object', '{"data":{"id":1},"meta":{"eventName":"constructor"}}'],
    ['no task', '{"data":{"id":null},"meta":{"eventName":"task.updated"}}'],
    ['a path for an id', '{"data":{"id":"1/2"},"meta":{"eventName":"task.updated"}}'],
  ])('of %s says nothing to us', async ([, body]) => {
    const { hooks } = await open();
    expect(hooks.parse(body)).toBeUndefined();
  });

  it('without a time is known by what it says', async () => {
    const { hooks } = await open();
    const body = (id: string, note: string) =>
      `{"data":{"id":${id},"attributes":{"note":"${note}"}},"meta":{"eventName":"task.updated"}}`;
    const [first, again, other, text] = [body('1', 'a'), body('1', 'a'), body('1', 'b'), body('"2"', 'a')].map(
      hooks.parse,
    );
    expect(first?.key).toBe(again?.key);
    expect(first?.key).not.toBe(other?.key);
    expect(text?.taskId).toBe('2');
  });
});

const SIGNATURE = 'outreach-webhook-signature';

function signed(text: string): Delivered {
  const body = Buffer.from(text);
  return { body, headers: { [SIGNATURE]: createHmac('sha256', SECRET).update(body).digest('hex') } };
}

function changed(headers: IncomingHttpHeaders, change: (text: string) => string): IncomingHttpHeaders {
  return { [SIGNATURE]: change(String(headers[SIGNATURE])) };
}

function twice(headers: IncomingHttpHeaders): string[] {
  return [String(headers[SIGNATURE]), String(headers[SIGNATURE])];
}

function flipped(text: string): string {
  return (text.startsWith('0') ? '1' : '0') + text.slice(1);
}
