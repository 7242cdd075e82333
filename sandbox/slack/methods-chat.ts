import { type Answer, fail, type Method, missing } from './answers.ts';
import { checkContent } from './content.ts';
import { stringOf } from './json.ts';
import {
  directMessage,
  editMessage,
  findMessage,
  messageJson,
  postMessage,
  removeMessage,
  userOfChannel,
} from './messages.ts';
import type { State } from './state.ts';
import type { JsonObject, SandboxMessage } from './types.ts';

/** The person behind a channel argument: their id, or the id of their direct message. */
export function personOf(state: State, channel: string): string | undefined {
  const user = state.users.get(channel);
  if (user) return user.deleted || user.isBot ? undefined : user.id;
  return userOfChannel(state, channel);
}

export const chatPostMessage: Method = (state, args) => {
  const channel = stringOf(args.channel);
  if (!channel) return missing(state, 'chat.postMessage', 'channel');
  const userId = personOf(state, channel);
  if (!userId) return fail('channel_not_found');
  const checked = checkContent(state, 'chat.postMessage', args);
  if (!checked.ok) return checked.answer;
  const { text, blocks = [] } = checked.content;
  const message = postMessage(state, { userId, text, blocks, ephemeral: false });
  return { ok: true, channel: message.channel, ts: message.ts, message: messageJson(state, message) };
};

export const chatPostEphemeral: Method = (state, args) => {
  const channel = stringOf(args.channel);
  const userId = stringOf(args.user);
  if (!channel) return missing(state, 'chat.postEphemeral', 'channel');
  if (!userId) return missing(state, 'chat.postEphemeral', 'user');
  const owner = userOfChannel(state, channel);
  if (!owner) return fail('channel_not_found');
  if (owner !== userId) return fail('user_not_in_channel');
  const checked = checkContent(state, 'chat.postEphemeral', args);
  if (!checked.ok) return checked.answer;
  const { text, blocks = [] } = checked.content;
  return { ok: true, message_ts: postMessage(state, { userId, text, blocks, ephemeral: true }).ts };
};

type Found = { ok: true; message: SandboxMessage } | { ok: false; answer: Answer };

/** Ephemeral messages are not kept by Slack, so these methods cannot see them. */
function lookUp(state: State, where: string, args: JsonObject, tsField: 'ts' | 'message_ts'): Found {
  const channel = stringOf(args.channel);
  const ts = stringOf(args[tsField]);
  if (!channel) return { ok: false, answer: missing(state, where, 'channel') };
  if (!ts) return { ok: false, answer: missing(state, where, tsField) };
  if (!userOfChannel(state, channel)) return { ok: false, answer: fail('channel_not_found') };
  const message = findMessage(state, channel, ts);
  if (!message || message.ephemeral) return { ok: false, answer: fail('message_not_found') };
  return { ok: true, message };
}

export const chatUpdate: Method = (state, args) => {
  const found = lookUp(state, 'chat.update', args, 'ts');
  if (!found.ok) return found.answer;
  const { message } = found;
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

export const chatDelete: Method = (state, args) => {
  const found = lookUp(state, 'chat.delete', args, 'ts');
  if (!found.ok) return found.answer;
  if (found.message.author === 'person') return fail('cant_delete_message');
  removeMessage(state, found.message);
  return { ok: true, channel: found.message.channel, ts: found.message.ts };
};

export const chatGetPermalink: Method = (state, args) => {
  const found = lookUp(state, 'chat.getPermalink', args, 'message_ts');
  if (!found.ok) return found.answer;
  const { channel, ts } = found.message;
  const permalink = `https://${state.domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  return { ok: true, channel, permalink };
};

export const conversationsOpen: Method = (state, args) => {
  const channel = stringOf(args.channel);
  const users = stringOf(args.users)?.split(',') ?? [];
  if (!channel && users.length === 0) return missing(state, 'conversations.open', 'users');
  if (users.length > 1) return fail('method_not_supported_for_channel_type');
  const user = state.users.get(users[0] ?? '');
  if (!channel && !user) return fail('user_not_found');
  if (user?.deleted) return fail('user_disabled');
  if (user?.isBot) return fail('cannot_dm_bot');
  const owner = user?.id ?? userOfChannel(state, channel ?? '');
  if (!owner) return fail('channel_not_found');
  const known = state.channels.has(owner);
  return { ok: true, no_op: known, already_open: known, channel: { id: directMessage(state, owner) } };
};
