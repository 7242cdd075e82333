/** A rep's accounts at the providers, and their digests. */
import { usableLinks } from '../clicks/target.ts';
import type { Circuit, Outage } from '../jobs/circuit.ts';
import { LEFT_OUT_DAYS, type LeftOut, leftOut } from '../model/delivery.ts';
import type { Run, Schedule } from '../model/digest.ts';
import type { ProviderId } from '../model/keys.ts';
import type { Link, Rep, Suggestion } from '../model/people.ts';
import { DAY, localDate } from '../model/time.ts';
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
  /** Of the last two weeks, oldest first. */
  leftOut: readonly LeftOut[];
  /** Docket may read Slack statuses. */
  readsStatus: boolean;
}

interface AccountDeps extends Pick<Ports, 'store' | 'providers' | 'presence' | 'calendar' | 'clock'> {
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
  const digests = { lastRun, todaysRun, leftOut: await readLeftOut(deps, rep, schedule) };
  return { rep, providers, links, suggestions, schedule, ...digests, off, readsStatus };
}

async function readLeftOut({ store, calendar, clock }: AccountDeps, rep: Rep, schedule: Schedule): Promise<LeftOut[]> {
  const now = clock();
  const from = localDate(now - LEFT_OUT_DAYS * DAY, rep.zone);
  const [runs, earlier] = await Promise.all([store.runs.since(rep, from), store.runs.before(rep, from)]);
  const holidays = await calendar.holidaysOf(schedule.country);
  return leftOut(schedule, { now, zone: rep.zone, holidays }, { runs, since: earlier?.localDate });
}
