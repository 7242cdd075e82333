/** Who is speaking: a rep we know, or someone to be looked up at once. */

import { usableLinks } from '../../core/clicks/target.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Link, Rep } from '../../core/model/people.ts';
import type { RepTime } from '../../core/model/time.ts';
import type { AccountState, ProviderState } from '../../core/people/accounts.ts';
import { isOurs, saveRep } from '../../core/people/reps.ts';
import { linkMember } from '../../core/people/sync.ts';
import type { Member } from '../../core/ports/directory.ts';
import type { SlackContext } from './context.ts';

export interface Known {
  rep: Rep;
  /** Empty: no provider knows this person. */
  links: readonly Link[];
  /** Names of providers that could not be asked just now. */
  unreachable: readonly string[];
}

/** Looks the person up at Slack and at the providers when no link is known yet, or when `again` asks for it. */
export async function identify(context: SlackContext, key: RepKey, options: { again?: boolean } = {}): Promise<Known> {
  const rep = await context.store.reps.find(key);
  const links = await usableLinks(context, key);
  if (rep && links.length > 0 && !options.again) return { rep, links, unreachable: [] };
  const { rep: found, unreachable } = await linkMember(context, key.teamId, await memberOf(context, key));
  return { rep: found, links: await usableLinks(context, key), unreachable };
}

/** Whoever must be known before a window opens, for which Slack waits three seconds: no provider is asked. */
export async function known(context: SlackContext, key: RepKey): Promise<Rep> {
  return (
    (await context.store.reps.find(key)) ?? saveRep(context, { teamId: key.teamId, ...(await memberOf(context, key)) })
  );
}

/** Now, as this rep's clock and working week have it. */
export async function repTime({ store, clock }: Pick<SlackContext, 'store' | 'clock'>, key: RepKey): Promise<RepTime> {
  const [rep, schedule] = await Promise.all([store.reps.find(key), store.schedules.find(key)]);
  return { now: clock(), zone: rep?.zone ?? 'UTC', days: schedule?.days ?? [] };
}

/** A bot, or someone of another workspace: nobody to whom the providers of this one could be linked. */
export class StrangerError extends Error {
  override name = 'StrangerError' as const;
}

async function memberOf({ directory, store }: SlackContext, key: RepKey): Promise<Member> {
  const member = await directory.member(key);
  if (!member || !isOurs(member, await store.reps.find(key))) {
    throw new StrangerError(`${key.userId} is no member of ${key.teamId}`);
  }
  return member;
}

export async function accountState(context: SlackContext, rep: Rep): Promise<AccountState> {
  const { store } = context;
  const schedule = await store.schedules.find(rep);
  if (!schedule) throw new TypeError(`no schedule for ${rep.teamId}/${rep.userId}`);
  const links = await usableLinks(context, rep);
  const declined = (await store.people.declined(rep.teamId)).filter(({ userId }) => userId === rep.userId);
  const providers: ProviderState[] = [];
  for (const { id, name, consent } of context.providers.values()) {
    const connection = consent ? await store.connections.find(rep, id) : undefined;
    const linked = links.some((link) => link.provider === id);
    providers.push({
      id,
      name,
      consent: consent !== undefined,
      ended: consent !== undefined && linked && connection?.ended !== false,
      declined: declined.some(({ provider }) => provider === id),
      outage: context.circuits.get(id)?.outage(),
    });
  }
  const suggestions = (await store.people.suggestions(rep)).filter(({ provider }) => context.providers.has(provider));
  return { rep, providers, links, suggestions, schedule, lastRun: await store.runs.lastPosted(rep) };
}
