/**
 * Webhook subscriptions that are to be deleted at a tool which was disconnected. The tool's key and the sign-in that may do so
 * are kept, sealed, until that is done or given up.
 */
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Grant } from './provider.ts';
import type { Tx } from './transaction.ts';

export interface LeftHookKey {
  teamId: string;
  provider: ProviderId;
  hookId: string;
}

/** `userId`: who made it. */
export interface LeftHook extends LeftHookKey, RepKey {
  url: string;
}

export interface LeftHooks {
  /** Moves that of a tool of a workspace here, with what may delete it. undefined: there is none. */
  leave(of: { teamId: string; provider: ProviderId }, tx: Tx): Promise<LeftHook | undefined>;
  ofTeam(teamId: string): Promise<LeftHook[]>;
  /**
   * undefined: it is not here. `keys` are undefined where the sign-in of who made it had ended, where an admin had set no key,
   * or where ENCRYPTION_KEY opens them no more.
   */
  find(
    key: LeftHookKey,
  ): Promise<
    (LeftHook & { keys: { settings: Readonly<Record<string, string>>; grant: Grant } | undefined }) | undefined
  >;
  /** The sign-in was renewed. */
  renew(hook: LeftHook, grant: Grant): Promise<void>;
  /** With its keys. */
  remove(key: LeftHookKey, tx?: Tx): Promise<void>;
}
