/** The simulator's state, for its routes. */
import type { Book } from './book.ts';
import type { OddDirectory } from './types.ts';

export interface Gong {
  book: Book;
  /** The expected `Authorization` header. */
  authorization: string;
  pageSize: number;
  nothingFoundIs404: boolean;
  statusInArray: boolean;
  clock: () => number;
  directory?: OddDirectory | undefined;
}
