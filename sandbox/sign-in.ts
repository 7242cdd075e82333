/** Signs a person of the demo in to Outreach as they would: types the command, presses the button, allows it in the browser. */
import { answerConsent } from './browser.ts';
import { OUTREACH_USER_OF } from './outreach/seed.ts';
import type { DemoPerson } from './people.ts';
import { isObject } from './slack/json.ts';
import type { SandboxMessage, SlackWorkspace } from './slack/types.ts';

export async function signIn(slack: SlackWorkspace, person: DemoPerson): Promise<void> {
  await slack.command(person.slackId, '/tasks', 'connect');
  const found = await until(() => slack.messages(person.slackId).map(signInOf).find(Boolean));
  const user = OUTREACH_USER_OF.get(person.slackId);
  if (!found || user === undefined) throw new Error(`no link for ${person.realName} to sign in with`);
  await slack.act(person.slackId, { ts: found.ts }, found.blockId, found.button);
  await fetch(await answerConsent(String(found.button.url), user));
}

function signInOf({ ts, blocks }: SandboxMessage) {
  for (const { accessory, block_id } of blocks) {
    if (isObject(accessory) && typeof accessory.url === 'string') {
      return { ts, blockId: String(block_id), button: accessory };
    }
  }
  return undefined;
}

async function until<T>(look: () => T | undefined): Promise<T | undefined> {
  for (let tries = 0; tries < 200; tries += 1) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
