/** From a company's first start to a rep's first cleared task, as the rep sees it: welcome, connect, digest, Done. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWeb } from '../../sandbox/web.ts';
import { MAYA_OUTREACH, MINUTE, STEP_TASK } from '../flow/cast.ts';
import { browseModal } from '../flow/sign-in.ts';
import { afterWindow, createThree } from '../flow/start.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();

const PICTURES = process.env.FIRST_PICTURES;

/** What axe finds, as the rule and the first place of each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate('axe.run()');
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (name, size) => {
  test('a rep is welcomed, connects, asks for a digest and clears a task; axe finds nothing', async () => {
    const world = await createThree({ strangers: true, signedIn: [], slackRateLimits: false });
    await world.pass(MINUTE);
    const web = await createWeb({ slack: world.slack, providers: [], clock: world.now });
    onTestFinished(web.close);
    const page = await look(web.url, size);
    const picture = async (of: string) => {
      await expectNoSideways(page);
      expect(await faults(page)).toEqual([]);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name.replaceAll(' ', '-')}-${of}.png` });
    };

    await page.getByText('Hello from Docket.').waitFor();
    await picture('welcome');
    await page.getByRole('button', { name: 'Connect Outreach' }).first().click();
    await page.getByRole('dialog').getByText('Sign in to Outreach').first().waitFor();
    await picture('connect');
    expect((await browseModal(world, MAYA_OUTREACH)).text).toContain('Maya Lindqvist');
    await page.keyboard.press('Escape');
    await page.getByText('is connected, because you signed in').first().waitFor();

    await page.getByRole('button', { name: 'Send me one now: a digest' }).click();
    await page.getByText('Monday 23 November').first().waitFor();
    await picture('digest');
    await page
      .getByRole('button', { name: /^Done: Ines Calder/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Undo/ }).first().waitFor();
    await picture('done');
    // Outreach cannot take it back, so it waits for Undo.
    await afterWindow(world);
    expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
  });
});
