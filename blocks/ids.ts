/**
 * The values of buttons, and the names that listeners register. A value says which row of which stored message, and how many
 * actions the row knew of; never who clicks. Values that come back are parsed here and nowhere else.
 */
import { z } from 'zod';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { SuggestionRef } from '../src/core/people/decide.ts';
import type { SignInRef } from '../src/core/people/sign-in.ts';

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

/** Verbs and edits that ask for more in a window. */
export const FORMS = ['done', 'note', 'reassign', 'rule'] as const;
export type Form = (typeof FORMS)[number];
/** A row's menu offers these besides endings, forms and a Snooze to a named time. */
const DOES = ['done', 'dismiss', 'reschedule', 'open', 'retry', 'another', 'undo', 'pick'] as const;
type Does = (typeof DOES)[number];
/** A choice in a row's menu: an ending is done at once, a form opens a window. */
export type MenuChoice = { ending: string } | { form: Form } | { does: Does } | { snooze: Instant };

/** A choice in the Snooze menu: the moment that an option names, or a window in which to pick one. */
type SnoozeChoice = Instant | 'pick';

export const Id = z.string().regex(/^[1-9]\d{0,14}$/);
export const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/)
  .transform(Number);
const Row = z.tuple([Id, Count, Count]).transform(([messageId, position, seq]) => ({ messageId, position, seq }));
/** Minutes since the epoch, to the base of 36: five characters until 2084. */
export const Minutes = z
  .string()
  .regex(/^[1-9a-z][0-9a-z]{4}$/)
  .transform((minutes) => Number.parseInt(minutes, 36) * 60_000);
/** Menus of an older version do not say which moment they mean, so it counts as passed. */
const Named = z.enum(['later', 'tomorrow', 'nextweek']).transform(() => 0);
const Snooze = z.union([z.literal('pick'), Named, Minutes]);

export function encodeRow(ref: RowRef): string {
  return `${ref.messageId}.${ref.position}.${ref.seq}`;
}

export function decodeRow(value: unknown): RowRef | undefined {
  return typeof value === 'string' ? Row.safeParse(value.split('.')).data : undefined;
}

/**
 * The block of a row's controls has the row as its id, so that the options of its menus need not repeat it. A full row has
 * two blocks, and ids are unique: its section's has a letter more.
 */
export function encodeBlock(ref: RowRef, part: 'controls' | 'text' = 'controls'): string {
  return part === 'text' ? `${encodeRow(ref)}.t` : encodeRow(ref);
}

function decodeBlock(block: string | undefined): RowRef | undefined {
  return decodeRow(block?.replace(/\.t$/, ''));
}

/** Where an option was chosen. Options of older versions name their row themselves, and their block has a random id. */
export interface ChosenOption {
  value: string | undefined;
  block: string | undefined;
}

function splitOption({ value, block }: ChosenOption): { ref: RowRef; choice: string } | undefined {
  const parts = value?.split('.') ?? [];
  const choice = parts.at(-1) ?? '';
  const ref = parts.length === 4 ? decodeRow(parts.slice(0, 3).join('.')) : decodeBlock(block);
  return ref && (parts.length === 4 || parts.length === 1) ? { ref, choice } : undefined;
}

export function encodeSnooze(choice: SnoozeChoice): string {
  return choice === 'pick' ? choice : minutesOf(choice);
}

export function decodeSnooze(option: ChosenOption): { ref: RowRef; choice: SnoozeChoice } | undefined {
  const { ref, choice } = splitOption(option) ?? {};
  const snooze = Snooze.safeParse(choice).data;
  return ref && snooze !== undefined ? { ref, choice: snooze } : undefined;
}

export function minutesOf(at: Instant): string {
  return (at / 60_000).toString(36);
}

export const Ending = z.string().regex(/^[a-z_]{1,40}$/);

/** `finish_replied` is an ending, `+note` a form, `!done` a verb, `@abcde` a time to snooze to. */
export function encodeMenu(choice: MenuChoice): string {
  if ('ending' in choice) return choice.ending;
  if ('form' in choice) return `+${choice.form}`;
  return 'does' in choice ? `!${choice.does}` : `@${minutesOf(choice.snooze)}`;
}

export function decodeMenu(option: ChosenOption): { ref: RowRef; choice: MenuChoice } | undefined {
  const { ref, choice } = splitOption(option) ?? {};
  const meant = choice === undefined ? undefined : menuChoice(choice);
  return ref && meant ? { ref, choice: meant } : undefined;
}

function menuChoice(text: string): MenuChoice | undefined {
  const form = FORMS.find((each) => `+${each}` === text);
  if (form) return { form };
  const does = DOES.find((each) => `!${each}` === text);
  if (does) return { does };
  const snooze = text.startsWith('@') ? Minutes.safeParse(text.slice(1)).data : undefined;
  if (snooze !== undefined) return { snooze };
  const ending = Ending.safeParse(text).data;
  return ending === undefined ? undefined : { ending };
}

/** Controls of the task window. Each value says what is meant, as in a row's menu, and the block's id says which row. */
export type WindowControl =
  | 'done'
  | 'snooze'
  | 'reschedule'
  | 'dismiss'
  | 'more'
  | 'undo'
  | 'retry'
  | 'another'
  | Neighbour;
/** Their values are rows. */
export type Neighbour = 'previous' | 'next';

export function windowAction(control: WindowControl): string {
  return `window_${control}`;
}

/** Of every control of the task window. */
export const WINDOW_ACTION = 'window_[a-z]{1,20}';

const Edit = z.object({ row: z.string(), form: z.enum(FORMS) });

export function encodeEdit(ref: RowRef, form: Form): string {
  return JSON.stringify({ row: encodeRow(ref), form } satisfies z.input<typeof Edit>);
}

export function decodeEdit(metadata: string): { ref: RowRef; form: Form } | undefined {
  const parsed = Edit.safeParse(parseJson(metadata)).data;
  const ref = decodeRow(parsed?.row);
  return parsed && ref ? { ref, form: parsed.form } : undefined;
}

export function decodeProvider(value: unknown): string | undefined {
  return z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .safeParse(value).data;
}

/** Of a list: its Connect button goes once the rep has signed in. */
export function encodeConnect(provider: string, messageId: string): string {
  return `${provider}@${messageId}`;
}

export function decodeConnect(value: unknown): { provider: string; messageId: string } | undefined {
  const [provider, id, ...others] = typeof value === 'string' ? value.split('@') : [];
  const known = decodeProvider(provider);
  const messageId = decodeMessageId(id);
  return known && messageId && others.length === 0 ? { provider: known, messageId } : undefined;
}

/** Names the suggestion that the rep read: another may have replaced it since. */
export function encodeSuggestion({ provider, suggestedAt }: SuggestionRef): string {
  return `${provider}.${suggestedAt}`;
}

export function decodeSuggestion(value: unknown): SuggestionRef | undefined {
  const [provider, at, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  if (!known || others.length > 0 || !/^[1-9]\d{0,14}$/.test(at ?? '')) return undefined;
  return { provider: known, suggestedAt: Number(at) };
}

/** Names the sign-in by the hash of its state, which tells nobody anything. */
export function encodeSignIn({ provider, stateHash }: SignInRef): string {
  return `${provider}.${stateHash}`;
}

export function decodeSignIn(value: unknown): SignInRef | undefined {
  const [provider, stateHash, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  if (!known || others.length > 0 || !stateHash || !/^[\w-]{43}$/.test(stateHash)) return undefined;
  return { provider: known, stateHash };
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

const When = z.object({
  row: z.string(),
  verb: z.enum(['snooze', 'reschedule']),
  /** A time that the rep has chosen, and that the window asks about. */
  dueAt: z.int().positive().optional(),
});

export interface WhenTarget {
  ref: RowRef;
  verb: 'snooze' | 'reschedule';
  dueAt?: Instant;
}

export function encodeWhen(ref: RowRef, verb: 'snooze' | 'reschedule', dueAt?: Instant): string {
  return JSON.stringify({ row: encodeRow(ref), verb, ...(dueAt !== undefined && { dueAt }) } satisfies z.input<
    typeof When
  >);
}

export function decodeWhen(metadata: string): WhenTarget | undefined {
  const parsed = When.safeParse(parseJson(metadata)).data;
  const ref = decodeRow(parsed?.row);
  return parsed && ref
    ? { ref, verb: parsed.verb, ...(parsed.dueAt !== undefined && { dueAt: parsed.dueAt }) }
    : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const FollowUp = z
  .tuple([Id, Count, Count, Minutes])
  .transform(([messageId, position, seq, dueAt]) => ({ ref: { messageId, position, seq }, dueAt }));

/** The time that the rep reads in the menu after Done. */
export function encodeFollowUp(ref: RowRef, dueAt: Instant): string {
  return `${encodeRow(ref)}.${Math.floor(dueAt / 60_000).toString(36)}`;
}

export function decodeFollowUp(value: unknown): { ref: RowRef; dueAt: Instant } | undefined {
  return typeof value === 'string' ? FollowUp.safeParse(value.split('.')).data : undefined;
}

/** The kind of a new task, and its tool: `outreach.call`. */
export function encodeKind(provider: string, kind: string): string {
  return `${provider}.${kind}`;
}

export function decodeKind(value: unknown): { provider: string; kind: string } | undefined {
  const [provider, kind, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  return known && kind && others.length === 0 ? { provider: known, kind } : undefined;
}
