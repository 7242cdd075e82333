/** From the file to PostgreSQL in the middle of a day, by the command that docs/scale.md names, and back. */
import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createSchema, hasPostgres } from '../store/postgres.ts';
import { STEP_TASK, TASK_A, TASK_B } from './cast.ts';
import { run } from './process.ts';
import { actionsAt, patches, posted } from './read.ts';
import { afterWindow, morningOfThree } from './start.ts';
import type { World } from './world.ts';

const SILENT = { info() {}, warn() {}, error() {} };

/** Changes that Gong took. */
const changed = (world: World) => patches(world).filter(({ status }) => status === 200).length;

const move = (from: string, to: string, ...more: string[]) =>
  run('src/move.ts', ['--from', from, '--to', to, ...more], {});

async function schema(): Promise<string> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  return url;
}

/** Stops the app, moves its database, and starts the app on it. */
async function moveTo(world: World, to: string): Promise<void> {
  const from = world.config.databaseUrl;
  await world.app.stop();
  expect(await move(from, to)).toMatchObject({ code: 0, error: '' });
  Object.assign(world.config, { databaseUrl: to });
  await world.restart();
}

describe.skipIf(!hasPostgres)('from the file to PostgreSQL', () => {
  test('what was held back or waited goes out once, Undo works on older rows, no digest comes twice; and back again', async () => {
    const { world, digest } = await morningOfThree();
    const file = world.config.databaseUrl;
    await digest.press('Whitfield 001', 'Done');
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    // Gong is away, and what Outreach cannot take back waits for the undo window.
    world.gong.fail({ times: 1_000, how: { kind: 'answer', status: 500 } });
    await digest.press('Whitfield 002', 'Dismiss');
    await digest.press('Ines Calder', 'Done');
    expect([changed(world), actionsAt(world)]).toEqual([1, []]);
    world.gong.recover();

    await moveTo(world, await schema());
    const second = createApp(world.config, SILENT, { clock: world.now, random: () => 0.5 });
    onTestFinished(() => second.stop());
    await second.start();
    await Promise.all([afterWindow(world), second.tick()]);
    await second.idle();
    await world.pass(60_000, 5);
    await second.stop();

    expect(world.gong.task(TASK_B)?.status).toBe('DISMISSED');
    expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
    expect([changed(world), actionsAt(world)]).toEqual([2, [expect.stringContaining(STEP_TASK)]]);
    expect(posted(world)).toHaveLength(1);
    await digest.press('Whitfield 001', 'Undo');
    expect(world.gong.task(TASK_A)?.status).toBe('OPEN');

    await moveTo(world, `${file}.back`);
    await digest.press('Whitfield 001', 'Done');
    await afterWindow(world);
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    expect([changed(world), actionsAt(world).length, posted(world).length]).toEqual([4, 1, 1]);
  });

  test('a password is never printed, and what is wrong is said in one line', async () => {
    const { world } = await morningOfThree({ signedIn: [] });
    const from = world.config.databaseUrl;
    const refused = async (to: string, said: string, ...more: string[]) => {
      const { code, out, error } = await move(from, to, ...more);
      expect([code, `${out}${error}`.includes('hunter2'), error]).toEqual([1, false, expect.stringContaining(said)]);
      expect(error).toMatch(/^Nothing was moved\. .*\n$/);
    };

    await refused('postgres://docket:hunter2@127.0.0.1:1/docket', '(--from) is in use. Stop every process');
    await world.app.stop();
    await refused('postgres://docket:hunter2@127.0.0.1:1/docket', '127.0.0.1:1/docket (--to) cannot be reached');
    await refused('mysql://docket:hunter2@127.0.0.1/docket', '--to must be a file: or postgres: address');
    await refused('postgres://docket:hunter2@127.0.0.1', '--to must be a file: or postgres: address');
    await refused('file:other.db', 'Both are files');
    await refused('postgres://docket:hunter2@127.0.0.1/docket', 'Say from where and to where', '--force');
    await refused('file::memory:', '--to must be');
    expect(existsSync('other.db')).toBe(false);
    expect((await move(`${from}.no`, await schema())).error).toContain(`no database at ${from.slice(5)}.no (--from)`);
  });
});
