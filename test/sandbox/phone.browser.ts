/** Dense messages and long windows on a desk and on a phone, by finger and by keyboard. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, SandboxMessage } from '../../sandbox/slack/types.ts';
import { MAYA } from '../flow/cast.ts';
import { HAS_BROWSER } from './chromium.ts';
import { mrkdwn, option, plain, sweepWindow, times, VERBS } from './dense.ts';
import { client, until } from './slack/harness.ts';
import { DESK, expectInside, expectNoSideways, PHONE, SIZES, start, withBrowser } from './stage.ts';

withBrowser();

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function overlap(one: Box | null, other: Box | null): boolean {
  if (!one || !other) return true;
  const across = one.x < other.x + other.width && other.x < one.x + one.width;
  return across && one.y < other.y + other.height && other.y < one.y + one.height;
}

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (_, size) => {
  test('twenty compact rows have their text left and their menu right, and nothing scrolls sideways', async () => {
    const { page } = await start({ size });
    const rows = await page.locator('.section-block:has(> .section-accessory)').evaluateAll((all) =>
      all.slice(-20).map((row) => {
        const [text, menu] = ['.section-text', '.overflow'].map((part) =>
          row.querySelector(part)?.getBoundingClientRect(),
        );
        return { text, menu, height: row.getBoundingClientRect().height };
      }),
    );
    expect(rows).toHaveLength(20);
    for (const { text, menu, height } of rows) {
      expect(menu?.left).toBeGreaterThanOrEqual(text?.right ?? 0);
      expect(Math.abs((menu?.top ?? 0) - (text?.top ?? 0))).toBeLessThan(8);
      expect(menu?.right).toBeGreaterThan(size === DESK ? 900 : 370);
      if (size === DESK) expect(height).toBeLessThanOrEqual(34);
    }
    await expectNoSideways(page);
  });

  test('a menu opens inside the window, and tells the app the choice and the row', async () => {
    const { page, of } = await start({ size });
    for (const [number, verb] of [
      [4, 'Done'],
      [15, 'Reschedule…'],
      [23, 'Open…'],
    ] as const) {
      const button = page.locator(`[data-block=row-${number}] button`);
      // At the end of the screen there is no room below.
      await button.evaluate((element) => element.scrollIntoView({ block: 'end' }));
      await button.click();
      const menu = page.getByRole('menu');
      await expectInside(page, menu);
      expect(await menu.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
      expect(overlap(await menu.boundingBox(), await button.boundingBox())).toBe(false);
      await expectNoSideways(page);
      expect(await menu.getByRole('menuitem').allTextContents()).toEqual(VERBS);
      await menu.getByText(verb).click();
      await until(() => of('block_actions').some((body) => JSON.stringify(body.actions).includes(`row-${number}"`)));
      expect(of('block_actions').at(-1)?.actions).toMatchObject([
        { type: 'overflow', block_id: `row-${number}`, selected_option: { value: `${verb} ${number}` } },
      ]);
    }
  });

  test('a menu works by the keyboard alone, and gives the keyboard back', async () => {
    const { page, of } = await start({ size });
    const button = page.locator('[data-block=row-9] button');
    await button.press('Enter');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    await until(() => of('block_actions').length === 1);
    expect(of('block_actions')[0]?.actions).toMatchObject([{ selected_option: { value: 'Reschedule… 9' } }]);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
  });

  test('a window of a hundred blocks scrolls between a head and a foot that stay', async () => {
    const rows = times(
      99,
      (index): JsonObject => ({ type: 'section', text: mrkdwn(`${index}. ${'word '.repeat(30)}`) }),
    );
    const unbroken: JsonObject = { type: 'section', text: mrkdwn('x'.repeat(400)) };
    const view: JsonObject = { type: 'modal', title: plain('Long'), submit: plain('Go'), blocks: [unbroken, ...rows] };
    const next = { ...view, title: plain('Longer') };
    const answer = () => ({ response_action: 'update', view: next });
    const { page } = await start({ size, windows: { work: view }, answer });
    await page.getByRole('button', { name: 'Work through' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.getByText('98.').scrollIntoViewIfNeeded();
    for (const part of ['.dialog-head', '.dialog-foot']) await expectInside(page, dialog.locator(part));
    await expectNoSideways(page);
    const box = await dialog.boundingBox();
    if (size === PHONE) expect(box).toEqual({ x: 0, y: 0, ...PHONE });
    else expect(box?.width).toBe(520);
    const body = dialog.locator('.dialog-body');
    expect(await body.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.getByRole('heading', { name: 'Longer' }).waitFor();
    expect(await body.evaluate((element) => element.scrollTop)).toBe(0);
  });
});

describe.skipIf(!HAS_BROWSER)('a box that was ticked in a message', () => {
  const boxes = { type: 'checkboxes', action_id: 'boxes', options: [option('One'), option('Two')] };
  const section = (id: string): JsonObject => ({
    type: 'section',
    block_id: id,
    text: plain('Which?'),
    accessory: boxes,
  });

  test('stays ticked over an edit that keeps its ids, and not in another block', async () => {
    const { slack, page, of } = await start({ blocks: [section('kept')] });
    const box = page.getByRole('checkbox', { name: 'Two' });
    await box.check();
    await until(() => of('block_actions').length === 1);
    const [{ channel, ts }] = slack.messages(MAYA.id) as [SandboxMessage];
    const edit = async (text: string, id: string) => {
      await client(slack).apiCall('chat.update', {
        channel,
        ts,
        text,
        blocks: [{ type: 'header', text: plain(text) }, section(id)],
      });
      await page.getByRole('heading', { name: text }).waitFor();
    };
    await edit('Edited', 'kept');
    expect(await box.isChecked()).toBe(true);
    await edit('Again', 'other');
    expect(await box.isChecked()).toBe(false);
  });
});

describe.skipIf(!HAS_BROWSER)('what a finger meets on a phone', () => {
  test('is 40 pixels high and wide at least, in the conversation, the workspace and a window', async () => {
    const { page } = await start({ size: PHONE, windows: { sweep: sweepWindow() } });
    const small = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button, input, textarea, [role=tab], [role=option], [role=menuitem]')]
          .filter((part) => part.checkVisibility({ visibilityProperty: true }))
          .map((part) => ({
            name: part.textContent || part.className,
            box: (part.closest('label') ?? part).getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width < 40 || box.height < 40)
          .map(({ name, box }) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`),
      );
    expect(await small()).toEqual([]);
    await page.getByRole('button', { name: 'Workspace and people' }).click();
    expect(await small()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Act on many' }).click();
    await page.locator('[data-action=tasks] button').click();
    expect(await page.getByRole('dialog').boundingBox()).toEqual({ x: 0, y: 0, ...PHONE });
    expect((await page.locator('.dialog-foot').boundingBox())?.y).toBeGreaterThan(PHONE.height - 80);
    await page.getByRole('listbox').waitFor();
    expect(await small()).toEqual([]);
  });

  test('is a link where mrkdwn names a telephone, an address or a page', async () => {
    const text = mrkdwn(
      '<tel:+15550100|+1 555 0100> <mailto:dana@x.example> <https://x.example/a|*bold* page> <javascript:alert(1)|no>',
    );
    const { page } = await start({ size: PHONE, blocks: [{ type: 'section', text }] });
    const links = await page
      .locator('.message a')
      .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.textContent]));
    expect(links).toEqual([
      ['tel:+15550100', '+1 555 0100'],
      ['mailto:dana@x.example', 'dana@x.example'],
      ['https://x.example/a', '*bold* page'],
    ]);
  });
});
