/** The window in which an admin sets a weekly roll-up up. */
import type { ModalView } from '@slack/types';
import { isPerson, type Rollup } from '../src/core/model/rollup.ts';
import { option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { input, modal } from './modal.ts';

export const ROLLUP_TITLE = 'Weekly roll-up';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((text, index) =>
  option({ text, value: String(index + 1) }),
);

type Filled = Pick<Rollup, 'about' | 'to' | 'day' | 'time'>;

const EMPTY: Filled = { about: { userIds: [], groups: [] }, to: '', day: 5, time: '16:00' };

const GROUP_HINT =
  'Their ids, such as S012AB3CD: in Slack under People, User groups, the three dots, Copy group ID. Who joins a group is in the next roll-up.';
const CHANNEL_HINT =
  'Type /invite @Docket in it first, also in a private one: Docket writes only where it is a member.';

/** `problem`: why what was sent before was refused. */
export function rollupModal(id: string | 'new', filled: Filled = EMPTY, problem?: string): ModalView {
  const { about, to, day, time } = filled;
  const { userIds, groups } = about;
  const chosen = DAYS[day - 1];
  const reader = to === '' ? {} : isPerson(to) ? { person: to } : { channel: to };
  return modal({
    callback: VIEW.rollup,
    title: ROLLUP_TITLE,
    submit: 'Save',
    metadata: id,
    blocks: [
      section(
        problem === undefined
          ? 'For each person: open tasks, overdue ones, and those done, dismissed and moved in the week. Counts only: no customer and no task is named. Everyone in it is told, and sees their own line.'
          : `*Not saved.* ${problem}`,
      ),
      input(
        BLOCK.rollupPeople,
        'About these people',
        { type: 'multi_users_select', ...(userIds.length > 0 && { initial_users: [...userIds] }) },
        { optional: true },
      ),
      input(
        BLOCK.rollupGroups,
        'And everyone in these user groups',
        { type: 'plain_text_input', max_length: 200, ...(groups.length > 0 && { initial_value: groups.join(', ') }) },
        { optional: true, hint: GROUP_HINT },
      ),
      input(
        BLOCK.rollupChannel,
        'Sent to this channel',
        {
          type: 'conversations_select',
          // Of one shared with another company, its people would read it too.
          filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
          ...(reader.channel && { initial_conversation: reader.channel }),
        },
        { optional: true, hint: CHANNEL_HINT },
      ),
      input(
        BLOCK.rollupPerson,
        'Or to this person',
        { type: 'users_select', ...(reader.person && { initial_user: reader.person }) },
        { optional: true },
      ),
      input(BLOCK.rollupDay, 'On', { type: 'static_select', options: DAYS, ...(chosen && { initial_option: chosen }) }),
      input(BLOCK.rollupTime, 'At, in your time zone', { type: 'timepicker', initial_time: time }),
    ],
  });
}
