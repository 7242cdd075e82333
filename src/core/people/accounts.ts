/** A rep's accounts: every provider, how the rep stands with it, and their digests. */
import { usableLinks } from '../clicks/target.ts';
import type { Circuit, Outage } from '../jobs/circuit.ts';
import type { Run, Schedule } from '../model/digest.ts';
import type { ProviderId } from '../model/keys.ts';
import type { Link, Rep, Suggestion } from '../model/people.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Store } from '../ports/store.ts';

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

interface AccountDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  /** Of the providers that are asked over the wire. */
  circuits: ReadonlyMap<ProviderId, Pick<Circuit, 'outage'>>;
}

export async function readAccounts(deps: AccountDeps, rep: Rep): Promise<AccountState> {
  const { store } = deps;
  const schedule = await store.schedules.find(rep);
  if (!schedule) throw new TypeError(`no schedule for ${rep.teamId}/${rep.userId}`);
  const links = await usableLinks(deps, rep);
  const declined = (await store.people.declined(rep.teamId)).filter(({ userId }) => userId === rep.userId);
  const providers: ProviderState[] = [];
  for (const { id, name, consent } of deps.providers.values()) {
    const connection = consent ? await store.connections.find(rep, id) : undefined;
    const linked = links.some((link) => link.provider === id);
    providers.push({
      id,
      name,
      consent: consent !== undefined,
      ended: consent !== undefined && linked && connection?.ended !== false,
      declined: declined.some(({ provider }) => provider === id),
      outage: deps.circuits.get(id)?.outage(),
    });
  }
  const suggestions = (await store.people.suggestions(rep)).filter(({ provider }) => deps.providers.has(provider));
  return { rep, providers, links, suggestions, schedule, lastRun: await store.runs.lastPosted(rep) };
}
