/** A weekly roll-up on the page: the list, the window that an admin fills in, and what the channel has then. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWeb } from '../../sandbox/web.ts';
import { ADMIN, DAY, gongTask, HOUR, MAYA, MONDAY_NINE, THEO, THEO_GONG } from '../flow/cast.ts';
import { digestOf, press, type } from '../flow/press.ts';
import { SALES, setUp } from '../flow/rollup.ts';
import { createWorld, type World } from '../flow/world.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();

const PICTURES = process.env.ROLLUP_PICTURES;

/** Maya has settled one of three tasks, and the channel gets its roll-up. */
async function team(): Promise<World> {
  const world = await createWorld({
    users: [ADMIN, MAYA, { ...THEO, tz: MAYA.tz }],
    tasks: [
      gongTask({ id: '9007199254740993001', dueDate: new Date(MONDAY_NINE - 3 * DAY).toISOString() }),
      gongTask({ id: '9007199254740993002' }),
      gongTask({ id: '9007199254740993003' }),
      gongTask({ id: '9007199254740993004', userId: THEO_GONG.id }),
    ],
    gongRateLimits: false,
  });
  world.slack.setChannel(SALES);
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 003', 'Done');
  return world;
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (name, size) => {
  async function page(world: World) {
    const web = await createWeb({ slack: world.slack, providers: [], clock: world.now });
    onTestFinished(web.close);
    const shown = await look(`${web.url}?user=${ADMIN.id}`, size);
    const picture = async (of: string) => {
      await expectNoSideways(shown);
      if (PICTURES) await shown.screenshot({ path: `${PICTURES}/${name.replaceAll(' ', '-')}-${of}.png` });
    };
    return { shown, picture };
  }

  test('an admin fills the window in, and it is saved', async () => {
    const world = await team();
    await type(world, 'rollup', ADMIN);
    const { shown, picture } = await page(world);
    await picture('none');
    await shown.getByRole('button', { name: 'New weekly roll-up…' }).click();
    const dialog = shown.getByRole('dialog');
    await dialog.waitFor();
    await picture('window');

    await dialog.getByRole('button', { name: 'About these people' }).click();
    await shown.getByRole('option', { name: 'Maya Lindqvist' }).click();
    await shown.getByRole('option', { name: 'Theo Brandt' }).click();
    await shown.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Sent to this channel' }).click();
    await shown.getByRole('option', { name: '#sales-leads' }).click();
    await picture('filled-in');
    await dialog.getByRole('button', { name: 'Save' }).click();

    await dialog.getByText('gets it Fridays at 16:00').waitFor();
    await picture('saved');
    const [made] = (await type(world, 'rollup', ADMIN)).words().match(/about 2 people/) ?? [];
    expect(made).toBe('about 2 people');
  });

  test('the channel has the table, and a rep reads their own line', async () => {
    const world = await team();
    await setUp(world, { people: [MAYA, THEO, ADMIN] });
    for (let morning = 1; morning <= 4; morning += 1) await world.passTo(MONDAY_NINE + morning * DAY);
    await world.passTo(MONDAY_NINE + 4 * DAY + 7 * HOUR);
    await type(world, 'rollup', ADMIN);
    await type(world, 'status', MAYA);
    const { shown, picture } = await page(world);
    await shown.getByRole('dialog').waitFor();
    await shown.keyboard.press('Escape');
    await picture('list');

    if (name === 'on a phone') await shown.getByRole('button', { name: /Workspace and people/ }).click();
    await shown.getByRole('button', { name: '# sales-leads' }).click();
    await shown.getByRole('row', { name: /^Maya Lindqvist/ }).waitFor();
    await picture('channel');
    expect(await shown.getByRole('row').allTextContents()).toHaveLength(4);

    if (name === 'on a phone') await shown.getByRole('button', { name: /Workspace and people/ }).click();
    await shown
      .getByRole('button', { name: /^Maya Lindqvist/ })
      .first()
      .click();
    await shown.getByText('You are in the weekly roll-up that').waitFor();
    await picture('status');
  });
});
