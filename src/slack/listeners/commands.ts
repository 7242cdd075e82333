/** `/tasks …`: one table for routing, the help text and the manifest's hint. */
import type { App } from '@slack/bolt';
import { actions, button, context as contextBlock, section } from '../../../blocks/elements.ts';
import { pauseRefused } from '../../../blocks/form-errors.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { outsideText } from '../../../blocks/pilot.ts';
import { plannedText } from '../../../blocks/schedule-words.ts';
import { statusBlocks, unlinkedText } from '../../../blocks/status.ts';
import { mrkdwn } from '../../../blocks/text.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { Schedules } from '../../core/digests/schedule.ts';
import type { Digests } from '../../core/digests/send.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Filter, LoadedMessage } from '../../core/model/message.ts';
import type { Rep } from '../../core/model/people.ts';
import { localDate, startOfLocalDate } from '../../core/model/time.ts';
import { parseTypedDate } from '../../core/model/typed-date.ts';
import type { DigestSwitch } from '../../core/people/off-switch.ts';
import type { Known, People } from '../../core/people/people.ts';
import type { TeamDesk } from '../../core/people/team-rep.ts';
import type { SlackScreen } from '../screen/screen.ts';
import type { Respond } from '../transport/respond.ts';
import type { Accounts } from './accounts.ts';
import { type Replies, retrying } from './replies.ts';
import { openSettings } from './settings.ts';
import { askToSwitch } from './team.ts';
import { sayTeam } from './team-desk.ts';

/** The means to answer the sender. */
interface ReplyChannel {
  /** Opens a window within three seconds; undefined for a typed message. */
  triggerId: string | undefined;
  respond: Respond;
  /** Shows a stored list. */
  show(list: LoadedMessage): Promise<void>;
}

export interface CommandParts {
  lists: Pick<Lists, 'make'>;
  digests: Digests;
  schedules: Schedules;
  people: People;
  digestSwitch: DigestSwitch;
  desk: TeamDesk;
  history: (rep: Rep, respond: Respond) => Promise<void>;
  accounts: Accounts;
  replies: Replies;
}

interface Invocation extends Known, ReplyChannel {
  parts: CommandParts;
  /** The text after the command's word. */
  rest: string;
}

interface Command {
  word: string;
  /** Arguments, for the usage text. */
  args?: string;
  does: string;
  /** Works without any link. */
  forStrangers?: true;
  run(invocation: Invocation): Promise<void>;
}

export const COMMANDS: readonly Command[] = [
  { word: '', does: 'lists your open tasks', run: (invocation) => list(invocation, { by: 'all' }) },
  { word: 'overdue', does: 'only what is late', run: (invocation) => list(invocation, { by: 'overdue' }) },
  { word: 'today', does: 'only what is due today', run: (invocation) => list(invocation, { by: 'today' }) },
  { word: 'week', does: 'what is due in the next seven days', run: (invocation) => list(invocation, { by: 'week' }) },
  {
    word: 'snoozed',
    does: 'what you snoozed, and until when',
    run: (invocation) => list(invocation, { by: 'snoozed' }),
  },
  { word: 'digest', does: "sends today's digest now", run: digest },
  { word: 'status', does: 'your linked accounts, last and next digest', forStrangers: true, run: status },
  { word: 'history', does: 'what you did in the last 30 days, and what came of it', forStrangers: true, run: history },
  {
    word: 'settings',
    does: 'when your digest comes, and what follows it: time, days, holidays, pause, close of the day, reminders',
    run: settings,
  },
  { word: 'connect', does: 'your accounts: link, sign in, unlink', forStrangers: true, run: connect },
  { word: 'pause', args: '[until date]', does: 'stops digests, for good or until a date', run: pauseDigests },
  { word: 'resume', does: 'lets digests come again', run: resumeDigests },
  {
    word: 'team',
    args: '[name | pause | resume]',
    does: 'for admins: who is linked, and who is not; stops all digests, or lets them come again',
    forStrangers: true,
    run: team,
  },
  { word: 'help', does: 'shows this', run: help },
];

const TEXT_SEARCH = { args: '<text>', does: 'tasks whose contact, company, flow or title contains the text' };

/** Slack shows it while someone types; the manifest has the same text (a test compares them). */
export function usageHint(): string {
  const words = COMMANDS.filter((command) => command.word !== '').map((command) => command.word);
  return `[${[...words, TEXT_SEARCH.args].join(' | ')}]`;
}

export function registerCommands(app: App, parts: CommandParts & { screen: Pick<SlackScreen, 'answer'> }): void {
  app.command('/tasks', async ({ ack, command, respond: respondOnce }) => {
    // Commands change nothing at a provider, so nothing is recorded first.
    await ack();
    const key = { teamId: command.team_id, userId: command.user_id };
    const respond = retrying(respondOnce);
    const show = (list: LoadedMessage) => parts.screen.answer(list, respond, { replace: false });
    const channel = { triggerId: command.trigger_id, respond, show };
    await parts.replies.orApologise(key, respond, () => answerCommand(parts, key, command.text, channel));
  });
}

export async function answerCommand(
  parts: CommandParts,
  key: RepKey,
  text: string,
  channel: ReplyChannel,
): Promise<void> {
  const words = text.trim().replace(/\s+/g, ' ');
  const [first = '', ...others] = words.split(' ');
  const command = COMMANDS.find(
    ({ word, args }) => word === first.toLowerCase() && (args !== undefined || others.length === 0),
  );
  // Admins look after a pilot that they may not be in.
  if (command?.run !== team && (await parts.people.isOutside(key))) {
    return said(channel.respond, outsideText(parts.people.admins));
  }
  // Help and meaningless text need no lookup of the person.
  if (command?.run === help || !/[\p{L}\p{N}]/u.test(words || 'list')) return help(channel);
  const known = await parts.people.identify(key);
  const invocation = { parts, ...known, rest: others.join(' '), ...channel };
  if (known.links.length === 0 && !command?.forStrangers) return tellStranger(invocation);
  if (command) return command.run(invocation);
  return list(invocation, { by: 'text', text: words.slice(0, 200) });
}

async function list({ parts, rep, respond, show, triggerId }: Invocation, filter: Filter): Promise<void> {
  const posted = triggerId === undefined;
  const request = { kind: 'list', filter, priority: 'person', posted } as const;
  const message = await parts.lists.make(rep, request);
  const isSure = message.summary.reports.every((report) => report.state === 'listed');
  if (filter.by === 'text' && message.items.length === 0 && isSure) {
    return said(respond, `No open task contains “${mrkdwn(filter.text, 100)}”.\n\n${usage()}`);
  }
  await show(message);
}

async function digest({ parts, rep, respond, triggerId }: Invocation): Promise<void> {
  await parts.digests.sendNow(rep);
  // In the app's conversation the digest is the answer.
  if (triggerId === undefined) return;
  return said(respond, 'Your digest is in your messages with Docket.');
}

async function status({ parts, rep, respond }: Invocation): Promise<void> {
  const blocks = statusBlocks(await parts.people.accounts(rep), await parts.people.readerOf(rep));
  await respond({ response_type: 'ephemeral', text: 'Your accounts and digests', blocks });
}

async function history({ parts, rep, respond }: Invocation): Promise<void> {
  await parts.history(rep, respond);
}

async function settings({ parts, rep, triggerId, respond }: Invocation): Promise<void> {
  if (triggerId !== undefined) return openSettings(parts, rep, triggerId);
  const text = 'When your digest comes, and when it does not:';
  const blocks = [section(text), actions([button(ACTION.settings, 'Digest settings', 'open')])];
  await respond({ response_type: 'ephemeral', text, blocks });
}

async function connect(invocation: Invocation): Promise<void> {
  const { parts, respond } = invocation;
  // Without a link they were just looked up.
  if (invocation.links.length === 0) return tellStranger(invocation);
  const known = await parts.people.identify(invocation.rep, { again: true });
  if (known.links.length === 0) return tellStranger({ ...invocation, ...known });
  const away = known.unreachable.join(' and ');
  const said = away
    ? `*Your accounts.* ${away} could not be reached just now, so nothing was changed there.`
    : '*Your accounts*';
  await parts.accounts.say(known.rep, respond, said, { replace: false });
}

async function team({ parts, rep, rest, respond }: Invocation): Promise<void> {
  const wanted = { pause: 'off', resume: 'on' } as const;
  const word = rest.toLowerCase();
  if (word === 'pause' || word === 'resume') return askToSwitch(parts, rep, wanted[word], respond);
  return sayTeam(parts, rep, rest, respond);
}

async function pauseDigests({ parts, rep, rest, respond }: Invocation): Promise<void> {
  const wanted = rest.replace(/^until\b/i, '').trim();
  if (wanted === '') {
    await parts.schedules.pause(rep);
    return said(respond, 'Digests are paused until you type `/tasks resume`. `/tasks` still works.');
  }
  const reader = await parts.people.readerOf(rep);
  const read = parseTypedDate(wanted, reader);
  if (!('at' in read)) return said(respond, pauseRefused(wanted, read, reader));
  // "Until Monday": Monday's digest comes, whatever its time.
  const until = read.timed ? read.at : startOfLocalDate(localDate(read.at, rep.zone), rep.zone);
  const { schedule, skipped } = await parts.schedules.pause(rep, until);
  return said(respond, plannedText(schedule, skipped, reader));
}

async function resumeDigests({ parts, rep, respond }: Invocation): Promise<void> {
  const { schedule, skipped } = await parts.schedules.resume(rep);
  return said(respond, `Digests are on. ${plannedText(schedule, skipped, await parts.people.readerOf(rep))}`);
}

async function help({ respond }: Pick<Invocation, 'respond'>): Promise<void> {
  const blocks = [
    section(usage()),
    contextBlock('Done, Dismiss, Snooze and Reschedule change the task at its provider; Undo takes it back.'),
  ];
  await respond({ response_type: 'ephemeral', text: usage(), blocks });
}

function usage(): string {
  const lines = [
    ...COMMANDS.map(lineOf),
    `\`/tasks ${TEXT_SEARCH.args.replace('<', '&lt;').replace('>', '&gt;')}\`  ${TEXT_SEARCH.does}`,
  ];
  return ['*What you can type*', ...lines].join('\n');
}

function lineOf({ word, args, does }: Command): string {
  return `\`${['/tasks', word, args].filter(Boolean).join(' ')}\`  ${does}`;
}

/** Shows the accounts with their buttons. */
async function tellStranger({ parts, rep, respond, unreachable }: Invocation): Promise<void> {
  const { providers } = await parts.people.accounts(rep);
  await parts.accounts.say(rep, respond, unlinkedText(rep, providers, unreachable), { replace: false });
}

async function said(respond: Respond, text: string): Promise<void> {
  await respond({ response_type: 'ephemeral', text });
}
