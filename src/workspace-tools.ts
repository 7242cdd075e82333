/**
 * The tools of one workspace, as the settings and the store have them. A key that changes constructs its tool anew; what is
 * under way ends with the adapter that it began with, and other tools and workspaces stay as they are.
 */
import {
  type Connected,
  completed,
  connectProvider,
  hearOthers,
  lockedProvider,
  type ProviderOverrides,
  type ProviderParts,
  toolWith,
} from './connect-providers.ts';
import type { Circuit } from './core/jobs/circuit.ts';
import type { ProviderId } from './core/model/keys.ts';
import { createLiveMap } from './core/model/live-map.ts';
import type { ToolSettings } from './core/model/tool-form.ts';
import { NO_GRANTS } from './core/people/try-key.ts';
import type { Ports } from './core/ports/ports.ts';
import type { TaskProvider } from './core/ports/provider.ts';
import type { ToolBench } from './core/ports/tool-bench.ts';
import type { StoredTool } from './core/ports/tools.ts';
import { consentPath } from './http/server.ts';
import { MODULES } from './providers/index.ts';

export interface ToolParts extends ProviderParts, Pick<Ports, 'secrets'> {
  /** The operator's settings for this workspace. */
  settings: ReadonlyMap<ProviderId, ToolSettings>;
  /** Keys can be encrypted. */
  mayKeep: boolean;
}

interface Tool extends Connected {
  settings: ToolSettings | undefined;
  /** Of the key in the store. */
  version?: string;
}

export type WorkspaceTools = ReturnType<typeof createWorkspaceTools>;

export function createWorkspaceTools(parts: ToolParts, overrides: ProviderOverrides) {
  const { settings, store, secrets, log, whose, address } = parts;
  const providers = createLiveMap<ProviderId, TaskProvider>(overrides.providers);
  const circuits = createLiveMap<ProviderId, Circuit>();
  const tools = new Map<ProviderId, Tool>();
  let following: Promise<unknown> = Promise.resolve();
  if (!overrides.providers) {
    for (const [id, values] of settings)
      tools.set(id, { ...connectProvider(parts, overrides, id, values), settings: values });
    show();
  }
  hearOthers(parts, circuits.map);

  /** In the order of the registry, whichever came first. */
  function show(): void {
    const all = Object.keys(MODULES).flatMap((id) => {
      const tool = tools.get(id);
      return tool ? [[id, tool] as const] : [];
    });
    providers.replace(new Map(all.map(([id, { provider }]) => [id, provider])));
    circuits.replace(new Map(all.map(([id, { circuit }]) => [id, circuit])));
  }

  /** undefined: Slack has not told which workspace it is, and the store does not say it either. */
  async function stored(): Promise<readonly StoredTool[] | undefined> {
    const teamId = whose.teamId();
    if (teamId !== undefined) return store.tools.list(teamId);
    // A key of no workspace that installed the app belongs to the workspace of the settings.
    const installed = new Set((await store.installs.list()).map((each) => each.teamId));
    const rest = (await store.tools.list()).filter((each) => !installed.has(each.teamId));
    return new Set(rest.map((each) => each.teamId)).size > 1 ? undefined : rest;
  }

  async function construct(tool: StoredTool): Promise<Tool> {
    const { provider: id, teamId, version } = tool;
    const typed = await store.tools.settings(teamId, id);
    if (typed) {
      const values = completed(overrides, id, typed);
      return { ...connectProvider(parts, overrides, id, values), settings: values, version };
    }
    log.error(
      { team: teamId, provider: id },
      'ENCRYPTION_KEY does not open the key of a tool, so nothing is asked there',
    );
    return { ...lockedProvider(parts, overrides, id), settings: undefined, version };
  }

  /** Returns which tools have another key now. */
  async function takeOver(): Promise<ProviderId[]> {
    const now = await stored();
    if (!now) return [];
    const changed: ProviderId[] = [];
    for (const id of Object.keys(MODULES)) {
      const tool = now.find(({ provider }) => provider === id);
      if (settings.has(id) || tool?.version === tools.get(id)?.version) continue;
      if (tool) tools.set(id, await construct(tool));
      else tools.delete(id);
      changed.push(id);
    }
    if (changed.length > 0) show();
    return changed;
  }

  const bench: Omit<ToolBench, 'follow'> = {
    kinds: () =>
      Object.entries(MODULES).map(([id, { name, form, consent }]) => ({
        ...{ id, name, form },
        redirectUri: consent ? address(consentPath(id)) : undefined,
      })),
    isOperators: (id) => settings.has(id),
    mayKeep: parts.mayKeep,
    tried: (id, typed) => toolWith(parts, overrides, id, { typed, grants: NO_GRANTS }),
  };

  return {
    ...{ providers: providers.map, circuits: circuits.map },
    bench,
    /** One reads after the other, so that nobody takes over what is older. */
    follow(): Promise<ProviderId[]> {
      const next = following.catch(() => undefined).then(takeOver);
      following = next;
      return next;
    },
    /** A fingerprint of a tool's settings. */
    markOf: (id: ProviderId) => secrets.hash(JSON.stringify([id, tools.get(id)?.settings])).slice(0, 16),
  };
}
