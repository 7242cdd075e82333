/** The workspace's members; `src/slack/directory.ts` reads them. */
import type { RepKey } from '../model/keys.ts';

/** A member as Slack described them. `undefined` was not said, and changes nothing that we know (invariant 11). */
export interface Member {
  userId: string;
  name: string | undefined;
  /** Lower-cased. */
  email: string | undefined;
  /** Slack's name of it; this runtime may not know it. */
  zone: string | undefined;
  /** The zone's current offset from UTC, in milliseconds. */
  zoneOffset?: number | undefined;
  /** Well-formed; this runtime may not know it. */
  locale?: string | undefined;
  active: boolean | undefined;
  /** An admin or owner of the workspace. */
  admin: boolean;
  /** Slack lists them in other workspaces and not in ours: ours only if we know them already. */
  elsewhere?: boolean;
}

/** Throws `DeliveryError`. */
export interface Directory {
  /** Every member once, also deactivated ones. Takes minutes in a large workspace. */
  members(teamId: string): Promise<Member[]>;
  member(key: RepKey): Promise<Member | undefined>;
}
