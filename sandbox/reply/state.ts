/** The simulator's state, for its routes. */
import type { Call } from '../desk.ts';
import type { Book } from './book.ts';
import type { Caller } from './door.ts';
import type { ReplyDialect, ReplyEffects } from './types.ts';
import type { WireStyle } from './wire.ts';

export interface Reply {
  book: Book;
  effects: ReplyEffects;
  dialect: ReplyDialect;
  pageMax: number;
  teamUsersForbidden: boolean;
  directoryEmpty?: boolean;
  /** The status of every task route while the task API is "coming soon" (contracts, conflict 3). */
  notEnabled: 404 | 501 | undefined;
  clock: () => number;
}

/** One request, by someone who was let in. */
export interface Asked {
  call: Call;
  caller: Caller;
  style: WireStyle;
}
