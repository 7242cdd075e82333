/** What Gong accepts, and nothing else (gong.md 2, 3, 7): a client that sends more or less is told so. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** Ids are strings in every request (gong.md 2); users have up to 20 digits (gong.md 4). */
const IdText = z.string().regex(/^\d{1,20}$/, 'must be a string of digits');

/** `2018-02-18T02:30:00-07:00` or `2018-02-18T08:00:00Z`: seconds and the offset are always there (gong.md 3). */
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const DateTime = z.string().refine(isDateTime, 'must be ISO-8601 with an offset or Z');

/**
 * Only `filter` is sent, although the task page still lists a deprecated `userId` and `workspaceId` beside it (contracts, conflict 6).
 * The task page's enum for status is wider than what the text beside it allows: OPEN (contracts, conflict 7).
 */
export const ListTasks = z.strictObject({
  filter: z.strictObject({
    userId: IdText,
    workspaceId: IdText.optional(),
    types: z.array(z.enum(['FLOW', 'MANUAL'])).min(1),
    taskAction: z.array(z.literal('CALL')).min(1),
    status: z.array(z.literal('OPEN')).min(1),
  }),
});

/** `priority` exists in Gong's OpenAPI but not on the task page: not to be sent (contracts, conflict 4). */
export const UpdateTask = z
  .strictObject({
    userId: IdText,
    status: z.enum(['OPEN', 'DONE', 'DISMISSED']).optional(),
    dueDate: DateTime.optional(),
  })
  // contracts, unknown G3: nothing says what an empty change does, so a client must never send one.
  .refine((body) => body.status !== undefined || body.dueDate !== undefined, 'must hold status or dueDate');

export const ListUsers = z.strictObject({
  cursor: z.string().optional(),
  includeAvatars: z.enum(['true', 'false']).optional(),
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
