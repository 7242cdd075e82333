/** What only looks as if Slack had sent it, by name, one by one. Values of ours that are forged: test/flow/forged.test.ts. */
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ACTION, BLOCK } from '../../blocks/ids.ts';
import type { Json, JsonObject } from '../../sandbox/slack/types.ts';
import { MAYA } from '../flow/cast.ts';
import { envOf, eventually, startProcess } from '../flow/process.ts';
import { findRow, mustBe } from '../flow/read.ts';
import { createWorld, type World } from '../flow/world.ts';
import { arrange, type Door, doorOf, expectUnharmed, recordOf, seconds, unhandled } from './harm.ts';
import { actingAs, clickOn, encode, FORM, json, ODD_POSTS, type Post, type Sent } from './payloads.ts';

const clears: (() => Promise<void>)[] = [];
let world: World;
let templates: Sent[];
let before: Awaited<ReturnType<typeof recordOf>>;
let door: Door;

beforeAll(async () => {
  ({ world, templates } = await arrange(true, (clear) => clears.push(clear)));
  before = await recordOf(world);
}, 60_000);
beforeEach(() => {
  door = doorOf(world);
});
afterAll(async () => {
  await expectUnharmed(world, before);
  for (const clear of clears.reverse()) await clear();
}, 60_000);

async function expectNothingChanged(): Promise<void> {
  await world.idle();
  expect(await recordOf(world)).toEqual(before);
  expect(await world.status('/readyz')).toBe(200);
}

const aClick = () => mustBe(templates.find(({ payload }) => payload.type === 'block_actions')).payload;

test('what is well-formed is taken from whoever sends it', async () => {
  const inputs = new Set<Json | undefined>(Object.values(BLOCK));
  for (const { kind, payload } of templates) {
    const [action] = (payload.actions ?? []) as JsonObject[];
    // A window that a stranger could not have open, and inputs of windows, of which Slack tells nobody.
    if (payload.type === 'view_submission' || inputs.has(action?.action_id)) continue;
    const post = encode({ kind, payload: actingAs(payload, 'U0STRANGER', world.slack.teamId) });
    expect((await door.post(post)).status, String(post.body)).toBe(200);
  }

  await expectNothingChanged();
});

test('whoever has the id of one of ours in another workspace is nobody here', async () => {
  await world.idle();
  const calls = world.slack.calls.length;

  for (const { kind, payload } of templates) {
    expect((await door.post(encode({ kind, payload: actingAs(payload, MAYA.id, 'T0ELSEWHERE') }))).status).toBe(200);
  }
  await world.idle();

  // Nobody was looked up, nothing was said or shown to anyone.
  expect(world.slack.calls).toHaveLength(calls);
  await expectNothingChanged();
});

test('what Bolt cannot read is refused at once, is not sent again, and is one line in the log', async () => {
  const rejected = unhandled();

  for (const json of ['null', '1', '"x"', '[]', '{', '{"event":null}']) {
    for (const body of [json, new URLSearchParams({ payload: json }).toString()]) {
      const lines = world.lines.length;
      const { status, ms } = await door.post({ body, contentType: body === json ? 'application/json' : FORM });
      expect(status, body).toBe(400);
      expect(ms, body).toBeLessThan(1_000);
      expect(world.lines.slice(lines), body).toMatchObject([{ level: 'warn' }]);
    }
  }

  expect(rejected).toEqual([]);
  await expectNothingChanged();
});

test('a click whose recording fails is refused at once, so that Slack shows that it did not get through', async () => {
  const { trigger_id: _, ...broken } = aClick();

  const { status, ms } = await door.post(encode({ kind: 'interactive', payload: broken }));

  expect(status).toBe(404);
  expect(ms).toBeLessThan(1_000);
});

const signature = (value: string | undefined) => ({ headers: { 'x-slack-signature': value } });
const timestamp = (value: string | undefined) => ({ headers: { 'x-slack-request-timestamp': value } });
const UNSIGNED: Record<string, Parameters<Door['post']>[1]> = {
  'signed by someone else': { secret: 'a-secret-of-someone-else' },
  'five minutes and a little old': { at: seconds() - 5 * 60 - 5 },
  'years old': { at: 1 },
  'with a time that is none': timestamp('yesterday'),
  'with another time than it was signed for': timestamp(String(seconds() - 2)),
  'without a signature': signature(undefined),
  'without a time': timestamp(undefined),
  'without either': { headers: { 'x-slack-signature': undefined, 'x-slack-request-timestamp': undefined } },
  'with an empty signature': signature(''),
  'with half a signature': signature('v0='),
  'with a signature of another version': signature(`v1=${'0'.repeat(64)}`),
  'with a signature of wide characters': signature(`v0=${'é'.repeat(64)}`),
};

test('what is not signed by Slack, or not just now, is refused whatever it holds', async () => {
  const digest = mustBe(world.slack.messages(MAYA.id)[0]);
  const value = String(findRow(digest, 'Whitfield 001').controls.Done?.element.value);
  const done = encode({ kind: 'interactive', payload: clickOn(aClick(), ACTION.done, value) });
  const nothing = { body: 'payload=null', contentType: FORM };

  for (const [name, how] of Object.entries(UNSIGNED)) {
    for (const post of [done, nothing]) expect((await door.post(post, how)).status, name).toBe(401);
  }
  // Slack's check of the certificate needs no signature; what is smuggled in with it is not read.
  const smuggled = ({ body }: Post) =>
    door.post({ body: `ssl_check=1&${body}`, contentType: FORM }, signature(undefined));
  expect((await smuggled(nothing)).status).toBe(200);
  // It is short: a long body is not even read.
  expect((await smuggled(done)).status).toBe(401);

  expect(JSON.stringify(world.lines)).not.toContain(world.slack.signingSecret);
  await expectNothingChanged();
});

test('a body over the limit is refused, one just below it is read, and one that never ends holds nobody up', async () => {
  const padded = (bytes: number) => json(JSON.stringify({ type: 'x', pad: 'y'.repeat(bytes) }));
  const slow = connect(world.app.port, '127.0.0.1');
  onTestFinished(() => void slow.destroy());
  slow.on('error', () => undefined);
  slow.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM}\r\ncontent-length: 1000\r\n\r\npayload=`);

  expect((await door.post(padded(1_000_000))).status).toBe(404);
  const large = await door.post(padded(1_100_000)).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);

  await expectNothingChanged();
});

test('the process itself outlives what Bolt cannot read', async () => {
  const other = await createWorld({ http: true, start: false, allowUnexpected: true });
  const { SLACK_APP_TOKEN: _, ...env } = envOf(other);
  const docket = await startProcess({
    ...env,
    SLACK_SIGNING_SECRET: other.slack.signingSecret,
    PORT: String(other.config.port),
  });
  await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200));
  const theirs = doorOf(other, other.config.port);

  const statuses = await Promise.all(ODD_POSTS.map(async (post) => (await theirs.post(post)).status));

  expect(statuses.filter((status) => status !== 200 && (status < 400 || status > 499))).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await docket.status('/readyz'), docket.output()).toBe(200);
  expect(docket.output()).not.toContain('something failed that nothing waited for');
});
