/**
 * Installing the app in a workspace from its page. Slack's part of it is in `src/slack/install`: this decides what is kept of
 * what came back, and says what the person reads.
 */
import { enqueueNotice } from '../jobs/notices.ts';
import { MINUTE } from '../model/time.ts';
import { type Install, isOrganisation } from '../ports/installs.ts';
import type { Ports } from '../ports/ports.ts';
import { about } from '../ports/transaction.ts';

/** The outcome of a visit to the page. `workspace`: its name, or that of the organisation. */
export type InstallOutcome =
  /** `again`: it was installed there before, and has a new token now. `everywhere`: in a whole organisation. */
  | { is: 'installed'; workspace: string; again: boolean; everywhere: boolean }
  /** The workspace is that of `SLACK_BOT_TOKEN`: nothing was kept. */
  | { is: 'own'; workspace: string }
  /** The app was removed there, and the workspace's data is being deleted: nothing was kept. */
  | { is: 'leaving'; workspace: string }
  | { is: 'denied' }
  | { is: 'not_ready' }
  | { is: InstallFailure; reference: string };

/**
 * - `foreign`     no state came back, or it is not the one of this browser
 * - `expired`     the state is none of ours, or older than ten minutes
 * - `used`        the state was used before
 * - `refused`     Slack refuses the code, or to ask for it
 * - `unavailable` Slack does not answer
 * - `no_bot`      Slack's answer has no bot token
 * - `failed`      something of ours broke
 */
export type InstallFailure = 'foreign' | 'expired' | 'used' | 'refused' | 'unavailable' | 'no_bot' | 'failed';

export interface InstallingDeps extends Pick<Ports, 'store' | 'queue' | 'clock' | 'log'> {
  /** The workspace of `SLACK_BOT_TOKEN`, if there is one. */
  homeTeam(): string | undefined;
  /** Serves the workspace from now on, here and in the other processes. */
  serve(): Promise<void>;
}

export type Installing = ReturnType<typeof createInstalling>;

const STATE_LIFETIME_MS = 10 * MINUTE;

export function createInstalling(deps: InstallingDeps) {
  const { installs } = deps.store;
  return {
    /** A state for Slack's page. Stores nothing, so that visits cost nothing. */
    begin: () => installs.beginState(deps.clock() + STATE_LIFETIME_MS),
    take: (state: string) => installs.takeState(state, deps.clock()),
    keep: (install: Omit<Install, 'at'>, workspace: string) => keep(deps, install, workspace),
  };
}

/** Tells the installer in Slack, once for each install. */
async function keep(deps: InstallingDeps, given: Omit<Install, 'at'>, workspace: string): Promise<InstallOutcome> {
  const { store, clock, log } = deps;
  const { teamId, by } = given;
  if (teamId === deps.homeTeam()) return { is: 'own', workspace };
  const at = clock();
  const again = (await store.installs.find(teamId)) !== undefined;
  const isKept = await store.transact(async (tx) => {
    if (!(await store.installs.save({ ...given, at }, tx))) return false;
    const notice = { about: 'installed' } as const;
    await enqueueNotice(deps, { key: `installed:${teamId}:${at}`, to: { teamId, userId: by }, notice }, tx);
    return true;
  }, about({ teamId }));
  if (!isKept) return { is: 'leaving', workspace };
  log.info({ team: teamId, by, again }, 'the app was installed in a workspace');
  await deps.serve();
  return { is: 'installed', workspace, again, everywhere: isOrganisation(given) };
}
