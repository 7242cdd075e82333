/** Keys of sales tools that admins set for their own workspace. They are secrets. */
import type { Instant, ProviderId } from '../model/keys.ts';
import type { Tx } from './transaction.ts';

export interface StoredTool {
  teamId: string;
  provider: ProviderId;
  /** The Slack user id of the admin who set the key. */
  by: string;
  at: Instant;
  /** Another one after each save; it says nothing of the key. */
  version: string;
}

export interface Tools {
  /** Inserts or replaces. `settings`: the values of the tool's variables. */
  save(tool: Omit<StoredTool, 'version'> & { settings: Readonly<Record<string, string>> }, tx?: Tx): Promise<void>;
  /** Whether or not a key decrypts them. Without a team: of all workspaces. */
  list(teamId?: string, tx?: Tx): Promise<StoredTool[]>;
  /** undefined: there are none, or no key decrypts them. */
  settings(teamId: string, provider: ProviderId): Promise<Readonly<Record<string, string>> | undefined>;
  /** Encrypts the workspace's keys anew where an older ENCRYPTION_KEY has, so that it can be removed. */
  reseal(teamId: string): Promise<void>;
  /**
   * Deletes the key and all that was reached with it: links, sign-ins, suggestions, doubts and the subscription. The end of
   * each link is in the audit, by `by`. Returns how many links there were. Reps who ended their link keep that choice.
   */
  end(of: Omit<StoredTool, 'version'>, tx: Tx): Promise<number>;
}
