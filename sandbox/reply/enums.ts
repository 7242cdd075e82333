/** Reply's enums: integers in the `seed` dialect, strings since (contracts, conflict 2; the map is in reply.md 3). */
import { type ZodType, z } from 'zod';
import type {
  ReplyCallResolution,
  ReplyDialect,
  ReplyLinkedInType,
  ReplySource,
  ReplyStatus,
  ReplyTaskType,
} from './types.ts';

export const TASK_TYPES = {
  toDo: 0,
  call: 2,
  meeting: 4,
  linkedIn: 5,
  manualEmail: 7,
  sms: 8,
  whatsApp: 9,
} as const satisfies Record<ReplyTaskType, number>;

export const STATUSES = {
  new: 0,
  finished: 1,
  cancelled: 3,
  archived: 4,
  sequenceDetached: 5,
} as const satisfies Record<ReplyStatus, number>;

export const LINKED_IN_TYPES = {
  message: 0,
  connect: 1,
  inMail: 2,
  viewProfile: 3,
} as const satisfies Record<ReplyLinkedInType, number>;

export const SOURCES = { user: 0, sequence: 1, meeting: 2 } as const satisfies Record<ReplySource, number>;

export const CALL_RESOLUTIONS = {
  positive: 0,
  toCall: 1,
  negative: 2,
} as const satisfies Record<ReplyCallResolution, number>;

/** `capital`: strings as the task page names them, `New`, `Call`; taken in either case. */
export type EnumForm = 'integer' | 'string' | 'capital';

export function formOf(dialect: ReplyDialect, capitals: boolean): EnumForm {
  if (dialect === 'seed') return 'integer';
  return capitals ? 'capital' : 'string';
}

/** A number among the held values is one that nobody documents: it goes out all the same. */
export function enumOnWire(form: EnumForm, map: Readonly<Record<string, number>>, value: string | number) {
  if (typeof value === 'number') return form === 'integer' ? value : `unknown${value}`;
  if (form === 'integer') return map[value];
  return form === 'capital' ? capital(value) : value;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Takes one form only, and gives the canonical name. */
export function enumSchema<Name extends string>(
  form: EnumForm,
  map: Readonly<Record<Name, number>>,
): ZodType<Name, unknown> {
  // Object.keys knows only that keys are strings.
  const names = Object.keys(map) as Name[];
  const byWire = new Map<unknown, Name>(names.map((name) => [form === 'integer' ? map[name] : name, name]));
  if (form === 'capital') for (const name of names) byWire.set(capital(name), name);
  const allowed = [...byWire.keys()].join(', ');
  return z.unknown().transform((value, context) => {
    const name = byWire.get(value);
    if (name !== undefined) return name;
    context.addIssue({ code: 'custom', message: `must be one of ${allowed}` });
    return z.NEVER;
  });
}
