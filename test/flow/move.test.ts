/** From the file to PostgreSQL in the middle of a day, by the command that docs/scale.md names, and back. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { MANUAL_TASK, STEP_TASK, TASK_A } from './cast.ts';
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
  takeTurnsOnServer();
  test('what was held back or waited goes out once, Undo works on older rows, no digest comes twice; and back again', async () => {
    // First, so that it is dropped last.
    const to = await schema();
    const { world, digest } = await morningOfThree();
    const file = world.config.databaseUrl;
    const dueBefore = world.outreach.task(MANUAL_TASK)?.dueAt;
    await digest.press('Bo Tanaka', 'Snooze', 'Tomorrow');
    // Gong is away, and what Outreach cannot take back waits for the undo window.
    world.gong.fail({ times: 1_000, how: { kind: 'answer', status: 500 } });
    await digest.press('Whitfield 001', 'Dismiss');
    await digest.press('Ines Calder', 'Done');
    expect([changed(world), actionsAt(world).length]).toEqual([0, 1]);
    world.gong.clearFaults();

    await moveTo(world, to);
    const second = createApp({ ...world.config, port: 0 }, SILENT, { clock: world.now, random: () => 0.5 });
    onTestFinished(() => second.stop());
    await second.start();
    await Promise.all([afterWindow(world), second.tick()]);
    await second.idle();
    await world.pass(60_000, 5);
    await second.stop();

    expect(world.gong.task(TASK_A)?.status).toBe('DISMISSED');
    expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
    expect([changed(world), actionsAt(world).length, posted(world).length]).toEqual([1, 2, 1]);
    await digest.press('Bo Tanaka', 'Undo');
    expect(world.outreach.task(MANUAL_TASK)?.dueAt).toBe(dueBefore);

    await moveTo(world, `${file}.back`);
    await digest.press('Whitfield 001', 'Undo');
    await afterWindow(world);
    expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
    expect([changed(world), actionsAt(world).length, posted(world).length]).toEqual([2, 3, 1]);
  });

  test('what is wrong is said in one line, without the password, and fails', async () => {
    const { code, out, error } = await move('file:docket.db', 'postgres://docket:hunter2@127.0.0.1/docket', '--force');

    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(/^Nothing was moved\. Say from where and to where: npm run move -- --from .*\n$/);
    expect(error).not.toContain('hunter2');
  });
});
