/** What only looks as if Slack had sent it, and what looks like ours: by name, one by one. */
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ACTION, BLOCK } from '../../blocks/ids.ts';
import type { Json, JsonObject } from '../../sandbox/slack/types.ts';
import { MAYA } from '../flow/cast.ts';
import { envOf, eventually, startProcess } from '../flow/process.ts';
import { findRow, fresh, mustBe } from '../flow/read.ts';
import { createWorld } from '../flow/world.ts';
import { arrange, type Door, doorOf, expectUnharmed, recordOf, seconds, unhandled } from './harm.ts';
import { actingAs, clickOn, encode, FORM, ODD_POSTS } from './payloads.ts';

test('what is well-formed is taken from whoever sends it', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const before = await recordOf(world);

  const inputs = new Set<Json | undefined>(Object.values(BLOCK));
  for (const { kind, payload } of templates) {
    const [action] = (payload.actions ?? []) as JsonObject[];
    // A window that a stranger could not have open, and inputs of windows, of which Slack tells nobody.
    if (payload.type === 'view_submission' || inputs.has(action?.action_id)) continue;
    const post = encode({ kind, payload: actingAs(payload, 'U0STRANGER', world.slack.teamId) });
    expect((await door.post(post)).status, String(post.body)).toBe(200);
  }

  await expectUnharmed(world, before);
});

test('whoever has the id of one of ours in another workspace is nobody here', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const before = await recordOf(world);
  const calls = world.slack.calls.length;

  for (const { kind, payload } of templates) {
    expect((await door.post(encode({ kind, payload: actingAs(payload, MAYA.id, 'T0ELSEWHERE') }))).status).toBe(200);
  }
  await world.idle();

  // Nobody was looked up, nothing was said or shown to anyone.
  expect(world.slack.calls).toHaveLength(calls);
  await expectUnharmed(world, before);
});

test('what Bolt cannot read is refused at once, is not sent again, and is one line in the log', async () => {
  const { world } = await arrange(true);
  const door = doorOf(world);
  const rejected = unhandled();
  const before = await recordOf(world);

  for (const json of ['null', '1', '"x"', '[]', '{', '{"event":null}']) {
    for (const body of [json, new URLSearchParams({ payload: json }).toString()]) {
      const lines = world.lines.length;
      const { status, ms } = await door.post({ body, contentType: body === json ? 'application/json' : FORM });
      expect(status, body).toBe(400);
      expect(ms, body).toBeLessThan(1_000);
      expect(
        world.lines.slice(lines).map(({ level }) => level),
        body,
      ).toEqual(['warn']);
    }
  }

  expect(rejected).toEqual([]);
  await expectUnharmed(world, before);
});

test('a click whose recording fails is refused at once, so that Slack shows that it did not get through', async () => {
  const { world, templates } = await arrange(true);
  const { payload } = mustBe(templates.find((each) => each.payload.type === 'block_actions'));
  const { trigger_id: _, ...broken } = payload;

  const { status, ms } = await doorOf(world).post(encode({ kind: 'interactive', payload: broken }));

  expect(status).toBe(404);
  expect(ms).toBeLessThan(1_000);
});

const CASES: readonly (readonly [string, number, Parameters<Door['post']>[1]])[] = [
  ['signed by someone else', 401, { secret: 'a-secret-of-someone-else' }],
  ['five minutes and a little old', 401, { at: seconds() - 5 * 60 - 5 }],
  ['years old', 401, { at: 1 }],
  ['with a time that is none', 401, { headers: { 'x-slack-request-timestamp': 'yesterday' } }],
  [
    'with another time than it was signed for',
    401,
    { headers: { 'x-slack-request-timestamp': String(seconds() - 2) } },
  ],
  ['without a signature', 401, { headers: { 'x-slack-signature': undefined } }],
  ['without a time', 401, { headers: { 'x-slack-request-timestamp': undefined } }],
  ['without either', 401, { headers: { 'x-slack-signature': undefined, 'x-slack-request-timestamp': undefined } }],
  ['with an empty signature', 401, { headers: { 'x-slack-signature': '' } }],
  ['with half a signature', 401, { headers: { 'x-slack-signature': 'v0=' } }],
  ['with a signature of another version', 401, { headers: { 'x-slack-signature': `v1=${'0'.repeat(64)}` } }],
  ['with a signature of wide characters', 401, { headers: { 'x-slack-signature': `v0=${'é'.repeat(64)}` } }],
];

test('what is not signed by Slack, or not just now, is refused whatever it holds', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const before = await recordOf(world);
  const digest = mustBe(world.slack.messages(MAYA.id)[0]);
  const { payload } = mustBe(templates.find((each) => each.payload.type === 'block_actions'));
  const value = String(findRow(fresh(world, digest), 'Whitfield 001').controls.Done?.element.value);
  const done = encode({ kind: 'interactive', payload: clickOn(payload, ACTION.done, value) });
  const nothing = { body: 'payload=null', contentType: FORM };

  for (const [name, status, how] of CASES) {
    expect((await door.post(done, how)).status, name).toBe(status);
    expect((await door.post(nothing, how)).status, name).toBe(status);
  }
  // Slack's check of the certificate needs no signature; what is smuggled in with it is not read.
  const unsigned = { headers: { 'x-slack-signature': undefined } };
  const smuggled = (body: string) => ({ body: `ssl_check=1&${body}`, contentType: FORM });
  expect((await door.post(smuggled(nothing.body), unsigned)).status).toBe(200);
  // It is short: a long body is not even read.
  expect((await door.post(smuggled(String(done.body)), unsigned)).status).toBe(401);

  expect(JSON.stringify(world.lines)).not.toContain(world.slack.signingSecret);
  await expectUnharmed(world, before);
});

test('a body over the limit is refused, one just below it is read, and one that never ends holds nobody up', async () => {
  const { world } = await arrange(true);
  const door = doorOf(world);
  const before = await recordOf(world);
  const padded = (bytes: number) => ({
    body: JSON.stringify({ type: 'x', pad: 'y'.repeat(bytes) }),
    contentType: 'application/json',
  });
  const slow = connect(world.app.port, '127.0.0.1');
  onTestFinished(() => void slow.destroy());
  slow.on('error', () => undefined);
  slow.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM}\r\ncontent-length: 1000\r\n\r\npayload=`);

  expect((await door.post(padded(1_000_000))).status).toBe(404);
  const large = await door.post(padded(1_100_000)).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);

  await expectUnharmed(world, before);
  slow.destroy();
  await world.idle();
  expect((await fetch(`http://127.0.0.1:${world.app.port}/healthz`)).status).toBe(200);
});

test('controls that nobody knows, and values of ours that are forged, are acknowledged and do nothing', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const before = await recordOf(world);
  const { payload } = mustBe(templates.find((each) => each.payload.type === 'block_actions'));
  const value = String(
    findRow(fresh(world, mustBe(world.slack.messages(MAYA.id)[0])), 'Whitfield 001').controls.Done?.element.value,
  );
  const [message, position] = value.split('.');
  const values = [
    `${message}.99.0`,
    `${message}.${position}.7`,
    `0${value}`,
    `${value}.0`,
    `${value} `,
    '9.9.9',
    '',
    '\u0000',
  ];

  for (const id of ['launch_rockets', '', '__proto__', 'done ', 'DONE', 'x'.repeat(255)]) {
    const post = encode({ kind: 'interactive', payload: clickOn(payload, id, value) });
    expect((await door.post(post)).status, id).toBe(200);
  }
  for (const id of [ACTION.done, ACTION.dismiss, ACTION.undo, ACTION.retry, ACTION.another, ACTION.reschedule]) {
    for (const forgery of values) {
      const post = encode({ kind: 'interactive', payload: clickOn(payload, id, forgery) });
      expect((await door.post(post)).status, `${id} ${forgery}`).toBe(200);
    }
  }

  await expectUnharmed(world, before);
});

test('the process itself outlives what Bolt cannot read', async () => {
  const world = await createWorld({ http: true, start: false, allowUnexpected: true });
  const { SLACK_APP_TOKEN: _, ...env } = envOf(world);
  const docket = await startProcess({
    ...env,
    SLACK_SIGNING_SECRET: world.slack.signingSecret,
    PORT: String(world.config.port),
  });
  await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200));
  const door = doorOf(world, world.config.port);

  const statuses = await Promise.all(ODD_POSTS.map(async (post) => (await door.post(post)).status));

  expect(statuses.filter((status) => status !== 200 && (status < 400 || status > 499))).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await docket.status('/readyz'), docket.output()).toBe(200);
  expect(docket.output()).not.toContain('something failed that nothing waited for');
});
