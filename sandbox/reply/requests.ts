/** Schemas of Reply's requests (reply.md 3, 4). They are strict: a client that sends more or less is refused. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Pointed } from './answer.ts';
import { CALL_RESOLUTIONS, type EnumForm, enumSchema, LINKED_IN_TYPES, STATUSES, TASK_TYPES } from './enums.ts';

/** Bare integers; text from here on. */
const Id = z
  .union([z.int().positive(), z.bigint().positive()], { error: 'must be a positive integer' })
  .transform((id) => String(id));

/** Instants with Z or an offset, as the docs show them: what one without would mean is not said (contracts, unknown R9). */
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/;
const DateTime = z
  .string()
  .refine(isDateTime, 'must be ISO-8601 with an offset or Z')
  .transform((text) => Temporal.Instant.from(text).epochMilliseconds);

/** `known`: the type that the task has now, which may be one that nobody documents and can be sent back as it came. */
function updateTask(form: EnumForm, known: string | number | undefined) {
  const taskType = enumSchema(form, TASK_TYPES);
  return z.strictObject({
    taskType:
      known === undefined ? taskType : z.union([taskType, z.literal(known).transform(() => 'unchanged' as const)]),
    startAt: DateTime,
    dueTo: DateTime,
    contactId: Id.nullish(),
    linkedInTaskType: enumSchema(form, LINKED_IN_TYPES).optional(),
    // attachmentIdList is read-only.
    template: z.strictObject({ body: z.string(), subject: z.string().nullish() }),
  });
}

/** The open tasks of one user, which is all that Docket asks for. */
function filterTasks(form: EnumForm) {
  return z.strictObject({ status: enumSchema(form, { new: STATUSES.new }), assignedUserId: Id, to: DateTime });
}

/** A new task: as a replacement, but for its contact, which all but a to-do need (reply.md 4). */
function createTask(form: EnumForm) {
  return z
    .strictObject({
      taskType: enumSchema(form, TASK_TYPES),
      startAt: DateTime,
      dueTo: DateTime,
      contactId: Id.nullish(),
      linkedInTaskType: enumSchema(form, LINKED_IN_TYPES).optional(),
      template: z.strictObject({ body: z.string().min(1), subject: z.string().nullish() }),
    })
    .refine(({ taskType, contactId }) => taskType === 'toDo' || contactId, {
      path: ['contactId'],
      error: 'is required',
    })
    .refine(({ taskType, linkedInTaskType }) => taskType === 'linkedIn' || !linkedInTaskType, {
      path: ['linkedInTaskType'],
      error: 'is for LinkedIn tasks only',
    });
}

const FilterContacts = z.strictObject({ searchTerm: z.string().min(1) });

const CompleteTask = z.strictObject({
  // An integer in every generation, unlike the other enums (reply.md 4).
  callResolution: enumSchema('integer', CALL_RESOLUTIONS).optional(),
});

export type FilterTasks = z.output<ReturnType<typeof filterTasks>>;
export type CompleteTask = z.output<typeof CompleteTask>;
export type UpdateTask = z.output<ReturnType<typeof updateTask>>;
export type CreateTask = z.output<ReturnType<typeof createTask>>;
export type FilterContacts = z.output<typeof FilterContacts>;

/** A parsed body, or its errors. */
export type Read<T> = { data: T } | { errors: Pointed[]; inOtherForm: boolean };

export function readFilter(form: EnumForm, body: unknown): Read<FilterTasks> {
  return readBody(filterTasks, form, body);
}

export function readCompletion(form: EnumForm, body: unknown): Read<CompleteTask> {
  return readBody(() => CompleteTask, form, body);
}

export function readCreation(form: EnumForm, body: unknown): Read<CreateTask> {
  return readBody(createTask, form, body);
}

export function readContactFilter(form: EnumForm, body: unknown): Read<FilterContacts> {
  return readBody(() => FilterContacts, form, body);
}

export function readUpdate(form: EnumForm, body: unknown, known?: string | number): Read<UpdateTask> {
  return readBody((each) => updateTask(each, known), form, body);
}

/** A body that is right but for the form of its enums comes from a client that is still finding the dialect out. */
function readBody<T>(schema: (form: EnumForm) => z.ZodType<T>, form: EnumForm, body: unknown): Read<T> {
  const read = schema(form).safeParse(body);
  if (read.success) return { data: read.data };
  const inOtherForm = schema(form === 'integer' ? 'string' : 'integer').safeParse(body).success;
  return { errors: pointed(read.error), inOtherForm };
}

function pointed(error: z.ZodError): Pointed[] {
  return error.issues.flatMap(({ path, message, ...issue }) => {
    const at = pointer(path);
    if (issue.code !== 'unrecognized_keys') return [{ pointer: at, detail: message }];
    return issue.keys.map((key) => ({ pointer: `${at}${pointer([key])}`, detail: 'is not a writable field' }));
  });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const LONG_INTEGER = /^-?\d{16,}$/;

/** JSON.parse, but for integers that a number would round. */
export function parseJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && LONG_INTEGER.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value;
  return JSON.parse(text, revive);
}

/** `top` and `skip` of the list; undefined: not a page (reply.md 3). */
export function readPage(query: URLSearchParams): { top: number; skip: number } | undefined {
  const top = numberIn(query.get('top') ?? '25');
  const skip = numberIn(query.get('skip') ?? '0');
  if (top === undefined || skip === undefined || top < 1 || top > 1_000) return undefined;
  return { top, skip };
}

/** Names that are not known, or that come twice. */
export function strangeParameters(query: URLSearchParams, known: readonly string[]): string[] {
  const names = [...query.keys()];
  return [...new Set(names.filter((name, index) => !known.includes(name) || names.indexOf(name) !== index))];
}

function numberIn(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function isDateTime(text: string): boolean {
  if (!ISO_8601.test(text)) return false;
  try {
    Temporal.Instant.from(text);
    return true;
  } catch {
    return false;
  }
}
