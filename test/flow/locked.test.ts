/** Another process holds the database for seconds, as a backup tool or somebody's shell may. Time is real here. */
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gongTask, MAYA, TASK_A, TASK_B, THEO } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { lastMessage, patches } from './read.ts';
import { createWorld, type World } from './world.ts';

async function createRealWorld(): Promise<World> {
  const now = Date.now();
  const tasks = [TASK_A, TASK_B].map((id) => gongTask({ id }, now));
  return createWorld({ now, tasks, overrides: { clock: Date.now } });
}

function lock(world: World): { free(): void } {
  const other = new Database(fileURLToPath(world.config.databaseUrl.replace('file:', 'file://')));
  onTestFinished(() => void other.close());
  other.exec('begin immediate');
  return { free: () => void other.exec('rollback') };
}

async function health(world: World): Promise<number> {
  const before = performance.now();
  expect(await world.status('/healthz')).toBe(200);
  return performance.now() - before;
}

test('a click that cannot be recorded is not acknowledged, says so, and changes nothing; others are served, and a second press counts', async () => {
  const world = await createRealWorld();
  const list = await type(world, '');
  const locked = lock(world);

  const pressed = pressOnly(world, list, 'Whitfield 001', 'Done');
  const waits: number[] = [];
  let over = false;
  void pressed.finally(() => {
    over = true;
  });
  while (!over) waits.push(await health(world));
  expect((await pressed).acked).toBe(false);
  await vi.waitFor(() => expect(lastMessage(world)?.text).toMatch(/could not record this, so nothing was changed/), {
    timeout: 5_000,
  });
  // Reading needs no lock.
  expect((await world.slack.command(THEO.id, '/tasks', 'help')).acked).toBe(true);
  await vi.waitFor(() => expect(lastMessage(world, THEO)?.text).toContain('What you can type'), { timeout: 5_000 });
  locked.free();
  await world.idle();

  expect(Math.max(...waits)).toBeLessThan(1_500);
  expect(patches(world)).toEqual([]);
  const { fields } = world.lines.find(({ message }) => message === 'could not record') ?? {};
  expect(lastMessage(world)?.text).toContain(String((fields as { reference?: string }).reference));
  await list.press('Whitfield 001', 'Done');
  expect(patches(world)).toHaveLength(1);
  expect(list.row('Whitfield 001').text).toContain('Marked done in Gong');
}, 30_000);

test('a click that meets a short lock is recorded and acknowledged all the same; a list waits for a longer one', async () => {
  const world = await createRealWorld();
  const list = await type(world, '');
  const short = lock(world);
  setTimeout(() => short.free(), 600);

  await list.press('Whitfield 002', 'Dismiss');
  expect(patches(world)).toHaveLength(1);

  const long = lock(world);
  setTimeout(() => long.free(), 4_000);
  await type(world, '');
  await world.idle();
  expect(world.slack.messages(MAYA.id).length).toBeGreaterThan(1);
}, 30_000);

test('a typed verb that cannot be recorded is not acknowledged, says so, and changes nothing', async () => {
  const world = await createRealWorld();
  await type(world, '');
  const locked = lock(world);

  const { acked } = await world.slack.command(MAYA.id, '/tasks', 'done 1');

  expect(acked).toBe(false);
  const told = () =>
    world.slack
      .messages(MAYA.id)
      .map(({ text }) => text)
      .join('\n');
  await vi.waitFor(() => expect(told()).toContain('could not record this, so nothing was changed'), { timeout: 5_000 });
  locked.free();
  await world.idle();
  expect(patches(world)).toEqual([]);
});
