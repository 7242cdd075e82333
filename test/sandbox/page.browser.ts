/** The page as a person meets it, in a real browser. */
import { existsSync } from 'node:fs';
import type { KnownBlock } from '@slack/types';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gongPanel } from '../../sandbox/gong/panel.ts';
import { outreachPanel } from '../../sandbox/outreach/panel.ts';
import { replyPanel } from '../../sandbox/reply/panel.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createWeb } from '../../sandbox/web.ts';
import { MAYA, MAYA_GONG, MAYA_OUTREACH, MAYA_REPLY } from '../flow/cast.ts';
import { digestOf } from '../flow/press.ts';
import { afterWindow, createThree } from '../flow/start.ts';
import type { World as Three } from '../flow/world.ts';
import { button, client, plain } from './slack/harness.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HAS_BROWSER = existsSync(CHROMIUM);
if (!HAS_BROWSER) {
  process.stderr.write(`No Chromium at ${CHROMIUM} (set CHROMIUM to its path): the page is not tried in a browser.\n`);
}

// A browser starts slowly where others compute.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let browser: Browser;

beforeAll(async () => {
  if (!HAS_BROWSER) return;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});

afterAll(() => browser?.close());

async function open(url: string, width = 1440, height = 900): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  onTestFinished(() => page.close());
  await page.goto(url);
  await page.locator('.workspace').waitFor();
  return page;
}

/** The page of a workspace without an app: what Slack itself does. */
async function openSlack() {
  const slack = await createSlackWorkspace({
    users: [MAYA],
    commands: [
      { name: '/tasks', description: 'Your open tasks', usageHint: '[today | <text>]' },
      { name: '/team', description: 'Who is who', usageHint: '[name]' },
      { name: '/away', description: 'Out of office', usageHint: '' },
    ],
  });
  onTestFinished(slack.close);
  const web = await createWeb({ slack, providers: [], suggestions: ['/tasks'] });
  onTestFinished(web.close);
  return { slack, page: await open(web.url) };
}

/** The page of the real app and all three tools, with a digest in the conversation. */
async function openThree(width?: number, height?: number) {
  const world = await createThree();
  await digestOf(world);
  const web = await createWeb({
    slack: world.slack,
    providers: [
      gongPanel(world.gong, () => MAYA_GONG.id),
      outreachPanel(world.outreach, () => MAYA_OUTREACH),
      replyPanel(world.reply, () => MAYA_REPLY),
    ],
    clock: world.now,
  });
  onTestFinished(web.close);
  return { world, web, page: await open(web.url, width, height) };
}

async function pressIn(page: Page, row: string, label: string): Promise<void> {
  const actions = page.locator(`.section-block:has-text("${row}") + .actions-block`).first();
  await actions.getByText(label, { exact: true }).click();
}

async function holdDone(world: Three, page: Page, row: string): Promise<void> {
  await pressIn(page, row, 'Done');
  await page.getByText('until then you can undo it').waitFor();
  await afterWindow(world);
}

describe.skipIf(!HAS_BROWSER)('a confirm dialog', () => {
  test.each([
    ['mrkdwn', 'Dismiss *R&amp;D* for <https://a.example|Dana>? :tada:'],
    ['mrkdwn', '_draft_ & `code`\nsecond line'],
    ['plain_text', 'R&D, *as it is*'],
  ])('shows %s text as it stands: %s', async (type, text) => {
    const { slack, page } = await openSlack();
    const confirm = { title: plain('Sure?'), text: { type, text } };
    const go = { ...button('Dismiss'), confirm };
    const blocks = [{ type: 'actions', elements: [go] }] as KnownBlock[];
    await client(slack).chat.postMessage({ channel: MAYA.id, text: 'Hello', blocks });

    await page.getByRole('button', { name: 'Dismiss' }).click();

    expect(await page.locator('.confirm .dialog-body').textContent()).toBe(text);
  });
});

describe.skipIf(!HAS_BROWSER)('the composer', () => {
  test('offers commands at a slash, by keyboard', async () => {
    const { page } = await openSlack();
    const box = page.getByRole('textbox');
    const options = page.getByRole('option');

    await box.pressSequentially('/t');
    expect(await options.allTextContents()).toEqual([
      expect.stringContaining('/tasks [today | <text>]'),
      expect.stringContaining('/team [name]'),
    ]);
    expect(await box.getAttribute('aria-activedescendant')).toBe(await options.first().getAttribute('id'));

    await box.press('ArrowDown');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('/team ');
    expect(await options.count()).toBe(0);

    await box.fill('/a');
    await box.press('Escape');
    expect(await options.count()).toBe(0);
    await box.pressSequentially('w');
    expect(await options.count()).toBe(1);
  });

  test('says what Slack says of an unknown command, and keeps what was typed', async () => {
    const { page } = await openSlack();
    const box = page.getByRole('textbox');

    await box.fill('/teams today');
    await box.press('Enter');

    const said = page.getByRole('alert').filter({ hasText: 'Slackbot' });
    await said.waitFor();
    expect(await said.textContent()).toContain('"/teams" is not a valid command.');
    expect(await box.inputValue()).toBe('/teams today');
  });

  test('sends what begins with no slash as a message, also a slash after a space', async () => {
    const { slack, page } = await openSlack();
    const box = page.getByRole('textbox');

    for (const line of ['what is late?', ' /teams is not ours']) {
      await box.fill(line);
      await box.press('Enter');
      await page.getByRole('log').getByText(line.trim()).waitFor();
    }

    expect(slack.messages(MAYA.id).map(({ text, author }) => [text, author])).toEqual([
      ['what is late?', 'person'],
      ['/teams is not ours', 'person'],
    ]);
  });
});

describe.skipIf(!HAS_BROWSER)('the sales tools beside the conversation', () => {
  test('show where something changed, mark the row in words, and leave the keyboard where it is', async () => {
    const { world, page } = await openThree();
    expect(await page.getByRole('tab', { selected: true }).allTextContents()).toContainEqual(
      expect.stringContaining('Gong'),
    );

    await holdDone(world, page, 'Ines Calder');

    await page.locator('#provider-outreach .is-changed').waitFor();
    expect(await page.locator('#provider-outreach').isVisible()).toBe(true);
    expect(await page.locator('.is-changed').textContent()).toContain('Just now: incomplete → complete');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
    expect(await page.locator('main [role=status]').allTextContents()).toContainEqual(
      expect.stringContaining('Outreach: Ines Calder'),
    );
  });

  test('do not lead away who has just chosen a tab', async () => {
    const { world, page } = await openThree();
    await page.getByRole('tab', { name: 'Reply.io' }).click();

    await holdDone(world, page, 'Bo Tanaka');

    await page.getByRole('tab', { name: /Outreach.*changed by the app/ }).waitFor();
    expect(await page.locator('#provider-reply').isVisible()).toBe(true);
  });

  test('follow an outage that is switched on', async () => {
    const { web, page } = await openThree();

    await fetch(`${web.url}/provider/reply/down`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"down":true}',
    });

    await page.locator('#provider-reply .down').waitFor({ state: 'visible' });
  });
});

describe.skipIf(!HAS_BROWSER)('the three steps', () => {
  test('are ticked off as they happen, and go out of the way', async () => {
    const { world, page } = await openThree();
    const steps = page.getByRole('region', { name: 'Three steps to try' });
    const current = steps.locator('[aria-current=step]');

    expect(await current.textContent()).toContain('Press Done on a task');
    const row = page.locator('.section-block:has-text("Dana Whitfield")');
    await row.getByRole('button', { name: /more|actions|menu/i }).click();
    await page.getByRole('menuitem', { name: 'Done', exact: true }).click();
    await current.filter({ hasText: 'press Undo' }).waitFor();
    await page.getByRole('button', { name: /^Undo/ }).click();
    await current.filter({ hasText: 'Take Gong down' }).waitFor();
    await steps.getByRole('button', { name: 'Take Gong down' }).click();
    await page.locator('.down').waitFor({ state: 'visible' });
    await world.slack.command(MAYA.id, '/tasks', '');
    await steps.getByText('That is all three').waitFor();
    await steps.getByRole('button', { name: 'Bring Gong back' }).click();
    await steps.waitFor({ state: 'detached' });

    await page.reload();
    await page.getByRole('button', { name: 'Show the three steps' }).click();
    expect(await current.textContent()).toContain('Press Done on a task');
  });

  test('stay hidden for the visit once they were sent away', async () => {
    const { page } = await openThree();
    await page.getByRole('button', { name: 'Hide the three steps' }).click();

    await page.reload();
    await page.getByRole('button', { name: 'Show the three steps' }).waitFor();

    expect(await page.getByRole('region', { name: 'Three steps to try' }).count()).toBe(0);
  });
});

describe.skipIf(!HAS_BROWSER)('a narrow screen', () => {
  test.each([
    [320, 250],
    [390, 310],
    [768, 600],
    [1024, 600],
  ])('of %i pixels gives the message %i, and never scrolls sideways', async (width, least) => {
    const { page } = await openThree(width, 844);

    const body = await page.locator('.message-body').first().boundingBox();
    expect(body?.width).toBeGreaterThanOrEqual(least);
    const toggle = page.getByRole('button', { name: /sales tools/i });
    for (let press = 0; press < 2; press += 1) {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (press === 0) await toggle.click();
    }
    expect(await page.getByRole('tab', { name: /Outreach/ }).isVisible()).toBe(true);
  });

  test('folds the tools and the workspace away behind buttons, for the keyboard too', async () => {
    const { page } = await openThree(390, 844);
    const tools = page.getByRole('button', { name: 'Sales tools' });
    const people = page.getByRole('button', { name: 'Workspace and people' });
    expect(await page.getByRole('complementary').count()).toBe(0);

    for (const [opener, part] of [
      [tools, page.getByRole('complementary')],
      [people, page.getByRole('navigation')],
    ] as const) {
      await opener.press('Enter');
      await part.waitFor();
      expect(await part.evaluate((element) => element.contains(document.activeElement))).toBe(true);
      await page.keyboard.press('Escape');
      await part.waitFor({ state: 'hidden' });
      expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
    }
  });

  test('says what changed in a tool that is folded away, and leads there', async () => {
    const { world, page } = await openThree(390, 844);

    await holdDone(world, page, 'Ines Calder');

    const line = page.locator('.change-line');
    await line.waitFor();
    expect(await line.textContent()).toContain('Outreach: Ines Calder');
    await line.getByRole('button', { name: 'Show' }).click();
    await page.locator('#provider-outreach .is-changed').waitFor({ state: 'visible' });
  });
});
