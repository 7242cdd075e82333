import { connect, createServer } from 'node:net';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MONDAY_NINE, TASK_A } from './cast.ts';
import { pressOnly } from './press.ts';
import { envOf, eventually, START_WITHIN, startProcess, startReady, takeOver } from './process.ts';
import { findRow, fresh, lastMessage, patches, posted, wordsOf } from './read.ts';
import { freePort } from './simulators.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

test('bad settings end the process at once, with every problem listed and no secret told', async () => {
  const docket = await startProcess({
    SLACK_BOT_TOKEN: 'xoxb-very-secret',
    PORT: 'eighty-secret',
    DATABASE_URL: 'postgres://user:pass-secret@db.example/x',
    ENCRYPTION_KEY: 'short-secret',
    DEFAULT_DIGEST_TIME: '9 o-clock-secret',
    UNDO_WINDOW_SECONDS: 'ten-secret',
    LOG_LEVEL: 'loud-secret',
    GONG_ACCESS_KEY: 'key-secret',
  });

  expect(await docket.exit).toBe(1);

  for (const name of [
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'PORT',
    'DATABASE_URL',
    'ENCRYPTION_KEY',
    'DEFAULT_DIGEST_TIME',
    'UNDO_WINDOW_SECONDS',
    'LOG_LEVEL',
    'GONG_ACCESS_KEY_SECRET',
  ]) {
    expect(docket.output()).toContain(name);
  }
  expect(docket.output()).not.toContain('secret');
});

test('no settings at all are explained as well', async () => {
  const docket = await startProcess({});

  expect(await docket.exit).toBe(1);

  expect(docket.output()).toContain('SLACK_BOT_TOKEN is missing');
});

test('a database of a newer version, and a port that is taken: one sentence each, and no stack', async () => {
  const world = await createWorld({ start: false });
  const path = world.config.databaseUrl.slice('file:'.length);
  const first = await startReady(world, world.now());
  const second = await startProcess({ ...envOf(world), PORT: String(first.port) });
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain(`Port ${first.port} (PORT) is used by another process.`);

  first.kill('SIGTERM');
  await first.exit;
  const database = new Database(path);
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
  await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200), START_WITHIN);

  docket.kill('SIGTERM');
  await docket.exit;

  expect(docket.output()).toContain('"signal":"SIGTERM"');
  await eventually(async () => expect(await docket.status('/healthz')).toBe(undefined), 10_000);
}, 90_000);

test.each([
  ['SLACK_BOT_TOKEN', 'xoxb-1-wrong'],
  ['SLACK_APP_TOKEN', 'xapp-1-wrong'],
])('a %s that Slack refuses ends the process, and is named', async (name, token) => {
  const world = await createWorld({ start: false });
  const docket = await startProcess({ ...envOf(world), [name]: token });

  expect(await docket.exit).toBe(1);

  expect(docket.output()).toContain(`Slack refused ${name}`);
  expect(docket.output()).not.toContain(token);
});

test('Slack cannot be reached at the start: alive, not ready, and up as soon as Slack is there', async () => {
  const world = await createWorld({ start: false });
  const port = await freePort();
  const docket = await startProcess({ ...envOf(world), SLACK_API_URL: `http://127.0.0.1:${port}/api/` });

  await eventually(async () => expect(await docket.status('/healthz')).toBe(200));
  expect(await docket.status('/readyz')).toBe(503);
  await eventually(() => expect(docket.output()).toContain('Slack cannot be reached'));
  expect(await docket.status('/readyz')).toBe(503);

  await forward(port, Number(new URL(world.slack.url).port));
  await eventually(async () => expect(await docket.status('/readyz')).toBe(200));
  expect(world.slack.connected()).toBe(true);
});

async function forward(from: number, to: number): Promise<void> {
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(from, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}

test('SIGTERM while Slack cannot be reached ends the process', async () => {
  const world = await createWorld({ start: false });
  const docket = await startProcess({ ...envOf(world), SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/` });
  await eventually(async () => expect(await docket.status('/healthz')).toBe(200));
  const before = performance.now();

  docket.kill('SIGTERM');

  expect(await docket.exit).toBe(0);
  expect(performance.now() - before).toBeLessThan(5_000);
});

// contracts, rule 9: no note, no address, no credential
test('the process sends the digest at nine, and its log holds no secret', async () => {
  const world = await createWorld();
  const docket = await takeOver(world, MONDAY_NINE - 4_000);
  expect(posted(world)).toEqual([]);

  await eventually(() => expect(posted(world)).toHaveLength(1));

  expect(wordsOf(lastMessage(world))).toContain('Monday 23 November');
  for (const secret of [world.slack.botToken, world.slack.appToken, world.gong.accessKeySecret]) {
    expect(docket.output()).not.toContain(secret);
  }
});

test('SIGTERM with a call in hand: the call is finished, its outcome shown, and the process ends well in time', async () => {
  const { world, digest } = await morning();
  const docket = await takeOver(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await eventually(() => expect(patches(world)).toHaveLength(1));
  await eventually(() => expect(wordsOf(fresh(world, digest))).toContain('Marking done'));
  const before = performance.now();

  docket.kill('SIGTERM');
  setTimeout(() => world.gong.release(), 1_000);

  expect(await docket.exit).toBe(0);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('SIGTERM with a call that never ends: the process ends all the same, and the next one finishes the work', async () => {
  const { world, digest } = await morning();
  const docket = await takeOver(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hang' } });
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await eventually(() => expect(patches(world)).toHaveLength(1));
  const before = performance.now();

  docket.kill('SIGTERM');

  expect(await docket.exit).toBe(0);
  expect(performance.now() - before).toBeLessThan(10_000);
  await startReady(world, world.now() + 20_000);
  await eventually(() => expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong'));
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
}, 60_000);
