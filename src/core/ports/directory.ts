/** The people of the Slack workspace; `src/slack/directory.ts` reads them. */
import type { RepKey } from '../model/keys.ts';

/** What Slack said of a person. `undefined` is what it did not say, which changes nothing that we know (invariant 11). */
export interface Member {
  userId: string;
  name: string | undefined;
  /** Lower-cased. */
  email: string | undefined;
  /** As Slack names it; this runtime may not know it. */
  zone: string | undefined;
  /** The zone's distance from UTC now, in milliseconds. */
  zoneOffset?: number | undefined;
  active: boolean | undefined;
  /** May manage who is who: an admin or owner of the workspace. */
  admin: boolean;
  /** Slack names other workspaces for them and not ours: ours only if we know them already. */
  elsewhere?: boolean;
}

/** The people of the workspace. Throws `DeliveryError`. */
export interface Directory {
  /** Every person that Slack lists, each once, deactivated ones included. Takes minutes in a large workspace. */
  members(teamId: string): Promise<Member[]>;
  member(key: RepKey): Promise<Member | undefined>;
}
