/** Whether a rep is out of office, by their Slack status; `src/slack/presence.ts` reads it. */
import type { Instant, RepKey } from '../model/keys.ts';

/** `unknown`: it could not be read. `until`: when the status ends by itself. */
export type Sighting = { away: true; until?: Instant } | { away: false } | 'unknown';

export interface Presence {
  /** The app was given the scope for it; false also while that is not known. */
  mayLook(): boolean;
  /** Never throws: a digest must not depend on it. */
  look(rep: RepKey): Promise<Sighting>;
}
