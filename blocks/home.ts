/** App Home: the same list, who is linked to what, and when the next digest comes. Answers strangers as well. */
import type { HomeView } from '@slack/types';
import type { LoadedMessage } from '../src/core/ports.ts';
import type { Rep } from '../src/core/types.ts';
import { actions, type Block, button, context, divider, header, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { type AccountState, accountsText, scheduleText, unlinkedText } from './status.ts';
import { type Providers, renderList } from './task-list.ts';
import type { Reader } from './words.ts';

export function homeView(list: LoadedMessage, providers: Providers, state: AccountState, reader: Reader): HomeView {
  const buttons = actions([
    button(ACTION.refresh, 'Refresh', list.id),
    button(ACTION.settings, 'Digest settings', 'open'),
  ]);
  return view([
    ...renderList(list, providers, reader).blocks,
    divider(),
    context(...[accountsText(state), scheduleText(state, reader)].filter(Boolean)),
    buttons,
  ]);
}

/** For someone whose address no provider knows. */
export function strangerHome(
  rep: Pick<Rep, 'email'>,
  providerNames: readonly string[],
  unreachable: readonly string[],
): HomeView {
  return view([
    header('Docket brings you your open tasks'),
    section(
      'Every working morning, one message with the tasks that your sales tools hold for you, ranked, with *Done*, *Snooze*, *Reschedule* and *Dismiss* on every one.',
    ),
    section(unlinkedText(rep, providerNames, unreachable)),
    actions([button(ACTION.connect, 'Look again', 'look')]),
  ]);
}

function view(blocks: Block[]): HomeView {
  return { type: 'home', blocks };
}
