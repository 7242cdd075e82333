/** The workspaces that one process serves: the one of the settings, if there is one, and those that installed the app. */
import { unhookAll } from './core/digests/left-webhooks.ts';
import { workspaceOf } from './core/jobs/whose.ts';
import { isRenewalDue } from './core/people/install-tokens.ts';
import type { HeldInstall, InstallMark } from './core/ports/installs.ts';
import type { Job, JobPayload, Queue } from './core/ports/queue.ts';
import type { Clock, Log } from './core/ports/runtime.ts';
import type { Store } from './core/ports/store.ts';
import { about } from './core/ports/transaction.ts';
import type { Workspace } from './workspace.ts';

interface Opened {
  workspace: Workspace;
  /** Nothing else of the workspace changes. */
  changeToken(token: string): void;
}

interface WorkspacesDeps {
  store: Store;
  queue: Queue;
  clock: Clock;
  log: Log;
  /** undefined: the settings name none. */
  home: Workspace | undefined;
  /** The team of `home`. undefined: Slack has not told yet. */
  homeTeam(): string | undefined;
  open(install: HeldInstall): Opened;
  /** Its payloads come no more. */
  close(teamId: string): void;
  /** Its clicks are not acknowledged, so that people hear of it. */
  refuse(teamId: string): void;
}

/** Other processes look once a minute who is served. */
const FORGOTTEN_AGAIN = 2;

/** An open workspace, and its install and token. */
type Kept = Opened & { install: HeldInstall };

export type Workspaces = ReturnType<typeof createWorkspaces>;

export function createWorkspaces(deps: WorkspacesDeps) {
  const { store, queue, clock, log, home, homeTeam, open, close } = deps;
  const others = new Map<string, Kept>();
  /** Installs that no key opens. */
  const sealed = new Map<string, InstallMark>();
  /** Their people are known, and no token is: the settings do not name it any more, and they have yet to install the app. */
  const tokenless = new Set<string>();
  /** Forgotten, and how often they still are: another process may have been at work for them. */
  const leaving = new Map<string, number>();
  let looking: Promise<void> = Promise.resolve();

  function drop(teamId: string): void {
    const kept = others.get(teamId);
    if (!kept) return;
    close(teamId);
    others.delete(teamId);
    const { client, uses } = kept.workspace;
    const { watch } = client;
    watch.stop();
    uses.screen.stop();
  }

  async function forget(teamId: string): Promise<void> {
    for (const { provider } of await store.tools.list(teamId)) {
      await store.transact((tx) => store.leftHooks.leave({ teamId, provider }, tx), about({ teamId }));
    }
    await queue.forget(teamId);
    await unhookAll({ store, queue, clock }, teamId);
    // Last, with the install at its end: what was cut short is found by it.
    await store.installs.forget(teamId);
  }

  /** Those that have removed the app. */
  async function forgetEnded(): Promise<void> {
    for (const [teamId, times] of leaving) {
      if ((await store.installs.find(teamId)) === undefined && times > 0) await forget(teamId);
      leaving.set(teamId, times - 1);
      if (times <= 1) leaving.delete(teamId);
    }
    for (const [teamId, { workspace, install }] of others) {
      const { watch } = workspace.client;
      const ended = await watch.hasEnded();
      // While a token is renewed, Slack may revoke the one before: that alone does not say that the app was removed.
      if (!ended || (ended === 'revoked' && isRenewalDue(install, clock()))) continue;
      // A workspace with a newer token has not removed the app.
      if (!(await store.installs.end(install))) continue;
      drop(teamId);
      await forget(teamId);
      leaving.set(teamId, FORGOTTEN_AGAIN);
      log.info({ team: teamId }, 'forgot a workspace that has removed the app');
    }
  }

  /** Nothing of it is ended: the key that opens it may come back. */
  function keepSealed(mark: InstallMark): void {
    const { teamId } = mark;
    const known = sealed.get(teamId);
    if (known && isSameToken(known, mark)) return;
    sealed.set(teamId, mark);
    deps.refuse(teamId);
    log.error({ team: teamId }, 'ENCRYPTION_KEY does not open the token of a workspace, so it is not served');
  }

  /** It is gone. */
  function unseal(teamId: string): void {
    sealed.delete(teamId);
    close(teamId);
  }

  /** Their people have buttons. A payload of any other team is none of ours, and is acknowledged. */
  async function refuseTokenless(installed: readonly InstallMark[]): Promise<void> {
    const own = homeTeam();
    // It may be any of them.
    if (home && own === undefined) return;
    const known = new Set(await store.workspaces.known());
    if (own !== undefined) known.delete(own);
    for (const { teamId } of installed) known.delete(teamId);
    for (const teamId of tokenless) {
      if (known.has(teamId)) continue;
      tokenless.delete(teamId);
      // Who has installed it is open by now.
      if (!others.has(teamId) && !sealed.has(teamId)) close(teamId);
    }
    for (const teamId of known) {
      if (tokenless.has(teamId)) continue;
      tokenless.add(teamId);
      deps.refuse(teamId);
      log.warn(
        { team: teamId },
        'a workspace has no token any more: it is not served until the app is installed there',
      );
    }
  }

  async function serve(mark: InstallMark): Promise<void> {
    const { teamId } = mark;
    const kept = others.get(teamId);
    if (kept && isSameToken(kept.install, mark)) return;
    const install = await store.installs.find(teamId);
    if (!install) return keepSealed(mark);
    sealed.delete(teamId);
    if (kept && isSameBot(kept.install, install)) {
      kept.changeToken(install.token);
      kept.install = install;
      return;
    }
    drop(teamId);
    const opened = open(install);
    // Before it is given a job, which would find no tool.
    await opened.workspace.followTools();
    others.set(teamId, { ...opened, install });
  }

  async function look(): Promise<void> {
    await forgetEnded();
    const installed = await store.installs.list();
    const served = installed.filter(({ teamId, isEnding }) => !isEnding && teamId !== homeTeam());
    const isServed = (teamId: string) => served.some((each) => each.teamId === teamId);
    for (const teamId of others.keys()) if (!isServed(teamId)) drop(teamId);
    for (const teamId of sealed.keys()) if (!isServed(teamId)) unseal(teamId);
    for (const mark of served) await serve(mark);
    await refuseTokenless(installed);
    for (const workspace of each()) await workspace.followTools();
    // The process that began it may have died. Beginning it again does no harm.
    for (const { teamId, isEnding } of installed) if (isEnding) await forget(teamId);
  }

  /** Reads who has installed the app, or does not have it any more: in another process, or before this one began. */
  function refresh(): Promise<void> {
    // One at a time, so that no workspace is opened twice.
    const mine = looking.then(look);
    looking = mine.catch(() => undefined);
    return mine;
  }

  /** Of a workspace that has removed the app no click is kept. */
  async function isKept(payload: JobPayload): Promise<boolean> {
    return 'actionId' in payload && (await store.ledger.find(payload.actionId)) !== undefined;
  }

  /** Every one that is served, also before Slack has told the team of `home`. */
  function each(): Workspace[] {
    return [...(home ? [home] : []), ...[...others.values()].map(({ workspace }) => workspace)];
  }

  /** undefined: it is not served. Before Slack has told which team is ours, what is nobody else's is. */
  function ofTeam(teamId: string): Workspace | undefined {
    return others.get(teamId)?.workspace ?? (teamId === (homeTeam() ?? teamId) ? home : undefined);
  }

  return {
    refresh,
    /** Each with its team; that of the settings first. */
    all(): { teamId: string; workspace: Workspace }[] {
      const own = homeTeam();
      const first = own === undefined || !home ? [] : [{ teamId: own, workspace: home }];
      return [...first, ...[...others].map(([teamId, { workspace }]) => ({ teamId, workspace }))];
    },
    /** The one of the settings is the only one. */
    isAlone: () => home !== undefined && others.size === 0,
    ofTeam,
    /**
     * undefined: its workspace is not served any more, and nobody else may do it: it would be done with another's token.
     * `later`: it may be served again, by the key that opens its token, or by another install. A job that says nothing of
     * its workspace is of when there was one.
     */
    async ofJob({ payload }: Job): Promise<Workspace | 'later' | undefined> {
      if (payload.kind === 'unreadable') return home ?? [...others.values()][0]?.workspace;
      const said = 'teamId' in payload ? payload.teamId : undefined;
      const teamId = said ?? (home && others.size === 0 ? undefined : await workspaceOf(store, payload));
      if (teamId === undefined || teamId === homeTeam()) return home;
      // One that was installed a moment ago, in another process.
      if (!others.has(teamId)) await refresh();
      if (sealed.has(teamId)) return 'later';
      // Slack may have told meanwhile which team is ours.
      return ofTeam(teamId) ?? ((await isKept(payload)) ? 'later' : undefined);
    },
    each,
  };
}

function isSameToken(one: InstallMark, other: InstallMark): boolean {
  return one.at === other.at && one.version === other.version;
}

/** An install of an older version does not say its organisation. */
function isSameBot(one: HeldInstall, other: HeldInstall): boolean {
  const isSameUser = one.botId === other.botId && one.botUserId === other.botUserId;
  return isSameUser && one.enterpriseId === other.enterpriseId;
}
