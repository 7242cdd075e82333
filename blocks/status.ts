/** How things stand for one rep: accounts, digests. */
import type { Link, Rep, Run, Schedule } from '../src/core/types.ts';
import { FOREVER } from '../src/core/types.ts';
import { type Block, context, section } from './elements.ts';
import { distance, exactTime, mrkdwn } from './text.ts';
import type { Reader } from './words.ts';

export interface AccountState {
  rep: Rep;
  /** Every provider that this Docket is set up for. */
  providers: readonly { id: string; name: string }[];
  links: readonly Link[];
  schedule: Schedule;
  lastRun: Run | undefined;
}

export function statusBlocks(state: AccountState, reader: Reader): Block[] {
  const accounts = state.providers.map(({ id, name }) => {
    const found = state.links.find((link) => link.provider === id);
    if (!found) return `*${name}*: not linked. No active ${name} user has your address ${address(state.rep)}.`;
    const reached =
      found.lastListedAt === undefined
        ? 'not asked yet'
        : `last reached ${distance(found.lastListedAt, reader.now, reader.zone)} ago`;
    return `*${name}*: linked by your address ${address(state.rep)}, ${reached}.`;
  });
  return [
    section([...accounts, lastDigest(state, reader), scheduleText(state, reader)].join('\n')),
    context(`Times are in ${state.rep.zone}, your time zone in Slack. Change the hour with \`/tasks settings\`.`),
  ];
}

export function accountsText({ providers, links, rep }: AccountState): string {
  const linked = providers.filter(({ id }) => links.some((link) => link.provider === id)).map(({ name }) => name);
  const missing = providers.filter(({ id }) => !links.some((link) => link.provider === id)).map(({ name }) => name);
  return [
    linked.length > 0 ? `${linked.join(', ')}: linked by ${address(rep)}.` : undefined,
    missing.length > 0 ? `${missing.join(', ')}: not linked.` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function lastDigest({ lastRun }: AccountState, reader: Reader): string {
  return lastRun?.postedAt === undefined
    ? 'Last digest: none yet.'
    : `Last digest: ${exactTime(lastRun.postedAt, reader.now, reader.zone)}.`;
}

export function scheduleText({ schedule }: Pick<AccountState, 'schedule'>, reader: Reader): string {
  const { pausedUntil, nextDueAt } = schedule;
  if (pausedUntil !== undefined && pausedUntil >= FOREVER) {
    return 'Digests are paused. `/tasks resume` brings them back.';
  }
  if (nextDueAt >= FOREVER) return 'No digest is planned: no working day is chosen. `/tasks settings` changes that.';
  const next = `Next digest: ${exactTime(nextDueAt, reader.now, reader.zone)}.`;
  const paused = pausedUntil !== undefined && pausedUntil > reader.now;
  return paused ? `Digests are paused. ${next} \`/tasks resume\` brings them back now.` : next;
}

/** What someone can do who is known to no provider. */
export function unlinkedText(
  rep: Pick<Rep, 'email'>,
  providerNames: readonly string[],
  unreachable: readonly string[],
): string {
  if (unreachable.length > 0) {
    return `*${unreachable.join(' and ')} could not be reached*, so Docket could not look you up. Try \`/tasks connect\` in a few minutes.`;
  }
  if (providerNames.length === 0) {
    return '*Docket is not connected to any sales tool yet.* Your Docket admin has to set one up first.';
  }
  const names = providerNames.join(' or ');
  const lookedFor =
    rep.email === undefined
      ? 'Slack shows Docket no e-mail address for you'
      : `No active user in ${names} has your Slack address ${address(rep)}`;
  return `*You are not linked yet.* ${lookedFor}. Ask your ${names} admin to add that address to your user there, then look again with \`/tasks connect\`.`;
}

function address(rep: Pick<Rep, 'email'>): string {
  return rep.email === undefined ? '(none)' : mrkdwn(rep.email, 120);
}
