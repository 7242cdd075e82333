/** The workspaces that one process serves: the one of the settings, and those that installed the app. */
import { workspaceOf } from './core/jobs/whose.ts';
import type { Install } from './core/ports/installs.ts';
import type { Job, Queue } from './core/ports/queue.ts';
import type { Log } from './core/ports/runtime.ts';
import type { Store } from './core/ports/store.ts';
import type { Workspace } from './workspace.ts';

interface WorkspacesDeps {
  store: Store;
  queue: Queue;
  log: Log;
  home: Workspace;
  /** The team of `home`. undefined: Slack has not told yet. */
  homeTeam(): string | undefined;
  open(install: Install): Workspace;
  /** Its payloads come no more. */
  close(teamId: string): void;
}

/** Other processes look once a minute who is served. */
const FORGOTTEN_AGAIN = 2;

function quit({ client, uses }: Workspace): void {
  const { watch } = client;
  watch.stop();
  uses.screen.stop();
}

interface Kept {
  workspace: Workspace;
  /** When it was installed: a newer install has another token. */
  at: number;
}

export function createWorkspaces({ store, queue, log, home, homeTeam, open, close }: WorkspacesDeps) {
  const others = new Map<string, Kept>();
  /** Forgotten, and how often they still are: another process may have been at work for them. */
  const leaving = new Map<string, number>();

  function drop(teamId: string): void {
    const kept = others.get(teamId);
    if (!kept) return;
    close(teamId);
    others.delete(teamId);
    quit(kept.workspace);
  }

  async function forget(teamId: string): Promise<void> {
    await store.installs.forget(teamId);
    await queue.forget(teamId);
  }

  /** Those that have removed the app. */
  async function forgetEnded(): Promise<void> {
    for (const [teamId, times] of leaving) {
      if ((await store.installs.find(teamId)) === undefined && times > 0) await forget(teamId);
      leaving.set(teamId, times - 1);
      if (times <= 1) leaving.delete(teamId);
    }
    for (const [teamId, { workspace }] of others) {
      const { watch } = workspace.client;
      if (!(await watch.hasEnded())) continue;
      drop(teamId);
      await forget(teamId);
      leaving.set(teamId, FORGOTTEN_AGAIN);
      log.info({ team: teamId }, 'forgot a workspace that has removed the app');
    }
  }

  return {
    /** Reads who has installed the app, or does not have it any more: in another process, or before this one began. */
    async refresh(): Promise<void> {
      await forgetEnded();
      const installed = await store.installs.list();
      for (const teamId of others.keys()) if (!installed.some((each) => each.teamId === teamId)) drop(teamId);
      for (const { teamId, at } of installed) {
        if (teamId === homeTeam()) drop(teamId);
        if (teamId === homeTeam() || others.get(teamId)?.at === at) continue;
        const install = await store.installs.find(teamId);
        if (!install) {
          log.error({ team: teamId }, 'ENCRYPTION_KEY does not open the token of a workspace, so it is not served');
          continue;
        }
        const before = others.get(teamId)?.workspace;
        close(teamId);
        const workspace = open(install);
        // Before it is given a job, which would find no tool. An earlier one does them meanwhile.
        await workspace.followTools();
        others.set(teamId, { workspace, at: install.at });
        if (before) quit(before);
      }
      for (const { workspace } of [{ workspace: home }, ...others.values()]) await workspace.followTools();
    },
    /** Each with its team; that of the settings first. */
    all(): { teamId: string; workspace: Workspace }[] {
      const own = homeTeam();
      const first = own === undefined ? [] : [{ teamId: own, workspace: home }];
      return [...first, ...[...others].map(([teamId, { workspace }]) => ({ teamId, workspace }))];
    },
    isAlone: () => others.size === 0,
    /** undefined: it is not served. Before Slack has told which team is ours, what is nobody else's is. */
    ofTeam(teamId: string): Workspace | undefined {
      return others.get(teamId)?.workspace ?? (teamId === (homeTeam() ?? teamId) ? home : undefined);
    },
    /**
     * undefined: its workspace is not served any more, and nobody else may do it: it would be done with another's token. A
     * job that says nothing of its workspace is of when there was one.
     */
    async ofJob({ payload }: Job): Promise<Workspace | undefined> {
      if (payload.kind === 'unreadable') return home;
      const said = 'teamId' in payload ? payload.teamId : undefined;
      const teamId = said ?? (others.size === 0 ? undefined : await workspaceOf(store, payload));
      // Before Slack has told which team is ours, what is nobody else's is.
      const isHomes = teamId === undefined || teamId === (homeTeam() ?? teamId);
      return others.get(teamId ?? '')?.workspace ?? (isHomes ? home : undefined);
    },
    /** Every one that is served, also before Slack has told the team of `home`. */
    each: () => [home, ...[...others.values()].map(({ workspace }) => workspace)],
    drop,
  };
}
