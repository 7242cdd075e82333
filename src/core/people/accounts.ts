/** A rep's accounts: every provider, how the rep stands with it, and their digests. */
import type { Outage } from '../jobs/circuit.ts';
import type { Run, Schedule } from '../model/digest.ts';
import type { Link, Rep, Suggestion } from '../model/people.ts';

/** A provider that this Docket is set up for, and how the rep stands with it. */
export interface ProviderState {
  id: string;
  name: string;
  /** Each rep signs in there for themselves. */
  consent: boolean;
  /** The rep did, and it can no longer be renewed. */
  ended: boolean;
  /** The rep ended the link and has not asked for it since. */
  declined: boolean;
  /** It does not answer anyone just now. */
  outage?: Outage | undefined;
}

export interface AccountState {
  rep: Rep;
  providers: readonly ProviderState[];
  links: readonly Link[];
  suggestions: readonly Suggestion[];
  schedule: Schedule;
  lastRun: Run | undefined;
}
