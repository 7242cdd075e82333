/** Bodies that Outreach takes, and nothing else (outreach.md 3, 8): a client that sends more is told so. */
import { z } from 'zod';
import { instant } from './query.ts';
import { bodyOf, invalid, type Session } from './session.ts';

/** A number on the wire; what a JavaScript number cannot hold has been read as text. */
const Id = z.union([z.int().positive(), z.string().regex(/^[1-9]\d*$/, 'must be an id')]).transform((id) => String(id));

const Time = z.string().refine((text) => instant(text) !== undefined, 'must be ISO-8601 with an offset or Z');
export const Note = z.string().max(65_535);
export const Association = z.enum(['recent_created', 'recent_updated', 'noop']);

/** state, completed, completedAt, taskType and the rest are read-only (outreach.md 3); Docket edits no more than the note. */
export const UpdateTask = z.strictObject({
  data: z.strictObject({ type: z.literal('task'), id: Id, attributes: z.strictObject({ note: Note }) }),
});

function toOne<Type extends string>(type: Type) {
  return z.strictObject({ data: z.strictObject({ type: z.literal(type), id: Id }) });
}

/** prospect, account and the sequence's relationships are read-only (outreach.md 3). */
export const CreateTask = z.strictObject({
  data: z.strictObject({
    type: z.literal('task'),
    attributes: z.strictObject({
      action: z.enum(['action_item', 'call', 'email', 'in_person']),
      dueAt: Time,
      note: Note,
    }),
    relationships: z.strictObject({ owner: toOne('user'), subject: toOne('prospect') }),
  }),
});

export const CreateWebhook = z.strictObject({
  data: z.strictObject({
    type: z.literal('webhook'),
    attributes: z.strictObject({
      url: z.url(),
      resource: z.literal('task'),
      action: z.literal('*'),
      // Outreach does without; whoever listens to Docket must be able to check who speaks.
      secret: z.string().min(1),
      // The integer, not `"v2"` (contracts, conflict 12).
      payloadVersion: z.literal(2),
    }),
  }),
});

/** The body, when it is one of these; else a breach with the first problem, and where it lies. */
export function bodyAs<Body>(session: Session, schema: z.ZodType<Body>): Body {
  const asked = schema.safeParse(bodyOf(session));
  if (asked.success) return asked.data;
  const [issue] = asked.error.issues;
  const path = issue?.path ?? [];
  if (issue?.code !== 'unrecognized_keys') throw invalid(issue?.message ?? 'is not valid', `/${path.join('/')}`);
  throw invalid('is unknown or read-only', `/${[...path, issue.keys[0] ?? ''].join('/')}`);
}
