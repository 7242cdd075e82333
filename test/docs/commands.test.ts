/** docs/commands.md is what the grammar says. `-u` writes it. */
import { expect, test } from 'vitest';
import { commandsPage } from './commands-page.ts';

test('docs/commands.md is made from the grammar', async () => {
  await expect(commandsPage()).toMatchFileSnapshot('../../docs/commands.md');
});
