import { createContext, useContext } from 'react';
import type { MessageShortcut } from '../slack/types.ts';
import type { PageUser } from './protocol.ts';
import type { Local } from './time.ts';

/** Whose screen it is. */
export interface Person extends Local {
  userId: string;
  users: readonly PageUser[];
  appName: string;
  /** What the menu of a message offers. */
  shortcuts: readonly MessageShortcut[];
}

export const PersonContext = createContext<Person>({
  userId: '',
  zone: 'UTC',
  now: 0,
  users: [],
  appName: '',
  shortcuts: [],
});

export function usePerson(): Person {
  return useContext(PersonContext);
}
