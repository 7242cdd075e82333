/** `/tasks …`: one table, from which the help text, the manifest's hint and the routing are made. */
import type { App } from '@slack/bolt';
import { actions, button, context as contextBlock, section } from '../../../blocks/elements.ts';
import { pauseRefused } from '../../../blocks/errors.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { scheduleText, statusBlocks, unlinkedText } from '../../../blocks/status.ts';
import { exactTime, mrkdwn } from '../../../blocks/text.ts';
import { makeList } from '../../core/digests/listing.ts';
import { pause, resume } from '../../core/digests/schedule.ts';
import { postDigest } from '../../core/digests/send.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Filter } from '../../core/model/message.ts';
import { localDate, startOfLocalDate } from '../../core/model/time.ts';
import { parseTypedDate } from '../../core/model/typed-date.ts';
import type { Respond } from '../transport/respond.ts';
import { sayAccounts } from './accounts.ts';
import type { SlackContext } from './context.ts';
import { sayHistory } from './history.ts';
import { openSettings } from './lists.ts';
import { orApologise, patient } from './replies.ts';
import { accountState, identify, type Known, repTime } from './reps.ts';
import { sayTeam } from './team.ts';

/** How whoever asked is answered. */
export interface Way {
  /** Opens a window, for three seconds; a message that was typed to the app brings none. */
  triggerId: string | undefined;
  respond: Respond;
  /** Shows a stored list. */
  show(messageId: string): Promise<void>;
}

interface Invocation extends Known, Way {
  context: SlackContext;
  /** What stands after the command's word. */
  rest: string;
}

interface Command {
  word: string;
  /** What may follow the word, for the usage. */
  args?: string;
  does: string;
  /** Works for someone whom no provider knows. */
  forStrangers?: true;
  run(invocation: Invocation): Promise<void>;
}

export const COMMANDS: readonly Command[] = [
  { word: '', does: 'lists your open tasks', run: (invocation) => list(invocation, { by: 'all' }) },
  { word: 'overdue', does: 'only what is late', run: (invocation) => list(invocation, { by: 'overdue' }) },
  { word: 'today', does: 'only what is due today', run: (invocation) => list(invocation, { by: 'today' }) },
  { word: 'week', does: 'what is due in the next seven days', run: (invocation) => list(invocation, { by: 'week' }) },
  { word: 'digest', does: "sends today's digest now", run: digest },
  { word: 'status', does: 'your linked accounts, last and next digest', forStrangers: true, run: status },
  { word: 'history', does: 'what you did in the last 30 days, and what came of it', forStrangers: true, run: history },
  { word: 'settings', does: 'when your digest comes', run: settings },
  { word: 'connect', does: 'your accounts: link, sign in, unlink', forStrangers: true, run: connect },
  { word: 'pause', args: '[until date]', does: 'stops digests, for good or until a date', run: pauseDigests },
  { word: 'resume', does: 'lets digests come again', run: resumeDigests },
  { word: 'team', does: 'for admins: who is linked, and who is not', forStrangers: true, run: team },
  { word: 'help', does: 'shows this', run: help },
];

const TEXT_SEARCH = { args: '<text>', does: 'tasks whose contact, company, flow or title contains the text' };

/** Shown by Slack while someone types the command; the manifest carries the same words (a test compares them). */
export function usageHint(): string {
  const words = COMMANDS.filter((command) => command.word !== '').map((command) => command.word);
  return `[${[...words, TEXT_SEARCH.args].join(' | ')}]`;
}

export function registerCommands(app: App, context: SlackContext): void {
  app.command('/tasks', async ({ ack, command, respond: respondOnce }) => {
    // A command changes nothing at a provider, so there is nothing to record before acknowledging.
    await ack();
    const key = { teamId: command.team_id, userId: command.user_id };
    const respond = patient(respondOnce);
    const show = (messageId: string) => context.screen.answer(messageId, respond, { replace: false });
    const way = { triggerId: command.trigger_id, respond, show };
    await orApologise(context, key, respond, () => answerCommand(context, key, command.text, way));
  });
}

export async function answerCommand(context: SlackContext, key: RepKey, text: string, way: Way): Promise<void> {
  const words = text.trim().replace(/\s+/g, ' ');
  const [first = '', ...others] = words.split(' ');
  const command = COMMANDS.find(
    ({ word, args }) => word === first.toLowerCase() && (args !== undefined || others.length === 0),
  );
  // Whoever asks for help, or types what no one could mean, need not be looked up first.
  if (command?.run === help || !/[\p{L}\p{N}]/u.test(words || 'list')) return help(way);
  const known = await identify(context, key);
  const invocation = { context, ...known, rest: others.join(' '), ...way };
  if (known.links.length === 0 && !command?.forStrangers) return tellStranger(invocation);
  if (command) return command.run(invocation);
  return list(invocation, { by: 'text', text: words.slice(0, 200) });
}

async function list({ context, rep, respond, show, triggerId }: Invocation, filter: Filter): Promise<void> {
  const posted = triggerId === undefined;
  const id = await makeList(context, rep, { kind: 'list', filter, after: undefined, priority: 'person', posted });
  const loaded = filter.by === 'text' ? await context.store.messages.load(id) : undefined;
  if (loaded && loaded.items.length === 0 && loaded.summary.reports.every((report) => report.state === 'listed')) {
    const text = `No open task contains “${mrkdwn(filter.by === 'text' ? filter.text : '', 100)}”.\n\n${usage()}`;
    await respond({ response_type: 'ephemeral', text });
    return;
  }
  await show(id);
}

async function digest({ context, rep, respond, triggerId }: Invocation): Promise<void> {
  await postDigest(context, rep);
  // Where it was typed the digest is the answer.
  if (triggerId === undefined) return;
  await respond({ response_type: 'ephemeral', text: 'Your digest is in your messages with Docket.' });
}

async function status({ context, rep, respond }: Invocation): Promise<void> {
  const state = await accountState(context, rep);
  const blocks = statusBlocks(state, { now: context.clock(), zone: rep.zone });
  await respond({ response_type: 'ephemeral', text: 'Your accounts and digests', blocks });
}

async function history({ context, rep, respond }: Invocation): Promise<void> {
  await sayHistory(context, rep, respond);
}

async function settings({ context, rep, triggerId, respond }: Invocation): Promise<void> {
  if (triggerId !== undefined) return openSettings(context, rep, triggerId);
  const text = 'When your digest comes, and on which days:';
  const blocks = [section(text), actions([button(ACTION.settings, 'Digest settings', 'open')])];
  await respond({ response_type: 'ephemeral', text, blocks });
}

async function connect(invocation: Invocation): Promise<void> {
  const { context, respond } = invocation;
  // Without a link they were just looked up.
  if (invocation.links.length === 0) return tellStranger(invocation);
  const known = await identify(context, invocation.rep, { again: true });
  if (known.links.length === 0) return tellStranger({ ...invocation, ...known });
  const away = known.unreachable.join(' and ');
  const said = away
    ? `*Your accounts.* ${away} could not be reached just now, so nothing was changed there.`
    : '*Your accounts*';
  await sayAccounts(context, known.rep, respond, said, { replace: false });
}

async function team({ context, rep, respond }: Invocation): Promise<void> {
  await sayTeam(context, rep, respond);
}

async function pauseDigests({ context, rep, rest, respond }: Invocation): Promise<void> {
  const now = context.clock();
  const wanted = rest.replace(/^until\b/i, '').trim();
  if (wanted === '') {
    await pause(context, rep);
    return said(respond, 'Digests are paused until you type `/tasks resume`. `/tasks` still works.');
  }
  const read = parseTypedDate(wanted, await repTime(context, rep));
  if (!('at' in read)) {
    return said(respond, pauseRefused(wanted, read, { now, zone: rep.zone }));
  }
  // "Until Monday" means that Monday's digest comes, whatever its hour.
  const until = read.timed ? read.at : startOfLocalDate(localDate(read.at, rep.zone), rep.zone);
  const schedule = await pause(context, rep, until);
  return said(respond, scheduleText({ schedule }, { now, zone: rep.zone }));
}

async function resumeDigests({ context, rep, respond }: Invocation): Promise<void> {
  const schedule = await resume(context, rep);
  const next = exactTime(schedule.nextDueAt, context.clock(), rep.zone);
  return said(respond, `Digests are on. Next digest: ${next}.`);
}

async function help({ respond }: Pick<Invocation, 'respond'>): Promise<void> {
  const blocks = [
    section(usage()),
    contextBlock('Done, Dismiss, Snooze and Reschedule change the task at its provider; Undo takes it back.'),
  ];
  await respond({ response_type: 'ephemeral', text: usage(), blocks });
}

export function usage(): string {
  const lines = [
    ...COMMANDS.map(lineOf),
    `\`/tasks ${TEXT_SEARCH.args.replace('<', '&lt;').replace('>', '&gt;')}\`  ${TEXT_SEARCH.does}`,
  ];
  return ['*What you can type*', ...lines].join('\n');
}

function lineOf({ word, args, does }: Command): string {
  return `\`${['/tasks', word, args].filter(Boolean).join(' ')}\`  ${does}`;
}

/** With what they can do about it, right there. */
async function tellStranger({ context, rep, respond, unreachable }: Invocation): Promise<void> {
  const { providers } = await accountState(context, rep);
  await sayAccounts(context, rep, respond, unlinkedText(rep, providers, unreachable), { replace: false });
}

async function said(respond: Respond, text: string): Promise<void> {
  await respond({ response_type: 'ephemeral', text });
}
