/** The one app that is registered at this Outreach, and how it has to ask. */
import type { Call } from '../desk.ts';
import type { Book } from './book.ts';
import type { Tokens } from './tokens.ts';

export interface OAuth {
  book: Book;
  tokens: Tokens;
  clientId: string;
  clientSecret: string;
  /** Who is signed in at Outreach in the browser that asks. */
  inBrowser: (() => string | undefined) | undefined;
}

export function isForm({ headers }: Call): boolean {
  return /^application\/x-www-form-urlencoded *(;|$)/i.test(headers['content-type'] ?? '');
}
