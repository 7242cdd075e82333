/** The values of rows' buttons and menus, and of the windows that rows open. Values that come back are parsed here and nowhere else. */
import { z } from 'zod';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { Count, decodeProvider, Id, Minutes, minutesOf, parseJson } from './ids.ts';

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

const Row = z.tuple([Id, Count, Count]).transform(([messageId, position, seq]) => ({ messageId, position, seq }));
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
