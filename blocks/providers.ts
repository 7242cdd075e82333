/** The part of a provider that blocks need. */
import type { Capabilities } from '../src/core/model/capabilities.ts';
import type { ProviderId } from '../src/core/model/keys.ts';

export interface RowProvider {
  name: string;
  capabilities: Capabilities;
}

export type Providers = ReadonlyMap<ProviderId, RowProvider>;

/** Rows and actions outlive their provider's settings: they are still shown, with nothing to press. */
export function providerOf<Provider extends RowProvider>(
  providers: ReadonlyMap<ProviderId, Provider>,
  { provider }: { provider: ProviderId },
): Provider | RowProvider {
  return providers.get(provider) ?? { name: provider, capabilities: { noun: 'tasks', of: () => ({ verbs: {} }) } };
}
