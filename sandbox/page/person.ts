import { createContext, useContext } from 'react';
import type { MessageShortcut } from '../slack/types.ts';
import type { PageChannel, PageUser } from './protocol.ts';
import type { Local } from './time.ts';

/** The person at the screen. */
export interface Person extends Local {
  userId: string;
  users: readonly PageUser[];
  channels: readonly Pick<PageChannel, 'id' | 'name'>[];
  appName: string;
  /** The entries of a message's menu. */
  shortcuts: readonly MessageShortcut[];
}

export const PersonContext = createContext<Person>({
  userId: '',
  zone: 'UTC',
  now: 0,
  users: [],
  channels: [],
  appName: '',
  shortcuts: [],
});

export function usePerson(): Person {
  return useContext(PersonContext);
}
