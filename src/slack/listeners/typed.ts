/** What is typed to the app in its own conversation is read as if it stood behind `/tasks` (slack.md 6.2). */
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { patiently } from '../transport/patience.ts';
import { TypedMessage } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { answerCommand, type CommandParts } from './commands.ts';
import { readable } from './follow-up.ts';

/** Slack sends an event again when it does not hear from us in time: for an hour at the most, and few are typed in that. */
const MOST_REMEMBERED = 1_000;

export function registerTyped(app: App, parts: CommandParts & { client: WebClient }): void {
  const answered = new Set<string>();

  /** By the message itself: a delivery that comes again may name another event. */
  function isNew(message: TypedMessage): boolean {
    const mark = `${message.channel}:${message.ts}`;
    if (answered.has(mark)) return false;
    answered.add(mark);
    const [oldest] = answered;
    if (answered.size > MOST_REMEMBERED && oldest !== undefined) answered.delete(oldest);
    return true;
  }

  app.event('message', async ({ event, body }) => {
    const message = TypedMessage.safeParse(event).data;
    if (!message || (message.team ?? body.team_id) !== body.team_id || !isNew(message)) return;
    const key = { teamId: body.team_id, userId: message.user };
    const { client, digests } = parts;
    const way = { triggerId: undefined, respond: inConversation(client, message.channel), show: digests.post };
    await parts.replies.orApologise(key, undefined, () => answerCommand(parts, key, commandOf(message.text), way));
  });
}

/** People quote what they look for, and some repeat the command. */
export function commandOf(text: string): string {
  const bare = readable(text)
    .replace(/^\/tasks(?=\s|$)/i, '')
    .trim();
  return /^["“”„«].+["“”»]$/s.test(bare) ? bare.slice(1, -1).trim() : bare;
}

/** With messages like any other: there is no response_url, and nothing that could open a window. */
function inConversation(client: WebClient, channel: string): Respond {
  return ({ text, blocks }) => {
    const content = { channel, text, unfurl_links: false, unfurl_media: false, ...(blocks && { blocks }) };
    return patiently(() => client.chat.postMessage(content));
  };
}
