/** Out of office by Slack status: the choice, what becomes of the morning, and an app without the scope. */
import { expect, test } from 'vitest';
import { DAY, MAYA, MONDAY_NINE } from './cast.ts';
import { answered, digestOf, submit, type } from './press.ts';
import { modalOf, posted, wordsOf } from './read.ts';
import { windowWords } from './windows.ts';
import { createWorld, type World } from './world.ts';

const ON_LEAVE = { ...MAYA, status: { emoji: ':palm_tree:', text: 'Vacationing' } };
const NONE_CAME = 'This morning none came: your Slack status said that you are out of office.';

async function open(world: World): Promise<string> {
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  return windowWords(world);
}

/** Ticks the box, or leaves it; `undefined`: the window has none. */
async function save(world: World, follows: boolean | undefined): Promise<string> {
  const days = [1, 2, 3, 4, 5].map((day) => ({ value: String(day) }));
  await submit(world, {
    settings_time: { selected_time: '09:00' },
    settings_days: { selected_options: days },
    settings_zone: { selected_option: { value: 'slack' } },
    settings_country: { selected_option: { value: 'none' } },
    settings_pause: { selected_date: null },
    ...(follows !== undefined && {
      settings_status: { selected_options: follows ? [{ value: 'status' }] : [] },
    }),
  });
  return windowWords(world);
}

/** Slack names the token's scopes with its next answer. */
async function installedAnew({ slack, idle }: World, granted: boolean): Promise<void> {
  slack.grant('users.profile:read', granted);
  await slack.openHome(MAYA.id);
  await idle();
}

const asked = ({ slack }: World) => slack.calls.filter(({ method }) => method === 'users.profile.get').length;

test('who chose it gets no digest while their status says so, reads why, and gets the next one when they are back', async () => {
  const world = await createWorld({ users: [ON_LEAVE] });
  await open(world);
  expect(JSON.stringify(modalOf(world))).toContain('What counts: the emoji of a palm tree');
  expect(await save(world, true)).toContain('No digest comes while your Slack status says that you are out of office.');

  await world.passTo(MONDAY_NINE);

  expect(posted(world)).toEqual([]);
  expect(wordsOf(await type(world, 'status'))).toContain(NONE_CAME);
  await world.slack.setUser(MAYA);
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(1);
  const status = wordsOf(await type(world, 'status'));
  expect(status).not.toContain(NONE_CAME);
  expect(status).toContain('No digest comes while your Slack status says');
  expect(asked(world)).toBe(2);
});

test('who did not choose it, or no longer, gets the digest, and nobody reads their status', async () => {
  const world = await createWorld({ users: [ON_LEAVE] });
  await open(world);
  await save(world, true);
  await open(world);
  expect(JSON.stringify(modalOf(world))).toContain('"initial_options":[{"text":{"type":"plain_text","text":"Not while');
  await save(world, false);

  await digestOf(world);

  expect(asked(world)).toBe(0);
});

test('an app without the scope says how to get it, keeps what was chosen, sends the digest, and has nothing wrong with it', async () => {
  const world = await createWorld({ users: [ON_LEAVE], start: false });
  world.slack.grant('users.profile:read', false);
  await world.app.start();
  await world.idle();
  expect(await open(world)).toContain('adds the scope `users.profile:read`');
  expect(JSON.stringify(modalOf(world))).not.toContain('settings_status');
  await installedAnew(world, true);
  await open(world);
  await save(world, true);

  await installedAnew(world, false);
  await open(world);
  await save(world, undefined);
  await digestOf(world);

  expect(wordsOf(await type(world, 'status'))).toContain('Digests come whatever your Slack status says');
  await world.pass(DAY, 2);
  expect(posted(world)).toHaveLength(3);
  expect(asked(world)).toBe(0);
  expect(await world.status('/readyz')).toBe(200);
  expect(world.lines.filter(({ message }) => message.startsWith('cannot read Slack statuses'))).toHaveLength(1);
  await installedAnew(world, true);
  expect(wordsOf(await type(world, 'status'))).toContain('No digest comes while');
});
