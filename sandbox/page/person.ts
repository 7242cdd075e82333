import { createContext, useContext } from 'react';
import type { PageUser } from './protocol.ts';
import type { Local } from './time.ts';

/** Whose screen it is. */
export interface Person extends Local {
  userId: string;
  users: readonly PageUser[];
  appName: string;
}

export const PersonContext = createContext<Person>({ userId: '', zone: 'UTC', now: 0, users: [], appName: '' });

export function usePerson(): Person {
  return useContext(PersonContext);
}
