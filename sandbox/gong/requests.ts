/** Schemas of Gong's requests (gong.md 2, 3, 7). They are strict: a client that sends more or less is refused. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** Ids are strings in every request (gong.md 2); users have up to 20 digits (gong.md 4). */
const IdText = z.string().regex(/^\d{1,20}$/, 'must be a string of digits');

/** `2018-02-18T02:30:00-07:00` or `2018-02-18T08:00:00Z`: seconds and the offset are always there (gong.md 3). */
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const DateTime = z.string().refine(isDateTime, 'must be ISO-8601 with an offset or Z');

/** All open call tasks of one user; `filter` only, although the task page still lists `userId` and `workspaceId` beside it (contracts, conflict 6). */
export const ListTasks = z.strictObject({
  filter: z.strictObject({
    userId: IdText,
    types: z.tuple([z.literal('FLOW'), z.literal('MANUAL')]),
    taskAction: z.tuple([z.literal('CALL')]),
    // The task page's enum is wider than what the text beside it allows (contracts, conflict 7).
    status: z.tuple([z.literal('OPEN')]),
  }),
});

/**
 * A status or a date: nothing says what both or neither of them would do (contracts, unknown G3). `priority` exists in Gong's
 * OpenAPI but not on the task page: not to be sent (contracts, conflict 4).
 */
export const UpdateTask = z
  .strictObject({
    userId: IdText,
    status: z.enum(['OPEN', 'DONE', 'DISMISSED']).optional(),
    dueDate: DateTime.optional(),
  })
  .refine(({ status, dueDate }) => (status === undefined) !== (dueDate === undefined), 'must hold status or dueDate');

export const ListUsers = z.strictObject({
  cursor: z.string().optional(),
  includeAvatars: z.literal('false').optional(),
});

/** One line for each problem, for the error envelope. */
export function problems(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${['request', ...issue.path].join('.')}: ${issue.message}`);
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
