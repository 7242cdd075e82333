/** The clock on the page, by keyboard and on a narrow screen. */
import { describe, expect, test } from 'vitest';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import { HAS_BROWSER } from './chromium.ts';
import { startClockPage } from './clock-stage.ts';
import { client } from './slack/harness.ts';
import { DESK, expectNoSideways, focused, look, PHONE, SIZES, withBrowser } from './stage.ts';

const [MAYA] = DEMO_PEOPLE;

withBrowser();

async function start(size = DESK, more: Parameters<typeof startClockPage>[0] = {}) {
  const stage = await startClockPage(more);
  await client(stage.slack).chat.postMessage({ channel: MAYA.slackId, text: 'Good morning' });
  const page = await look(stage.web.url, size);
  const bar = page.getByRole('region', { name: 'The sandbox’s clock' });
  return { ...stage, page, bar, button: (name: string | RegExp) => bar.getByRole('button', { name }) };
}

describe.skipIf(!HAS_BROWSER)('the clock', () => {
  test('is taken to a date by keyboard alone, and the keyboard is never lost', async () => {
    const { page, bar, button, clock } = await start();
    await button('To a date…').press('Enter');
    const date = bar.getByLabel('Date', { exact: true });
    expect(await date.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('To a date…');

    await page.keyboard.press('Enter');
    await date.fill('2026-12-03');
    await bar.getByLabel('Time in New York').fill('12:30');
    await page.keyboard.press('Enter');
    await bar.getByText('Thu, Dec 3, 12:30 PM').waitFor();
    await bar.getByText('running', { exact: false }).first().waitFor();

    expect(clock.now()).toBeGreaterThanOrEqual(Date.UTC(2026, 11, 3, 17, 30));
    expect(await focused(page)).toMatch(/^(?:Pause|Stop)$/);
  });

  test('names the days on which it changes, in the zone of the person who is shown, and takes one of them', async () => {
    const { page, bar, button } = await start();
    await button('To a date…').click();
    await button(/Sun, Mar 14: the clock goes forward/).click();
    expect(await bar.getByLabel('Date', { exact: true }).inputValue()).toBe('2027-03-14');
    const note = bar.getByRole('status').filter({ hasText: 'the clock goes forward by 1 hour, at 2:00 AM' });
    expect(await note.count()).toBe(1);

    await page.getByRole('button', { name: /Ishani Balakrish/ }).click();
    await bar.getByText('The clock does not change in Kolkata within a year.').waitFor();
  });

  test('says that the past cannot be gone to, and stays', async () => {
    const { bar, button } = await start();
    await button('To a date…').click();
    await bar.getByLabel('Date', { exact: true }).fill('2026-11-30');
    await bar.getByLabel('Time in New York').fill('08:00');
    await bar.getByText('That has passed, and the clock only goes forward.').waitFor();
    await button('Go there').click();
    expect(await bar.getByRole('alert').textContent()).toContain('The clock only goes forward');
  });

  test('Stop leaves the page when it is no longer needed, and the keyboard goes to the next button', async () => {
    const { page, button } = await start(DESK, { stepMs: 20 });
    await button('To a date…').click();
    await button(/the clock goes forward/).click();
    await button('Go there').click();
    await button('Stop').press('Enter');
    await button('Stop').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Pause');
  });

  test.each(SIZES)('shows a week, morning by morning, with room for the message: %s', async (_name, size) => {
    const { page, bar, button } = await start(size, { lookMs: 1_500 });
    if (size === PHONE) await button('Clock').click();
    await button('A week, morning by morning').click();
    await bar.getByText('Morning 2 of 5').waitFor();
    await bar.getByText('Theo closed “Chase the signature on the order form”').waitFor();
    await expectNoSideways(page);
    const box = await bar.boundingBox();
    expect(box?.height).toBeLessThan(size.height * 0.4);

    await bar.getByText('That was the week.').waitFor();
    await bar.getByRole('button', { name: 'Hide what happened' }).click();
    expect(await bar.getByText('That was the week.').count()).toBe(0);
  });
});
