/** Messages to the app in its own conversation are read like `/tasks` commands (slack.md 6.2). */
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Digests } from '../../core/digests/send.ts';
import { TypedMessage } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { withRetries } from '../transport/retry.ts';
import { organisationOf } from '../transport/whose.ts';
import { type AskParts, ask } from './ask.ts';
import { readable } from './follow-up.ts';

/** Slack repeats an event without an acknowledgement, for an hour at the most. */
const MOST_REMEMBERED = 1_000;

export function registerTyped(app: App, parts: AskParts & { client: WebClient; digests: Pick<Digests, 'post'> }): void {
  const handled = new Set<string>();

  /** By the message: a repeated event may have another id. */
  function isNew(message: TypedMessage): boolean {
    const mark = `${message.channel}:${message.ts}`;
    if (handled.has(mark)) return false;
    handled.add(mark);
    const [oldest] = handled;
    if (handled.size > MOST_REMEMBERED && oldest !== undefined) handled.delete(oldest);
    return true;
  }

  app.event('message', async ({ event, body }) => {
    const message = TypedMessage.safeParse(event).data;
    if (!message || isFromElsewhere(message, body) || !isNew(message)) return;
    const key = { teamId: body.team_id, userId: message.user };
    const { client, digests } = parts;
    const channel = {
      command: `${message.channel}:${message.ts}`,
      place: 'messages',
      triggerId: undefined,
      respond: inConversation(client, message.channel),
      show: digests.post,
      // Bolt has acknowledged the event, of which Slack shows nothing: what the rep waits for is the answer.
      ack: async () => {},
    } as const;
    await parts.replies.orApologise(key, undefined, () => ask(parts, key, commandOf(message.text), channel));
  });
}

/** In an organisation a workspace says nothing: whoever is not known is looked up, and a stranger is told so. */
function isFromElsewhere({ team }: TypedMessage, body: { team_id: string }): boolean {
  return (team ?? body.team_id) !== body.team_id && organisationOf({ ...body }) !== body.team_id;
}

/** Some type the command again. */
function commandOf(text: string): string {
  return readable(text)
    .replace(/^\/tasks(?=\s|$)/i, '')
    .trim();
}

/** Posts messages: there is no response_url and no trigger here. */
export function inConversation(client: WebClient, channel: string): Respond {
  return ({ text, blocks }) => {
    const content = { channel, text, unfurl_links: false, unfurl_media: false, ...(blocks && { blocks }) };
    return withRetries(() => client.chat.postMessage(content));
  };
}
