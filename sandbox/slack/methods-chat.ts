import { fail, type Method, missing } from './answers.ts';
import { checkContent } from './content.ts';
import { stringOf } from './json.ts';
import { editMessage, findMessage, messageJson, postMessage, userOfChannel } from './messages.ts';
import type { State } from './state.ts';
import type { SandboxChannel } from './types.ts';

/** The person behind a channel argument: their id, or the id of their direct message. */
export function personOf(state: State, channel: string): string | undefined {
  const user = state.users.get(channel);
  if (user) return user.deleted || user.isBot ? undefined : user.id;
  return userOfChannel(state, channel);
}

/** Who is not in a private channel hears nothing of it, not even that it exists. */
function refusalOf({ isPrivate, hasApp, isArchived }: SandboxChannel): string | undefined {
  if (!hasApp) return isPrivate ? 'channel_not_found' : 'not_in_channel';
  return isArchived ? 'is_archived' : undefined;
}

export const chatPostMessage: Method = (state, args) => {
  const channel = stringOf(args.channel);
  if (!channel) return missing(state, 'chat.postMessage', 'channel');
  const room = state.rooms.get(channel);
  const refused = room && refusalOf(room);
  if (refused) return fail(refused);
  const userId = room?.id ?? personOf(state, channel);
  if (!userId) return fail('channel_not_found');
  const checked = checkContent(state, 'chat.postMessage', args);
  if (!checked.ok) return checked.answer;
  const { text, blocks = [] } = checked.content;
  const message = postMessage(state, { userId, text, blocks, ephemeral: false });
  return { ok: true, channel: message.channel, ts: message.ts, message: messageJson(state, message) };
};

export const chatUpdate: Method = (state, args) => {
  const channel = stringOf(args.channel);
  const ts = stringOf(args.ts);
  if (!channel) return missing(state, 'chat.update', 'channel');
  if (!ts) return missing(state, 'chat.update', 'ts');
  if (!userOfChannel(state, channel)) return fail('channel_not_found');
  const message = findMessage(state, channel, ts);
  // Slack keeps no ephemeral messages.
  if (!message || message.ephemeral) return fail('message_not_found');
  if (message.author === 'person') return fail('cant_update_message');
  const checked = checkContent(state, 'chat.update', args);
  if (!checked.ok) return checked.answer;
  // Text without blocks takes the old blocks away.
  editMessage(state, message, checked.content.text, checked.content.blocks ?? []);
  return {
    ok: true,
    channel: message.channel,
    ts: message.ts,
    text: message.text,
    message: messageJson(state, message),
  };
};
