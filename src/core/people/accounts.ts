/** A rep's accounts at the providers, and their digests. */
import { usableLinks } from '../clicks/target.ts';
import type { Circuit, Outage } from '../jobs/circuit.ts';
import type { Run, Schedule } from '../model/digest.ts';
import type { ProviderId } from '../model/keys.ts';
import type { Link, Rep, Suggestion } from '../model/people.ts';
import { localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { OffSwitch } from '../ports/store.ts';

/** A configured provider, and the rep's state there. */
export interface ProviderState {
  id: string;
  name: string;
  /** Each rep signs in there. */
  consent: boolean;
  /** Their sign-in has ended and cannot be renewed. */
  ended: boolean;
  /** The rep ended the link. */
  declined: boolean;
  /** Set while the circuit breaker is open. */
  outage?: Outage | undefined;
}

export interface AccountState {
  rep: Rep;
  providers: readonly ProviderState[];
  links: readonly Link[];
  suggestions: readonly Suggestion[];
  schedule: Schedule;
  /** The last digest. */
  lastRun: Run | undefined;
  /** Of the rep's date; undefined until their digest is due. */
  todaysRun?: Run | undefined;
  /** An admin has stopped all digests. */
  off?: OffSwitch | undefined;
  /** Docket may read Slack statuses. */
  readsStatus: boolean;
}

interface AccountDeps extends Pick<Ports, 'store' | 'providers' | 'presence' | 'clock'> {
  /** Of providers with HTTP calls. */
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
  const lastRun = await store.runs.lastPosted(rep);
  const todaysRun = await store.runs.find(rep, localDate(deps.clock(), rep.zone));
  const readsStatus = deps.presence.mayLook();
  const off = await store.workspaces.offSwitch(rep.teamId);
  return { rep, providers, links, suggestions, schedule, lastRun, todaysRun, off, readsStatus };
}
