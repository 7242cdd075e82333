/** Workspaces in which the app was installed from its page, beside the one whose token is in the settings. */
import type { Instant } from '../model/keys.ts';

export interface Install {
  teamId: string;
  /** Of the bot. It is a secret. */
  token: string;
  botId: string;
  botUserId: string;
  /** Who installed it: a Slack user id. */
  by: string;
  at: Instant;
}

export interface Installs {
  /** Inserts or replaces. */
  save(install: Install): Promise<void>;
  /** undefined: there is none, or no key decrypts it. */
  find(teamId: string): Promise<Install | undefined>;
  /** When each workspace was installed, whether or not a key decrypts it. */
  list(): Promise<{ teamId: string; at: Instant }[]>;
  /** Deletes all that is kept of a workspace, in short steps. Begun again after a crash, it goes on. */
  forget(teamId: string): Promise<void>;
}
