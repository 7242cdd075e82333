/** What each command does, and how a list is answered. Which words there are: `src/core/ask/grammar.ts`. */
import { nothingFound } from '../../../blocks/ask-words.ts';
import { actions, button, section } from '../../../blocks/elements.ts';
import { pauseRefused } from '../../../blocks/form-errors.ts';
import { helpMessage } from '../../../blocks/help.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { plannedText } from '../../../blocks/schedule-words.ts';
import { statusBlocks, unlinkedText } from '../../../blocks/status.ts';
import type { CommandWord } from '../../core/ask/grammar.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { Schedules } from '../../core/digests/schedule.ts';
import type { Digests } from '../../core/digests/send.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Filter, LoadedMessage } from '../../core/model/message.ts';
import type { Rep } from '../../core/model/people.ts';
import type { Query } from '../../core/model/query.ts';
import { localDate, startOfLocalDate } from '../../core/model/time.ts';
import { parseTypedDate } from '../../core/model/typed-date.ts';
import type { DigestSwitch } from '../../core/people/off-switch.ts';
import type { Known, People } from '../../core/people/people.ts';
import type { Rollups } from '../../core/people/rollups.ts';
import type { TeamDesk } from '../../core/people/team-rep.ts';
import type { ToolDesk } from '../../core/people/tool-desk.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { Respond } from '../transport/respond.ts';
import type { Accounts } from './accounts.ts';
import type { Replies } from './replies.ts';
import { sayRollups } from './rollups.ts';
import { openSettings } from './settings.ts';
import { askToSwitch } from './team.ts';
import { sayTeam } from './team-desk.ts';
import { sayTools } from './tools.ts';

/** The means to answer the sender. */
export interface Answering {
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
  providers: Providers;
  digestSwitch: DigestSwitch;
  desk: TeamDesk;
  rollups: Rollups;
  tools: ToolDesk;
  history: (rep: Rep, respond: Respond) => Promise<void>;
  accounts: Accounts;
  replies: Replies;
}

interface Invocation extends Known, Answering {
  parts: CommandParts;
  /** The text after the command's word. */
  rest: string;
}

const RUN: Record<Exclude<CommandWord, 'tools'>, (invocation: Invocation) => Promise<void>> = {
  digest,
  status,
  history,
  settings,
  connect,
  pause: pauseDigests,
  resume: resumeDigests,
  team,
  rollup,
  help,
};

/** They work without any link. */
const FOR_STRANGERS: ReadonlySet<CommandWord> = new Set(['status', 'history', 'connect', 'team', 'rollup']);

export async function runCommand(
  parts: CommandParts,
  key: RepKey,
  { word, rest }: { word: CommandWord; rest: string },
  answering: Answering,
): Promise<void> {
  // Help needs no lookup of the person.
  if (word === 'help') return help({ parts, ...answering });
  // Nor do these, and no tool is to be waited for that may be away.
  if (word === 'tools') return sayTools(parts, key, answering);
  const invocation = await known(parts, key, answering, rest);
  if (invocation.links.length === 0 && !FOR_STRANGERS.has(word)) return tellStranger(invocation);
  return RUN[word](invocation);
}

export async function answerList(parts: CommandParts, key: RepKey, query: Query, answering: Answering): Promise<void> {
  const invocation = await known(parts, key, answering);
  if (invocation.links.length === 0) return tellStranger(invocation);
  const { rep, respond, show, triggerId } = invocation;
  const request = {
    kind: 'list',
    filter: filterOf(query),
    priority: 'person',
    posted: triggerId === undefined,
  } as const;
  const message = await parts.lists.make(rep, request);
  const isSure = message.summary.reports.every((report) => report.state === 'listed');
  const isSearch = query.text !== undefined && Object.keys(query).length === 1;
  if (isSearch && message.items.length === 0 && isSure) return said(respond, nothingFound(query.text ?? ''));
  await show(message);
}

function filterOf(query: Query): Filter {
  const parts = Object.keys(query);
  if (parts.length === 0) return { by: 'all' };
  return parts.length === 1 && query.when?.is === 'snoozed' ? { by: 'snoozed' } : { by: 'query', query };
}

/** Somebody without a link, where what they typed needs one. False: they have one. */
export async function toldStranger(parts: CommandParts, key: RepKey, answering: Answering): Promise<boolean> {
  const invocation = await known(parts, key, answering);
  if (invocation.links.length > 0) return false;
  await tellStranger(invocation);
  return true;
}

async function known(parts: CommandParts, key: RepKey, answering: Answering, rest = ''): Promise<Invocation> {
  return { parts, ...(await parts.people.identify(key)), rest, ...answering };
}

async function digest({ parts, rep, respond, triggerId }: Invocation): Promise<void> {
  await parts.digests.sendNow(rep);
  // In the app's conversation the digest is the answer.
  if (triggerId === undefined) return;
  return said(respond, 'Your digest is in your messages with Docket.');
}

async function status({ parts, rep, respond }: Invocation): Promise<void> {
  const [state, reader] = [await parts.people.accounts(rep), await parts.people.readerOf(rep)];
  const blocks = statusBlocks(state, reader, await parts.rollups.own(rep));
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

async function rollup({ parts, rep, respond }: Invocation): Promise<void> {
  await sayRollups(parts, rep, respond);
}

async function pauseDigests({ parts, rep, rest, respond }: Invocation): Promise<void> {
  const wanted = rest.trim();
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

async function help({ parts, respond }: Pick<Invocation, 'parts' | 'respond'>): Promise<void> {
  await respond({ response_type: 'ephemeral', ...helpMessage([...parts.providers.values()]) });
}

/** Shows the accounts with their buttons. */
async function tellStranger({ parts, rep, respond, unreachable }: Invocation): Promise<void> {
  const { providers } = await parts.people.accounts(rep);
  await parts.accounts.say(rep, respond, unlinkedText(rep, providers, unreachable), { replace: false });
}

async function said(respond: Respond, text: string): Promise<void> {
  await respond({ response_type: 'ephemeral', text });
}
