/** Home and its search, as a rep sees them on a Monday: the app's own, on a desk and on a phone. */
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWeb } from '../../sandbox/web.ts';
import { gongTask, HOUR, MONDAY_NINE } from '../flow/cast.ts';
import { morningOfThree } from '../flow/start.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();

const NAMES = ['Aster', 'Birch', 'Cedar', 'Elm', 'Fir', 'Hazel', 'Juniper', 'Larch', 'Maple', 'Oak', 'Pine', 'Rowan'];

/** Some are late, some due, some later. */
const TASKS = NAMES.map((lastName, index) =>
  gongTask({
    id: `90071992547409931${index + 10}`,
    title: index % 2 ? 'Ask about the budget for next year' : 'Call back',
    dueDate: new Date(MONDAY_NINE + (index - 4) * 9 * HOUR).toISOString(),
    contact: { data: { firstName: 'Dana', lastName } },
    account: { name: `${lastName} Foods` },
  }),
);

const PICTURES = process.env.HOME_PICTURES;

/** What comes meanwhile takes an open menu away, as in Slack: then a person opens it again. */
async function open(shown: Page, menu: string): Promise<void> {
  await expect
    .poll(
      async () => {
        if (!(await shown.getByRole('listbox').isVisible())) await shown.getByText(menu, { exact: true }).click();
        await shown.waitForTimeout(200);
        return shown.getByRole('listbox').isVisible();
      },
      { timeout: 10_000 },
    )
    .toBe(true);
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (name, size) => {
  async function home(): Promise<{ shown: Page; picture: (of: string) => Promise<void> }> {
    const { world } = await morningOfThree({ tasks: TASKS });
    const web = await createWeb({ slack: world.slack, providers: [], clock: world.now });
    onTestFinished(web.close);
    const shown = await look(web.url, size);
    await shown.getByRole('tab', { name: 'Home' }).click();
    await shown.getByText('Your open tasks').first().waitFor();
    // It may be the one from before. The new one comes when the tools have answered, and takes what is being typed away, as in Slack.
    const isOpened = () => JSON.stringify(world.slack.sent).includes('app_home_opened');
    await expect.poll(isOpened, { timeout: 10_000 }).toBe(true);
    await world.idle();
    await shown.waitForTimeout(300);
    const picture = async (of: string) => {
      await expectNoSideways(shown);
      if (PICTURES) await shown.screenshot({ path: `${PICTURES}/${name.replaceAll(' ', '-')}-${of}.png` });
    };
    return { shown, picture };
  }

  test('Enter in the search field searches, menus narrow, and one button brings everything back', async () => {
    const { shown, picture } = await home();
    await picture('all');
    const search = shown.getByRole('textbox', { name: /^Search your tasks/ });

    await search.fill('cedar');
    await search.press('Enter');
    await shown.getByRole('heading', { name: 'Your open tasks with “cedar”' }).waitFor();
    expect(await search.inputValue()).toBe('cedar');
    await picture('searched');

    await shown.getByRole('button', { name: 'Show all open tasks' }).click();
    await shown.getByRole('heading', { name: 'Your open tasks', exact: true }).waitFor();
    expect(await search.inputValue()).toBe('');
    await open(shown, 'Any time');
    await picture('menu');
    await shown.getByRole('option', { name: 'Overdue' }).click();
    await shown.getByRole('heading', { name: 'Your overdue tasks' }).waitFor();
    await picture('overdue');
  });

  test('nothing found is said in a line; accounts, digests and settings stand below', async () => {
    const { shown, picture } = await home();

    await open(shown, 'All kinds');
    await shown.getByRole('option', { name: 'Meetings' }).click();
    await shown.getByText('You have no open meetings in Gong, Outreach and Reply.io.').waitFor();
    await picture('none');
    await shown.getByRole('button', { name: 'Digest settings' }).scrollIntoViewIfNeeded();
    await picture('accounts');
  });
});
