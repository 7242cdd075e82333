/** "Not while my Slack status says that I am out of office": the choice, and what is said of it. */
import type { Checkboxes } from '@slack/types';
import type { DayChoices } from '../src/core/model/digest.ts';
import type { AccountState } from '../src/core/people/accounts.ts';
import { type Block, context, option } from './elements.ts';
import { BLOCK } from './ids.ts';
import { input } from './modal.ts';

const FOLLOWS = { text: 'Not while my Slack status says that I am out of office', value: 'status' };

/** `src/core/model/out-of-office.ts` has the rule. */
const COUNTS =
  'What counts: the emoji of a palm tree, a beach, an island or a thermometer, or words such as “out of office”, “OOO”, “vacation”, “holiday”, “sick”, “on leave”. “Out for lunch”, “In a meeting” and “Working remotely” never do, nor does a status that has ended.';

const HOW =
  'an admin of your workspace adds the scope `users.profile:read` to the app Docket (api.slack.com/apps, *OAuth & Permissions*) and installs it again.';

/** Without the scope the window says how to get it, and what was chosen stays. */
export function statusInputs({ followsStatus }: Pick<DayChoices, 'followsStatus'>, readsStatus: boolean): Block[] {
  if (!readsStatus) {
    return [
      context(`*Out of office.* Docket could leave out the digest while your Slack status says so. For that ${HOW}`),
    ];
  }
  const boxes: Checkboxes = {
    type: 'checkboxes',
    options: [option(FOLLOWS)],
    ...(followsStatus && { initial_options: [option(FOLLOWS)] }),
  };
  return [input(BLOCK.status, 'Out of office', boxes, { hint: COUNTS, optional: true })];
}

/** After Save; empty where it was not chosen. */
export function statusFollowed({ followsStatus }: Pick<DayChoices, 'followsStatus'>): string {
  return followsStatus ? 'No digest comes while your Slack status says that you are out of office.' : '';
}

/** For `/tasks status`. */
export function statusLines({
  schedule: { choices },
  todaysRun,
  readsStatus,
}: Pick<AccountState, 'schedule' | 'todaysRun' | 'readsStatus'>): string[] {
  const none = 'This morning none came: your Slack status said that you are out of office.';
  const cannot = `Digests come whatever your Slack status says, because Docket may not read it any more: ${HOW}`;
  return [
    todaysRun?.why === 'away' ? none : '',
    choices.followsStatus && !readsStatus ? cannot : statusFollowed(choices),
  ].filter(Boolean);
}
