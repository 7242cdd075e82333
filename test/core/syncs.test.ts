/** When a start has everyone read: not because it is a start, but because nobody has done so lately with these settings. */
import { expect, test } from 'vitest';
import { syncAtStart } from '../../src/core/daily.ts';
import { createDocket, type Docket, HOUR } from './docket.ts';
import { member } from './people/members.ts';

const MINUTE = 60_000;
const start = ({ deps }: Docket, mark = 'settings 1', teamId = 'T1') =>
  syncAtStart({ ...deps, syncMark: () => mark }, teamId);
const asked = async ({ deps }: Docket) =>
  (await deps.queue.backlog(deps.clock())).find(({ kind }) => kind === 'link')?.jobs ?? 0;
const read = ({ logged }: Docket) => logged.filter(({ line }) => line.endsWith('reps linked')).length;

test('processes that start together have everyone read once, each workspace for itself', async () => {
  const docket = await createDocket();

  for (const _ of [1, 2, 3]) await start(docket);
  expect(await asked(docket)).toBe(1);
  await start(docket, 'settings 1', 'T2');

  expect(await asked(docket)).toBe(2);
});

test('a start within a day of a finished reading asks for none, and one after it does', async () => {
  const docket = await createDocket();
  await start(docket);
  await docket.work();
  expect(read(docket)).toBe(1);

  docket.pass(24 * HOUR);
  await start(docket);
  expect(await asked(docket)).toBe(0);
  docket.pass(HOUR);
  await start(docket);

  expect(await asked(docket)).toBe(1);
});

test('other settings have everyone read at once, and so does their way back', async () => {
  const docket = await createDocket();
  await docket.deps.store.workspaces.noteSync('T1', { at: docket.deps.clock() - MINUTE, mark: 'settings 1' });

  await start(docket, 'settings 2');
  expect(await asked(docket)).toBe(1);
  await docket.deps.store.workspaces.noteSync('T1', { at: docket.deps.clock(), mark: 'settings 2' });
  await start(docket, 'settings 2');
  expect(await asked(docket)).toBe(1);
  await start(docket, 'settings 1');
  expect(await asked(docket)).toBe(2);
  await docket.deps.store.workspaces.noteSync('T1', { at: docket.deps.clock() + 1, mark: 'settings 1' });

  await start(docket, 'settings 2');
  expect(await asked(docket)).toBe(3);
});

test('a reading that failed is asked for again by a start ten minutes later', async () => {
  const docket = await createDocket();
  docket.members.push(member('UCAT', 'cat@x.example'));
  docket.provider.usersTrouble.push({ kind: 'auth' });
  await start(docket);
  await docket.work();
  expect(docket.lines).toContain('error job failed');
  expect(await docket.deps.store.workspaces.lastSync('T1')).toBeUndefined();

  await start(docket);
  expect(await asked(docket)).toBe(0);
  docket.pass(10 * MINUTE);
  await start(docket);
  await docket.work();

  expect(read(docket)).toBe(1);
});
