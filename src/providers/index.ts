/** The registry: a provider is a folder here and a row in this table. */

import type { Budget } from '../core/jobs/budget.ts';
import type { Circuit } from '../core/jobs/circuit.ts';
import type { KeepPaces, SharePace } from '../core/jobs/pace.ts';
import type { ProviderId } from '../core/model/keys.ts';
import type { ToolField } from '../core/model/tool-form.ts';
import type { ToolCall } from '../core/ports/meter.ts';
import type { Grants, TaskProvider } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { gongModule } from './gong/gong.ts';
import { outreachModule } from './outreach/outreach.ts';
import { replyModule } from './reply/reply.ts';

export interface ProviderDeps {
  clock: Clock;
  /** Of this provider: all its calls go through it. */
  circuit: Circuit;
  /** Of this provider, for those where each rep consents. */
  grants: Grants;
  /** Where the browser of a rep who signs in comes back to. */
  redirectUri?: string;
  /** For one answer; each provider has its default. */
  timeoutMs?: number;
  /** As in `PaceMore`. */
  isPaced?: () => boolean;
  /** Several processes call this provider. */
  sharePace?: SharePace;
  /** A fingerprint of the credential. Who has the same one shares its limits. */
  account?: string;
  /** As in `TurnsOptions`. */
  keepPaces?: KeepPaces;
  /** Counts the calls of a tool that allows so many a day. */
  budgetOf?: (callsADay: number) => Budget;
  /** For metrics. */
  noteCall?: (call: ToolCall) => void;
}

export interface ProviderModule {
  /** The name that reps read. */
  name: string;
  /** Environment variables that this provider needs: all set, or none and it is not offered. */
  required: readonly string[];
  /** Those that have a default; '' is none. Set alone, without the required ones, they mean nothing. */
  optional: Readonly<Record<string, string>>;
  /** The form with which an admin connects it. The end of the first value says later which key it is. */
  form: readonly ToolField[];
  /** Reps sign in there for themselves: needs `ENCRYPTION_KEY`, and a public address for their browsers. */
  consent?: boolean;
  /** With a value for every variable above. Does no I/O. */
  create(env: Record<string, string>, deps: ProviderDeps): TaskProvider;
}

/** The keys are `ProviderId`s, and each is the `id` of the provider that its row creates. */
export const PROVIDERS = { gong: gongModule, outreach: outreachModule, reply: replyModule } satisfies Record<
  string,
  ProviderModule
>;

/** The same, for who asks by an id. */
export const MODULES: Readonly<Record<ProviderId, ProviderModule>> = { ...PROVIDERS };

/** Those that have settings. */
export function createProviders(
  settings: ReadonlyMap<ProviderId, Record<string, string>>,
  depsOf: (provider: ProviderId) => ProviderDeps,
): Map<ProviderId, TaskProvider> {
  const providers = new Map<ProviderId, TaskProvider>();
  for (const [id, module] of Object.entries(MODULES)) {
    const env = settings.get(id);
    if (env) providers.set(id, module.create(env, depsOf(id)));
  }
  return providers;
}
