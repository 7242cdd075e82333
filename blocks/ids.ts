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
  /** The row's menus. */
  menu: 'task_menu',
  edit: 'task_edit',
  /** Each change of the text in the window that asks for a time. */
  typed: 'when_typed',
  more: 'list_more',
  refresh: 'list_refresh',
  older: 'history_older',
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
  suggest: 'team_suggest',
  settings: 'settings_open',
} as const;

export const VIEW = {
  when: 'task_when',
  /** Asks once more, where the provider would skip the task first. */
  sure: 'task_when_sure',
  settings: 'rep_settings',
  edit: 'task_edit',
  draft: 'follow_up',
  suggest: 'team_suggest',
  notice: 'notice',
} as const;
export const SHORTCUT = { followUp: 'create_follow_up' } as const;

export const BLOCK = {
  preview: 'when_preview',
  picker: 'when_picker',
  typed: 'when_typed',
  time: 'settings_time',
  days: 'settings_days',
  note: 'edit_note',
  ending: 'edit_ending',
  owner: 'edit_owner',
  rule: 'edit_rule',
  email: 'draft_email',
  kind: 'draft_kind',
  due: 'draft_due',
  draftNote: 'draft_note',
  person: 'draft_person',
  member: 'suggest_member',
  provider: 'suggest_provider',
  address: 'suggest_address',
} as const;

/** Verbs and edits that ask for more in a window. */
export const FORMS = ['done', 'note', 'reassign', 'rule'] as const;
export type Form = (typeof FORMS)[number];
/** A choice in one of a row's menus: an ending is done at once, a form opens a window. */
export type MenuChoice = { ending: string } | { form: Form };

/** A choice in the Snooze menu: the moment that an option names, or a window in which to pick one. */
type SnoozeChoice = Instant | 'pick';

const Id = z.string().regex(/^[1-9]\d{0,14}$/);
const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/)
  .transform(Number);
const Row = z.tuple([Id, Count, Count]).transform(([messageId, position, seq]) => ({ messageId, position, seq }));
/** Minutes since the epoch, to the base of 36: five characters until 2084. A digest has thirty of them. */
const Minutes = z
  .string()
  .regex(/^[1-9a-z][0-9a-z]{4}$/)
  .transform((minutes) => Number.parseInt(minutes, 36) * 60_000);
/** Menus of an older version do not say which moment they mean, so it counts as passed. */
const Named = z.enum(['later', 'tomorrow', 'nextweek']).transform(() => 0);
const Snooze = z
  .tuple([Id, Count, Count, z.union([z.literal('pick'), Named, Minutes])])
  .transform(([messageId, position, seq, choice]) => ({ ref: { messageId, position, seq }, choice }));

export function encodeRow(ref: RowRef): string {
  return `${ref.messageId}.${ref.position}.${ref.seq}`;
}

export function decodeRow(value: unknown): RowRef | undefined {
  return typeof value === 'string' ? Row.safeParse(value.split('.')).data : undefined;
}

export function encodeSnooze(ref: RowRef, choice: SnoozeChoice): string {
  return `${encodeRow(ref)}.${choice === 'pick' ? choice : (choice / 60_000).toString(36)}`;
}

export function decodeSnooze(value: unknown): { ref: RowRef; choice: SnoozeChoice } | undefined {
  return typeof value === 'string' ? Snooze.safeParse(value.split('.')).data : undefined;
}

/** `finish_replied` is an ending, `+note` a form. A row may have nine of them, so they are short. */
const MenuValue = z.tuple([Id, Count, Count, z.string().regex(/^\+?[a-z_]{1,40}$/)]);

export function encodeMenu(ref: RowRef, choice: MenuChoice): string {
  return `${encodeRow(ref)}.${'ending' in choice ? choice.ending : `+${choice.form}`}`;
}

export function decodeMenu(value: unknown): { ref: RowRef; choice: MenuChoice } | undefined {
  const parts = typeof value === 'string' ? MenuValue.safeParse(value.split('.')).data : undefined;
  if (!parts) return undefined;
  const [messageId, position, seq, name] = parts;
  const ref = { messageId, position, seq };
  if (!name.startsWith('+')) return { ref, choice: { ending: name } };
  const form = FORMS.find((each) => `+${each}` === name);
  return form && { ref, choice: { form } };
}

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

const Page = z.tuple([Id, Count]).transform(([messageId, shown]) => ({ messageId, shown }));

/** The next page begins after the rows that this message shows of the list. */
export function encodePage(messageId: string, shown: number): string {
  return `${messageId}.${shown}`;
}

/** Buttons of older versions name the list alone, because it showed all its rows. */
export function decodePage(value: unknown): { messageId: string; shown: number | undefined } | undefined {
  if (typeof value !== 'string') return undefined;
  const messageId = decodeMessageId(value);
  return messageId ? { messageId, shown: undefined } : Page.safeParse(value.split('.')).data;
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

function parseJson(text: string): unknown {
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

/** What a new task is, and where: `outreach.call`. */
export function encodeKind(provider: string, kind: string): string {
  return `${provider}.${kind}`;
}

export function decodeKind(value: unknown): { provider: string; kind: string } | undefined {
  const [provider, kind, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  return known && kind && others.length === 0 ? { provider: known, kind } : undefined;
}
