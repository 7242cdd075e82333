/** The status of one rep: accounts and digests. */
import type { Outage } from '../src/core/jobs/circuit.ts';
import type { Rep } from '../src/core/model/people.ts';
import type { OwnRollup } from '../src/core/model/rollup.ts';
import type { RepTime } from '../src/core/model/time.ts';
import type { AccountState, ProviderState } from '../src/core/people/accounts.ts';
import { accountText } from './accounts.ts';
import { dayText } from './day-words.ts';
import { type Block, context, section } from './elements.ts';
import { leftOutText } from './left-out.ts';
import { stopped } from './off-switch.ts';
import { ownText } from './rollup-words.ts';
import { scheduleText } from './schedule-words.ts';
import { statusLines } from './status-choice.ts';
import { clockTime, count, exactTime, mrkdwn, type Reader, zoneName } from './text.ts';

/** `rollups`: the weekly ones that they are in. */
export function statusBlocks(state: AccountState, reader: RepTime, rollups: readonly OwnRollup[] = []): Block[] {
  const accounts = state.providers.flatMap((provider) => [
    accountText(state, provider, reader),
    ...outageText(provider, reader),
  ]);
  const left = leftOutText(state.leftOut, reader);
  const day = dayText(state.schedule.choices, reader);
  const whose = state.schedule.ownZone ? 'the time zone that you chose.' : 'your time zone in Slack.';
  return [
    section(
      [
        ...accounts,
        lastDigest(state, reader),
        ...(state.off ? [stopped(state.off, reader)] : []),
        ...statusLines(state),
        ...(left ? [left] : []),
        scheduleText(state, reader),
        ...(day ? [day] : []),
      ].join('\n'),
    ),
    ...rollupSections(rollups, reader),
    context(
      `Times are in ${zoneName(state.rep.zone)}, ${whose} Change when your digest comes with \`/tasks settings\`, your accounts with \`/tasks connect\`.`,
    ),
  ];
}

/** More would not fit; `/tasks rollup` has all. */
const ROLLUPS_SHOWN = 4;

function rollupSections(rollups: readonly OwnRollup[], reader: Reader): Block[] {
  const more = rollups.length - ROLLUPS_SHOWN;
  return [
    ...rollups.slice(0, ROLLUPS_SHOWN).map((own) => section(ownText(own, reader))),
    ...(more > 0 ? [context(`… and ${count(more, 'more roll-up')}: \`/tasks rollup\` has all of them.`)] : []),
  ];
}

/** Empty while the tool answers. */
export function outageText(provider: ProviderState, reader: Reader): string[] {
  return provider.outage ? [away(provider, provider.outage, reader)] : [];
}

function away({ name }: ProviderState, { since, askAgainAt }: Outage, reader: Reader): string {
  const left = Math.ceil((askAgainAt - reader.now) / 1_000);
  const then = left > 0 ? `in ${count(left, 'second')}, and at once` : 'as soon as something is to be done there, and';
  return `*${name} has not answered since ${clockTime(since, reader)}.* Docket asks again ${then} when you press a button; what waits goes on as soon as it answers.`;
}

/** When the last one came, and why there was none today. */
export function lastDigest(
  { lastRun, todaysRun, schedule }: Pick<AccountState, 'lastRun' | 'todaysRun' | 'schedule'>,
  reader: Reader,
): string {
  if (lastRun?.postedAt === undefined) return 'Last digest: none yet.';
  const last = `Last digest: ${exactTime(lastRun.postedAt, reader)}.`;
  if (todaysRun?.state !== 'skipped' || todaysRun.why !== 'nothing_open') return last;
  const rule =
    schedule.choices.allClear === 'weekly' ? ' One line a week says so; `/tasks settings` changes that.' : '';
  return `${last} None came today, because nothing was open.${rule}`;
}

/** For a person who is known to no provider. */
export function unlinkedText(
  rep: Pick<Rep, 'email'>,
  providers: readonly Pick<ProviderState, 'name' | 'consent'>[],
  unreachable: readonly string[],
): string {
  if (unreachable.length > 0) {
    return `*${unreachable.join(' and ')} could not be reached*, so Docket could not look you up. Try \`/tasks connect\` in a few minutes.`;
  }
  if (providers.length === 0) {
    return '*Docket is not connected to any sales tool yet.* An admin of this workspace connects one with `/tasks tools`.';
  }
  const names = providers.flatMap(({ name, consent }) => (consent ? [] : [name])).join(' or ');
  const signIn = providers.flatMap(({ name, consent }) => (consent ? [name] : [])).join(' or ');
  const ways = [
    names &&
      `${lookedFor(rep, names)} Ask your ${names} admin to add that address to your user there, then look again with \`/tasks connect\`.`,
    signIn && `To bring your ${signIn} tasks, sign in to ${signIn} once: \`/tasks connect\` has the link.`,
  ];
  return ['*You are not linked yet.*', ...ways].filter(Boolean).join(' ');
}

function lookedFor({ email }: Pick<Rep, 'email'>, names: string): string {
  return email === undefined
    ? 'Slack shows Docket no e-mail address for you.'
    : `No active user in ${names} has your Slack address ${mrkdwn(email, 120)}.`;
}
