/** What the routes work on. */
import type { Book } from './book.ts';
import type { OddDirectory } from './types.ts';

export interface Gong {
  book: Book;
  /** What `Authorization` must hold. */
  authorization: string;
  pageSize: number;
  nothingFoundIs404: boolean;
  statusInArray: boolean;
  clock: () => number;
  directory?: OddDirectory | undefined;
}
