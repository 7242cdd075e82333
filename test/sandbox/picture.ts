/** `npm run picture`: takes the pictures of docs anew, from the demo as anybody starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SIZE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Seeded at Gong, so that its effect is there at once. */
const ROW = 'Mateo Arbelaiz';

async function take(page: Page): Promise<void> {
  const row = page.locator(`.section-block:has-text("${ROW}") + .actions-block`).first();
  await row.getByText('Done', { exact: true }).click({ timeout: 60_000 });
  await page.locator('.is-changed').waitFor();
  await page.getByRole('button', { name: /^Undo/ }).first().waitFor();
  await shoot(page, 'digest');

  await page.getByRole('button', { name: 'Work through' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: /^2 of / }).waitFor();
  await shoot(page, 'work-through');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Act on many' }).first().click();
  await page.getByRole('dialog').waitFor();
  await shoot(page, 'act-on-many');
  await page.keyboard.press('Escape');
}

/** The digest on a telephone. */
async function takeSmall(page: Page): Promise<void> {
  const digest = page.locator(`.message:has-text("${ROW}")`).first();
  await digest.waitFor({ timeout: 60_000 });
  await digest.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await shoot(page, 'phone');
}

async function shoot(page: Page, name: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? SIZE;
  // The keyboard's ring and the pointer's wash are about us, not about the page.
  await page.mouse.move(width - 5, height - 5);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.screenshot({ path: `docs/${name}.png`, animations: 'disabled' });
}

const demo = spawn(process.execPath, ['sandbox/demo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  let url: string | undefined;
  for await (const line of createInterface({ input: demo.stdout })) {
    url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error('The demo did not start');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  for (const [viewport, work] of [
    [PHONE, takeSmall],
    [SIZE, take],
  ] as const) {
    const page = await browser.newPage({ viewport });
    await page.goto(url);
    await work(page);
    await page.close();
  }
  await browser.close();
} finally {
  demo.kill('SIGTERM');
  await once(demo, 'exit');
}
