/** The tools of a workspace on the page: the window, the form for a key, and what it says when one is refused or taken. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWeb } from '../../sandbox/web.ts';
import { ADMIN, ALWAYS } from '../flow/cast.ts';
import { type } from '../flow/press.ts';
import { createTooled, OTHER_KEY, OTHER_SECRET, openTools } from '../flow/tooling.ts';
import { HAS_BROWSER } from './chromium.ts';
import { expectNoSideways, look, SIZES, withBrowser } from './stage.ts';

withBrowser();

const PICTURES = process.env.TOOLS_PICTURES;

describe.skipIf(!HAS_BROWSER).each(SIZES)('%s', (name, size) => {
  test('an admin connects a tool, after a key that it refused; then it is away, and is disconnected', async () => {
    const { other, gong } = await createTooled();
    await type(other, 'team', ADMIN);
    const web = await createWeb({ slack: other.slack, providers: [], clock: other.now });
    onTestFinished(web.close);
    const shown = await look(`${web.url}?user=${ADMIN.id}`, size);
    const picture = async (of: string) => {
      await expectNoSideways(shown);
      if (PICTURES) await shown.screenshot({ path: `${PICTURES}/${name.replaceAll(' ', '-')}-${of}.png` });
    };
    await picture('team');
    await shown.getByRole('button', { name: 'Sales tools…' }).click();
    const dialog = shown.getByRole('dialog');
    await dialog.getByText('not connected').first().waitFor();
    await picture('none');

    await dialog.getByRole('button', { name: 'Connect Gong' }).click();
    await dialog.getByLabel('Access key', { exact: true }).fill(OTHER_KEY);
    await dialog.getByLabel('Access key secret').fill('mistyped-secret');
    await picture('form');
    await dialog.getByRole('button', { name: 'Try and save' }).click();
    await dialog.getByText('Gong refuses the key').waitFor();
    await picture('refused');

    await dialog.getByLabel('Access key', { exact: true }).fill(OTHER_KEY);
    await dialog.getByLabel('Access key secret').fill(OTHER_SECRET);
    await dialog.getByRole('button', { name: 'Try and save' }).click();
    await dialog.getByText('Gong is connected.').waitFor();
    await picture('saved');
    await other.idle();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.getByText('Gong answers, and takes the key.').waitFor();
    await picture('connected');

    await dialog.getByRole('button', { name: 'Close' }).last().click();
    // Else what is opened next could be what is closed.
    await expect.poll(() => other.slack.modal(ADMIN.id)).toBeUndefined();
    gong.fail({ how: { kind: 'answer', status: 503 }, times: ALWAYS });
    await openTools(other);
    await dialog.getByText('Gong does not answer just now.').waitFor();
    await picture('away');

    await dialog.getByRole('button', { name: 'Disconnect Gong' }).click();
    await shown.getByText('clicks that have not reached Gong are not done any more').waitFor();
    await picture('asked');
    await shown.getByRole('button', { name: 'Disconnect', exact: true }).last().click();
    await dialog.getByText('Gong is disconnected').waitFor();
    await picture('ended');
    expect(await dialog.getByRole('button', { name: 'Connect Gong' }).count()).toBe(1);
  });
});
