import type { Method } from './answers.ts';
import {
  chatDelete,
  chatGetPermalink,
  chatPostEphemeral,
  chatPostMessage,
  chatUpdate,
  conversationsOpen,
} from './methods-chat.ts';
import { authTest, usersInfo, usersList, usersLookupByEmail } from './methods-users.ts';
import { viewsOpen, viewsPublish, viewsPush, viewsUpdate } from './methods-views.ts';

export type TokenKind = 'none' | 'bot' | 'app';

export interface MethodEntry {
  token: TokenKind;
  run: Method;
}

const echo: Method = (_state, args) => ({ ok: true, args });

/** `apps.connections.open` is the socket's to answer, so it comes from outside. */
export function methodTable(openConnection: Method): Map<string, MethodEntry> {
  const bot: Record<string, Method> = {
    'auth.test': authTest,
    'chat.delete': chatDelete,
    'chat.getPermalink': chatGetPermalink,
    'chat.postEphemeral': chatPostEphemeral,
    'chat.postMessage': chatPostMessage,
    'chat.update': chatUpdate,
    'conversations.open': conversationsOpen,
    'users.info': usersInfo,
    'users.list': usersList,
    'users.lookupByEmail': usersLookupByEmail,
    'views.open': viewsOpen,
    'views.publish': viewsPublish,
    'views.push': viewsPush,
    'views.update': viewsUpdate,
  };
  return new Map<string, MethodEntry>([
    ...Object.entries(bot).map(([name, run]) => [name, { token: 'bot', run }] satisfies [string, MethodEntry]),
    ['api.test', { token: 'none', run: echo }],
    ['apps.connections.open', { token: 'app', run: openConnection }],
  ]);
}
