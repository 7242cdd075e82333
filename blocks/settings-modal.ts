/** The window "Digest settings": when the digest comes, when it does not, and what follows it on its day. */
import type { Checkboxes, ModalView } from '@slack/types';
import { FOREVER, type Schedule } from '../src/core/model/digest.ts';
import { localDate, type RepTime } from '../src/core/model/time.ts';
import type { AccountState } from '../src/core/people/accounts.ts';
import { AS_IN_SLACK, countryGroups, NO_COUNTRY, type OptionGroup, zoneGroups } from './country-options.ts';
import { dayInputs } from './day-inputs.ts';
import { type Block, option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { input, modal, noticeModal } from './modal.ts';
import { scheduleText } from './schedule-words.ts';
import { statusInputs } from './status-choice.ts';

const TITLE = 'Digest settings';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((text, index) => ({
  text,
  value: String(index + 1),
}));

type SettingsState = Pick<AccountState, 'rep' | 'schedule' | 'readsStatus'> & Partial<Pick<AccountState, 'lastRun'>>;

export function settingsModal(state: SettingsState, reader: RepTime): ModalView {
  const { rep, schedule, readsStatus } = state;
  const chosen = DAYS.filter((day) => schedule.days.includes(Number(day.value))).map(option);
  return modal({
    callback: VIEW.settings,
    title: TITLE,
    submit: 'Save',
    blocks: [
      section(scheduleText(state, reader)),
      input(BLOCK.time, 'Send my digest at', { type: 'timepicker', initial_time: schedule.time }),
      input(BLOCK.days, 'On these days', {
        type: 'checkboxes',
        options: DAYS.map(option),
        ...(chosen.length > 0 && { initial_options: chosen }),
      }),
      choice(BLOCK.zone, 'Time zone', zoneGroups(rep.slackZone, schedule.ownZone), schedule.ownZone ?? AS_IN_SLACK),
      choice(
        BLOCK.country,
        'No digest on public holidays of',
        countryGroups(rep),
        schedule.country ?? NO_COUNTRY,
        HOLIDAYS_HINT,
      ),
      allClearInput(schedule),
      ...statusInputs(schedule.choices, readsStatus),
      ...pauseInputs(state, reader),
      ...dayInputs(schedule.choices),
    ],
  });
}

const HOLIDAYS_HINT =
  'On the national holidays of this country no digest comes, and “tomorrow” and “in 3 working days” pass over them.';

/** A menu that begins with what is chosen. */
function choice(id: string, label: string, groups: OptionGroup[], value: string, hint?: string): Block {
  const initial = groups.flatMap(({ options }) => options).find((each) => each.value === value);
  const element = {
    type: 'static_select',
    option_groups: groups,
    ...(initial && { initial_option: initial }),
  } as const;
  return input(id, label, element, hint === undefined ? {} : { hint });
}

const ALL_CLEAR = [
  { text: 'No message; once a week one line: all clear', value: 'weekly' },
  { text: 'One line each morning: all clear', value: 'daily' },
];

function allClearInput({ choices }: Pick<Schedule, 'choices'>): Block {
  const chosen = ALL_CLEAR.filter(({ value }) => value === choices.allClear).map(option);
  const element = {
    type: 'radio_buttons',
    options: ALL_CLEAR.map(option),
    ...(chosen[0] && { initial_option: chosen[0] }),
  } as const;
  const hint = 'A tool that does not answer, or that you have not signed in to, is always told of.';
  return input(BLOCK.allClear, 'On a morning with nothing open', element, { hint });
}

const PAUSED = { text: 'Paused until I resume', value: 'paused' };

function pauseInputs({ schedule: { pausedUntil } }: SettingsState, { now, zone }: RepTime): Block[] {
  const isEndless = pausedUntil !== undefined && pausedUntil >= FOREVER;
  const until = pausedUntil !== undefined && !isEndless && pausedUntil > now ? localDate(pausedUntil, zone) : undefined;
  const boxes: Checkboxes = { type: 'checkboxes', options: [option(PAUSED)], initial_options: [option(PAUSED)] };
  const picker = { type: 'datepicker', ...(until && { initial_date: until }) } as const;
  const hint = 'The digest of that day comes again. Today, or no date: no pause.';
  return [
    ...(isEndless ? [input(BLOCK.paused, 'Pause', boxes, { optional: true })] : []),
    input(BLOCK.pause, 'Pause until', picker, { hint, optional: true }),
  ];
}

/** Stands in the window after Save. */
export function savedModal(text: string): ModalView {
  return noticeModal(TITLE, [section(text)]);
}
