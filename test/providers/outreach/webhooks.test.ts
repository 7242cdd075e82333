import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { serve } from '../serve.ts';
import { OWNER, outreachTask, STRANGER, start } from './harness.ts';

const ID = '9007199254740993';
const SECRET = 'a secret of the hook';

interface Delivered {
  body: Buffer;
  headers: IncomingHttpHeaders;
}

/** Outreach, Docket's hooks there, and where deliveries come in. */
async function open() {
  const started = await start();
  const came: Delivered[] = [];
  const { url } = await serve(async (request, response) => {
    came.push({ headers: request.headers, body: Buffer.concat(await request.toArray()) });
    response.end();
  });
  const hooks = started.provider.hooks ?? expect.fail();
  const hook = { url: `${url}/hooks/outreach`, secret: SECRET };
  const register = (more: Partial<typeof hook> = {}) => hooks.register(OWNER, { ...hook, ...more }, click);
  const isActive = (id: string, rep = OWNER) => hooks.isActive(rep, id, click);
  return { ...started, hooks, hook, register, isActive, came };
}

// contracts, conflict 12: payloadVersion is the integer 2
it('a hook tells of all changes of tasks', async () => {
  const { outreach, hook, register, isActive } = await open();
  const id = await register();
  const wanted = { id, creatorId: OWNER.externalId, ...hook, action: '*', payloadVersion: 2, active: true };
  expect(outreach.webhooks()).toMatchObject([wanted]);
  expect(await isActive(id)).toBe(true);
});

it('a hook takes the place of older ones to the same address, and of no others', async () => {
  const { outreach, hook, register, isActive } = await open();
  const other = { ...hook, url: `${hook.url}/2` };
  await register(other);
  const first = await register();
  const second = await register({ secret: 'another' });
  expect(outreach.webhooks()).toMatchObject([other, { url: hook.url, secret: 'another' }]);
  expect([await isActive(first), await isActive(second)]).toEqual([false, true]);
});

it('a hook is registered although an older one is gone by the time it is removed', async () => {
  const { outreach, register } = await open();
  await register();
  outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 404 } });
  await register();
  outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 500 } });
  await fails(register(), 'unavailable', { operation: 'DELETE /api/v2/webhooks/{id}' });
});

// outreach.md 8.8
it('a hook is deleted by who made it; one that is gone, or nobody’s, is no failure, and Outreach away is one', async () => {
  const { outreach, hook, hooks, register } = await open();
  const other = { ...hook, url: `${hook.url}/2` };
  await register(other);
  const id = await register();
  const remove = (which: string, rep = OWNER) => hooks.remove(rep, which, click);

  await remove(id, STRANGER);
  expect(outreach.webhooks()).toHaveLength(2);
  await remove(id);
  expect(outreach.webhooks()).toMatchObject([other]);
  await remove(id);
  const asked = outreach.requests.length;
  await remove('../tasks/1');
  expect(outreach.requests).toHaveLength(asked);
  outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 500 } });
  await fails(remove('77'), 'unavailable', { operation: 'DELETE /api/v2/webhooks/{id}' });
});

// outreach.md 8.6: a hook that was switched off is noticed
it("a hook is not active when it is nobody's, someone else's, or switched off", async () => {
  const { outreach, register, isActive } = await open();
  const id = await register();
  expect([await isActive(id, STRANGER), await isActive('77')]).toEqual([false, false]);
  const asked = outreach.requests.length;
  expect(await isActive('../tasks')).toBe(false);
  expect(outreach.requests).toHaveLength(asked);
  outreach.fail({ how: answer({ data: { type: 'webhook', id: 1, attributes: { active: false } } }) });
  expect(await isActive(id)).toBe(false);
});

it('a hook is neither active nor not when Outreach cannot be asked', async () => {
  const { outreach, isActive } = await open();
  outreach.fail({ how: { kind: 'answer', status: 500 } });
  await fails(isActive('77'), 'unavailable');
});

async function deliver() {
  const started = await open();
  const { outreach, register } = started;
  await register();
  outreach.put(outreachTask({ id: ID }));
  outreach.put(outreachTask({ id: ID, note: 'naïve & 日本' }));
  outreach.complete(ID);
  outreach.remove(ID);
  outreach.redeliver(1);
  await outreach.settled();
  return started;
}

// outreach.md 8.3: deliveries have no id: event, task and time tell them apart
it('a delivery says what happened to which task, to its last digit, and is known again', async () => {
  const { hooks, outreach } = await deliver();
  const events = outreach.deliveries.map(({ body }) => hooks.parse(body) ?? expect.fail());
  expect(new Set(events.map(({ taskId }) => taskId))).toEqual(new Set([ID]));
  expect(events.map(({ what }) => what)).toEqual(['created', 'updated', 'completed', 'destroyed', 'updated']);
  const keys = events.map(({ key }) => key);
  expect(new Set(keys).size).toBe(4);
  expect(keys[4]).toBe(keys[1]);
});

// outreach.md 8.7
it('says who owns a new task, in either form of a relation, and nothing where it is no user', async () => {
  const { hooks, outreach } = await deliver();
  const [created] = outreach.deliveries.map(({ body }) => hooks.parse(body) ?? expect.fail());
  expect(created).toMatchObject({ what: 'created', owner: OWNER.externalId });
  const ownerIn = (relationships: unknown) =>
    hooks.parse(JSON.stringify({ data: { id: 1, relationships }, meta: { eventName: 'task.created' } }))?.owner;
  expect(ownerIn({ owner: { type: 'user', id: 7 } })).toBe('7');
  expect(ownerIn({ owner: { data: { type: 'user', id: '7' } } })).toBe('7');
  for (const none of [undefined, null, 'x', {}, { owner: null }, { owner: { data: null } }, { owner: 7 }]) {
    expect(ownerIn(none), JSON.stringify(none)).toBeUndefined();
  }
  expect(ownerIn({ owner: { type: 'team', id: 7 } })).toBeUndefined();
});

// outreach.md 8.1: the signature is over the raw body, in lower-case hex
it('a delivery is verified by its bytes as they came', async () => {
  const { hooks, came } = await deliver();
  expect(came).toHaveLength(5);
  for (const { body, headers } of came) expect(hooks.verify(SECRET, body, headers)).toBe(true);
});

const NAME = 'outreach-webhook-signature';
const body = Buffer.from('{"a":1}');
const signature = createHmac('sha256', SECRET).update(body).digest('hex');
const flipped = (signature.startsWith('0') ? '1' : '0') + signature.slice(1);

// outreach.md 8.2: another secret signs nothing
it.for<[string, boolean, Partial<Delivered & { secret: string }>]>([
  ['its signature', true, {}],
  ['its signature under a name in another case', true, { headers: { 'Outreach-Webhook-Signature': signature } }],
  ['no signature', false, { headers: {} }],
  ['an empty signature', false, { headers: { [NAME]: '' } }],
  ['two signatures', false, { headers: { [NAME]: [signature, signature] } }],
  ['a shorter signature', false, { headers: { [NAME]: signature.slice(1) } }],
  ['another signature', false, { headers: { [NAME]: flipped } }],
  ['a changed body', false, { body: Buffer.concat([body, Buffer.from(' ')]) }],
  ['the signature of another secret', false, { secret: `${SECRET}.` }],
])('a delivery with %s is verified: %s', async ([, verified, change]) => {
  const { hooks } = await open();
  const signed = { secret: SECRET, body, headers: { [NAME]: signature }, ...change };
  expect(hooks.verify(signed.secret, signed.body, signed.headers)).toBe(verified);
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
])('a delivery of %s says nothing to us', async ([, text]) => {
  const { hooks } = await open();
  expect(hooks.parse(text)).toBeUndefined();
});

it('a delivery without a time is known by what it says', async () => {
  const { hooks } = await open();
  const parse = (id: unknown, note: string) =>
    hooks.parse(JSON.stringify({ data: { id, attributes: { note } }, meta: { eventName: 'task.updated' } }));
  const first = parse(1, 'a');
  expect(parse(1, 'a')?.key).toBe(first?.key);
  expect(parse(1, 'b')?.key).not.toBe(first?.key);
  expect(parse('2', 'a')?.taskId).toBe('2');
});
