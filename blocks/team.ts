/** For admins of the workspace: who is linked, who is not and why, the latest changes, and the window "Suggest a link". */
import type { ModalView } from '@slack/types';
import { KEY_EVENTS, type LinkDoubt, type LinkEvent, type LinkProblemReason } from '../src/core/model/people.ts';
import type { Team, TeamProvider } from '../src/core/people/team.ts';
import { actions, type Block, button, context, option, section } from './elements.ts';
import { ACTION, BLOCK, VIEW } from './ids.ts';
import { input, modal } from './modal.ts';
import { count, dayAndMonth, exactTime, mention, mrkdwn, type Reader } from './text.ts';
import { toolsButton } from './tools-window.ts';

/** More people would not fit into one message. */
const PEOPLE_SHOWN = 8;
const PROBLEMS_SHOWN = 12;
const DOUBTS_SHOWN = 8;
const EVENTS_SHOWN = 10;
/** An admin hears of a user whom a directory leaves out after so many days. */
const DAYS_UNNAMED = 3;

export function teamBlocks(team: Team, reader: Reader): Block[] {
  const nameOf = (id: string) => team.providers.find((provider) => provider.id === id)?.name ?? id;
  const linked = team.providers.map(linkedText).join('\n');
  const doubts = doubtLines(team, nameOf, reader);
  return [
    section(linked || 'No sales tool is set up.'),
    ...problemSections(team, nameOf),
    ...(doubts.length > 0 ? [section(['*In doubt, and still linked*', ...cut(doubts, DOUBTS_SHOWN)].join('\n'))] : []),
    // Slack takes no empty select.
    actions([...(team.providers.length > 0 ? [button(ACTION.suggest, 'Suggest a link…', 'open')] : []), toolsButton()]),
    context(eventsText(team.events, nameOf, reader)),
  ];
}

function linkedText({ name, linked }: TeamProvider): string {
  const who = linked.length > 0 ? `: ${people(linked)}` : '';
  return `*${name}*: ${count(linked.length, 'rep')} linked${who}`;
}

function people(userIds: readonly string[]): string {
  const shown = userIds.slice(0, PEOPLE_SHOWN).map(mention).join(', ');
  const more = userIds.length - PEOPLE_SHOWN;
  return more > 0 ? `${shown} and ${more.toLocaleString('en-US')} more` : shown;
}

function cut(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `… and ${more.toLocaleString('en-US')} more`] : [...lines];
}

/** Two sections, because one cannot hold both at their longest. */
function problemSections({ providers, problems }: Team, nameOf: (id: string) => string): Block[] {
  const unconnected = providers
    .filter((provider) => provider.unconnected.length > 0)
    .map(({ name, unconnected: who }) => `Not signed in to ${name}: ${people(who)}`);
  const lines = problems.map(({ userId, provider, reason, email }) => {
    const address = email ? ` (${mrkdwn(email, 80)})` : '';
    return `${mention(userId)}${address}: ${whyNotLinked(reason, nameOf(provider))}`;
  });
  const [first, ...others] = [unconnected, cut(lines, PROBLEMS_SHOWN)].filter(({ length }) => length > 0);
  if (!first) return [section('*Not linked*: nobody whose address a sales tool knows.')];
  return [['*Not linked, and why*', ...first], ...others].map((part) => section(part.join('\n')));
}

/** Doubts about many links at once come first, in one line for each provider. */
function doubtLines(team: Team, nameOf: (id: string) => string, reader: Reader): string[] {
  const held = team.doubts.filter(({ reason }) => reason in HELD);
  const quiet = team.doubts.filter(
    ({ reason, looks }) => !(reason in HELD) && (reason === 'replaced' || looks >= DAYS_UNNAMED),
  );
  const byProvider = new Map(held.map(({ provider }) => [provider, held.filter((each) => each.provider === provider)]));
  return [
    ...[...byProvider].map(([provider, doubts]) => heldText(nameOf(provider), doubts, reader)),
    ...[...held, ...quiet].map(
      ({ userId, provider, reason, since }) =>
        `${mention(userId)}: ${doubtText(reason, nameOf(provider))} since ${dayAndMonth(since, reader)}`,
    ),
    ...team.clashes.map(
      ({ userId, provider, reason }) => `${mention(userId)}: ${whyNotLinked(reason, nameOf(provider))}`,
    ),
  ];
}

function heldText(name: string, doubts: readonly LinkDoubt[], reader: Reader): string {
  const since = Math.min(...doubts.map((doubt) => doubt.since));
  const days = Math.max(...doubts.map(({ looks }) => looks));
  return `*${name} speaks against ${count(doubts.length, 'link')} at once* since ${dayAndMonth(since, reader)}, which looks like a mistake there, so none was ended. Seen on ${count(days, 'day')}; what still stands on the third day ends.`;
}

const HELD: Partial<Record<LinkDoubt['reason'], true>> = { inactive: true, locked: true, moved: true, renamed: true };

function doubtText(reason: LinkDoubt['reason'], provider: string): string {
  switch (reason) {
    case 'unnamed':
      return `not named by ${provider}`;
    case 'replaced':
      return `not named by ${provider}, where another user has their address; that user is linked on the third day,`;
    case 'unaddressed':
      return `${provider} names their user without their address`;
    default:
      return whyNotLinked(reason, provider);
  }
}

export function whyNotLinked(reason: LinkProblemReason | 'no_user', provider: string): string {
  switch (reason) {
    case 'no_user':
      return `nobody in ${provider} has that address`;
    case 'inactive':
      return `their user in ${provider} is not active`;
    case 'locked':
      return `their user in ${provider} is locked`;
    case 'moved':
      return `their user in ${provider} has another address`;
    case 'renamed':
      return `their address in Slack changed, and nobody in ${provider} has the new one`;
    case 'unknown':
      return `${provider} does not say whether their user is active`;
    case 'ambiguous':
      return `more than one active user in ${provider} has that address`;
    case 'shared':
      return `another member here has the same user in ${provider}`;
    case 'taken':
      return `someone else here is linked to that user in ${provider}`;
  }
}

const EVENT_TEXT: Record<LinkEvent['event'], string> = {
  linked: 'linked',
  corrected: 'linked to another user',
  removed: 'link ended',
  unlinked: 'unlinked',
  suggested: 'link suggested',
  declined: 'suggestion declined',
  disconnected: 'connection ended',
  key_set: 'connected',
  key_replaced: 'key replaced',
  key_removed: 'disconnected',
};

function eventsText(events: readonly LinkEvent[], nameOf: (id: string) => string, reader: Reader): string {
  if (events.length === 0) return 'No link was changed yet.';
  const lines = events.slice(0, EVENTS_SHOWN).map(({ userId, provider, event, by, at }) => {
    const who = by === 'directory' ? '' : ` by <@${mrkdwn(by, 40)}>`;
    const whose = KEY_EVENTS.some((each) => each === event) ? '' : `${mention(userId)} `;
    return `${exactTime(at, reader)}  ${whose}${nameOf(provider)}: ${EVENT_TEXT[event]}${who}`;
  });
  return ['*Latest changes*', ...lines].join('\n');
}

export function suggestModal(providers: readonly { id: string; name: string }[]): ModalView {
  const options = providers.map(({ id, name }) => option({ text: name, value: id }));
  const [first] = options;
  return modal({
    callback: VIEW.suggest,
    title: 'Suggest a link',
    submit: 'Suggest',
    blocks: [
      section(
        'For someone whose address in a sales tool is not the one in Slack. It takes effect when they confirm it.',
      ),
      input(BLOCK.member, 'Who', { type: 'users_select' }),
      input(BLOCK.provider, 'Where', { type: 'static_select', options, ...(first && { initial_option: first }) }),
      input(BLOCK.address, 'Their address there', { type: 'email_text_input' }),
    ],
  });
}
