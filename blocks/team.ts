/** For admins of the workspace: who could not be linked and why, what changed lately, and suggesting a link. */
import type { ModalView } from '@slack/types';
import type { LinkEvent, LinkProblem, LinkProblemReason } from '../src/core/types.ts';
import { actions, type Block, button, context, option, section } from './elements.ts';
import { ACTION, BLOCK, VIEW } from './ids.ts';
import { count, exactTime, mrkdwn } from './text.ts';
import type { Reader } from './words.ts';

export interface Team {
  /** Reps with a link, by provider. */
  providers: readonly { id: string; name: string; linked: number }[];
  problems: readonly LinkProblem[];
  /** Newest first. */
  events: readonly LinkEvent[];
}

/** More would not fit into one section. */
const PROBLEMS_SHOWN = 12;
const EVENTS_SHOWN = 10;

export function teamBlocks(team: Team, reader: Reader): Block[] {
  const nameOf = (id: string) => team.providers.find((provider) => provider.id === id)?.name ?? id;
  const linked = team.providers.map(({ name, linked }) => `*${name}*: ${count(linked, 'rep')} linked`).join('\n');
  return [
    section(linked || 'No sales tool is set up.'),
    section(problemsText(team.problems, nameOf)),
    // Without a provider there is nothing to choose from, and Slack takes no empty select.
    ...(team.providers.length > 0 ? [actions([button(ACTION.suggest, 'Suggest a link…', 'open')])] : []),
    context(eventsText(team.events, nameOf, reader)),
  ];
}

function problemsText(problems: readonly LinkProblem[], nameOf: (id: string) => string): string {
  if (problems.length === 0) return '*Not linked*: nobody whose address a sales tool knows.';
  const lines = problems.slice(0, PROBLEMS_SHOWN).map(({ userId, provider, reason, email }) => {
    const address = email ? ` (${mrkdwn(email, 80)})` : '';
    return `<@${mrkdwn(userId, 40)}>${address}: ${whyNotLinked(reason, nameOf(provider))}`;
  });
  const more = problems.length - lines.length;
  return ['*Not linked, and why*', ...lines, ...(more > 0 ? [`… and ${more.toLocaleString('en-US')} more`] : [])].join(
    '\n',
  );
}

export function whyNotLinked(reason: LinkProblemReason | 'no_user', provider: string): string {
  switch (reason) {
    case 'no_user':
      return `nobody in ${provider} has that address`;
    case 'inactive':
      return `their user in ${provider} is not active`;
    case 'locked':
      return `their user in ${provider} is locked`;
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
  removed: 'link ended: no longer beyond doubt',
  unlinked: 'unlinked',
  suggested: 'link suggested',
  declined: 'suggestion declined',
  disconnected: 'connection ended',
};

function eventsText(events: readonly LinkEvent[], nameOf: (id: string) => string, reader: Reader): string {
  if (events.length === 0) return 'No link was changed yet.';
  const lines = events.slice(0, EVENTS_SHOWN).map(({ userId, provider, event, by, at }) => {
    const who = by === 'directory' ? '' : ` by <@${mrkdwn(by, 40)}>`;
    return `${exactTime(at, reader.now, reader.zone)}  <@${mrkdwn(userId, 40)}> ${nameOf(provider)}: ${EVENT_TEXT[event]}${who}`;
  });
  return ['*Latest changes*', ...lines].join('\n');
}

export function suggestModal(providers: readonly { id: string; name: string }[]): ModalView {
  const options = providers.map(({ id, name }) => option({ text: name, value: id }));
  const [first] = options;
  return {
    type: 'modal',
    callback_id: VIEW.suggest,
    title: { type: 'plain_text', text: 'Suggest a link' },
    submit: { type: 'plain_text', text: 'Suggest' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      section(
        'For someone whose address in a sales tool is not the one in Slack. It takes effect when they confirm it.',
      ),
      {
        type: 'input',
        block_id: BLOCK.member,
        label: { type: 'plain_text', text: 'Who' },
        element: { type: 'users_select', action_id: BLOCK.member },
      },
      {
        type: 'input',
        block_id: BLOCK.provider,
        label: { type: 'plain_text', text: 'Where' },
        element: {
          type: 'static_select',
          action_id: BLOCK.provider,
          options,
          ...(first && { initial_option: first }),
        },
      },
      {
        type: 'input',
        block_id: BLOCK.address,
        label: { type: 'plain_text', text: 'Their address there' },
        element: { type: 'email_text_input', action_id: BLOCK.address },
      },
    ],
  };
}
