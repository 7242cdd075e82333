/** A rep's morning in a real browser, with the real app: the dense digest, its menus and windows, by hand and by keyboard. */
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { gongPanel } from '../../sandbox/gong/panel.ts';
import { createWeb } from '../../sandbox/web.ts';
import { MAYA_GONG, manyTasks } from '../flow/cast.ts';
import { digestOf } from '../flow/press.ts';
import { overdue, TWENTY } from '../flow/sweeping.ts';
import { createWorld, type World } from '../flow/world.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectInside, expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();
vi.setConfig({ testTimeout: 120_000 });

async function morningOn(world: World, size: { width: number; height: number }): Promise<Page> {
  await digestOf(world);
  const providers = [gongPanel(world.gong, () => MAYA_GONG.id)];
  const web = await createWeb({ slack: world.slack, providers, clock: world.now });
  onTestFinished(web.close);
  return look(web.url, size);
}

/** The clock of these tests stands still unless it is moved. */
function letTimePass(world: World): void {
  const timer = setInterval(() => void world.pass(1_000), 300);
  onTestFinished(() => clearInterval(timer));
}

const many = () => createWorld({ tasks: manyTasks(20), gongRateLimits: false });

/** The row with these words, and the block under it. */
const row = (page: Page, words: string) => page.locator(`.section-block:has-text("${words}")`).last();

async function choose(page: Page, words: string, choice: string): Promise<void> {
  await row(page, words)
    .getByRole('button', { name: /more|actions|menu/i })
    .click();
  const menu = page.locator('.popup');
  await expectInside(page, menu);
  await menu.getByText(choice, { exact: false }).first().click();
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (_, size) => {
  test('twenty tasks are in one message, three of them with buttons, and a compact one is done from its menu', async () => {
    const world = await many();
    const page = await morningOn(world, size);
    const text = await page.locator('.message').first().innerText();
    expect(text.match(/Task number \d+;/g)).toHaveLength(20);
    expect(await page.getByRole('button', { name: /^Reschedule/ }).count()).toBe(3);
    await expectNoSideways(page);

    await choose(page, 'Task number 9;', 'Done');
    await page.getByText('Marked done in Gong').waitFor();
    await page.getByText('1 of 20 cleared').waitFor();

    await row(page, 'Task number 9;').getByRole('button', { name: /^Undo/ }).click();
    await page.getByText('0 of 20 cleared').waitFor();
  });

  test('the window of a task says what is known of it, and its verbs work there', async () => {
    const world = await many();
    const page = await morningOn(world, size);

    await choose(page, 'Task number 5;', 'Open…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Task number 5;').first().waitFor();
    await expectInside(page, dialog);
    await dialog.getByRole('button', { name: /^Done/ }).first().click();
    await dialog.getByRole('button', { name: /^Undo/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('1 of 20 cleared').waitFor();
  });

  test('twenty tasks are worked through with the keyboard alone', async () => {
    const world = await many();
    const page = await morningOn(world, size);

    await page.getByRole('button', { name: 'Work through' }).press('Enter');
    const dialog = page.getByRole('dialog');
    for (let number = 1; number <= 20; number += 1) {
      await dialog.getByRole('heading', { name: `${number} of 20` }).waitFor();
      await dialog.getByText(`Task number ${number};`).first().waitFor();
      await page.keyboard.press('Enter');
    }
    await dialog.getByText('20 done').waitFor();
    letTimePass(world);
    await expectNoSideways(page);
    await page.keyboard.press('Escape');
    await page.getByText('All 20 cleared').waitFor();
    expect(world.gong.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(20);
  });

  test('twenty overdue tasks of three tools are moved by what the header offers, and taken back with one click', async () => {
    const world = await overdue(TWENTY);
    const page = await morningOn(world, size);

    await page.getByRole('button', { name: /20 overdue for more than a week/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    letTimePass(world);
    // Reply moves the start too, and the window says so once.
    const sure = dialog.getByRole('button', { name: /all 20/ });
    if (
      await sure.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      )
    )
      await sure.click();
    await page.getByText('20 of 20 done').first().waitFor();
    await page.getByRole('button', { name: 'Undo all' }).last().click();
    await page.getByText('20 undone').first().waitFor();
    await expectNoSideways(page);
  });
});
