/**
 * What Reply.io answers, as far as we use it (reply.md 3, 4, 7), in either of its dialects: enums are integers in
 * one and strings in the other. What a task is, whose, and when it is due must be right, or the element is unreadable;
 * what merely decorates it is left out when it is not as documented.
 */
import { z } from 'zod';
import { Address, Elements, Id, instantOf, lenient, Prose, Text, wordOf } from '../wire.ts';

/** As received, because it goes back as received (contracts, conflict 2). */
const Enum = z.union([z.string(), z.int()]);
export type Enum = z.infer<typeof Enum>;

const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** ISO-8601. Without an offset it is UTC: the docs show Z everywhere (contracts, unknown R9). */
function withOffset(text: string): string {
  return WITHOUT_OFFSET.test(text) ? `${text}Z` : text;
}

/** undefined when there is none; one that cannot be read is refused, for a task without its due date misleads. */
const Moment = z
  .string()
  .max(64)
  .nullish()
  .transform((text, context) => {
    if (!text?.trim()) return undefined;
    try {
      return instantOf(withOffset(text.trim()));
    } catch {
      context.addIssue('not an ISO date');
      return z.NEVER;
    }
  });

/** An element of a list. */
export const ListedTask = z.object({
  id: Id,
  taskType: Enum,
  status: Enum.nullish(),
  linkedInTaskType: lenient(Enum),
  assignedUserId: Id.nullish(),
  contact: lenient(z.object({ id: lenient(Id), fullName: Text })),
  startAt: lenient(Moment),
  dueTo: Moment.transform((moment) => moment?.epochMilliseconds),
  isScheduled: lenient(z.boolean()),
  sequenceId: lenient(Id),
});
export type ListedTask = z.infer<typeof ListedTask>;

export const Page = z.object({ items: Elements, hasMore: z.boolean() });
export type Page = z.infer<typeof Page>;

/** A task that was read by its id: with its content, and without its contact's name. */
export const SingleTask = ListedTask.omit({ contact: true }).extend({
  contactId: lenient(Id),
  sequenceStepDisplayName: Text,
  createdAt: lenient(Moment),
  finishedAt: lenient(Moment),
  template: lenient(z.object({ body: Prose, subject: Text })),
  /** The template with its variables filled in, where it was asked for. Only ever shown: a change sends the template. */
  content: lenient(z.object({ body: Prose, subject: Text })),
  deliveryInfo: lenient(z.object({ email: Address, phoneNumber: Text, linkedInUrl: Address })),
});
export type SingleTask = z.infer<typeof SingleTask>;

const Identified = z.object({ id: Id });

export function idOf(element: unknown): string | undefined {
  return Identified.safeParse(element).data?.id;
}

/** The owner and the status of a task. Everything else is kept as it came. */
export const HeldTask = z.looseObject({ id: Id, status: Enum.nullish(), assignedUserId: Id.nullish() });

/** The parts of a full replacement: nothing here is cut, trimmed or mended, for it goes back (reply.md 4). */
export const EditableTask = z.object({
  id: Id,
  taskType: Enum,
  linkedInTaskType: Enum.nullish(),
  startAt: Moment,
  dueTo: Moment,
  contactId: Id.nullish(),
  template: z.object({ body: z.string().nullish(), subject: z.string().nullish() }).nullish(),
});
export type EditableTask = z.infer<typeof EditableTask>;

/** The answer to a creation. */
export const CreatedTask = EditableTask.extend({ assignedUserId: Id.nullish() });

export const Contact = z.object({ id: Id, email: Address, firstName: Text, lastName: Text });
export const Contacts = z.object({ items: Elements, hasMore: z.boolean() });
export type Contacts = z.infer<typeof Contacts>;

/** Someone in one team; whoever is in two comes twice. */
export const TeamUser = z.object({ userId: Id, userName: Text, userEmail: Address });
export const TeamUsers = z.array(z.unknown()).max(50_000);

export const Whoami = z.object({ userId: Id, username: Text });

export const TASK_TYPES = {
  toDo: 0,
  call: 2,
  meeting: 4,
  linkedIn: 5,
  manualEmail: 7,
  sms: 8,
  whatsApp: 9,
} as const satisfies Record<string, number>;

type TaskType = keyof typeof TASK_TYPES;

/** `other`: a value that the documents do not assign. */
export type Kind = TaskType | 'other';

export function kindOf(taskType: Enum): Kind {
  const word = wordOf(taskType);
  // Object.keys knows only that keys are strings.
  const types = Object.keys(TASK_TYPES) as TaskType[];
  return types.find((type) => word === wordOf(type) || word === String(TASK_TYPES[type])) ?? 'other';
}

const LINKED_IN_KINDS = ['message', 'connect', 'inMail', 'viewProfile'] as const;
export type LinkedInKind = (typeof LINKED_IN_KINDS)[number];

export function linkedInKindOf(value: Enum | null | undefined): LinkedInKind | undefined {
  const word = wordOf(value ?? '');
  return LINKED_IN_KINDS.find((kind, integer) => word === wordOf(kind) || word === String(integer));
}

const STATES = {
  0: 'new',
  new: 'new',
  1: 'finished',
  finished: 'finished',
  3: 'closed',
  cancelled: 'closed',
  canceled: 'closed',
  4: 'closed',
  archived: 'closed',
  5: 'closed',
  sequencedetached: 'closed',
} as const satisfies Record<string, string>;

/** `unknown`: a value that the documents do not assign. Written `New` by the task page, `new` by newer documents. */
export type State = (typeof STATES)[keyof typeof STATES] | 'unknown';

/** What is not said of an element is believed to be as it was asked for; whoever has an end is finished. */
export function stateOf(task: { status?: Enum | null | undefined; finishedAt?: unknown }): State {
  const word = wordOf(task.status ?? '');
  if (word === undefined) return task.finishedAt ? 'finished' : 'new';
  return Object.hasOwn(STATES, word) ? STATES[word as keyof typeof STATES] : 'unknown';
}

/** Not said is not someone else's. */
export function isOf(task: { assignedUserId?: string | null | undefined }, externalId: string): boolean {
  return (task.assignedUserId ?? externalId) === externalId;
}

const Coded = z.object({ code: z.string() });
/** Nobody says what errors of the first era look like (contracts, unknown R7). */
const Loose = z.object({ error: z.string() });

/** Reply's error code: `task.notFound`, `USER_NOT_FOUND`. */
export function codeOf(body: unknown): string | undefined {
  return Coded.safeParse(body).data?.code ?? Loose.safeParse(body).data?.error;
}

const Problem = z.object({ title: z.string(), status: z.int() });

/** Errors of a task carry a code; one without comes from the server's routing: there is no such route (reply.md 5). */
export function isBareProblem(body: unknown): boolean {
  return Problem.safeParse(body).success && codeOf(body) === undefined;
}

declare global {
  interface JSON {
    /** A literal that `JSON.stringify` writes as it is. In Node since 21. */
    rawJSON(text: string): object;
  }
}

/** An id as the bare integer that Reply wants, also beyond what a number holds. */
export function integer(id: string): object {
  return JSON.rawJSON(id.replace(/^0+(?=\d)/, ''));
}
