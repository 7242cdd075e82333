/** `npm run doctor` against the simulators: a line for each setting, fine or what to do next, and never a secret. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createSlackFront } from '../../sandbox/slack/front.ts';
import { KEY, OLDER_KEY, openUrl } from '../store/open.ts';
import { ALWAYS, HOUR, MAYA, THEO } from './cast.ts';
import { run } from './process.ts';
import { freePort, secretsOf, settingsOf, startSimulators } from './simulators.ts';

type Env = Record<string, string>;

/** Three tools, a port, a folder, and no app. */
async function office() {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const simulators = await startSimulators({ tools: 'all' }, Date.now, publicUrl);
  const folder = mkdtempSync(join(tmpdir(), 'docket-doctor-'));
  const env: Env = {
    ...settingsOf(simulators, { tools: 'all' }, publicUrl),
    PORT: String(port),
    DATABASE_URL: `file:${join(folder, 'docket.db')}`,
  };
  onTestFinished(async () => {
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
    rmSync(folder, { recursive: true, force: true });
  });
  const examine = async (more: Env = {}, now?: number) => {
    const { code, out, error } = await run('src/doctor.ts', [], { ...env, ...more }, now);
    expect(error).toBe('');
    for (const secret of [
      ...secretsOf(simulators),
      ...Object.values(more).filter((value) => value.includes('nobody-may-see')),
    ]) {
      expect(out).not.toContain(secret);
    }
    return { code, lines: out.trim().split('\n') };
  };
  return { ...simulators, folder, port, env, examine };
}

const without = (lines: readonly string[], state: string) => lines.filter((line) => line.startsWith(state));

test('with everything right each setting is fine, nothing is made or changed, and it exits 0', async () => {
  const { examine, folder, slack, gong, outreach, reply } = await office();

  const { code, lines } = await examine();

  expect(code).toBe(0);
  expect(without(lines, 'to do')).toEqual([]);
  expect(without(lines, 'fine').map((line) => line.slice(7).split(':')[0])).toEqual([
    ...['SLACK_BOT_TOKEN', 'Slack scopes', 'SLACK_APP_TOKEN', 'Gong', 'Outreach', 'Reply.io', 'PUBLIC_URL'],
    ...['DATABASE_URL', 'Clock'],
  ]);
  expect(lines.at(-1)).toBe('Docket can start: npm start');
  expect(existsSync(join(folder, 'docket.db'))).toBe(false);
  expect([slack, gong, outreach, reply].flatMap(({ unexpected }) => unexpected)).toEqual([]);
  expect(slack.calls.map(({ method }) => method).sort()).toEqual(['apps.connections.open', 'auth.test']);
  expect(slack.connected()).toBe(false);
  expect(gong.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual(['/v2/tasks']);
});

test.each<[string, Env, string]>([
  [
    'a bot token that Slack refuses',
    { SLACK_BOT_TOKEN: 'xoxb-nobody-may-see' },
    'SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)',
  ],
  [
    'an app token that Slack refuses',
    { SLACK_APP_TOKEN: 'xapp-nobody-may-see' },
    'SLACK_APP_TOKEN: Slack refuses it (invalid_auth)',
  ],
  [
    "Gong's key",
    { GONG_ACCESS_KEY_SECRET: 'gong-nobody-may-see' },
    'Gong: refuses GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET',
  ],
  [
    "Outreach's application",
    { OUTREACH_CLIENT_SECRET: 'o-nobody-may-see' },
    'Outreach: refuses OUTREACH_CLIENT_ID and OUTREACH_CLIENT_SECRET',
  ],
  ["Reply.io's key", { REPLY_API_KEY: 'r-nobody-may-see' }, 'Reply.io: refuses REPLY_API_KEY'],
  [
    'an address where nothing is',
    { REPLY_API_URL: 'http://127.0.0.1:9' },
    'Reply.io: could not be tried: 127.0.0.1:9 (REPLY_API_URL) does not answer',
  ],
  [
    'a public address where nothing is',
    { PUBLIC_URL: 'http://127.0.0.1:9' },
    'PUBLIC_URL: 127.0.0.1:9 cannot be reached from here',
  ],
  ['no public address, with Outreach', { PUBLIC_URL: '' }, 'PUBLIC_URL: is not set, and sign-ins at Outreach need it'],
  [
    'a database in a place that is none',
    { DATABASE_URL: 'file:package.json/docket.db' },
    'DATABASE_URL: package.json/docket.db cannot be made',
  ],
  [
    'a database that is none',
    { DATABASE_URL: 'file:package.json' },
    'DATABASE_URL: package.json is not a SQLite database',
  ],
  ['a database in memory', { DATABASE_URL: 'file::memory:' }, 'DATABASE_URL: is in memory'],
  ['a setting that is missing', { SLACK_APP_TOKEN: '' }, 'SLACK_APP_TOKEN: (Socket Mode) or SLACK_SIGNING_SECRET'],
])('%s: says what to do next, and exits 1', async (_name, env, said) => {
  const { code, lines } = await (await office()).examine(env);

  expect(code).toBe(1);
  expect(without(lines, 'to do')).toEqual([expect.stringContaining(`to do  ${said}`)]);
  expect(lines.at(-1)).toBe('1 to do; then try again: npm run doctor');
});

test('a Slack that does not answer is told from one that refuses', async () => {
  const { code, lines } = await (await office()).examine({ SLACK_API_URL: 'http://127.0.0.1:9/api/' });

  expect(code).toBe(1);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']) {
    const said = `${name}: could not be tried: 127.0.0.1:9 (SLACK_API_URL) does not answer`;
    expect(without(lines, 'to do')).toContainEqual(expect.stringContaining(said));
  }
});

test('names each scope that the token lacks with what is lost, and only mentions an optional one', async () => {
  const { slack, examine } = await office();
  slack.grant('im:history', false);
  slack.grant('users.profile:read', false);

  const { code, lines } = await examine();

  expect(code).toBe(1);
  expect(without(lines, 'to do')).toEqual([
    expect.stringMatching(/Slack scopes: im:history is missing: .*install the app again/),
  ]);
  expect(without(lines, 'note')).toContainEqual(expect.stringContaining('users.profile:read, which is optional'));
});

test('an address or id in PILOT that nobody in the workspace has is told, without naming it', async () => {
  const { examine } = await office();

  const right = await examine({ PILOT: `${MAYA.email},${THEO.id}`, ADMINS: THEO.id });
  const wrong = await examine({ PILOT: `${MAYA.email},mya@nobody-may-see.example,U0GONE`, ADMINS: THEO.id });

  expect(right.code).toBe(0);
  for (const name of ['PILOT', 'ADMINS']) {
    expect(right.lines).toContain(`fine   ${name}: Slack knows the people whom it names.`);
  }
  expect(wrong.code).toBe(1);
  expect(without(wrong.lines, 'to do')).toEqual([
    'to do  PILOT: 2 of 3 people are not in the workspace: look at each address and id.',
  ]);
  const refused = await examine({ PILOT: THEO.id, SLACK_BOT_TOKEN: 'xoxb-nobody-may-see' });
  expect(refused.lines.filter((line) => line.includes('PILOT'))).toEqual([]);
});

test.each<[string, string, string]>([
  ['a client secret of other digits', 'not-hexadecimal-nobody-may-see', 'to do'],
  ['the right shape', '0123456789abcdef0123456789abcdef', 'fine '],
])('the signing secret is judged by its shape alone: %s', async (_name, secret, state) => {
  const { lines } = await (await office()).examine({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: secret });

  expect(lines).toContainEqual(expect.stringContaining(`${state}  SLACK_SIGNING_SECRET: `));
  expect(lines.join()).not.toContain(secret);
});

test('another program on the port, or behind the public address, is told from Docket', async () => {
  const { port, examine } = await office();
  const other = createServer((_request, response) => response.end('welcome')).listen(port);
  onTestFinished(() => void other.close());

  const { code, lines } = await examine();

  expect(code).toBe(1);
  expect(lines).toContainEqual(expect.stringContaining(`to do  PORT: ${port} is used by another program`));
  expect(lines).toContainEqual(expect.stringContaining("answers, but it is not this machine's Docket that does"));
});

test('a running Docket is found on its port', async () => {
  const { port, examine } = await office();
  const docket = createServer((_request, response) => response.end('ok\n')).listen(port);
  onTestFinished(() => void docket.close());

  expect(await examine()).toMatchObject({ code: 0 });
});

test('a database that others may read is told, and left as it is', async () => {
  const { folder, examine } = await office();
  const path = join(folder, 'docket.db');
  writeFileSync(path, '');
  chmodSync(path, 0o644);

  const { code, lines } = await examine();

  expect(code).toBe(1);
  expect(lines).toContainEqual(`to do  Database files: others on this machine may read them: chmod 600 ${path}`);
  expect(statSync(path).mode & 0o777).toBe(0o644);
});

test('a SQLite file that is not of Docket is left as it is', async () => {
  const { folder, examine } = await office();
  const path = join(folder, 'docket.db');
  const other = new Database(path);
  other.exec('create table theirs (id integer)');
  other.close();
  chmodSync(path, 0o600);
  const before = readFileSync(path);

  expect((await examine()).code).toBe(0);

  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a key that does not open all that is stored encrypted is told, with what it does not open', async () => {
  const { env, examine } = await office();
  const { store, close } = await openUrl(env.DATABASE_URL ?? '', { keys: [KEY] });
  const bot = { botId: 'B0', botUserId: 'U0BOT', by: 'UADA', at: 1 };
  for (const teamId of ['T1', 'T2']) await store.installs.save({ teamId, token: 'xoxb-nobody-may-see', ...bot });
  const settings = { REPLY_API_KEY: 'master-nobody-may-see' };
  await store.tools.save({ teamId: 'T1', provider: 'reply', settings, by: 'UADA', at: 1 });
  await close();

  const wrong = await examine({ ENCRYPTION_KEY: OLDER_KEY });
  const both = await examine({ ENCRYPTION_KEY: `${OLDER_KEY},${KEY}` });

  expect(wrong.code).toBe(1);
  expect(without(wrong.lines, 'to do')).toEqual([
    expect.stringContaining(
      'ENCRYPTION_KEY: opens 0 of 2 stored tokens of workspaces, 0 of 1 stored keys of tools: add',
    ),
  ]);
  expect(both.code).toBe(0);
  expect(both.lines).toContain('fine   ENCRYPTION_KEY: opens all that is stored encrypted.');
});

test('certificates that .env names are told, because Node does not read them there', async () => {
  const { env, folder, examine } = await office();
  const file = join(folder, 'corporate.pem');
  writeFileSync(file, rootCertificates[0] ?? '');
  writeFileSync(join(folder, '.env'), `NODE_EXTRA_CA_CERTS=${file}\n`);

  const fromFile = await run(`--env-file=${join(folder, '.env')}`, ['src/doctor.ts'], env);
  const fromEnvironment = await examine({ NODE_EXTRA_CA_CERTS: file });

  expect(fromFile).toMatchObject({ code: 1, error: '' });
  expect(fromFile.out).toContain('to do  NODE_EXTRA_CA_CERTS: is not in use: put it into the environment');
  expect(fromEnvironment.code).toBe(0);
  expect(fromEnvironment.lines).toContain('fine   NODE_EXTRA_CA_CERTS: is in use.');
});

test('a clock that is an hour off is told', async () => {
  const { code, lines } = await (await office()).examine({}, Date.now() + HOUR);

  expect(code).toBe(1);
  expect(lines).toContainEqual(
    expect.stringMatching(/^to do {2}Clock: is 3[56]\d\d seconds ahead of those of the services/),
  );
});

/** Answers with that status to every such request. */
const refuses = (on: string, status: number, body = '{}') =>
  ({ on, times: ALWAYS, how: { kind: 'answer', status, body } }) as const;

test("a key of Reply.io's that is no Master key is told, for every rep would get its owner's tasks", async () => {
  const { reply, examine } = await office();
  for (const [status, list] of [
    [403, '{}'],
    [200, '[]'],
  ] as const) {
    reply.clearFaults();
    reply.fail(refuses('GET /v3/whoami/team-users', status, list));
    reply.fail(refuses('GET /v3/whoami', 200, JSON.stringify({ userId: 501, username: 'Owner', teamId: 1 })));
    const { code, lines } = await examine();

    expect(code).toBe(1);
    expect(without(lines, 'to do')).toEqual([
      expect.stringContaining("Reply.io: takes REPLY_API_KEY, but it is one person's key"),
    ]);
  }
});

test.each<[string, string, number, string]>([
  ['may not read tasks', 'POST /v2/tasks', 403, 'takes GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, but not for'],
  ['has to wait', 'GET /v2/users', 429, 'asks to wait: try again in'],
  ['leads to an address without the API', 'GET /v2/users', 404, 'answers, but not as this tool'],
])("Gong's key %s: told from a key that is refused", async (_name, on, status, said) => {
  const { gong, examine } = await office();
  gong.fail(refuses(on, status));

  const { code, lines } = await examine();

  expect(code).toBe(1);
  expect(without(lines, 'to do')).toEqual([expect.stringContaining(said)]);
});

// slack.md 9.4: Slack looks at the app before the code
test('the app of the install page is tried with a code that is none; without a bot token nothing of a workspace is', async () => {
  const { slack, examine } = await office();
  const app = { clientId: '1.2', clientSecret: 'slack-secret-nobody-may-see' };
  const front = await createSlackFront([slack], { ...app, redirectUri: '', scopes: [], clock: Date.now });
  onTestFinished(() => front.close());
  const signed = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'a'.repeat(32), SLACK_API_URL: front.apiUrl };
  const given = { ...signed, SLACK_CLIENT_ID: app.clientId, SLACK_CLIENT_SECRET: app.clientSecret };
  const tools = ['GONG_ACCESS_KEY', 'GONG_ACCESS_KEY_SECRET', 'GONG_API_URL', 'GONG_FLOW_DROP_DAYS', 'REPLY_API_KEY'];
  const others = ['REPLY_API_URL', 'OUTREACH_CLIENT_ID', 'OUTREACH_CLIENT_SECRET', 'OUTREACH_API_URL'];
  const none = Object.fromEntries([...tools, ...others, 'SLACK_BOT_TOKEN'].map((name) => [name, '']));

  const alone = await examine({ ...given, ...none });
  expect(without(alone.lines, 'to do')).toEqual([]);
  expect(without(alone.lines, 'note')).toContainEqual(expect.stringContaining('SLACK_BOT_TOKEN: is not set'));
  const right = await examine(given);
  expect(without(right.lines, 'to do')).toEqual([]);
  expect(right.lines).toContain('fine   SLACK_CLIENT_ID: Slack knows the app and its secret.');
  const wrong = await examine({ ...given, SLACK_CLIENT_SECRET: 'another-nobody-may-see' });
  expect(without(wrong.lines, 'to do')).toEqual([
    expect.stringContaining('SLACK_CLIENT_ID: Slack refuses it (bad_client_secret)'),
  ]);
  expect(front.accesses).toEqual(['invalid_code', 'invalid_code', 'bad_client_secret']);
});
