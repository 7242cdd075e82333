/** Small notes that several processes keep together, such as the turns of one tool. */
import type { Instant } from '../model/keys.ts';

export interface SharedNotes {
  /** `now`: by the clock that all share, after the note was read. `version` 0: there is none. */
  read(name: string): Promise<{ note: string | undefined; version: number; now: Instant }>;
  /** False: another process has written since that version was read, and this one has to read again. */
  write(name: string, note: string, version: number): Promise<boolean>;
  /** Deletes those that nobody has written for so long. */
  prune(unusedMs: number): Promise<void>;
}
