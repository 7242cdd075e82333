/**
 * What Slack would never send, and what only looks as if Slack had sent it. The app stays up, gives an answer that Slack
 * accepts within its three seconds, and nothing of what reps did or decided changes.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { ACTION, BLOCK, SHORTCUT, VIEW } from '../../blocks/ids.ts';
import type { EnvelopeKind, Json, JsonObject } from '../../sandbox/slack/types.ts';
import { openDatabase } from '../../src/store/database.ts';
import { envOf, eventually, startProcess } from './process.ts';
import {
  answered,
  createWorld,
  digestOf,
  findRow,
  fresh,
  MAYA,
  mustBe,
  patches,
  press,
  pressOnly,
  TASK_A,
  THEO,
  type,
  type World,
} from './world.ts';

const SEED = 20_261_123;
const OVER_HTTP = 9_000;
const OVER_SOCKET = 1_000;
const SLACK_WAITS = 3_000;
const FORM = 'application/x-www-form-urlencoded';

interface Sent {
  kind: EnvelopeKind;
  payload: JsonObject;
}

interface Post {
  body: string | Buffer;
  contentType: string | undefined;
}

interface Answer {
  status: number;
  ms: number;
}

// ---------------------------------------------------------------- what is sent

/** Neither is in Maya's place: `payload.user` and its like name one of these, whatever else is changed. */
const STRANGERS = [
  'U0STRANGER',
  '',
  '__proto__',
  'constructor',
  `${MAYA.id} `,
  MAYA.id.toLowerCase(),
  '\u0000',
  'USLACKBOT',
];

/** Values that look like ours: rows of messages that were never sent, and the rest of `blocks/ids.ts`. */
const forged = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1_000, max: 99_999 }),
      fc.nat(200),
      fc.nat(200),
      fc.constantFrom('', '.pick', '.tomorrow', '.+note', '.replied'),
    )
    .map(([message, position, seq, end]) => `${message}.${position}.${seq}${end}`),
  fc
    .tuple(fc.constantFrom('1e3', '-1', '0', '01', '99999999999999999999', 'NaN', ' 1'), fc.nat(9))
    .map(([id, at]) => `${id}.${at}.0`),
  fc.constantFrom(
    'gone.1',
    'outreach.99',
    '..',
    '0.0.0',
    "1' or '1'='1.0.0",
    '{"row":"1000.0.0","verb":"snooze"}',
    'None',
    'undefined',
  ),
);

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    '<!channel>',
    '‮',
    '../../etc/passwd',
    'true',
    '1e999',
  ),
  fc.constantFrom(3_001, 70_000).map((length) => 'x'.repeat(length)),
  forged,
);

const odd: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, 1e308, '', [], {}, [[]], [null], [{}]) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 300 }).map(nested) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value): Json => JSON.parse(JSON.stringify(value))) },
);

function nested(depth: number): Json {
  let value: Json = 'deep';
  for (let at = 0; at < depth; at += 1) value = at % 2 ? [value] : { event: value };
  return value;
}

type Change = { at: number } & ({ drop: true } | { value: Json } | { key: string; value: Json });

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ at: fc.nat(), drop: fc.constant(true as const) }),
  fc.record({ at: fc.nat(), value: odd }),
  fc.record({
    at: fc.nat(),
    key: fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'then',
      'event',
      'command',
      'name',
      'response_urls',
      'ssl_check',
    ),
    value: odd,
  }),
);

/** Applies changes at places that are counted through the whole tree, so that each field is as likely as any other. */
function changed(template: JsonObject, changes: readonly Change[]): JsonObject {
  const copy: JsonObject = structuredClone(template);
  for (const each of changes) {
    const places = placesOf(copy);
    const place = places[each.at % Math.max(1, places.length)];
    if (!place) continue;
    const { holder, key } = place;
    if ('drop' in each) Reflect.deleteProperty(holder, key);
    else put(holder, 'key' in each && !Array.isArray(holder) ? each.key : key, each.value);
  }
  return copy;
}

/** An own property, also where its name is `__proto__`, as JSON.parse makes it. */
function put(holder: object, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesOf(value: Json): { holder: object; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesOf(inner)]);
}

/** Real payloads of all kinds, of a session of Maya's. */
async function templatesOf(world: World): Promise<Sent[]> {
  const digest = await digestOf(world);
  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Reschedule'));
  await world.slack.submit(MAYA.id, { when_typed: { when_typed: { value: 'yesterday' } } });
  world.slack.closeModal(MAYA.id);
  await type(world, 'help');
  await type(world, 'settings');
  world.slack.closeModal(MAYA.id);
  await world.slack.messageShortcut(MAYA.id, digest.ts, SHORTCUT.followUp);
  await world.idle();
  world.slack.closeModal(MAYA.id);
  await world.slack.openHome(MAYA.id);
  await world.slack.say(MAYA.id, 'hello');
  await world.slack.event({
    type: 'user_change',
    user: { id: 'U0FUZZ', team_id: world.slack.teamId, profile: {}, tz: 'UTC' },
  });
  await world.idle();
  const sent = world.slack.sent.map(({ kind, payload }) => ({ kind, payload: trimmed(payload) }));
  const click = mustBe(sent.find(({ payload }) => payload.type === 'block_actions'));
  const submission = mustBe(sent.find(({ payload }) => payload.type === 'view_submission'));
  const value = String(findRow(digest, 'Whitfield 001').controls.Done?.element.value);
  return [
    ...sent,
    ...Object.values(ACTION).map((id): Sent => ({ ...click, payload: clickOn(click.payload, id, value) })),
    ...Object.values(VIEW).map(
      (id): Sent => ({
        ...submission,
        payload: { ...submission.payload, view: { ...(submission.payload.view as JsonObject), callback_id: id } },
      }),
    ),
    { ...submission, payload: { ...submission.payload, type: 'view_closed', is_cleared: false } },
  ];
}

/** With two blocks of what was shown: the app reads none of them, and changes are to hit what it reads. */
function trimmed(payload: JsonObject): JsonObject {
  const short = structuredClone(payload);
  for (const shown of [short.message, short.view] as (JsonObject | undefined)[]) {
    if (Array.isArray(shown?.blocks)) shown.blocks = shown.blocks.slice(0, 2);
  }
  return short;
}

/** Without a response_url, as in Home: five answers use one up. */
function clickOn(payload: JsonObject, action_id: string, value: string): JsonObject {
  const { response_url: _, ...rest } = structuredClone(payload);
  const selected_option = { value: `${value}.tomorrow`, text: { type: 'plain_text', text: 'Tomorrow' } };
  const action = { type: 'button', action_id, block_id: 'b', action_ts: '1.1', value };
  return {
    ...rest,
    actions: [/menu|snooze|edit/.test(action_id) ? { ...action, selected_option } : action],
  };
}

/** Everyone who is named as the one who acts. */
function actingAs(payload: JsonObject, userId: string, teamId: string): JsonObject {
  const acting = JSON.parse(JSON.stringify(payload).replaceAll(`"${MAYA.id}"`, JSON.stringify(userId)));
  if ('team' in acting) acting.team = { ...acting.team, id: teamId };
  if ('team_id' in acting) acting.team_id = teamId;
  return acting;
}

/**
 * Three in ten are Theo's, whom the app knows and who presses what Maya was sent; one in ten carries Maya's id from another
 * workspace; one in ten is Maya herself with values of rows that do not exist. The rest are strangers.
 */
function payloads(templates: readonly Sent[], teamId: string): fc.Arbitrary<Sent> {
  const rows = templates.filter(
    ({ payload }) => payload.type === 'block_actions' || payload.type === 'view_submission',
  );
  const pick = (from: readonly Sent[]) => fc.constantFrom(...from);
  const changes = fc.array(change, { minLength: 1, maxLength: 3 });
  const of = (from: readonly Sent[], who: string, team: string) =>
    fc
      .tuple(pick(from), changes)
      .map(([{ kind, payload }, all]): Sent => ({ kind, payload: changed(actingAs(payload, who, team), all) }));
  const asMaya = fc
    .tuple(fc.constantFrom(...Object.values(ACTION), 'launch_rockets'), forged)
    .map(([id, value]): Sent => {
      const { payload } = mustBe(rows[0]);
      return { kind: 'interactive', payload: clickOn(payload, id, value) };
    });
  return fc.oneof(
    { weight: 3, arbitrary: of(rows, THEO.id, teamId) },
    { weight: 1, arbitrary: of(templates, MAYA.id, 'T0ELSEWHERE') },
    { weight: 1, arbitrary: asMaya },
    { weight: 5, arbitrary: fc.constantFrom(...STRANGERS).chain((who) => of(templates, who, teamId)) },
  );
}

function encode({ kind, payload }: Sent): Post {
  if (kind === 'events_api') return { body: JSON.stringify(payload), contentType: 'application/json' };
  if (kind === 'interactive') {
    return { body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), contentType: FORM };
  }
  const fields = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { body: new URLSearchParams(fields).toString(), contentType: FORM };
}

/** What Bolt reads outside of any `try`, and the like. */
const ODD_BODIES = [
  'null',
  '1',
  '"x"',
  '[]',
  '[null]',
  'true',
  '{}',
  '',
  '{',
  '{"event":null}',
  '{"event":"x"}',
  '{"event":{"channel":null}}',
];
const ODD_POSTS: readonly Post[] = [
  ...ODD_BODIES.flatMap((json) => [
    { body: json, contentType: 'application/json' },
    { body: new URLSearchParams({ payload: json }).toString(), contentType: FORM },
  ]),
  { body: 'payload=%7B%7D&payload=null', contentType: FORM },
  { body: 'payload', contentType: FORM },
  { body: '%%%&=&&payload=%', contentType: FORM },
  { body: '{"type":"url_verification"}', contentType: 'application/json' },
  { body: '{"actions":[],"type":"block_actions"}', contentType: 'application/json' },
  { body: '{"actions":null,"type":"block_actions"}', contentType: 'application/json' },
  { body: '{"command":"/tasks"}', contentType: 'application/json' },
  { body: '{"team_id":"__proto__","command":"/tasks"}', contentType: 'application/json' },
  { body: 'command=%2Ftasks&text=help', contentType: FORM },
  { body: '{"type":"view_submission","view":null}', contentType: 'application/json' },
];

const garbage: fc.Arbitrary<Post> = fc.record({
  body: fc.oneof(
    fc.constantFrom(...ODD_POSTS.map(({ body }) => body)),
    text,
    text.map((value) => `payload=${value}`),
    fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
    fc.jsonValue({ maxDepth: 4 }).map((value) => new URLSearchParams({ payload: JSON.stringify(value) }).toString()),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constant('['.repeat(100_000)),
  ),
  contentType: fc.constantFrom(
    FORM,
    'application/json',
    `${FORM}; charset=utf-8`,
    'text/plain',
    'multipart/form-data',
    '__proto__',
    '',
    undefined,
  ),
});

// ---------------------------------------------------------------- how it is sent

interface Door {
  post(
    post: Post,
    more?: { secret?: string; at?: number; headers?: Record<string, string | undefined> },
  ): Promise<Answer>;
}

function doorOf(world: World, port = world.app.port): Door {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  onTestFinished(() => agent.destroy());
  return {
    async post({ body, contentType }, { secret = world.slack.signingSecret, at = seconds(), headers = {} } = {}) {
      const signature = createHmac('sha256', secret).update(`v0:${at}:`).update(body).digest('hex');
      const all: Record<string, string | undefined> = {
        'content-type': contentType,
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${signature}`,
        ...headers,
      };
      const given = Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      );
      const before = performance.now();
      const status = await new Promise<number>((resolve, reject) => {
        const outgoing = request({ port, path: '/slack/events', method: 'POST', headers: given, agent }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
        });
        outgoing.setTimeout(SLACK_WAITS + 2_000, () => outgoing.destroy(new Error('no answer')));
        outgoing.on('error', reject).end(body);
      });
      return { status, ms: performance.now() - before };
    },
  };
}

const seconds = () => Math.floor(Date.now() / 1_000);

async function eachOf<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of rest) await work(one);
    }),
  );
}

// ---------------------------------------------------------------- what must hold

/** The ledger and the links as a whole; schedules of those whom the payloads do not act as. */
async function recordOf(world: World) {
  const db = openDatabase(world.config.databaseUrl);
  try {
    const { rows: actions } = await sql`select * from actions order by id`.execute(db);
    const { rows: links } =
      await sql`select team_id, user_id, provider, external_id, origin, linked_at from links order by 1, 2, 3`.execute(
        db,
      );
    const { rows: schedules } =
      await sql`select * from schedules where user_id = ${MAYA.id} and team_id = ${world.slack.teamId}`.execute(db);
    const { rows: jobs } =
      await sql`select key from jobs where payload like '%"perform"%' or payload like '%"undo"%' or payload like '%"create"%'`.execute(
        db,
      );
    return { actions, links, schedules, jobs };
  } finally {
    await db.destroy();
  }
}

/** What main.ts would end the process for. */
function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const note = (error: unknown) => void seen.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return seen;
}

async function expectUnharmed(world: World, before: Awaited<ReturnType<typeof recordOf>>): Promise<void> {
  await world.idle();
  expect(await recordOf(world)).toEqual(before);
  expect(before.actions).toHaveLength(1);
  for (const path of ['/healthz', '/readyz']) {
    expect((await fetch(`http://127.0.0.1:${world.app.port}${path}`)).status, path).toBe(200);
  }
  expect(patches(world)).toHaveLength(1);
  const digest = mustBe(world.slack.messages(MAYA.id)[0]);
  await press(world, digest, 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
}

/** A row of Maya's that is settled, so that Undo and Retry have something to reach for. */
async function arrange(http: boolean): Promise<{ world: World; templates: Sent[] }> {
  const world = await createWorld({ http, allowUnexpected: true, gongRateLimits: false });
  const templates = await templatesOf(world);
  await press(world, mustBe(world.slack.messages(MAYA.id)[0]), 'Whitfield 002', 'Dismiss');
  return { world, templates };
}

test('nine thousand signed payloads that Slack would not send: answered, and nothing changes', async () => {
  const { world, templates } = await arrange(true);
  const door = doorOf(world);
  const rejected = unhandled();
  const before = await recordOf(world);
  const mutated = fc
    .sample(payloads(templates, world.slack.teamId), { seed: SEED, numRuns: OVER_HTTP * 0.85 })
    .map(encode);
  const posts = [...mutated, ...fc.sample(garbage, { seed: SEED, numRuns: OVER_HTTP * 0.15 })];
  expect(posts).toHaveLength(OVER_HTTP);
  const wrong: string[] = [];
  const seen = new Map<number, number>();

  await eachOf(posts, 16, async (post) => {
    const { status, ms } = await door.post(post);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const accepted = status === 200 || (status >= 400 && status < 500);
    if (!accepted || ms > SLACK_WAITS)
      wrong.push(`${status} after ${Math.round(ms)} ms: ${String(post.body).slice(0, 2_000)}`);
  });

  expect(wrong).toEqual([]);
  expect(rejected).toEqual([]);
  // Both happened, and often: it was neither all refused at the door nor all taken.
  expect(seen.get(200)).toBeGreaterThan(OVER_HTTP / 4);
  expect(seen.get(400)).toBeGreaterThan(OVER_HTTP / 20);
  await expectUnharmed(world, before);
}, 300_000);

test('a thousand more over the socket', async () => {
  const { world, templates } = await arrange(false);
  const rejected = unhandled();
  const before = await recordOf(world);
  const all = fc.sample(payloads(templates, world.slack.teamId), { seed: SEED + 1, numRuns: OVER_SOCKET });
  let acked = 0;

  // What is refused there is not acknowledged at all, and Slack gives up on it after three seconds.
  await eachOf(all, 128, async ({ kind, payload }) => {
    if ((await world.slack.deliver(kind, payload)).acked) acked += 1;
  });

  expect(rejected).toEqual([]);
  expect(acked).toBeGreaterThan(OVER_SOCKET / 4);
  expect(world.slack.connected()).toBe(true);
  await expectUnharmed(world, before);
}, 300_000);

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
  const smuggled = { body: `ssl_check=1&${done.body}`, contentType: FORM };
  expect((await door.post(smuggled, { headers: { 'x-slack-signature': undefined } })).status).toBe(200);

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

// ---------------------------------------------------------------- messages that are no envelopes

/** As much of Slack as a socket needs; what it sends is for the test to say. */
async function createBareSlack() {
  const acks: string[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume();
    const { port } = server.address() as { port: number };
    const answer = incoming.url?.endsWith('connections.open')
      ? { url: `ws://127.0.0.1:${port}` }
      : { team_id: 'T0BARE', user_id: 'U0BOT' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, members: [], ...answer }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => acks.push(String(JSON.parse(String(data)).envelope_id)));
    socket.send('{"type":"hello"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as { port: number };
  const send = (data: string | Buffer) => sockets.clients.forEach((socket) => void socket.send(data));
  return { apiUrl: `http://127.0.0.1:${port}/api/`, send, acks };
}

test('messages on the socket that are no envelopes are passed over; events among them are acknowledged', async () => {
  const slack = await createBareSlack();
  const world = await createWorld({ start: false, allowUnexpected: true, env: { SLACK_API_URL: slack.apiUrl } });
  await world.app.start();
  const rejected = unhandled();
  const envelope = (id: string, more: object) => JSON.stringify({ envelope_id: id, ...more });

  for (const message of [
    ...ODD_BODIES,
    'hello',
    '{"type":"__proto__"}',
    '{"type":"ws_message"}',
    '{"type":"slack_event"}',
  ])
    slack.send(message);
  slack.send(Buffer.from([0xff, 0]));
  for (const type of ['interactive', 'slash_commands', 'options', 'error', 'close']) {
    for (const payload of [null, 1, 'x', [], {}, undefined])
      slack.send(envelope(`${type}-unreadable`, { type, payload }));
  }
  const events = [
    null,
    1,
    'x',
    [],
    {},
    { event: null },
    { event: 'x' },
    { event: {} },
    { event: { type: null } },
    { event: { type: 'ws_message' } },
    { event: { type: 'message', channel: null } },
    { event: { type: 'message', item: 1 } },
  ];
  for (const [index, payload] of events.entries())
    slack.send(envelope(`event-${index}`, { type: 'events_api', payload }));
  slack.send(envelope('last', { type: 'events_api', payload: { event: { type: 'reaction_added' } } }));

  await expect.poll(() => slack.acks, { timeout: 5_000 }).toContain('last');
  expect(slack.acks.filter((id) => id.startsWith('event-')).sort()).toEqual(
    events.map((_, index) => `event-${index}`).sort(),
  );
  expect(slack.acks.filter((id) => id.endsWith('-unreadable'))).toEqual([]);
  expect(rejected).toEqual([]);
  expect((await fetch(`http://127.0.0.1:${world.app.port}/readyz`)).status).toBe(200);
});
