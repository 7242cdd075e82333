/** An `ENCRYPTION_KEY` that is wrong, or lost: good tokens outlive the first, and the second has a way back. */
import { expect, test } from 'vitest';
import { MAYA, THEO } from './cast.ts';
import { type } from './press.ts';
import { envOf, run, startProcess } from './process.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { browseModal, signIn } from './sign-in.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');
const NONE = 'ENCRYPTION_KEY opens none of 2 stored sign-ins';
const SOME = 'ENCRYPTION_KEY does not open all stored sign-ins';
const BY_YOU = '*Outreach*: connected by you';
const keyOf = ({ config }: World) => mustBe(config.encryptionKeys[0]);
const restartWith = (world: World, ...encryptionKeys: string[]) =>
  world.restart(120_000, { ...world.config, encryptionKeys });
const warnings = ({ lines }: World) => lines.filter(({ message }) => message.startsWith(SOME));
const accounts = async (world: World, who = MAYA) => (await type(world, 'connect', who)).words();
const twoSignedIn = () => createThree({ signedIn: [MAYA, THEO] });

/** As `npm run forget-sign-ins` runs it. */
async function forget(world: World, key: string, ...args: string[]) {
  const { code, out, error } = await run('src/forget.ts', args, { ...envOf(world), ENCRYPTION_KEY: key }, world.now());
  return { code, output: out + error };
}

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
  await browseModal(world);

  await restartWith(world, OTHER_KEY);
  expect(warnings(world)).toMatchObject([{ level: 'warn', fields: { stored: 2, unreadable: 1 } }]);
  expect(await accounts(world, THEO)).toContain('Sign in again');
  expect(await accounts(world)).toContain(BY_YOU);

  await restartWith(world, OTHER_KEY, keyOf(world));
  expect(await accounts(world, THEO)).toContain(BY_YOU);
  // Where Outreach is not set up no key is missed, whatever is stored.
  const providers = new Map([...world.config.providers].filter(([id]) => id !== 'outreach'));
  await world.restart(0, { ...world.config, providers, encryptionKeys: [Buffer.alloc(32, 8).toString('base64')] });
  expect(warnings(world)).toHaveLength(1);
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
