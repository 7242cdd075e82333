/**
 * A whole session in the real process, with everything that tempts a secret out: afterwards neither the log, nor the
 * database, nor the queue, nor what reps see, nor what one provider got of another holds a single one.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import Database from 'better-sqlite3';
import { FetchError } from 'ofetch';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { ProviderError } from '../../src/core/errors.ts';
import { createLog, secretsOf } from '../../src/log.ts';
import { type DocketProcess, envOf, eventually, startReady } from './process.ts';
import {
  API_KEY,
  browse,
  createThree,
  linkOf,
  MANUAL_TASK,
  MAYA_OUTREACH,
  THEO_OUTREACH,
  type Three,
} from './three.ts';
import { findRow, gongTask, HOUR, MAYA, mustBe, pressOnly, rowsOf, TASK_A, TASK_B, THEO, wordsOf } from './world.ts';

// ---------------------------------------------------------------- looking for them

/** As it is, and as it would look in a URL, in JSON, in base64 (wherever in a longer text it stood) and in hexadecimal. */
function shapesOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    // What its neighbours take part in is not its own.
    return encoded.slice(before === 0 ? 0 : before + 1, -2);
  });
  const all = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Buffer.from(secret).toString('hex'),
  ];
  return [...new Set(all)];
}

/** The names of the secrets that are in there, in any shape. */
function found(secrets: ReadonlyMap<string, string>, ...places: readonly (string | Buffer)[]): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    shapesOf(secret).some((shape) => places.some((place) => place.includes(shape))) ? [name] : [],
  );
}

test('the search finds a secret in every shape, and nothing where there is nothing', () => {
  const secrets = new Map([['key', 'pass/word+of "nobody"?=']]);
  const [secret] = secrets.values();
  const planted = [
    `before ${secret} after`,
    `?x=${encodeURIComponent(String(secret))}`,
    JSON.stringify({ deep: [`x${secret}`] }),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(`a:${secret}!`).toString('base64url'),
    Buffer.from(`ab${secret}more`).toString('base64'),
    Buffer.from(String(secret)).toString('hex'),
    Buffer.concat([Buffer.from([0, 255]), Buffer.from(String(secret)), Buffer.from([1])]),
  ];

  for (const place of planted) expect(found(secrets, place), String(place)).toEqual(['key']);
  expect(found(secrets, 'before pass/word after', Buffer.alloc(100))).toEqual([]);
});

// ---------------------------------------------------------------- between the app and the others

interface Heard {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  answer: string;
}

type Trick = (heard: Heard, response: ServerResponse) => void;

interface Tap {
  url: string;
  heard: Heard[];
  /** Until it is taken away, this answers what starts with `on` instead of the provider. */
  trick: { on: string; by: Trick } | undefined;
}

/** Lies between the app and one of the others, and hears every byte. */
async function createTap(target: string): Promise<Tap> {
  const tap: Tap = { url: '', heard: [], trick: undefined };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const heard: Heard = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8'), answer: '' };
    tap.heard.push(heard);
    if (tap.trick && `${method} ${url}`.startsWith(tap.trick.on)) return tap.trick.by(heard, response);
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...own } = headers;
    const answer = await fetch(new URL(url, target), {
      method,
      headers: own as Record<string, string>,
      redirect: 'manual',
      ...(heard.body !== '' && { body: heard.body }),
    });
    heard.answer = await answer.text();
    const kept = ['content-type', 'location', 'retry-after'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    response.writeHead(answer.status, Object.fromEntries(kept)).end(heard.answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  tap.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return tap;
}

/** Everything that came, as an error that a careless server writes: in the body, in the headers, in the status line. */
function echo(status: number): Trick {
  return ({ method, path, headers, body }, response) => {
    const all = JSON.stringify({
      error: `${method} ${path}`,
      error_description: body,
      message: headers,
      headers,
      body,
    });
    response.statusMessage = `Refused ${headers.authorization ?? path}`.replace(/[^\x20-\x7e]/g, '');
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'www-authenticate': headers.authorization ?? headers['x-api-key']?.toString() ?? '',
        'retry-after': '1',
        'x-request-id': path,
      })
      .end(all);
  };
}

/** JSON that breaks off, and a parser that quotes what it could not read. */
const UNFINISHED: Trick = ({ headers, body }, response) =>
  void response
    .setHeader('content-type', 'application/json')
    .end(`{"token":"${headers.authorization ?? headers['x-api-key']}${body}`);

/** As OAuth refuses a token that is over (RFC 6749, 5.2), with the token in its words. */
const refusal: Trick = ({ body }, response) =>
  void response
    .writeHead(400, { 'content-type': 'application/json' })
    .end(JSON.stringify({ error: 'invalid_grant', error_description: `${body} is over` }));

const TRICKS: readonly Trick[] = [
  echo(400),
  echo(403),
  echo(429),
  echo(500),
  UNFINISHED,
  ({ headers }, response) =>
    void response.end(JSON.stringify({ tasks: headers.authorization, data: headers, items: headers })),
  ({ path, headers }, response) =>
    void response
      .writeHead(302, { location: `http://127.0.0.1:1${path}?key=${encodeURIComponent(headers.authorization ?? '')}` })
      .end(),
  (_, response) => void response.destroy(),
];

// ---------------------------------------------------------------- the session

interface Session {
  world: Three;
  taps: { slack: Tap; gong: Tap; outreach: Tap; reply: Tap };
  /** One after the other; the last one runs. */
  processes: DocketProcess[];
}

const SIGNING_SECRET = 'signing-secret-nobody-may-see';

async function begin(): Promise<Session> {
  const world = await createThree({
    start: false,
    signedIn: [],
    allowUnexpected: true,
    tasks: [gongTask({ id: TASK_A }), gongTask({ id: TASK_B })],
    outreachOptions: { rateLimits: false },
  });
  const taps = {
    slack: await createTap(world.slack.url),
    gong: await createTap(world.gong.url),
    outreach: await createTap(world.outreach.url),
    reply: await createTap(world.reply.url),
  };
  const session = { world, taps, processes: [] };
  await startAt(session, 0);
  return session;
}

/** Stops the process that runs, and starts the next one when so many hours have passed since the first one started. */
async function startAt(session: Session, hours: number): Promise<void> {
  await stop(session);
  const { world, taps, processes } = session;
  const env = {
    SLACK_API_URL: `${taps.slack.url}/api/`,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    GONG_API_URL: taps.gong.url,
    OUTREACH_API_URL: taps.outreach.url,
    REPLY_API_URL: taps.reply.url,
    UNDO_WINDOW_SECONDS: '1',
    LOG_LEVEL: 'trace',
  };
  processes.push(await startReady(world, world.now() + hours * HOUR, { ...envOf(world), ...env }));
}

async function stop({ processes }: Session): Promise<void> {
  const running = processes.at(-1);
  running?.kill('SIGTERM');
  if (running) expect(await running.exit).toBe(0);
}

/** Does something, and waits for the next thing that a rep sees. */
async function shown({ world }: Session, who: typeof MAYA, act: () => Promise<unknown>): Promise<SandboxMessage> {
  const before = world.slack.messages(who.id).length;
  await act();
  await eventually(() => expect(world.slack.messages(who.id).length).toBeGreaterThan(before));
  return mustBe(world.slack.messages(who.id).at(-1));
}

const typed = (session: Session, text: string, who = MAYA) =>
  shown(session, who, () => session.world.slack.command(who.id, '/tasks', text));

function now({ world }: Session, message: SandboxMessage): SandboxMessage {
  return mustBe(world.slack.messages(message.userId).find(({ ts }) => ts === message.ts));
}

async function says(session: Session, message: SandboxMessage, words: string): Promise<void> {
  await eventually(() => expect(wordsOf(now(session, message))).toContain(words));
}

async function connect(session: Session, who: typeof MAYA, as: string): Promise<number> {
  const message = await typed(session, 'connect', who);
  return (await browse(linkOf(message.blocks, 'Connect Outreach'), as)).status;
}

/** Every verb at every provider, Undo, windows, a note, a follow-up, all commands, Home, and news from Outreach. */
async function work(session: Session): Promise<SandboxMessage> {
  const { world } = session;
  await typed(session, 'digest');
  const digest = mustBe(
    world.slack.messages(MAYA.id).find(({ ephemeral, blocks }) => !ephemeral && rowsOf(blocks).length >= 5),
  );
  const press = (words: string, label: string, choice?: string) =>
    pressOnly(world, now(session, digest), words, label, choice);
  await press('Whitfield 001', 'Done');
  await says(session, digest, 'Marked done in Gong');
  await press('Whitfield 001', 'Undo');
  await eventually(() => expect(findRow(now(session, digest), 'Whitfield 001').controls.Done).toBeDefined());
  await press('Ines Calder', 'Done');
  await says(session, digest, 'Marked done in Outreach');
  await press('Bo Tanaka', 'Snooze', 'Tomorrow morning');
  await says(session, digest, 'Snoozed');
  await press('Priya Raman', 'Done');
  await says(session, digest, 'Marked done in Reply');
  await press('Odd Lund', 'Dismiss');
  await says(session, digest, 'Dismissed');
  await press('Whitfield 001', 'Reschedule');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  await world.slack.submit(MAYA.id, { when_typed: { when_typed: { value: '2026-12-01 15:00' } } });
  await eventually(() => expect(findRow(now(session, digest), 'Whitfield 001').text).toContain('1 Dec'));
  for (const text of [
    '',
    'overdue',
    'today',
    'week',
    'status',
    'connect',
    'pause until 2026-12-24',
    'resume',
    'team',
    'help',
    'Bo',
  ]) {
    await typed(session, text);
  }
  await world.slack.command(MAYA.id, '/tasks', 'settings');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  world.slack.closeModal(MAYA.id);
  await world.slack.openHome(MAYA.id);
  await eventually(() => expect(world.slack.home(MAYA.id)).toBeDefined());
  await followUp(session);
  world.outreach.complete(MANUAL_TASK);
  await world.outreach.settled();
  await says(session, digest, 'Done in Outreach itself');
  return digest;
}

async function followUp(session: Session): Promise<void> {
  const { world } = session;
  await world.slack.say(MAYA.id, 'Bo <mailto:bo@tanaka.example|bo@tanaka.example> wants the deck');
  await world.slack.messageShortcut(MAYA.id, mustBe(world.slack.messages(MAYA.id).at(-1)).ts, 'create_follow_up');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  const call = { text: { type: 'plain_text', text: 'Call' }, value: 'call' };
  await shown(session, MAYA, () =>
    world.slack.submit(MAYA.id, {
      draft_email: { draft_email: { type: 'email_text_input', value: 'bo@tanaka.example' } },
      draft_kind: { draft_kind: { type: 'static_select', selected_option: call } },
      draft_due: {
        draft_due: { type: 'datetimepicker', selected_date_time: Math.floor(world.now() / 1_000) + 86_400 },
      },
      draft_note: { draft_note: { type: 'plain_text_input', value: 'Send the deck' } },
    }),
  );
}

/** Providers that hand back what they were given: to lists, to looks at who is who, and to a click. */
async function providersEcho(session: Session, digest: SandboxMessage): Promise<void> {
  const { world, taps } = session;
  const paths = [
    [taps.gong, ''],
    [taps.outreach, 'GET /api'],
    [taps.reply, ''],
  ] as const;
  for (const by of TRICKS) {
    for (const [tap, on] of paths) tap.trick = { on, by };
    await typed(session, '');
    await typed(session, 'connect');
  }
  for (const [tap] of paths) tap.trick = undefined;
  taps.gong.trick = { on: 'PATCH', by: echo(400) };
  await pressOnly(world, now(session, digest), 'Whitfield 002', 'Done');
  await says(session, digest, 'Not marked done.');
  taps.gong.trick = undefined;
}

/** Sign-ins that fail once there is a code, browsers and news that nobody waits for, and a renewal that is refused. */
async function signInsFail(session: Session): Promise<void> {
  const { world, taps } = session;
  for (const by of [echo(400), UNFINISHED]) {
    taps.outreach.trick = { on: 'POST /oauth/token', by };
    expect(await connect(session, THEO, THEO_OUTREACH)).toBe(502);
  }
  const back = new URLSearchParams({ state: 'a-state-nobody-gave', code: 'a-code-nobody-gave' });
  expect((await fetch(`${world.publicUrl}/oauth/outreach/callback?${back}`)).status).toBe(400);
  const news = { method: 'POST', body: '{}', headers: { 'outreach-webhook-signature': 'of-nobody' } };
  expect((await fetch(`${world.publicUrl}/webhooks/outreach`, news)).status).toBe(401);
  const renewals = () => taps.outreach.heard.filter(({ body }) => body.includes('grant_type=refresh_token')).length;
  const before = renewals();
  await startAt(session, 7);
  taps.outreach.trick = { on: 'POST /oauth/token', by: refusal };
  await typed(session, '');
  await eventually(() => {
    expect(world.slack.messages(MAYA.id).map(wordsOf).join()).toContain('Your Outreach connection has ended');
  });
  taps.outreach.trick = undefined;
  expect(renewals()).toBe(before + 1);
}

async function slackEchoes(session: Session): Promise<void> {
  const { world, taps } = session;
  for (const by of TRICKS) {
    taps.slack.trick = { on: 'POST /api/views.', by };
    await world.slack.command(MAYA.id, '/tasks', 'settings');
    await world.slack.openHome(MAYA.id);
  }
  taps.slack.trick = { on: 'POST /api/users.', by: echo(500) };
  await typed(session, 'team');
  taps.slack.trick = undefined;
  world.slack.failNext('response_url', { status: 500 });
  await world.slack.command(MAYA.id, '/tasks', 'help');
  world.slack.disconnect();
  await eventually(() => expect(world.slack.connected()).toBe(true));
  await typed(session, 'help');
}

/** Each by its name; those that are made during the session are taken from what was heard. */
function secretsIn({ world, taps }: Session): Map<string, string> {
  const { slack, gong, outreach } = world;
  const secrets = new Map([
    ['bot token', slack.botToken],
    ['app token', slack.appToken],
    ['signing secret', SIGNING_SECRET],
    ['Gong key', gong.accessKey],
    ['Gong secret', gong.accessKeySecret],
    ['Gong key and secret', Buffer.from(`${gong.accessKey}:${gong.accessKeySecret}`).toString('base64')],
    ['Outreach client secret', outreach.clientSecret],
    ['Reply key', API_KEY],
    ...world.config.encryptionKeys.map((key) => ['encryption key', key] as const),
  ]);
  for (const [index, { path, body, answer }] of taps.outreach.heard.entries()) {
    if (path.startsWith('/oauth/token')) {
      for (const [name, value] of new URLSearchParams(body)) {
        if (['code', 'code_verifier', 'refresh_token'].includes(name)) secrets.set(`${name} ${index}`, value);
      }
      const given: Record<string, unknown> = answer.startsWith('{') ? JSON.parse(answer) : {};
      for (const name of ['access_token', 'refresh_token']) {
        if (typeof given[name] === 'string') secrets.set(`given ${name} ${index}`, given[name]);
      }
    }
    const secret = /"secret":"([^"]+)"/.exec(body)?.[1];
    if (secret) secrets.set('webhook secret', secret);
  }
  return secrets;
}

/** What a rep is given and nobody else may keep: it stands in messages, or in the payloads of clicks. */
function fleeting({ world, taps }: Session): Map<string, string> {
  const all = new Map<string, string>();
  for (const { path } of taps.outreach.heard) {
    const state = path.startsWith('/oauth/authorize?') && new URL(path, 'http://x').searchParams.get('state');
    if (state) all.set(`state ${all.size}`, state);
  }
  for (const { payload } of world.slack.sent) {
    for (const name of ['response_url', 'trigger_id']) {
      if (typeof payload[name] === 'string') all.set(`${name} ${all.size}`, payload[name]);
    }
  }
  return all;
}

/** The files as bytes, and the queue as text. */
function kept(world: Three) {
  const path = world.config.databaseUrl.slice('file:'.length);
  const files = ['', '-wal', '-shm'].flatMap((end) => {
    try {
      return [readFileSync(path + end)];
    } catch {
      return [];
    }
  });
  const database = new Database(path, { readonly: true });
  const jobs = database.prepare('select key, payload, last_error from jobs').all();
  database.close();
  return { files, jobs };
}

test('a session at all three providers, with every temptation: no secret is where it does not belong', async () => {
  const session = await begin();
  const { world, processes, taps } = session;
  const screens: unknown[] = [];
  onTestFinished(
    world.slack.onChange(() => screens.push(world.slack.modal(MAYA.id)?.view, world.slack.home(MAYA.id)?.view)),
  );

  expect(await connect(session, MAYA, MAYA_OUTREACH)).toBe(200);
  const digest = await work(session);
  // The access token is over, and is renewed on the way.
  await startAt(session, 3);
  await providersEcho(session, digest);
  await signInsFail(session);
  await slackEchoes(session);
  const running = kept(world);
  await stop(session);
  const stopped = kept(world);

  const secrets = secretsIn(session);
  const brief = fleeting(session);
  const log = processes.map((each) => each.output()).join('');
  const files = [...running.files, ...stopped.files];
  const queue = JSON.stringify([running.jobs, stopped.jobs]);
  const seen = JSON.stringify([world.slack.users.map(({ id }) => world.slack.messages(id)), screens]);
  // The session was one: everything was said to somebody, and all of it would have been found.
  const traffic = Object.values(taps).map(({ heard }) => JSON.stringify(heard));
  // These two are spoken to nobody: one checks what comes, the other seals.
  const unsaid = [...secrets.keys()].filter((name) => !found(secrets, ...traffic).includes(name));
  expect(unsaid.sort()).toEqual(['encryption key', 'signing secret']);
  for (const name of [
    'code ',
    'code_verifier ',
    'refresh_token ',
    'given access_token ',
    'given refresh_token ',
    'webhook secret',
  ]) {
    expect(
      [...secrets.keys()].some((each) => each.startsWith(name)),
      name,
    ).toBe(true);
  }
  expect(brief.size).toBeGreaterThan(40);
  expect(log).toContain('Docket is up');
  expect(log).toContain('"level":40');
  expect(log).toContain('action failed');
  expect(log).toContain('a consent could not be completed');
  expect(files.some((bytes) => bytes.includes('Ines Calder'))).toBe(true);
  expect(running.jobs.length).toBeGreaterThan(10);

  expect(found(secrets, log), 'log').toEqual([]);
  expect(found(brief, log), 'log').toEqual([]);
  expect(found(secrets, ...files), 'database').toEqual([]);
  expect(found(brief, ...files), 'database').toEqual([]);
  expect(found(secrets, queue), 'queue').toEqual([]);
  expect(found(brief, queue), 'queue').toEqual([]);
  expect(found(secrets, seen), 'screens').toEqual([]);
  expect(found(new Map([...brief].filter(([name]) => !name.startsWith('state'))), seen), 'screens').toEqual([]);
  for (const [place, theirs] of Object.entries(OWN)) {
    const heard = JSON.stringify(taps[place as keyof typeof taps].heard.map(({ answer: _, ...request }) => request));
    const others = new Map([...secrets].filter(([name]) => !theirs.test(name)));
    expect(found(others, heard), `given to ${place}`).toEqual([]);
  }
}, 300_000);

/** Whom each secret is for. */
const OWN = {
  slack: /^(bot|app) token$/,
  gong: /^Gong/,
  outreach: /^(Outreach|code|refresh|given|webhook)/,
  reply: /^Reply/,
} as const;

// ---------------------------------------------------------------- the log by itself

const SECRET = 'hush-4f9a7c21-not-a-word';

/** One line of the log, as it is written. */
function written(fields: object, message = 'it failed'): string {
  const lines: string[] = [];
  createLog('trace', [], { write: (line) => void lines.push(line) }).error(fields, message);
  return lines.join('');
}

function withExtras(error: Error, extras: object): Error {
  return Object.assign(error, extras);
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the log', () => {
  const headers = { authorization: `Bearer ${SECRET}`, 'x-api-key': SECRET };

  test.each([
    [
      'headers and settings',
      { headers, config: { headers, url: SECRET }, request: { headers }, response: { body: SECRET } },
    ],
    ['an own toJSON', { toJSON: () => ({ headers }) }],
    [
      'names of its own',
      { client: { token: SECRET }, options: { apiKey: SECRET }, data: { form: SECRET }, input: SECRET },
    ],
    ['a code that is no code', { code: { token: SECRET }, status: [SECRET], reference: { SECRET } }],
  ])('keeps nothing of what hangs on an error: %s', (_name, extras) => {
    const error = withExtras(new Error('outer', { cause: withExtras(new Error('inner'), extras) }), extras);
    const line = written({ err: withExtras(error, { original: withExtras(new Error('original'), extras) }) });

    expect(line).not.toContain(SECRET);
    for (const word of ['outer', 'inner', 'original']) expect(line).toContain(word);
  });

  test.each([
    `GET https://api.example/v2/x?access_token=${SECRET} failed`,
    `connect to https://user:${SECRET}@db.example/x`,
    `POST https://hooks.slack.com/actions/T1/2/${SECRET}`,
    `POST https://hooks.slack.com/commands/T1/2/${SECRET}`,
    `open wss://wss-primary.slack.com/link/?ticket=${SECRET}&app_id=A1`,
    `refused Bearer ${SECRET}`,
    `refused Basic ${SECRET}==`,
    `header authorization: ${SECRET}`,
    `Unexpected token in {"access_token":"${SECRET}"}`,
    `Unexpected token in {\\"refresh_token\\": \\"${SECRET}\\"}`,
    `client_secret=${SECRET}&grant_type=refresh_token`,
    `grant_type=authorization_code&code=${SECRET}&redirect_uri=x`,
    `invalid xoxb-${SECRET}`,
    `invalid xapp-1-${SECRET}`,
    `invalid eyJhbGciOiJIUzI1NiJ9.${SECRET}`,
  ])('hides it in a text, and leaves a line of JSON: %s', (text) => {
    const line = written({ err: new Error(text, { cause: text }), from: text, deep: { list: [text] } }, text);

    expect(line).not.toContain(SECRET);
    expect(JSON.parse(line)).toMatchObject({ level: 50, err: { type: 'Error' } });
  });

  test('hides the settings wherever they stand', () => {
    const known = secretsOf({
      slack: { botToken: 'the-bot-token-x', signingSecret: 'the-signing-secret', apiUrl: 'https://slack.example/api/' },
      encryptionKeys: ['the-encryption-key='],
      providers: new Map([
        ['gong', { GONG_ACCESS_KEY_SECRET: 'the-gong-secret', GONG_API_URL: 'https://gong.example' }],
      ]),
    } as never);
    const lines: string[] = [];
    const log = createLog('info', known, { write: (line) => void lines.push(line) });
    log.info({ at: 'https://gong.example', all: known }, known.join());
    const text = lines.join('');

    expect(known).toHaveLength(4);
    for (const secret of known) expect(text).not.toContain(secret);
    expect(text).toContain('https://gong.example');
  });

  test('stays JSON where a field has the name of a secret', () => {
    const fields = { response_url: null, trigger_id: 12.5, password: true, authorization: [1, 2], access_token: {} };

    expect(JSON.parse(written({ fields }))).toMatchObject({ msg: 'it failed' });
  });

  test('keeps what an operator needs', () => {
    const cause = withExtras(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new ProviderError({
      provider: 'gong',
      kind: 'unavailable',
      operation: 'PATCH /v2/tasks/{id}',
      status: 502,
      reference: 'r-1',
      cause,
    });
    const line = JSON.parse(written({ err: error, requestUrl: 'https://docket.example/slack/events' }));

    expect(line).toMatchObject({
      err: {
        type: 'ProviderError',
        kind: 'unavailable',
        status: 502,
        operation: 'PATCH /v2/tasks/{id}',
        reference: 'r-1',
        causes: [{ code: 'ECONNREFUSED' }],
      },
      requestUrl: 'https://docket.example/slack/events',
    });
    expect(line.err.stack).toContain('secrets.test.ts');
  });

  test('errors of the libraries that are used, with a secret at every place', async () => {
    const { WebClient } = await import('@slack/web-api');
    const { ofetch } = await import('ofetch');
    const tap = await createTap('http://127.0.0.1:1');
    tap.trick = { on: '', by: echo(500) };
    const slack = (url: string) =>
      new WebClient(`xoxb-${SECRET}`, { slackApiUrl: `${url}/`, retryConfig: { retries: 0 }, logger: SILENT });
    const database = new Database(':memory:');
    database.exec('create table t (a text unique)');
    const errors = [
      await thrownBy(() => slack(tap.url).chat.postMessage({ channel: 'C', text: SECRET })),
      await thrownBy(() => slack('http://127.0.0.1:1').chat.postMessage({ channel: 'C', text: SECRET })),
      await thrownBy(() =>
        ofetch(`${tap.url}/x?key=${SECRET}`, { headers, method: 'POST', body: { SECRET }, retry: 0 }),
      ),
      await thrownBy(() => fetch(`http://127.0.0.1:1/?key=${SECRET}`, { headers })),
      await thrownBy(() => fetch(`http://user:${SECRET}@127.0.0.1/`, { headers })),
      await thrownBy(() =>
        z.object({ a: z.number(), b: z.enum(['x']) }).parse({ a: SECRET, b: SECRET }, { reportInput: true }),
      ),
      await thrownBy(() => {
        database.prepare('insert into t values (?)').run(SECRET);
        database.prepare('insert into t values (?)').run(SECRET);
      }),
      await thrownBy(() => database.prepare('select ?').get({ [SECRET]: 1 })),
      new AggregateError([withExtras(new Error('one of many'), { headers })], 'many'),
    ];
    database.close();
    expect(errors[2]).toBeInstanceOf(FetchError);

    const lines = errors.map((err) => written({ err }));

    expect(lines.filter((line) => line.includes(SECRET))).toEqual([]);
    for (const line of lines) expect(JSON.parse(line).err.type).toMatch(/Error|Exception/);
  });
});

const SILENT = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => 'error' as never,
  setName: () => {},
} satisfies Record<string, unknown> as unknown as NonNullable<
  ConstructorParameters<typeof import('@slack/web-api').WebClient>[1]
>['logger'];
