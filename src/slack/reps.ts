/** Who is speaking: a rep we know, or someone to be looked up at once. */
import { linkMember } from '../core/linking.ts';
import { usableLinks } from '../core/listing.ts';
import type { Link, Rep, RepKey } from '../core/types.ts';
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
  const member = await context.directory.member(key.userId);
  if (!member) throw new TypeError(`Slack does not know ${key.userId}`);
  const { rep: found, unreachable } = await linkMember(context, key.teamId, member);
  return { rep: found, links: await usableLinks(context, key), unreachable };
}

export async function accountState(context: SlackContext, rep: Rep) {
  const schedule = await context.store.schedules.find(rep);
  if (!schedule) throw new TypeError(`no schedule for ${rep.teamId}/${rep.userId}`);
  return {
    rep,
    providers: [...context.providers.values()].map(({ id, name }) => ({ id, name })),
    links: await usableLinks(context, rep),
    schedule,
    lastRun: await context.store.runs.lastPosted(rep),
  };
}
