/** Bodies that Outreach takes, and nothing else (outreach.md 3, 8): a client that sends more is told so. */
import { z } from 'zod';
import { instant } from './query.ts';

/** A number on the wire; what a JavaScript number cannot hold has been read as text. */
const Id = z.union([z.int().positive(), z.string().regex(/^[1-9]\d*$/, 'must be an id')]).transform((id) => String(id));

const Time = z.string().refine((text) => instant(text) !== undefined, 'must be ISO-8601 with an offset or Z');
const Action = z.enum(['action_item', 'call', 'email', 'in_person']);
export const Note = z.string().max(65_535);
export const Association = z.enum(['recent_created', 'recent_updated', 'noop']);

/** The writable attributes. state, completed, completedAt, taskType and the rest are read-only (outreach.md 3). */
const Attributes = z.strictObject({
  action: Action.optional(),
  autoskipAt: Time.nullable().optional(),
  dueAt: Time.nullable().optional(),
  note: Note.nullable().optional(),
  opportunityAssociation: Association.nullable().optional(),
});

export type Attributes = z.infer<typeof Attributes>;

export const UpdateTask = z.strictObject({
  data: z.strictObject({ type: z.literal('task'), id: Id, attributes: Attributes }),
});

function toOne<const Types extends readonly [string, ...string[]]>(types: Types) {
  return z.strictObject({ data: z.strictObject({ type: z.enum(types), id: Id }) });
}

/** prospect, account and the sequence's relationships are read-only (outreach.md 3). */
export const CreateTask = z.strictObject({
  data: z.strictObject({
    type: z.literal('task'),
    attributes: Attributes.required({ action: true }),
    relationships: z.strictObject({
      owner: toOne(['user']),
      subject: toOne(['prospect', 'account', 'opportunity']),
      taskPriority: toOne(['taskPriority']).optional(),
    }),
  }),
});

export const CreateWebhook = z.strictObject({
  data: z.strictObject({
    type: z.literal('webhook'),
    attributes: z.strictObject({
      url: z.url(),
      resource: z.literal('task'),
      action: z.enum(['*', 'created', 'updated', 'destroyed', 'completed']),
      // Outreach does without; whoever listens to Docket must be able to check who speaks.
      secret: z.string().min(1),
      // The integer, not `"v2"` (contracts, conflict 12).
      payloadVersion: z.union([z.literal(1), z.literal(2)]),
    }),
  }),
});

/** The first problem, and where it lies. */
export function problem(error: z.ZodError): { detail: string; pointer: string } {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const named = issue?.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
  const detail = issue?.code === 'unrecognized_keys' ? 'is unknown or read-only' : (issue?.message ?? 'is not valid');
  return { detail, pointer: `/${named.join('/')}` };
}
