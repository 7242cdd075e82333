import type { Method } from './answers.ts';
import { chatPostMessage, chatUpdate } from './methods-chat.ts';
import {
  authTest,
  usergroupsUsersList,
  usersInfo,
  usersList,
  usersLookupByEmail,
  usersProfileGet,
} from './methods-users.ts';
import { viewsOpen, viewsPublish, viewsPush, viewsUpdate } from './methods-views.ts';
import { authTeamsList } from './organisation.ts';

type TokenKind = 'bot' | 'app';

/** Of the app's bot, as its manifest asks for them. */
export const SCOPES = [
  'chat:write',
  'commands',
  'im:history',
  'im:write',
  'usergroups:read',
  'users.profile:read',
  'users:read',
  'users:read.email',
];

/** The method, or the beginning of its name -> the scope that it needs. */
const SCOPE_OF: Record<string, string> = {
  chat: 'chat:write',
  usergroups: 'usergroups:read',
  users: 'users:read',
  'users.profile.get': 'users.profile:read',
};

export interface MethodEntry {
  token: TokenKind;
  scope?: string | undefined;
  run: Method;
}

/** `apps.connections.open` is the socket's to answer, so it comes from outside. */
export function methodTable(openConnection: Method): Map<string, MethodEntry> {
  const bot: Record<string, Method> = {
    'auth.teams.list': authTeamsList,
    'auth.test': authTest,
    'chat.postMessage': chatPostMessage,
    'chat.update': chatUpdate,
    'usergroups.users.list': usergroupsUsersList,
    'users.info': usersInfo,
    'users.list': usersList,
    'users.lookupByEmail': usersLookupByEmail,
    'users.profile.get': usersProfileGet,
    'views.open': viewsOpen,
    'views.publish': viewsPublish,
    'views.push': viewsPush,
    'views.update': viewsUpdate,
  };
  return new Map<string, MethodEntry>([
    ...Object.entries(bot).map(([name, run]) => {
      const entry: MethodEntry = { token: 'bot', run, scope: SCOPE_OF[name] ?? SCOPE_OF[name.split('.')[0] ?? ''] };
      return [name, entry] as const;
    }),
    ['apps.connections.open', { token: 'app', run: openConnection }],
  ]);
}
