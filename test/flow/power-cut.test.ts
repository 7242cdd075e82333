/** Invariant 1 when the machine dies, and not only the process: what was written and not synced is gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openUrl } from '../store/open.ts';
import { MAYA, manyTasks } from './cast.ts';
import { watchDisk } from './disk.ts';
import { press, pressOnly, type } from './press.ts';
import { mustBe, patches } from './read.ts';
import { afterWindow, morning, morningOfThree } from './start.ts';
import type { World } from './world.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docket-cut-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const pathOf = ({ config }: World) => config.databaseUrl.slice('file:'.length);

/** Cuts the power now, and starts Docket from what is left. */
async function cutPower(world: World, disk: ReturnType<typeof watchDisk>): Promise<{ lost: number }> {
  const path = join(emptyFolder(), 'left.db');
  const lost = disk.cut(pathOf(world), path);
  await world.restart(0, { ...world.config, databaseUrl: `file:${path}` });
  return { lost };
}

/** What Maya's rows hold in a copy: the task ids with an action whose job is there too. */
async function recordedIn(teamId: string, path: string): Promise<string[]> {
  const { store, queue, close } = await openUrl(`file:${path}`);
  const actions = await store.ledger.history({ teamId, userId: MAYA.id }, { since: 0, limit: 99 });
  const found: string[] = [];
  for (const { id, taskId, attempts } of actions) {
    if (await queue.knows(`perform:${id}:${attempts}`)) found.push(taskId);
  }
  await close();
  return found;
}

test('a power cut at the moment of an acknowledgement loses no click that was acknowledged, one alone or many at once', async () => {
  const disk = watchDisk();
  const tasks = manyTasks(6);
  const { world, digest } = await morning({ tasks });
  const folder = emptyFolder();
  const pressed = tasks.map(async ({ id }, n) => {
    const { acked } = await pressOnly(world, digest, `Whitfield ${100 + n}`, 'Done');
    const path = join(folder, `${n}.db`);
    disk.cut(pathOf(world), path);
    return { id: String(id), acked, path };
  });
  for (const { id, acked, path } of await Promise.all(pressed)) {
    expect(acked).toBe(true);
    expect(await recordedIn(world.slack.teamId, path)).toContain(id);
  }
  await world.idle();
});

test('after a power cut what had been sent to a tool is not sent again, and the row says what became of it', async () => {
  const disk = watchDisk();
  const { world, digest } = await morning({ tasks: manyTasks(3) });
  await digest.press('Whitfield 100', 'Done');
  await digest.press('Whitfield 101', 'Dismiss');
  await digest.press('Whitfield 102', 'Snooze', 'tomorrow');
  const sent = patches(world).length;

  const { lost } = await cutPower(world, disk);
  expect(lost).toBeGreaterThan(0);
  await world.pass(20_000);

  // Gong's change carries absolute values, so the last one may have been repeated; nothing else was.
  const again = patches(world).slice(sent);
  expect(again.length).toBeLessThanOrEqual(1);
  for (const { path, body } of again)
    expect(patches(world).slice(0, sent)).toContainEqual(expect.objectContaining({ path, body }));
  const list = await type(world, 'history');
  for (const row of ['Whitfield 100', 'Whitfield 101', 'Whitfield 102']) expect(list.words()).toContain(row);
});

test('after a power cut what no tool can take back has happened once, in all three tools', async () => {
  const disk = watchDisk();
  const { world, digest } = await morningOfThree();
  const rows = digest
    .rows()
    .slice(0, 3)
    .map(({ text }) => mustBe(text.split('\n')[0]));
  for (const row of rows) await press(world, digest.now(), row, 'Done');
  await afterWindow(world);
  const sent = changesOf(world);
  await cutPower(world, disk);
  await world.pass(20_000);
  expect(changesOf(world)).toBe(sent);
});

/** Requests that changed something, at any tool. */
function changesOf({ gong, outreach, reply }: World): number {
  const all = [gong, outreach, reply].flatMap(
    ({ requests }) => requests as readonly { method: string; path: string }[],
  );
  return all.filter(({ method, path }) => method !== 'GET' && !/\/v2\/tasks$|token|webhooks/.test(path)).length;
}
