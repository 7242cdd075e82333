/** `npm run picture`: takes docs/digest.png anew, from the demo as anybody starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SIZE = { width: 1440, height: 900 };
/** Seeded at Gong, so that its effect is there at once. */
const ROW = 'Mateo Arbelaiz';

async function take(page: Page): Promise<void> {
  const row = page.locator(`.section-block:has-text("${ROW}") + .actions-block`).first();
  await row.getByText('Done', { exact: true }).click({ timeout: 60_000 });
  await page.locator('.is-changed').waitFor();
  await page.getByRole('button', { name: /^Undo/ }).first().waitFor();
  // The keyboard's ring and the pointer's wash are about us, not about the page.
  await page.mouse.move(SIZE.width - 20, SIZE.height - 10);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.screenshot({ path: 'docs/digest.png', animations: 'disabled' });
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
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(url);
  await take(page);
  await browser.close();
} finally {
  demo.kill('SIGTERM');
  await once(demo, 'exit');
}
