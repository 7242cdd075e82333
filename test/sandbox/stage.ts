/** The page in a real browser, beside an app that does as a test says. */
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { createWeb } from '../../sandbox/web.ts';
import { MAYA } from '../flow/cast.ts';
import { CHROMIUM, HAS_BROWSER } from './chromium.ts';
import { denseMessage, times } from './dense.ts';
import { client, socketApp, workspace } from './slack/harness.ts';

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export const SIZES = [
  ['on a desk', DESK],
  ['on a phone', PHONE],
] as const;

let browser: Browser;

/** To be called once by a file, for its tests. */
export function withBrowser(): void {
  // A browser starts slowly where others compute, and the first page of a run waits for the code of all pages.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

  beforeAll(async () => {
    if (!HAS_BROWSER) return;
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });

  afterAll(() => browser?.close());
}

/** The app's part, as a test plays it. */
interface Part {
  /** What the app answers to submission number `count`, from 1. */
  answer?: (count: number) => JsonObject | undefined;
  /** The window that a button opens, by its action. */
  windows?: Record<string, JsonObject>;
  blocks?: JsonObject[];
  size?: { width: number; height: number };
}

const asView = (view: JsonObject | undefined) => view as unknown as ModalView;

/** A workspace with an app, one message in the conversation, and the page on the screen. */
export async function start({ answer = () => undefined, windows = {}, blocks = denseMessage(), size = DESK }: Part) {
  const slack = await workspace({ users: [MAYA] });
  const heard: JsonObject[] = [];
  function hear(body: object): void {
    heard.push(JSON.parse(JSON.stringify(body)));
  }
  await socketApp(slack, (app: App) => {
    app.action(/.*/, async ({ ack, body, action, client: web }) => {
      await ack();
      hear(body);
      const view = 'action_id' in action ? windows[action.action_id] : undefined;
      if (view && 'trigger_id' in body) await web.views.open({ trigger_id: body.trigger_id, view: asView(view) });
    });
    app.view({ callback_id: /.*/, type: 'view_submission' }, async ({ ack, body }) => {
      hear(body);
      await Reflect.apply(ack, undefined, [answer(of('view_submission').length)]);
    });
    app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack, body }) => {
      hear(body);
      await ack();
    });
  });
  const of = (type: string) => heard.filter((body) => body.type === type);
  await client(slack).chat.postMessage({ channel: MAYA.id, text: 'Tasks', blocks: JSON.parse(JSON.stringify(blocks)) });
  const web = await createWeb({ slack, providers: [] });
  onTestFinished(web.close);
  const page = await look(web.url, size);
  return { slack, page, of, held: () => valuesOf(of('view_submission').at(-1)) };
}

/** The conversation on a screen of that size. */
export async function look(url: string, viewport: { width: number; height: number }): Promise<Page> {
  const page = await browser.newPage({ viewport });
  onTestFinished(() => page.close());
  await page.goto(url);
  await page.locator('.message').first().waitFor();
  return page;
}

/** What a submission says that the inputs hold, by action. */
function valuesOf(body: JsonObject | undefined): Record<string, JsonObject> {
  const { view } = JSON.parse(JSON.stringify(body ?? {}));
  return Object.assign({}, ...Object.values(view?.state.values ?? {}));
}

export async function expectNoSideways(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.scrollingElement?.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(screen ?? 0);
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('.messages, .home, .dialog-body, .popup')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map((part) => part.className),
  );
  expect(wide).toEqual([]);
}

export async function expectInside(page: Page, part: Locator): Promise<void> {
  const box = await part.boundingBox();
  const { width, height } = page.viewportSize() ?? DESK;
  expect(box).toMatchObject({ x: expect.any(Number) });
  if (!box) return;
  expect([box.x >= 0, box.y >= 0, box.x + box.width <= width, box.y + box.height <= height]).toEqual(
    times(4, () => true),
  );
}

/** The name of what has the keyboard. */
export const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    const owner = active?.closest<HTMLElement>('[data-action]');
    const label = active instanceof HTMLInputElement && active.type === 'radio' ? active.closest('label') : active;
    return `${owner?.dataset.action ?? ''} ${label?.textContent ?? ''}`.trim();
  });
