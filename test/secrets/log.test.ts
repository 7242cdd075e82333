/** What libraries hang on their errors, through the real logger. */
import Database from 'better-sqlite3';
import { FetchError } from 'ofetch';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ProviderError } from '../../src/core/model/errors.ts';
import { createLog, secretsOf } from '../../src/log.ts';
import { SILENT } from '../sandbox/slack/harness.ts';
import { createTap, echo } from './taps.ts';

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

const headers = { authorization: `Bearer ${SECRET}`, 'x-api-key': SECRET };

test.each([
  [
    'headers and settings',
    { headers, config: { headers, url: SECRET }, request: { headers }, response: { body: SECRET } },
  ],
  ['an own toJSON', { toJSON: () => ({ headers }) }],
  ['names of its own', { client: { token: SECRET }, options: { key: SECRET }, data: { form: SECRET }, input: SECRET }],
  ['a code that is no code', { code: { token: SECRET }, status: [SECRET], reference: { SECRET } }],
])('the log keeps nothing of what hangs on an error: %s', (_name, extras) => {
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
])('the log hides it in a text, and leaves a line of JSON: %s', (text) => {
  const line = written({ err: new Error(text, { cause: text }), from: text, deep: { list: [text] } }, text);

  expect(line).not.toContain(SECRET);
  expect(JSON.parse(line)).toMatchObject({ level: 50, err: { type: 'Error' } });
});

test('the log hides the settings wherever they stand', () => {
  const known = secretsOf({
    slack: { botToken: 'the-bot-token-x', signingSecret: 'the-signing-secret', apiUrl: 'https://slack.example/api/' },
    install: { clientId: '1.2', clientSecret: 'the-client-secret' },
    encryptionKeys: ['the-encryption-key='],
    providers: new Map([['gong', { GONG_ACCESS_KEY_SECRET: 'the-gong-secret', GONG_API_URL: 'https://gong.example' }]]),
  } as never);
  const lines: string[] = [];
  const log = createLog('info', known, { write: (line) => void lines.push(line) });
  log.info({ at: 'https://gong.example', all: known }, known.join());
  const text = lines.join('');

  expect(known).toHaveLength(5);
  for (const secret of known) expect(text).not.toContain(secret);
  expect(text).toContain('https://gong.example');
});

test('the log stays JSON where a field has the name of a secret', () => {
  const fields = { response_url: null, trigger_id: 12.5, password: true, authorization: [1, 2], access_token: {} };

  expect(JSON.parse(written({ fields }))).toMatchObject({ msg: 'it failed' });
});

test('the log keeps what an operator needs', () => {
  const cause = withExtras(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const told = { kind: 'unavailable', operation: 'PATCH /v2/tasks/{id}', status: 502, reference: 'r-1' } as const;
  const requestUrl = 'https://docket.example/slack/events';
  const line = JSON.parse(written({ err: new ProviderError({ provider: 'gong', ...told, cause }), requestUrl }));

  const err = { type: 'ProviderError', ...told, causes: [{ code: 'ECONNREFUSED' }] };
  expect(line).toMatchObject({ err, requestUrl });
  expect(line.err.stack).toContain('log.test.ts');
});

test('the log shows nothing of errors of the libraries that are used, with a secret at every place', async () => {
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
    await thrownBy(() => ofetch(`${tap.url}/x?key=${SECRET}`, { headers, method: 'POST', body: { SECRET }, retry: 0 })),
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
