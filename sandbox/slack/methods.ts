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

type TokenKind = 'none' | 'bot' | 'app';

/** Of the app's bot, as its manifest asks for them. */
export const SCOPES = ['chat:write', 'commands', 'im:history', 'im:write', 'users:read', 'users:read.email'];

/** The beginning of a method's name -> the scope that it needs. */
const SCOPE_OF: Record<string, string> = { chat: 'chat:write', conversations: 'im:write', users: 'users:read' };

export interface MethodEntry {
  token: TokenKind;
  scope?: string | undefined;
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
    ...Object.entries(bot).map(([name, run]) => {
      const entry: MethodEntry = { token: 'bot', run, scope: SCOPE_OF[name.split('.')[0] ?? ''] };
      return [name, entry] as const;
    }),
    ['api.test', { token: 'none', run: echo }],
    ['apps.connections.open', { token: 'app', run: openConnection }],
  ]);
}
