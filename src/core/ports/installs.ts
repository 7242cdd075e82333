/** Workspaces, and whole organisations, in which the app was installed from its page, beside the one whose token is in the settings. */
import type { Instant, RepKey } from '../model/keys.ts';
import type { Tx } from './transaction.ts';

export interface Install {
  /** Of the workspace. Of the organisation, where the app was installed in all of it: all that is kept has this id. */
  teamId: string;
  /** The organisation of Enterprise Grid that the workspace belongs to; the same as `teamId` for an organisation itself. */
  enterpriseId?: string | undefined;
  /** Of the workspace or the organisation, as Slack gave it. */
  name?: string | undefined;
  /** Of the bot. It is a secret. */
  token: string;
  /** undefined: the token lasts. Else it ends at `expiresAt`; `refreshToken`, a secret too, gets the next one, once. */
  rotation?: Rotation | undefined;
  botId: string;
  botUserId: string;
  /** The installer's Slack user id. */
  by: string;
  at: Instant;
}

/** The app was installed in a whole organisation: people have one id in all its workspaces. */
export function isOrganisation({ teamId, enterpriseId }: Pick<Install, 'teamId' | 'enterpriseId'>): boolean {
  return teamId === enterpriseId;
}

export interface Rotation {
  refreshToken: string;
  expiresAt: Instant;
}

/** One token of one install: `at` is that of the install, and `version` is another one with each token. */
export interface InstallMark {
  teamId: string;
  at: Instant;
  version: number;
}

export type HeldInstall = Install & InstallMark;

export interface Installs {
  /** Inserts or replaces. False: the workspace's data are being deleted (`end`), and nothing was stored. */
  save(install: Install, tx?: Tx): Promise<boolean>;
  /** undefined: there is none, its data are being deleted, or no key decrypts it. */
  find(teamId: string): Promise<HeldInstall | undefined>;
  /** Every install, whether or not a key decrypts it. `isEnding`: its data are being deleted. */
  list(): Promise<(InstallMark & { isEnding: boolean })[]>;
  /** Workspaces whose token ends at `until` or before, and which nobody renews now. */
  expiring(until: Instant, now: Instant): Promise<string[]>;
  /** One process renews it until `until`. False: another one does, or there is another token since. */
  lock(mark: InstallMark, now: Instant, until: Instant): Promise<boolean>;
  /** Replaces the token and ends the lock. False: there is another token since, or none. */
  renew(mark: InstallMark, next: { token: string; rotation: Rotation }): Promise<boolean>;
  /** From now on its data are deleted, and it cannot be installed. False: there is another token since, or none. */
  end(mark: InstallMark): Promise<boolean>;
  /**
   * Deletes all that is kept of a workspace, in short steps, and last its install if that has ended. Begun again after a
   * crash, it goes on.
   */
  forget(teamId: string): Promise<void>;
  /**
   * Where this person's list is, if it is not here: another install of the organisation that has them as an active rep, and
   * linked them first. In that one itself undefined.
   */
  elsewhere(key: RepKey, enterpriseId: string): Promise<{ teamId: string; name: string | undefined } | undefined>;
  /** A state for Slack's page: whoever comes back with it before `expiresAt` began here. Stores nothing. */
  beginState(expiresAt: Instant): Promise<string>;
  /** `new` for one caller only. undefined: it is none of ours, or over. */
  takeState(state: string, now: Instant): Promise<'new' | 'used' | undefined>;
  /** Deletes what is known of used states that are over. */
  pruneStates(now: Instant): Promise<void>;
}
