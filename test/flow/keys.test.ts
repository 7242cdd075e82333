/** An `ENCRYPTION_KEY` that is wrong, or lost: good tokens outlive the first, and the second has a way back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MAYA, MAYA_OUTREACH, THEO } from './cast.ts';
import { type } from './press.ts';
import { envOf, startProcess } from './process.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { browse, linkOf, signIn } from './sign-in.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLOCK = new URL('./shift-clock.ts', import.meta.url);
const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');
const keyOf = ({ config }: World) => mustBe(config.encryptionKeys[0]);
const NONE = 'ENCRYPTION_KEY opens none of 2 stored sign-ins';
const SOME = 'ENCRYPTION_KEY does not open all stored sign-ins';

/** As `npm run forget-sign-ins` runs it, without the `.env` of whoever tests. */
async function forget(world: World, key: string, ...args: string[]) {
  const clock = { NODE_OPTIONS: `--import ${CLOCK.href}`, CLOCK_OFFSET_MS: String(world.now() - Date.now()) };
  const env = { PATH: process.env.PATH, ...envOf(world), ...clock, ENCRYPTION_KEY: key };
  const child = spawn(process.execPath, ['src/forget.ts', ...args], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const [code]: (number | null)[] = await once(child, 'close');
  return { code, output };
}

async function twoSignedIn(): Promise<World> {
  const world = await createThree();
  await signIn(world, THEO);
  return world;
}

const restartWith = (world: World, ...encryptionKeys: string[]) =>
  world.restart(120_000, { ...world.config, encryptionKeys });
const warnings = ({ lines }: World) => lines.filter(({ message }) => message.startsWith(SOME));

test('a key that opens none of the stored sign-ins ends the start, in one sentence that names it', async () => {
  const world = await twoSignedIn();
  await world.app.stop();

  const wrong = await startProcess({ ...envOf(world), ENCRYPTION_KEY: OTHER_KEY }, world.now());

  expect(await wrong.exit).toBe(1);
  expect(wrong.output()).toContain(NONE);
  for (const key of [OTHER_KEY, keyOf(world)]) expect(wrong.output()).not.toContain(key);
  // With the right one everything is as it was, and nobody was told anything.
  await restartWith(world, keyOf(world));
  expect((await type(world, '')).rows()).toHaveLength(5);
  expect(posted(world).map(wordsOf).join()).not.toContain('connection has ended');
  expect(warnings(world)).toEqual([]);
});

test('a key that opens some is a warning with the counts; the others come back with their key', async () => {
  const world = await twoSignedIn();
  await restartWith(world, OTHER_KEY, keyOf(world));
  await (await type(world, 'connect')).button('Sign in again');
  const modal = mustBe(world.slack.modal(MAYA.id));
  await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), MAYA_OUTREACH);
  await world.idle();

  await restartWith(world, OTHER_KEY);
  expect(warnings(world)).toMatchObject([{ level: 'warn', fields: { stored: 2, unreadable: 1 } }]);
  expect((await type(world, 'connect', THEO)).words()).toContain('Sign in again');
  expect((await type(world, 'connect')).words()).toContain('*Outreach*: connected by you');

  await restartWith(world, OTHER_KEY, keyOf(world));
  expect(warnings(world)).toHaveLength(1);
  expect((await type(world, 'connect', THEO)).words()).toContain('*Outreach*: connected by you');
});

test('where Outreach is not set up no key is missed, whatever is stored', async () => {
  const world = await twoSignedIn();
  const providers = new Map([...world.config.providers].filter(([id]) => id !== 'outreach'));

  await world.restart(0, { ...world.config, providers, encryptionKeys: [OTHER_KEY] });

  expect(warnings(world)).toEqual([]);
});

test('a key that is lost: what it sealed is forgotten when that is asked for, and those reps are told', async () => {
  const world = await twoSignedIn();
  await world.app.stop();

  const asked = await forget(world, OTHER_KEY);
  expect(asked).toMatchObject({ code: 0, output: expect.stringContaining('opens 0 of 2 stored sign-ins') });
  expect(asked.output).toContain('npm run forget-sign-ins -- --yes');
  expect((await forget(world, OTHER_KEY, '--no')).code).toBe(1);
  expect((await forget(world, keyOf(world), '--yes')).output).toContain('There is nothing to forget');
  await expect(restartWith(world, OTHER_KEY)).rejects.toThrow(NONE);

  expect((await forget(world, OTHER_KEY, '--yes')).output).toContain('The other 2 are forgotten');
  await restartWith(world, OTHER_KEY);
  for (const who of [MAYA, THEO]) {
    expect(world.slack.messages(who.id).map(wordsOf).join()).toContain('Your Outreach connection has ended');
  }
  expect((await signIn(world, MAYA, 'Sign in to Outreach again')).text).toContain('Outreach is connected');
}, 120_000);
