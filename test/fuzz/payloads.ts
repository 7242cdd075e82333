/** What Slack would never send: real payloads with parts changed, and bodies that are nothing at all. */
import fc from 'fast-check';
import { ACTION, SHORTCUT, VIEW } from '../../blocks/ids.ts';
import type { EnvelopeKind, Json, JsonObject } from '../../sandbox/slack/types.ts';
import { MAYA, THEO } from '../flow/cast.ts';
import { answered, digestOf, pressOnly, type } from '../flow/press.ts';
import { findRow, mustBe } from '../flow/read.ts';
import type { World } from '../flow/world.ts';

export const SEED = 20_261_123;
export const FORM = 'application/x-www-form-urlencoded';

export interface Sent {
  kind: EnvelopeKind;
  payload: JsonObject;
}

export interface Post {
  body: string | Buffer;
  contentType: string | undefined;
}

/** Neither is in Maya's place: `payload.user` and its like name one of these, whatever else is changed. */
const NAMES = ['U0STRANGER', 'USLACKBOT', '', '__proto__', 'constructor', '\u0000'];
const STRANGERS = [...NAMES, `${MAYA.id} `, MAYA.id.toLowerCase()];

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
    ...['gone.1', 'outreach.99', '..', '0.0.0', "1' or '1'='1.0.0", '{"row":"1000.0.0","verb":"snooze"}'],
    ...['None', 'undefined'],
  ),
);

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    ...['\u0000', '\ud800', '__proto__', 'constructor', '<!channel>', '\u202e', '../../etc/passwd', 'true', '1e999'],
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
      ...['__proto__', 'constructor', 'toString', 'then', 'event', 'command', 'name', 'response_urls', 'ssl_check'],
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
export async function templatesOf(world: World): Promise<Sent[]> {
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
  const user = { id: 'U0FUZZ', team_id: world.slack.teamId, profile: {}, tz: 'UTC' };
  await world.slack.event({ type: 'user_change', user });
  await world.idle();
  const sent = world.slack.sent.map(({ kind, payload }) => ({ kind, payload: trimmed(payload) }));
  const click = mustBe(sent.find(({ payload }) => payload.type === 'block_actions'));
  const submission = mustBe(sent.find(({ payload }) => payload.type === 'view_submission'));
  const value = String(findRow(digest, 'Whitfield 001').controls.Done?.element.value);
  return [
    ...sent,
    ...Object.values(ACTION).map((id): Sent => ({ ...click, payload: clickOn(click.payload, id, value) })),
    ...Object.values(VIEW).map((callback_id): Sent => {
      const view = { ...(submission.payload.view as JsonObject), callback_id };
      return { ...submission, payload: { ...submission.payload, view } };
    }),
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
export function clickOn(payload: JsonObject, action_id: string, value: string): JsonObject {
  const { response_url: _, ...rest } = structuredClone(payload);
  const selected_option = { value: `${value}.tomorrow`, text: { type: 'plain_text', text: 'Tomorrow' } };
  const action = { type: 'button', action_id, block_id: 'b', action_ts: '1.1', value };
  return { ...rest, actions: [/menu|snooze|edit/.test(action_id) ? { ...action, selected_option } : action] };
}

/** Everyone who is named as the one who acts. */
export function actingAs(payload: JsonObject, userId: string, teamId: string): JsonObject {
  const acting = JSON.parse(JSON.stringify(payload).replaceAll(`"${MAYA.id}"`, JSON.stringify(userId)));
  if ('team' in acting) acting.team = { ...acting.team, id: teamId };
  if ('team_id' in acting) acting.team_id = teamId;
  // On Grid these count where the team is null.
  for (const part of [acting.user, acting.view]) if (part && 'team_id' in part) part.team_id = teamId;
  return acting;
}

/**
 * Three in ten are Theo's, whom the app knows and who presses what Maya was sent; one in ten carries Maya's id from another
 * workspace; one in ten is Maya herself with values of rows that do not exist. The rest are strangers.
 */
export function payloads(templates: readonly Sent[], teamId: string): fc.Arbitrary<Sent> {
  const rows = templates.filter(({ payload }) => /^(block_actions|view_submission)$/.test(String(payload.type)));
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

export function encode({ kind, payload }: Sent): Post {
  if (kind === 'events_api') return json(JSON.stringify(payload));
  if (kind === 'interactive') return formOf(JSON.stringify(payload));
  const fields = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return form(new URLSearchParams(fields).toString());
}

/** What Bolt reads outside of any `try`, and the like. */
export const ODD_BODIES = [
  ...['null', '1', '"x"', '[]', '[null]', 'true', '{}', '', '{'],
  ...['{"event":null}', '{"event":"x"}', '{"event":{"channel":null}}'],
];
export const json = (body: string): Post => ({ body, contentType: 'application/json' });
const form = (body: string): Post => ({ body, contentType: FORM });
const formOf = (payload: string): Post => form(new URLSearchParams({ payload }).toString());

export const ODD_POSTS: readonly Post[] = [
  ...ODD_BODIES.flatMap((body) => [json(body), formOf(body)]),
  ...['payload=%7B%7D&payload=null', 'payload', '%%%&=&&payload=%', 'command=%2Ftasks&text=help'].map(form),
  ...['{"type":"url_verification"}', '{"type":"view_submission","view":null}'].map(json),
  ...['{"actions":[],"type":"block_actions"}', '{"actions":null,"type":"block_actions"}'].map(json),
  ...['{"command":"/tasks"}', '{"team_id":"__proto__","command":"/tasks"}'].map(json),
];

export const garbage: fc.Arbitrary<Post> = fc.record({
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
    ...[
      FORM,
      'application/json',
      `${FORM}; charset=utf-8`,
      'text/plain',
      'multipart/form-data',
      '__proto__',
      '',
      undefined,
    ],
  ),
});
