/** What an Outreach adapter is made from. */

import type { Circuit } from '../../core/jobs/circuit.ts';
import type { Grants } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';

export interface OutreachSettings {
  clientId: string;
  clientSecret: string;
  /** The API is under `/api/v2` of it, OAuth under `/oauth`. */
  apiUrl: string;
  /** Where consent leads back to. Outreach wants it with every renewal too (contracts 2.1). */
  redirectUri?: string | undefined;
  grants: Grants;
  clock: Clock;
  circuit: Circuit;
  /** For one answer, waiting for a turn not included; default 10 s. */
  timeoutMs?: number | undefined;
}
