/** The first five minutes of a rep: a welcome, Connect, the first digest. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { DAY, MAYA, MINUTE, MONDAY_NINE } from './cast.ts';
import { answered, openHome, type Shown, show, type } from './press.ts';
import { fresh, homeOf, mustBe, posted, textOf } from './read.ts';
import { browseModal } from './sign-in.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

const HELLO = '*Hello from Docket.*';
const strangers = () => createThree({ strangers: true, signedIn: [] });

async function welcomeOf(world: World): Promise<Shown> {
  await world.pass(MINUTE);
  return show(world, mustBe(posted(world).find(({ text }) => text.startsWith(HELLO))));
}

function buttonOf(message: Shown, label: string): { blockId: string; button: JsonObject } {
  for (const { elements, accessory, block_id } of message.now().blocks) {
    const all = [...((elements ?? []) as JsonObject[]), ...(accessory ? [accessory as JsonObject] : [])];
    const button = all.find((each) => each.accessibility_label === label || textOf(each.text) === label);
    if (button) return { blockId: String(block_id), button };
  }
  throw new Error(`no button ${label}`);
}

async function press(world: World, message: Shown, label: string): Promise<void> {
  const { blockId, button } = buttonOf(message, label);
  expect((await world.slack.act(MAYA.id, { ts: message.ts }, blockId, button)).acked).toBe(true);
  await world.idle();
}

test('a rep reads first what this is, what was linked and how, and when the first digest comes; then it comes', async () => {
  const world = await strangers();

  const welcome = await welcomeOf(world);

  expect(welcome.text).toContain(`*Gong* is connected, by your address ${MAYA.email}.`);
  expect(welcome.text).toContain('*Outreach*: press *Connect* and sign in once');
  expect(welcome.text).toContain('*Your first digest* comes Mon 23 Nov, 09:00.');
  expect(welcome.words()).toMatch(/Connect Outreach\nSend me one now\nNot for me$/);
  await world.passTo(MONDAY_NINE);
  expect(posted(world)).toHaveLength(2);
  expect(posted(world)[0]?.ts).toBe(welcome.ts);
  await world.pass(DAY);
  expect(posted(world).filter(({ text }) => text.startsWith(HELLO))).toHaveLength(1);
});

test('Connect may be pressed again and again, and turns to connected by itself: in the welcome, the digest, a list and Home', async () => {
  const world = await strangers();
  const welcome = await welcomeOf(world);
  await world.passTo(MONDAY_NINE);
  const digest = mustBe(posted(world)[1]);
  const list = await type(world, '');
  await openHome(world);
  for (const offers of [digest, list.now()]) expect(JSON.stringify(offers.blocks)).toContain('Connect Outreach');

  for (const place of [welcome, welcome, list]) {
    const { blockId, button } = buttonOf(place, 'Connect Outreach');
    await answered(world, () => world.slack.act(MAYA.id, { ts: place.ts }, blockId, button));
    expect(world.slack.modal(MAYA.id)?.view).toMatchObject({ title: { text: 'Connect Outreach' } });
  }
  const { text } = await browseModal(world);
  await world.idle();

  expect(text).toContain('Maya Lindqvist (maya@northlight.example)');
  await expect.poll(() => welcome.now().text).toContain('*Outreach* is connected, because you signed in.');
  for (const now of [welcome.now, () => fresh(world, digest), list.now, () => homeOf(world)]) {
    await expect.poll(() => JSON.stringify(now().blocks)).not.toContain('Connect Outreach');
  }
  expect(JSON.stringify(fresh(world, digest).blocks)).toContain('*Outreach is connected.*');
});

test('a digest comes at once for who asks for one, and the planned one still does', async () => {
  const world = await strangers();
  const welcome = await welcomeOf(world);

  await press(world, welcome, 'Send me one now');
  expect(posted(world)).toHaveLength(2);
  await world.passTo(MONDAY_NINE);

  expect(posted(world)).toHaveLength(3);
});

test('"Not for me" ends it until they ask for it again: links and history stay', async () => {
  const world = await strangers();
  const welcome = await welcomeOf(world);

  await press(world, welcome, 'Not for me');
  expect(welcome.now().text).toContain('*Docket sends you no digest any more*');
  await world.passTo(MONDAY_NINE + 3 * DAY);
  expect(posted(world)).toHaveLength(1);

  expect((await type(world, '')).rows().length).toBeGreaterThan(0);
  await type(world, 'resume');
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(2);
});
