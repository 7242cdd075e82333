/**
 * The values of buttons, and the names that listeners register. A value says which row of which stored message, and how many
 * actions the row knew of; never who clicks. Values that come back are parsed here and nowhere else.
 */
import { z } from 'zod';
import type { Instant } from '../src/core/model/keys.ts';

export const ACTION = {
  done: 'done',
  dismiss: 'dismiss',
  snooze: 'snooze',
  reschedule: 'reschedule',
  undo: 'undo',
  retry: 'retry',
  another: 'another',
  /** The menu beside Undo, after Done. */
  followUp: 'follow_up_after',
  /** The row's menu. */
  menu: 'task_menu',
  /** A menu of cleared rows: which one to undo. */
  undoOf: 'undo_of',
  edit: 'task_edit',
  /** Each change of the text in the window that asks for a time. */
  typed: 'when_typed',
  next: 'list_next',
  previous: 'list_previous',
  /** Of versions whose lists were copies of their next page. */
  more: 'list_more',
  /** Opens the window that shows one task after another. */
  focus: 'focus_open',
  /** Opens the window that acts on many tasks. */
  sweep: 'sweep_open',
  /** The same window, filled in. */
  offer: 'sweep_offer',
  /** Of the message with a sweep's progress. */
  sweepUndo: 'sweep_undo',
  sweepRetry: 'sweep_retry',
  /** Shows a digest's unchanged rows as well. */
  unfold: 'list_unfold',
  /** Of the message that closes a day. */
  dayMove: 'day_move',
  dayLeave: 'day_leave',
  refresh: 'list_refresh',
  older: 'history_older',
  /** What was typed with a slip, as it may be meant; and as a search. */
  askRun: 'ask_run',
  askSearch: 'ask_search',
  /** The answer to a question about a typed verb. */
  askConfirm: 'ask_confirm',
  /** Of the answer to a typed verb. */
  askUndo: 'ask_undo',
  connect: 'link_look_up',
  /** Opens the window with the URL of a provider's sign-in. */
  consent: 'consent_begin',
  /** The button with that URL: Slack tells us of the press, and the browser does the rest. */
  consentUrl: 'consent_open',
  unlink: 'link_end',
  confirmLink: 'link_confirm',
  declineLink: 'link_decline',
  /** The answers to "was it you who signed in?" */
  confirmSignIn: 'sign_in_confirm',
  rejectSignIn: 'sign_in_reject',
  /** Of the welcome. */
  welcomeNow: 'welcome_now',
  welcomeNever: 'welcome_never',
  switchDigests: 'switch_digests',
  teamFilter: 'team_filter',
  teamRep: 'team_rep',
  teamPrevious: 'team_previous',
  teamNext: 'team_next',
  teamRemind: 'team_remind',
  teamTest: 'team_test',
  suggest: 'team_suggest',
  /** The window with the workspace's tools, and what can be done to one of them. */
  tools: 'tools_open',
  toolConnect: 'tool_connect',
  toolEnd: 'tool_end',
  /** The list of weekly roll-ups, and its pages. */
  rollups: 'rollups_open',
  rollupsPrevious: 'rollups_previous',
  rollupsNext: 'rollups_next',
  /** Of one roll-up. */
  rollupShow: 'rollup_show',
  rollupPrevious: 'rollup_previous',
  rollupNext: 'rollup_next',
  rollupEdit: 'rollup_edit',
  rollupStop: 'rollup_stop',
  settings: 'settings_open',
  /** At the end of working through: takes all of it back. */
  focusUndo: 'focus_undo_all',
  focusRetry: 'focus_retry',
} as const;

export const VIEW = {
  when: 'task_when',
  /** Asks once more, where the provider would skip the task first. */
  sure: 'task_when_sure',
  settings: 'rep_settings',
  edit: 'task_edit',
  /** One task with all that is known of it. */
  task: 'task_window',
  /** Says the consequence of Dismiss, and asks. */
  dismiss: 'task_dismiss',
  sweep: 'sweep',
  /** Asks once more, with the counts. */
  sweepSure: 'sweep_sure',
  /** One task after another, each with a choice. */
  focus: 'focus_step',
  /** Its outcome. */
  focusEnd: 'focus_end',
  draft: 'follow_up',
  suggest: 'team_suggest',
  /** Asks for the key of a tool. */
  tool: 'tool_key',
  rollup: 'rollup',
  notice: 'notice',
} as const;
export const SHORTCUT = { followUp: 'create_follow_up' } as const;

export const BLOCK = {
  preview: 'when_preview',
  picker: 'when_picker',
  typed: 'when_typed',
  time: 'settings_time',
  days: 'settings_days',
  zone: 'settings_zone',
  country: 'settings_country',
  allClear: 'settings_all_clear',
  pause: 'settings_pause',
  /** Only where digests are paused without an end. */
  paused: 'settings_paused',
  /** Only where Docket may read Slack statuses. */
  status: 'settings_status',
  closesAt: 'settings_closes',
  nudges: 'settings_nudges',
  quietFrom: 'settings_quiet_from',
  quietUntil: 'settings_quiet_until',
  note: 'edit_note',
  ending: 'edit_ending',
  owner: 'edit_owner',
  rule: 'edit_rule',
  which: 'sweep_which',
  ticks: 'sweep_ticks',
  what: 'sweep_what',
  until: 'sweep_until',
  email: 'draft_email',
  kind: 'draft_kind',
  due: 'draft_due',
  draftNote: 'draft_note',
  person: 'draft_person',
  member: 'suggest_member',
  provider: 'suggest_provider',
  address: 'suggest_address',
  rollupPeople: 'rollup_people',
  rollupGroups: 'rollup_groups',
  rollupChannel: 'rollup_channel',
  rollupPerson: 'rollup_person',
  rollupDay: 'rollup_day',
  rollupTime: 'rollup_time',
} as const;

export const Id = z.string().regex(/^[1-9]\d{0,14}$/);
export const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/)
  .transform(Number);
/** Minutes since the epoch, to the base of 36: five characters until 2084. */
export const Minutes = z
  .string()
  .regex(/^[1-9a-z][0-9a-z]{4}$/)
  .transform((minutes) => Number.parseInt(minutes, 36) * 60_000);

export function minutesOf(at: Instant): string {
  return (at / 60_000).toString(36);
}

export function decodeProvider(value: unknown): string | undefined {
  return z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .safeParse(value).data;
}

export function decodeMessageId(value: unknown): string | undefined {
  return Id.safeParse(value).data;
}

const Page = z.tuple([Id, Count]).transform(([messageId, start]) => ({ messageId, start }));

/** `start`: the index of the first row of the page. */
export function encodePage(messageId: string, start: number): string {
  return `${messageId}.${start}`;
}

export function decodePage(value: unknown): { messageId: string; start: number } | undefined {
  return typeof value === 'string' ? Page.safeParse(value.split('.')).data : undefined;
}

/** The last action of a page of the history. */
export function decodeActionId(value: unknown): string | undefined {
  return Id.safeParse(value).data;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
