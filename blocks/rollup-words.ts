/** Roll-ups in sentences: when one comes and to whom, the list of them, and why one was refused. */
import { isPerson, type OwnRollup, type Rollup, type RollupChoice, type RollupTold } from '../src/core/model/rollup.ts';
import { clockOf } from './day-words.ts';
import { actions, type Block, button, confirm, context, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { rowLine } from './rollup.ts';
import { count, exactTime, mention, mrkdwn, peopleCount, type Reader, zoneName } from './text.ts';

const DAYS = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** `Fridays at 16:00 (Europe/Berlin)` */
function whenText({ day, time, zone }: Pick<RollupChoice, 'day' | 'time' | 'zone'>, reader: Pick<Reader, 'locale'>) {
  return `${DAYS[day - 1]} at ${clockOf(time, reader)} (${zoneName(zone)})`;
}

/** Slack shows the name of a channel to who may know it. */
function readerText(to: string): string {
  return isPerson(to) ? mention(to) : `<#${mrkdwn(to, 40)}>`;
}

type Announced = RollupChoice & Pick<Rollup, 'by'>;

/** Posted where it will come. */
export function announcement(rollup: Announced, reader: Reader): Rendered {
  const text = `*A weekly roll-up of tasks comes here*, ${whenText(rollup, reader)}, set up by ${mention(rollup.by)}: for each person in it how many tasks are open, overdue and settled. Counts only. \`/tasks rollup\` changes or stops it.`;
  return { text, blocks: [section(text)] };
}

/** To a rep who was put on it. */
export function putOnText(rollup: RollupTold, others: number, reader: Reader): string {
  const with_ =
    others > 0 ? ` and ${others === 1 ? 'one other person' : `${others.toLocaleString('en-US')} others`}` : '';
  return `*You are in a weekly roll-up now.* ${mention(rollup.by)} set it up: ${whenText(rollup, reader)}, ${readerText(rollup.to)} gets, about you${with_}, how many tasks are open and overdue, and how many were done, dismissed and moved in the week. These are counts only: no customer and no task is named. You see the same line about yourself with \`/tasks status\`.`;
}

/** For `/tasks status`. */
export function ownText({ rollup, row }: OwnRollup, reader: Reader): string {
  return `You are in the weekly roll-up that ${readerText(rollup.to)} gets, ${whenText(rollup, reader)}, set up by ${mention(rollup.by)}. Your line, as it reads now: ${rowLine(row, reader)}.`;
}

/** To the admin who set it up. */
export function notSentText(rollup: RollupTold, code: string, reader: Reader): string {
  return `*This week's roll-up for ${readerText(rollup.to)} was not sent.* ${whyNot(code)} The next one is planned for ${exactTime(rollup.nextDueAt, reader)}; \`/tasks rollup\` changes or stops it.`;
}

/** What happened, and what to do. */
export function whyNot(code: string): string {
  switch (code) {
    case 'no_such_subteam':
    case 'subteam_disabled':
      return 'Slack knows no such user group any more. Give the id of another one.';
    case 'missing_scope':
    case 'plan_upgrade_required':
      return 'Slack does not let Docket read user groups: the app needs the scope `usergroups:read` (api.slack.com/apps, *OAuth & Permissions*, then install it again). Or choose the people one by one.';
    case 'channel_not_found':
    case 'not_in_channel':
      return 'Docket is no member of that channel. Type `/invite @Docket` there, also in a private one, and try again; that is safe.';
    case 'is_archived':
      return 'That channel is archived. Choose another one.';
    case 'restricted_action':
      return 'Only some people may write in that channel. Let Docket write there, or choose another one.';
    case 'user_not_found':
    case 'user_disabled':
    case 'user_not_visible':
    case 'cannot_dm_bot':
      return 'Slack does not let Docket write to that person. Choose someone else.';
    case 'unavailable':
    case 'rate_limited':
      return 'Slack did not answer for four hours.';
    default:
      return `Slack refused it (${mrkdwn(code, 60)}).`;
  }
}

type Listed = Rollup & { members: number };

const SHOWN = 15;

/** What an admin gets. */
export function rollupList(rollups: readonly Listed[], wanted: number, reader: Reader): Rendered {
  const pages = Math.max(1, Math.ceil(rollups.length / SHOWN));
  const page = Math.min(wanted, pages - 1);
  const heading =
    rollups.length === 0 ? 'No weekly roll-up is set up.' : `*${count(rollups.length, 'weekly roll-up')}*`;
  const shown = rollups.slice(page * SHOWN, (page + 1) * SHOWN);
  return {
    text: heading.replaceAll('*', ''),
    blocks: [
      section(heading),
      ...shown.flatMap((rollup) => listed(rollup, reader)),
      actions([
        button(ACTION.rollupEdit, 'New weekly roll-up…', 'new'),
        ...(page > 0 ? [button(ACTION.rollupsPrevious, 'Previous', String(page - 1))] : []),
        ...(page < pages - 1 ? [button(ACTION.rollupsNext, 'Next', String(page + 1))] : []),
      ]),
      context(
        'Counts of a team, once a week, to a channel or a person. Everyone in it is told, and sees their own line.',
      ),
    ],
  };
}

function listed(rollup: Listed, reader: Reader): Block[] {
  const { id, about, members, lastSentAt } = rollup;
  const groups = about.groups.map((group) => `<!subteam^${mrkdwn(group, 40)}>`).join(', ');
  const last = lastSentAt === undefined ? 'none sent yet' : `last sent ${exactTime(lastSentAt, reader)}`;
  const stop = confirm('Stop this roll-up?', 'Nobody gets it any more. Those in it are not told.', 'Stop it', 'danger');
  return [
    section(
      `${readerText(rollup.to)}: ${whenText(rollup, reader)}, about ${peopleCount(members)}${groups && ` (with ${groups})`}\nSet up by ${mention(rollup.by)}; ${last}.`,
    ),
    actions([
      button(ACTION.rollupShow, 'Show', `${id}.0`, { label: 'Show this roll-up' }),
      button(ACTION.rollupEdit, 'Change…', id, { label: 'Change this roll-up' }),
      button(ACTION.rollupStop, 'Stop', id, { confirm: stop, label: 'Stop this roll-up' }),
    ]),
  ];
}

export const ROLLUP = {
  gone: 'That roll-up was stopped already. `/tasks rollup` has those that there are.',
  stopped: 'Stopped: nobody gets it any more.',
  notAdmin:
    'Only admins of this workspace see and change weekly roll-ups. `/tasks rollup` shows those that you are in.',
  none: 'Only admins of this workspace set up weekly roll-ups, and you are in none.',
  outside: 'That person is not in the pilot, and Docket writes to nobody else. Choose someone else.',
  checking: '_Writing there that it will come …_',
} as const;

export function savedText(rollup: Rollup, reader: Reader): string {
  return `*Saved.* ${readerText(rollup.to)} gets it ${whenText(rollup, reader)}; the next one comes ${exactTime(rollup.nextDueAt, reader)}. Everyone in it is told now. \`/tasks rollup\` shows, changes or stops it.`;
}
