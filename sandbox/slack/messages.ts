import { stateValues, withIds } from './elements.ts';
import { changed, nextId, nextTs, type State } from './state.ts';
import type { JsonObject, SandboxMessage } from './types.ts';

export interface NewMessage {
  userId: string;
  text: string;
  blocks: JsonObject[];
  ephemeral: boolean;
  author?: 'person';
}

/** The direct message of this person with the app, opened at first use; a channel is itself. */
export function directMessage(state: State, userId: string): string {
  if (state.rooms.has(userId)) return userId;
  const known = state.channels.get(userId);
  if (known) return known;
  const channel = nextId(state, 'D');
  state.channels.set(userId, channel);
  return channel;
}

export function userOfChannel(state: State, channel: string): string | undefined {
  for (const [userId, id] of state.channels) if (id === channel) return userId;
  return undefined;
}

export function postMessage(state: State, message: NewMessage): SandboxMessage {
  const stored: SandboxMessage = {
    channel: directMessage(state, message.userId),
    ts: nextTs(state),
    userId: message.userId,
    text: message.text,
    blocks: withIds(message.blocks),
    ephemeral: message.ephemeral,
    edits: 0,
    ...(message.author ? { author: message.author } : {}),
  };
  state.messages.push(stored);
  changed(state);
  return stored;
}

export function findMessage(state: State, channel: string, ts: string): SandboxMessage | undefined {
  return state.messages.find((message) => message.ts === ts && message.channel === channel);
}

export function editMessage(state: State, message: SandboxMessage, text: string, blocks: JsonObject[]): void {
  message.text = text;
  message.blocks = withIds(blocks);
  if (message.values) message.values = stateValues(message.blocks, message.values);
  message.edits += 1;
  changed(state);
}

/** A message as Slack shows it to the app. */
export function messageJson(state: State, message: SandboxMessage): JsonObject {
  if (message.author === 'person') {
    return { user: message.userId, type: 'message', ts: message.ts, text: message.text, team: state.place };
  }
  return {
    user: state.botUserId,
    type: 'message',
    ts: message.ts,
    bot_id: state.botId,
    app_id: state.appId,
    text: message.text,
    team: state.place,
    blocks: structuredClone(message.blocks),
    ...(message.edits > 0 ? { edited: { user: state.botId, ts: message.ts } } : {}),
  };
}
