import { createContext, useContext } from 'react';
import type { PageUser } from './protocol.ts';

/** Whose screen it is. */
export interface Person {
  userId: string;
  /** IANA zone: every time on the page is read in it. */
  zone: string;
  users: readonly PageUser[];
  appName: string;
}

export const PersonContext = createContext<Person>({ userId: '', zone: 'UTC', users: [], appName: '' });

export function usePerson(): Person {
  return useContext(PersonContext);
}
