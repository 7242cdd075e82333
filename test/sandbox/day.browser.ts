/** The close of a day and the window that asks for it, as a rep sees them: the app's own, on a desk and on a phone. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWeb } from '../../sandbox/web.ts';
import { DAY, gongTask, HOUR, MONDAY_NINE } from '../flow/cast.ts';
import { closes, reminders, settle } from '../flow/day.ts';
import { dueAt, mustBe } from '../flow/read.ts';
import { morning } from '../flow/start.ts';
import { untilProgress } from '../flow/sweeping.ts';
import type { World } from '../flow/world.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();

const HALF_PAST_FIVE = MONDAY_NINE + 8.5 * HOUR;
const NAMES = ['Aster', 'Birch', 'Cedar', 'Elm', 'Fir', 'Hazel', 'Juniper', 'Larch', 'Maple', 'Oak', 'Pine', 'Rowan'];

/** Nine of twelve are done, and the day is closed. */
async function evening(): Promise<World> {
  const tasks = NAMES.map((lastName, index) =>
    gongTask({
      id: `90071992547409931${index + 10}`,
      title: index % 2 ? 'Ask about the budget for next year' : 'Call back',
      dueDate: new Date(MONDAY_NINE + (index - 1) * HOUR).toISOString(),
      contact: { data: { firstName: 'Dana', lastName } },
    }),
  );
  const { world } = await morning({ tasks, overrides: { backgroundEdits: { intervalCap: 100, interval: 100 } } });
  await settle(world, { closes: '17:30', nudges: true });
  for (const task of tasks.slice(0, 9)) world.gong.put({ ...task, status: 'DONE' });
  await world.passTo(HALF_PAST_FIVE);
  mustBe(closes(world)[0]);
  return world;
}

const PICTURES = process.env.DAY_PICTURES;

/** The digest has come, and one of the calls is a quarter of an hour away. */
async function beforeCall(): Promise<World> {
  const { world } = await morning();
  await settle(world, { closes: '17:30', nudges: true });
  await world.passTo(MONDAY_NINE + 2.75 * HOUR);
  return world;
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (name, size) => {
  async function page(world: World) {
    const web = await createWeb({ slack: world.slack, providers: [], clock: world.now });
    onTestFinished(web.close);
    const shown = await look(web.url, size);
    // What the settings said when they were saved.
    await shown.getByRole('dialog').getByText('Your day closes at 17:30').waitFor();
    await shown.keyboard.press('Escape');
    await shown.getByRole('dialog').waitFor({ state: 'detached' });
    const picture = async (of: string) => {
      await expectNoSideways(shown);
      if (PICTURES) await shown.screenshot({ path: `${PICTURES}/${name.replaceAll(' ', '-')}-${of}.png` });
    };
    return { shown, picture };
  }

  test('a day is closed with three tasks left, and one press moves them', async () => {
    const world = await evening();
    const { shown, picture } = await page(world);
    await shown.getByText('9 of 12 done, 3 left:').waitFor();
    await picture('left');

    await shown.getByRole('button', { name: /^Move 3/ }).click();
    await untilProgress(world, '3 of 3 done');
    await shown.getByText('9 of 12 done, 3 moved, none left').waitFor();
    await picture('moved');
    expect(dueAt(world, '9007199254740993121')).toBe(new Date(MONDAY_NINE + DAY).toISOString());
  });

  test('or leaves them; the settings window has the close, the reminders and the quiet hours', async () => {
    const world = await evening();
    const { shown, picture } = await page(world);
    await shown.getByRole('button', { name: 'Leave them' }).click();
    await shown.getByText('You left them as they are.').waitFor();
    await picture('left-as-they-are');

    await shown.getByRole('button', { name: 'Digest settings' }).last().click();
    const dialog = shown.getByRole('dialog');
    await dialog.getByLabel('Close my day at').scrollIntoViewIfNeeded();
    await picture('settings');
    expect(await dialog.getByLabel('Close my day at').inputValue()).toBe('17:30');
    expect(await dialog.getByLabel('Remind me 15 minutes before a call').isChecked()).toBe(true);
    await dialog.getByLabel('Quiet hours until').scrollIntoViewIfNeeded();
    await picture('settings-end');
    await dialog.getByLabel('Close my day at').fill('21:00');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('That is in your quiet hours, 20:00 to 07:00.').first().waitFor();
    await picture('settings-refused');
    await dialog.getByLabel('Close my day at').fill('16:45');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Your day closes at 16:45; the first time tomorrow.').waitFor();
    await picture('settings-saved');
  });

  test('a reminder has the calls with their verbs', async () => {
    const world = await beforeCall();
    const { shown, picture } = await page(world);
    await shown.getByText('In 15 minutes: 2 calls from 12:00').first().waitFor();
    await picture('reminder');
    await shown.getByRole('button', { name: 'Done' }).last().click();
    await shown.getByText('Marked done in Gong').first().waitFor();
    expect(reminders(world)).toHaveLength(1);
  });
});
