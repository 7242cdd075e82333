/** Tries each tool's key with one harmless read. */
import { createCircuit } from '../core/jobs/circuit.ts';
import { ProviderError } from '../core/model/errors.ts';
import type { Finding } from '../core/model/finding.ts';
import type { ProviderId } from '../core/model/keys.ts';
import { NO_GRANTS, tryKey } from '../core/people/try-key.ts';
import type { TaskProvider } from '../core/ports/provider.ts';
import { createProviders, PROVIDERS } from '../providers/index.ts';

const TIMEOUT_MS = 30_000;

export async function checkTools(
  settings: ReadonlyMap<ProviderId, Record<string, string>>,
  redirectUri: (provider: ProviderId) => string,
): Promise<Finding[]> {
  const providers = createProviders(settings, (provider) => ({
    clock: Date.now,
    circuit: createCircuit(Date.now),
    grants: NO_GRANTS,
    redirectUri: redirectUri(provider),
  }));
  if (providers.size === 0) {
    return [
      { state: 'to do', about: 'Tools', text: 'none is set up, so there are no tasks to bring: set the key of one.' },
    ];
  }
  return Promise.all([...providers.values()].map((provider) => checkTool(provider, settings.get(provider.id) ?? {})));
}

async function checkTool(provider: TaskProvider, env: Record<string, string>): Promise<Finding> {
  const variables = variablesOf(provider.id);
  const options = { priority: 'person', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
  try {
    await tryKey(provider, options);
    return { state: 'fine', about: provider.name, text: `takes ${variables.join(' and ')}.` };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { state: 'to do', about: provider.name, text: whatToDo(error, variables, addressIn(env)) };
  }
}

function variablesOf(id: ProviderId): readonly string[] {
  return Object.entries(PROVIDERS).find(([key]) => key === id)?.[1].required ?? [];
}

/** `api.gong.io (GONG_API_URL)`. */
function addressIn(env: Record<string, string>): string {
  const [name = '', url = ''] = Object.entries(env).find(([key]) => key.endsWith('_API_URL')) ?? [];
  return `${URL.canParse(url) ? new URL(url).host : url} (${name})`;
}

function whatToDo(error: ProviderError, variables: readonly string[], address: string): string {
  const key = variables.join(' and ');
  if (error.isPersonal) return `takes ${key}, but it is one person's key: set the Master key of the workspace.`;
  switch (error.kind) {
    case 'auth':
    case 'disconnected':
      return `refuses ${key}: copy it again, from the account that it is for.`;
    case 'forbidden':
      return `takes ${key}, but not for what Docket does: give it the rights that docs/connect.md lists.`;
    case 'not_enabled':
      return 'has no access to tasks for this account: ask for it there.';
    case 'rate_limited':
      return `asks to wait: try again in ${Math.ceil((error.retryAfterMs ?? 60_000) / 1_000)} seconds.`;
    case 'unavailable':
    case 'away':
      return `could not be tried: ${address} does not answer. Look at the network, a firewall and HTTPS_PROXY.`;
    default:
      return `${address} answers, but not as this tool's API does (${error.kind}${error.status ? `, ${error.status}` : ''}): correct the address.`;
  }
}
