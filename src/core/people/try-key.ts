/** Tries a tool's key with a harmless read or two. */
import type { CallOptions, Grants, TaskProvider } from '../ports/provider.ts';

/** Nobody's address (RFC 2606). */
const NOBODY = 'nobody@docket.invalid';

/** Throws `ProviderError`. */
export async function tryKey(provider: TaskProvider, options: CallOptions): Promise<void> {
  if (provider.check) await provider.check(options);
  else await provider.findUsers([NOBODY], options);
}

/** Without sign-ins: a key that is tried has none. */
export const NO_GRANTS: Grants = {
  find: async () => undefined,
  lock: async () => false,
  unlock: async () => {},
  renew: async () => false,
  end: async () => {},
};
