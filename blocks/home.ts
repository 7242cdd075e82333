/** App Home: the list, the accounts, and when the next digest comes. Strangers get a Home as well. */
import type { HomeView } from '@slack/types';
import type { Outside } from '../src/core/model/circle.ts';
import type { RepTime } from '../src/core/model/time.ts';
import type { AccountState } from '../src/core/people/accounts.ts';
import { accountBlocks } from './accounts.ts';
import { actions, type Block, button, context, divider, header, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { ListView } from './list-heading.ts';
import { outsideText } from './pilot.ts';
import type { Providers } from './providers.ts';
import { scheduleText } from './schedule-words.ts';
import { lastDigest, outageText, unlinkedText } from './status.ts';
import { renderList } from './task-list.ts';
import type { Reader } from './text.ts';

export function homeView(list: ListView, providers: Providers, state: AccountState, reader: RepTime): HomeView {
  const outages = state.providers.flatMap((provider) => outageText(provider, reader));
  return view([
    ...renderList({ ...list, linked: state.links.map(({ provider }) => provider) }, providers, {
      ...reader,
      days: state.schedule.days,
    }).blocks,
    divider(),
    section('*Your accounts*'),
    ...accountBlocks(state, reader),
    ...(outages.length > 0 ? [context(...outages.slice(0, LIMITS.contextElements))] : []),
    context(lastDigest(state, reader), scheduleText(state, reader)),
    actions([
      button(ACTION.refresh, 'Refresh', list.message.id, { label: 'Refresh: ask your tools again' }),
      button(ACTION.settings, 'Digest settings', 'open'),
    ]),
    context(HELP),
  ]);
}

const HELP =
  '*Help:* `/tasks help` says what you can type, in any conversation. Here, in *Messages*, leave `/tasks` out.';

/** A stranger is known to no provider yet. */
export function strangerHome(state: AccountState, unreachable: readonly string[], reader: Reader): HomeView {
  return view([
    header('Docket brings you your open tasks'),
    section(
      'Every working morning, one message with the tasks that your sales tools hold for you, ranked, with *Done*, *Snooze*, *Reschedule* and *Dismiss* on every one.',
    ),
    section(unlinkedText(state.rep, state.providers, unreachable)),
    ...accountBlocks(state, reader),
    context(HELP),
  ]);
}

export function outsideHome(outside: Outside): HomeView {
  return view([section(outsideText(outside))]);
}

function view(blocks: Block[]): HomeView {
  return { type: 'home', blocks };
}
