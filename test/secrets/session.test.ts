/**
 * A whole session in the real process, with everything that tempts a secret out: afterwards neither the log, nor the
 * database, nor the queue, nor what reps see, nor what one provider got of another holds a single one.
 */
import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MAYA, MAYA_OUTREACH } from '../flow/cast.ts';
import { API_KEY } from '../flow/simulators.ts';
import type { World as Three } from '../flow/world.ts';
import { found } from './search.ts';
import {
  begin,
  connect,
  providersEcho,
  type Session,
  SIGNING_SECRET,
  signInsFail,
  slackEchoes,
  startAt,
  stop,
  work,
} from './session.ts';

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

/** What a rep is given and nobody else may keep: tickets stand in messages, states in browsers, the rest in clicks. */
function fleeting({ world, taps }: Session): Map<string, string> {
  const all = new Map<string, string>();
  for (const { path } of taps.outreach.heard) {
    const state = path.startsWith('/oauth/authorize?') && new URL(path, 'http://x').searchParams.get('state');
    if (state) all.set(`state ${all.size}`, state);
  }
  for (const [, ticket = ''] of JSON.stringify(world.slack.calls).matchAll(/\/start\?ticket=([\w.-]+)/g)) {
    all.set(`ticket ${all.size}`, ticket);
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
  const all = ['', '-wal', '-shm'].map((end) => path + end);
  const files = all.filter((file) => existsSync(file)).map((file) => readFileSync(file));
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
  const names = [...secrets.keys(), ...brief.keys()];
  const grants = ['code ', 'code_verifier ', 'refresh_token ', 'given access_token ', 'given refresh_token '];
  for (const name of [...grants, 'webhook secret', 'state', 'ticket']) {
    expect(names).toContainEqual(expect.stringMatching(new RegExp(`^${name}`)));
  }
  expect(brief.size).toBeGreaterThan(40);
  const told = ['Docket is up', '"level":40', 'job failed', 'a consent could not be completed', 'invalid_arguments'];
  for (const said of told) expect(log).toContain(said);
  expect(files.some((bytes) => bytes.includes('Ines Calder'))).toBe(true);
  expect(running.jobs.length).toBeGreaterThan(10);

  const all = new Map([...secrets, ...brief]);
  for (const [place, held] of Object.entries({ log: [log], database: files, queue: [queue] })) {
    expect(found(all, ...held), place).toEqual([]);
  }
  expect(found(new Map([...all].filter(([name]) => !name.startsWith('ticket'))), seen), 'screens').toEqual([]);
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
