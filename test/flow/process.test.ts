import { connect, createServer } from 'node:net';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MONDAY_NINE, TASK_A } from './cast.ts';
import { APP, consentTo, createInstallable, openBrowser } from './installable.ts';
import { pressOnly, type } from './press.ts';
import { type DocketProcess, envOf, eventually, START_WITHIN, startProcess, startReady, takeOver } from './process.ts';
import { patches, posted, wordsOf } from './read.ts';
import { freePort } from './simulators.ts';
import { morning } from './start.ts';
import { OTHER_TEAM } from './workspaces.ts';
import { createWorld } from './world.ts';

/** Waits until the process answers there with that; with nothing once it is gone. */
const answers = (docket: DocketProcess, path: string, status: number | undefined) =>
  eventually(async () => expect(await docket.status(path), docket.output()).toBe(status), START_WITHIN);

test('bad settings end the process at once, with every problem listed and no secret told', async () => {
  const docket = await startProcess({
    SLACK_BOT_TOKEN: 'xoxb-very-secret',
    DATABASE_URL: 'mysql://user:pass-secret@db.example/x',
    ENCRYPTION_KEY: 'short-secret',
    GONG_ACCESS_KEY: 'key-secret',
  });

  expect(await docket.exit).toBe(1);

  for (const name of ['SLACK_APP_TOKEN', 'DATABASE_URL', 'ENCRYPTION_KEY', 'GONG_ACCESS_KEY_SECRET']) {
    expect(docket.output()).toContain(name);
  }
  expect(docket.output()).not.toContain('secret');
});

test('a database of a newer version, and a port that is taken: one sentence each, and no stack', async () => {
  const world = await createWorld({ start: false });
  const first = await startReady(world, world.now());
  const second = await startProcess({ ...envOf(world), PORT: String(first.port) });
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain(`Port ${first.port} (PORT) is used by another process.`);

  first.kill('SIGTERM');
  await first.exit;
  const database = new Database(world.config.databaseUrl.slice('file:'.length));
  database.exec("insert into kysely_migration (name, timestamp) values ('999_later', '2030-01-01T00:00:00Z')");
  database.close();
  const older = await startProcess(envOf(world));
  expect(await older.exit).toBe(1);
  expect(older.output()).toContain('was written by a newer version of Docket (999_later)');

  for (const { output } of [second, older]) expect(output()).not.toMatch(/\bat .*\.ts:\d+/);
}, 90_000);

test('a signal to npm reaches Docket: it stops in order, and leaves its port', async () => {
  const world = await createWorld({ start: false });
  const docket = await startProcess(envOf(world), undefined, [], 'npm start');
  await answers(docket, '/readyz', 200);

  docket.kill('SIGTERM');
  await docket.exit;

  expect(docket.output()).toContain('"signal":"SIGTERM"');
  await answers(docket, '/healthz', undefined);
}, 90_000);

test('a token that Slack refuses, of either kind, ends the process, and is named', async () => {
  const world = await createWorld({ start: false });

  for (const [name, token] of [
    ['SLACK_BOT_TOKEN', 'xoxb-1-wrong'],
    ['SLACK_APP_TOKEN', 'xapp-1-wrong'],
  ] as const) {
    const docket = await startProcess({ ...envOf(world), [name]: token });
    expect(await docket.exit).toBe(1);
    expect(docket.output()).toContain(`Slack refused ${name}`);
    expect(docket.output()).not.toContain(token);
  }
}, 60_000);

test('Slack cannot be reached at the start: alive, not ready, ended by SIGTERM; and up as soon as Slack is there', async () => {
  const world = await createWorld({ start: false });
  const slackPort = await freePort();
  const env = { ...envOf(world), SLACK_API_URL: `http://127.0.0.1:${slackPort}/api/` };
  const first = await startProcess(env);
  await answers(first, '/healthz', 200);
  const before = performance.now();
  first.kill('SIGTERM');
  expect(await first.exit).toBe(0);
  expect(performance.now() - before).toBeLessThan(5_000);

  const docket = await startProcess(env);
  await answers(docket, '/healthz', 200);
  await eventually(() => expect(docket.output()).toContain('Slack cannot be reached'));
  expect(await docket.status('/readyz')).toBe(503);

  await forward(slackPort, Number(new URL(world.slack.url).port));
  await answers(docket, '/readyz', 200);
  expect(world.slack.connected()).toBe(true);
}, 90_000);

async function forward(from: number, to: number): Promise<void> {
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(from, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}

// contracts, rule 9: no note, no address, no credential
test('the process sends the digest at nine, and its log holds no secret', async () => {
  const world = await createWorld();
  const docket = await takeOver(world, MONDAY_NINE - 4_000);
  expect(posted(world)).toEqual([]);

  await eventually(() => expect(posted(world)).toHaveLength(1));

  expect(wordsOf(posted(world)[0])).toContain('Monday 23 November');
  for (const secret of [world.slack.botToken, world.slack.appToken, world.gong.accessKeySecret]) {
    expect(docket.output()).not.toContain(secret);
  }
});

test.each([
  ['is finished, and its outcome shown', 'hold'],
  ['never ends is left to the next process', 'hang'],
] as const)(
  'SIGTERM with a call in hand: the process ends well in time; a call that %s',
  async (_name, kind) => {
    const { world, digest } = await morning();
    const docket = await takeOver(world);
    world.gong.fail({ on: 'PATCH', how: { kind } });
    await pressOnly(world, digest, 'Whitfield 001', 'Done');
    await eventually(() => expect(patches(world)).toHaveLength(1));
    await eventually(() => expect(digest.words()).toContain('Marking done'));
    const before = performance.now();

    docket.kill('SIGTERM');
    if (kind === 'hold') setTimeout(() => world.gong.release(), 1_000);

    expect(await docket.exit).toBe(0);
    expect(performance.now() - before).toBeLessThan(10_000);
    if (kind === 'hang') await startReady(world, world.now() + 20_000);
    const shown = () => expect(digest.row('Whitfield 001').text).toContain('Marked done in Gong');
    await (kind === 'hang' ? eventually(shown) : shown());
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  },
  60_000,
);

test('the bundle does what the sources do: it is ready, a click changes the task, and its row says so', async () => {
  const { world, digest } = await morning();
  await world.app.stop();
  const docket = await startProcess(envOf(world), world.now(), [], 'bundle');
  await answers(docket, '/readyz', 200);

  await pressOnly(world, digest, 'Whitfield 001', 'Done');

  await eventually(() => expect(digest.row('Whitfield 001').text).toContain('Marked done in Gong'));
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  docket.kill('SIGTERM');
  expect(await docket.exit, docket.output()).toBe(0);
}, 90_000);

test('the bundle has an install page: a workspace that installs the app there is served', async () => {
  const { world, other, config } = await createInstallable();
  await world.app.stop();
  const { clientId, clientSecret } = APP;
  const env = {
    ...envOf(world),
    SLACK_APP_TOKEN: '',
    SLACK_SIGNING_SECRET: world.slack.signingSecret,
    SLACK_CLIENT_ID: clientId,
    SLACK_CLIENT_SECRET: clientSecret,
    SLACK_API_URL: config.slack.apiUrl,
    PUBLIC_URL: world.publicUrl,
  };
  const docket = await startProcess(env, world.now(), [], 'bundle');
  await answers(docket, '/readyz', 200);
  const browser = openBrowser();

  const done = await browser.get(await consentTo(world, browser));
  const cancelled = await browser.get(await consentTo(world, browser, 'cancel'));

  expect(done, docket.output()).toMatchObject({
    status: 200,
    text: expect.stringContaining(`Docket is in Team ${OTHER_TEAM}`),
  });
  expect(cancelled).toMatchObject({ status: 200, text: expect.stringContaining('You did not allow it') });
  await eventually(() => expect(docket.output()).toContain(OTHER_TEAM));
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
}, 90_000);
