/** The first message to a rep: what this is, what was linked and how, when the first digest comes. */
import type { Notice } from '../src/core/ports/screen.ts';
import { actions, type Button, button, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { exactTime, mrkdwn, type Reader } from './text.ts';

type Welcome = Extract<Notice, { about: 'welcome' }>;

/** The value of *Not for me*. */
export const WELCOME_NEVER = 'never';

export function welcomeMessage(welcome: Welcome, connect: readonly Button[], reader: Reader): Rendered {
  const text = [
    '*Hello from Docket.* Every working morning it sends you one message with the open tasks that your sales tools hold for you, with *Done*, *Snooze*, *Reschedule* and *Dismiss* on each.',
    toolsLine(welcome),
    digestLine(welcome, reader),
  ].join('\n');
  const now = button(ACTION.welcomeNow, 'Send me one now', 'now', { label: 'Send me one now: a digest' });
  const never = button(ACTION.welcomeNever, 'Not for me', WELCOME_NEVER, { label: 'Not for me: send me nothing more' });
  const isLinked = (welcome.linked ?? []).length > 0;
  // Slack takes no two buttons of one action in a block.
  const rows = connect.map((each) => actions([each]));
  return { text, blocks: [section(text), ...rows, actions([...(isLinked ? [now] : []), never])] };
}

function toolsLine({ linked = [], tools }: Welcome): string {
  const links = linked.map(({ name, email, isSignedIn }) => {
    const address = email ? ` ${mrkdwn(email, 120)}` : '';
    return `*${name}* is connected, ${isSignedIn ? 'because you signed in' : `by your address${address}`}.`;
  });
  const names = tools.map(({ name }) => name).join(' and ');
  const open = names && `*${names}*: press *Connect* and sign in once, and your tasks there come too.`;
  return [...links, open].filter(Boolean).join(' ');
}

function digestLine({ linked = [], digestAt }: Welcome, reader: Reader): string {
  const when =
    digestAt !== undefined && linked.length > 0 && `*Your first digest* comes ${exactTime(digestAt, reader)}.`;
  const later = linked.length === 0 && 'Your first digest comes on the working morning after you connect.';
  return [when, later, '`/tasks` lists your tasks at any time, and `/tasks settings` changes when digests come.']
    .filter(Boolean)
    .join(' ');
}

export const NEVER_TEXT =
  '*Docket sends you no digest any more*, and no reminder. Your links and your history stay, and `/tasks` still answers. `/tasks resume` brings digests back.';

export const NOTHING_LINKED =
  'There is no digest to send yet, because no tool of yours is connected: press *Connect* first, or type `/tasks connect`.';
