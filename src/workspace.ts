/** Constructs everything of one workspace, on the store, the queue and the worker that all workspaces share. */
import type { Config } from './config.ts';
import type { ProviderOverrides, Whose } from './connect-providers.ts';
import type { WorkspaceHandlers } from './core/jobs/kinds.ts';
import type { Named } from './core/model/circle.ts';
import { type Install, isOrganisation } from './core/ports/installs.ts';
import type { Ports } from './core/ports/ports.ts';
import type { Log } from './core/ports/runtime.ts';
import { createFollowing } from './follow-tools.ts';
import { createHandlers } from './handlers.ts';
import { registerListeners } from './listeners.ts';
import { createCircle } from './slack/circle.ts';
import { createDirectory } from './slack/directory.ts';
import { createGroups } from './slack/groups.ts';
import { createPresence } from './slack/presence.ts';
import type { ScreenDeps } from './slack/screen/edits.ts';
import { createReadTeams } from './slack/teams.ts';
import type { BoltApp } from './slack/transport/bolt.ts';
import { WatchedClient } from './slack/transport/client.ts';
import { clientOptions } from './slack/transport/client-options.ts';
import type { Signals } from './store/postgres/signals.ts';
import type { ToolAccounts } from './tool-accounts.ts';
import { createUseCases } from './use-cases.ts';
import { createWorkspaceTools } from './workspace-tools.ts';

interface Shared
  extends Pick<Ports, 'store' | 'queue' | 'secrets' | 'calendar' | 'clock' | 'random' | 'log' | 'meter'> {
  /** The full address of a path of ours. */
  address(path: string): string;
  wake(): void;
  /** A pause that fails when the app stops. */
  sleep(ms: number): Promise<void>;
  turn: ScreenDeps['turn'];
  /** The limits that several processes keep together. */
  sharePace: ScreenDeps['sharePace'];
  others: Signals | undefined;
  /** The limits of tools, whichever workspaces have them. */
  toolAccounts: ToolAccounts;
  mayRecord(): boolean;
  overrides: ProviderOverrides & Pick<ScreenDeps, 'backgroundEdits'>;
}

export type Workspace = ReturnType<typeof createWorkspace>;

interface Own {
  /** Where its payloads come. */
  app: BoltApp['app'];
  token: string;
  /** The operator's settings for it: tools, pilot and admins. */
  config: Config;
  whose: Whose;
  /** It is a whole organisation with several workspaces of Slack. */
  isOrganisation?: boolean;
  /** That it belongs to. */
  organisation?: string | undefined;
}

export function createWorkspace(
  shared: Shared,
  { app, token, config, whose, isOrganisation = false, organisation }: Own,
) {
  const { overrides, wake, turn, sleep, toolAccounts, ...base } = shared;
  const { sharePace, others, mayRecord } = base;
  const { clock, log, meter, secrets } = base;
  const keys = { settings: config.providers, mayKeep: config.encryptionKeys.length > 0 };
  const tools = createWorkspaceTools({ ...base, ...keys, whose, toolAccounts, wake }, overrides);
  const { providers, circuits } = tools;
  const client = new WatchedClient(token, clientOptions(config.slack.apiUrl, log), log, { meter, isOrganisation });
  const teams = isOrganisation ? createReadTeams(client) : undefined;
  const groups = createGroups(client, teams);
  const circle = (setting: 'PILOT' | 'ADMINS', named: Named | undefined) =>
    named && createCircle(setting, named, { groups, clock, log });
  const circles = { pilot: circle('PILOT', config.pilot), admins: circle('ADMINS', config.admins) };
  const { backgroundEdits, isPaced } = overrides;
  const uses = createUseCases({
    ...base,
    ...circles,
    ...{ config, providers, circuits, groups, client, backgroundEdits, isPaced, turn, others, mayRecord },
    sharePace: ownPace(sharePace, whose),
    installed: whose.installed,
    organisation,
    syncMark: () => secrets.hash(JSON.stringify([[...providers.keys()].map(tools.markOf), config.pilot])).slice(0, 16),
    directory: createDirectory({ client, clock, log, sleep, teams }),
    presence: createPresence({ client, clock, log }),
  });
  const { followTools, followEverywhere } = createFollowing({ uses, tools, whose, others, wake });
  const bench = { ...tools.bench, follow: followEverywhere };
  const handlers = createHandlers(uses);
  return {
    ...{ uses, providers, circuits, client, followTools },
    markOf: tools.markOf,
    handlers: {
      ...handlers,
      /** A new key brings this job with it, and another process may have it before it has heard of the key. */
      async link(payload, job) {
        await followTools();
        return handlers.link(payload, job);
      },
    } satisfies WorkspaceHandlers,
    accounts: registerListeners(app, uses, { client, bench }, wake),
    /** A user group that cannot be read is told now. */
    async readCircles(): Promise<void> {
      await Promise.all(Object.values(circles).map((each) => each?.includes({ userId: '' })));
    },
  };
}

/** Slack's limits are each workspace's own. */
function ownPace(sharePace: ScreenDeps['sharePace'], { installed }: Whose): ScreenDeps['sharePace'] {
  return sharePace && installed !== undefined
    ? (name, ...limits) => sharePace(`${name} ${installed}`, ...limits)
    : sharePace;
}

/** A workspace that installed the app, and how its token is replaced while it is in use. */
export function openInstalled(
  shared: Shared,
  { bolt, config, install }: { bolt: Pick<BoltApp, 'open'>; config: Config; install: Install },
) {
  let { token } = install;
  const app = bolt.open(install, () => token);
  // Those of the settings are for the workspace of `SLACK_BOT_TOKEN` alone.
  const own = { ...config, providers: new Map(), pilot: undefined, admins: undefined };
  const workspace = createWorkspace(
    { ...shared, log: ofTeam(shared.log, install.teamId) },
    {
      ...{ app, token, config: own, isOrganisation: isOrganisation(install), organisation: install.enterpriseId },
      whose: { teamId: () => install.teamId, installed: install.teamId },
    },
  );
  return {
    workspace,
    changeToken(next: string): void {
      token = next;
      workspace.client.changeToken(next);
    },
  };
}

/** Its lines say which workspace they are about. */
function ofTeam(log: Log, team: string): Log {
  return {
    info: (fields, message) => log.info({ team, ...fields }, message),
    warn: (fields, message) => log.warn({ team, ...fields }, message),
    error: (fields, message) => log.error({ team, ...fields }, message),
  };
}
