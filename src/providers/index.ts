/** The registry: a provider is a folder here and a row in this table. */
import type { Clock, TaskProvider } from '../core/ports.ts';
import { gongModule } from './gong/gong.ts';

export interface ProviderDeps {
  clock: Clock;
  /** For one answer; each provider has its default. */
  timeoutMs?: number;
}

export interface ProviderModule {
  /** What reps read. */
  name: string;
  /** Environment variables that this provider needs: all set, or none and it is not offered. */
  required: readonly string[];
  /** Those that have a default. Set alone, without the required ones, they mean nothing. */
  optional: Readonly<Record<string, string>>;
  /** With a value for every variable above. Does no I/O. */
  create(env: Record<string, string>, deps: ProviderDeps): TaskProvider;
}

/** The keys are `ProviderId`s, and each is the `id` of the provider that its row creates. */
export const PROVIDERS = { gong: gongModule } satisfies Record<string, ProviderModule>;
