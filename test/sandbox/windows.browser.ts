/** Windows that go from step to step: worked through by the keyboard alone, filled in, closed. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { HAS_BROWSER } from './chromium.ts';
import { focusWindow, option, plain, previewWindow, sweepWindow } from './dense.ts';
import { until } from './slack/harness.ts';
import { expectInside, expectNoSideways, focused, SIZES, start, withBrowser } from './stage.ts';

withBrowser();

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (_, size) => {
  test('five tasks are worked through by the keyboard alone', async () => {
    const { page, of, held } = await start({
      size,
      windows: { work: focusWindow(1) },
      answer: (count) => ({ response_action: 'update', view: focusWindow(count + 1) }),
    });
    const opener = page.getByRole('button', { name: 'Work through' });
    await opener.press('Enter');
    const dialog = page.getByRole('dialog');
    const choices = ['Done', 'Snooze to tomorrow, Tue 09:00', 'Dismiss', 'Skip', 'Done'];

    for (const [index, choice] of choices.entries()) {
      await dialog.getByRole('heading', { name: `Task ${index + 1} of 12` }).waitFor();
      expect(await focused(page)).toBe('choice Done');
      await expectNoSideways(page);
      for (let down = 0; down < index % 4; down += 1) await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toBe(`choice ${choice}`);
      await page.keyboard.press('Enter');
      await until(() => of('view_submission').length === index + 1);
      expect(held()).toMatchObject({ choice: { selected_option: { value: choice } } });
    }

    await dialog.getByRole('heading', { name: 'Task 6 of 12' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await until(() => of('view_closed').length === 1);
    expect(of('view_closed')).toMatchObject([{ is_cleared: true, view: { callback_id: 'Task 6 of 12' } }]);
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('the next task keeps the keyboard at the control where it was, and what was typed goes with its task', async () => {
    const { page, held } = await start({
      size,
      windows: { work: focusWindow(1) },
      // The first one comes again after the third.
      answer: (count) => ({ response_action: 'update', view: focusWindow((count % 3) + 1) }),
    });
    await page.getByRole('button', { name: 'Work through' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('left a voicemail');
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: 'Task 2 of 12' }).waitFor();
    expect(held()).toMatchObject({ note: { value: 'left a voicemail' } });
    expect(await focused(page)).toBe('note');
    expect(await dialog.getByRole('textbox').inputValue()).toBe('');

    await dialog.getByRole('button', { name: 'Next' }).press('Enter');
    await dialog.getByRole('heading', { name: 'Task 3 of 12' }).waitFor();
    expect(await focused(page)).toBe('Next');
    await dialog.getByRole('button', { name: 'Next' }).press('Enter');
    await dialog.getByRole('heading', { name: 'Task 1 of 12' }).waitFor();
    expect(await dialog.getByRole('textbox').inputValue()).toBe('');
  });

  test('Enter that is held down does not reach a task that nobody has seen', async () => {
    const { page } = await start({
      size,
      windows: { work: focusWindow(1) },
      answer: (count) => ({ response_action: 'update', view: focusWindow(count + 1) }),
    });
    const sent: string[] = [];
    page.on('request', (request) => void (request.url().endsWith('/submit') && sent.push(request.url())));
    await page.getByRole('button', { name: 'Work through' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const timer = setInterval(() => {
            if (document.querySelector('dialog h2')?.textContent !== 'Task 1 of 12') {
              clearInterval(timer);
              resolve();
            } else document.querySelector<HTMLFormElement>('dialog form')?.requestSubmit();
          }, 5);
        }),
    );
    expect(sent).toHaveLength(1);
  });

  test('several tasks are chosen under their headings, as many as may be, and previewed', async () => {
    const { page, of, held } = await start({
      size,
      windows: { sweep: sweepWindow() },
      answer: () => ({ response_action: 'update', view: previewWindow(40) }),
    });
    await page.getByRole('button', { name: 'Act on many' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await focused(page)).toBe('tasks Choose tasks');
    await page.keyboard.press('Enter');
    const list = page.getByRole('listbox');
    await expectInside(page, list);
    expect(await list.locator('.popup-heading').allTextContents()).toEqual(['Late', 'Today']);
    for (const key of ['Enter', 'ArrowDown', 'Enter', 'End', 'Enter', 'ArrowUp', 'Enter'])
      await page.keyboard.press(key);
    expect(await list.getByRole('option', { selected: true }).count()).toBe(3);
    expect(await list.getByRole('option', { disabled: true }).count()).toBe(12);
    await expectInside(page, list);
    await page.keyboard.press('Escape');
    expect(await list.count()).toBe(0);

    await page.keyboard.press('Enter');
    await dialog.getByText('Please complete this required field.').waitFor();
    expect(await focused(page)).toBe('verb Done');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Do it to 40' }).waitFor();
    const tasks = ['late-0', 'late-1', 'today-8'].map((value) => ({ value }));
    expect(held()).toMatchObject({
      tasks: { type: 'multi_static_select', selected_options: tasks },
      verb: { selected_option: { value: 'Done' } },
      kind: { selected_option: { value: 'Any' } },
      until: { selected_date_time: 1_795_519_800 },
      also: { selected_options: [] },
    });
    expect(await focused(page)).toBe('Do it to 40');
    expect(of('view_submission')).toHaveLength(1);
    await expectNoSideways(page);
  });

  test.each([
    ['its button', (page: Page) => page.getByRole('button', { name: 'Stop' }).click(), false],
    ['its cross', (page: Page) => page.getByRole('button', { name: 'Close' }).click(), true],
    ['Escape, which closes an open list first', escapeTwice, true],
  ])('a window that is closed by %s is told to the app', async (_by, close, isCleared) => {
    const { page, of } = await start({ size, windows: { sweep: sweepWindow() } });
    await page.getByRole('button', { name: 'Act on many' }).click();
    await page.getByRole('dialog').waitFor();
    await close(page);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await until(() => of('view_closed').length === 1);
    expect(of('view_closed')).toMatchObject([{ is_cleared: isCleared, view: { callback_id: 'Act on many' } }]);
    await expectNoSideways(page);
  });
});

async function escapeTwice(page: Page): Promise<void> {
  await page.locator('[data-action=kind] button').click();
  await page.getByRole('listbox').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('listbox').count()).toBe(0);
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.keyboard.press('Escape');
}

describe.skipIf(!HAS_BROWSER)('Enter in a window', () => {
  const select = { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] };
  const VIEW: JsonObject = {
    type: 'modal',
    callback_id: 'form',
    title: plain('Form'),
    submit: plain('Save'),
    blocks: [
      { type: 'section', block_id: 's', text: plain('Some words') },
      { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'aside', text: plain('Aside') }] },
      { type: 'input', block_id: 'p', label: plain('Pick'), element: { ...select, initial_option: option('a') } },
      {
        type: 'input',
        block_id: 'e',
        label: plain('Empty'),
        optional: true,
        element: { ...select, action_id: 'empty' },
      },
      {
        type: 'input',
        block_id: 'n',
        label: plain('Note'),
        optional: true,
        element: { type: 'plain_text_input', action_id: 'note', multiline: true, focus_on_load: true },
      },
    ],
  };

  async function open() {
    const started = await start({ windows: { work: VIEW } });
    await started.page.getByRole('button', { name: 'Work through' }).click();
    await started.page.getByRole('dialog').waitFor();
    return started;
  }

  test.each<[string, (page: Page) => Promise<void>]>([
    ['at a select with a choice', (page) => page.locator('[data-action=pick] button').press('Enter')],
    [
      'where no control has the keyboard',
      (page) =>
        page
          .getByText('Some words')
          .click()
          .then(() => page.keyboard.press('Enter')),
    ],
    ['with Control in a text of several lines', (page) => page.keyboard.press('Control+Enter')],
  ])('submits %s', async (_, press) => {
    const { page, of, held } = await open();
    await press(page);
    await until(() => of('view_submission').length === 1);
    expect(held()).toMatchObject({ pick: { selected_option: { value: 'a' } } });
  });

  test('makes a line where several are typed, opens a select without a choice, and presses a button that has the keyboard', async () => {
    const { page, of } = await open();
    expect(await focused(page)).toBe('note');
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    expect(await page.locator('textarea').last().inputValue()).toBe('one\ntwo');
    await page.locator('[data-action=empty] button').press('Enter');
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Aside' }).press('Enter');
    await until(() => of('block_actions').length === 2);
    expect(of('block_actions').at(-1)).toMatchObject({
      actions: [{ action_id: 'aside' }],
      view: { state: { values: { n: { note: { value: 'one\ntwo' } } } } },
    });
    expect(of('view_submission')).toEqual([]);
  });
});
