/**
 * What Gong answers, as far as we use it (gong.md 2, 3, 7). Every field of a task is optional at Gong. What a
 * task is and when it is due must be right, or the element is unreadable; what merely decorates it is left out when it
 * is not as documented.
 */
import { z } from 'zod';
import { Some } from '../reach.ts';
import { Address, Elements, Id, lenient, Text, Time, Word } from '../wire.ts';

const PhoneNumber = z.object({
  raw: Text,
  normalized: Text,
  extension: Word,
  label: Text,
  isVerified: lenient(z.boolean()),
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

const Contact = z.object({
  data: lenient(
    z.object({
      firstName: Text,
      lastName: Text,
      title: Text,
      companyName: Text,
      crmUrl: Address,
      emails: Some(z.object({ email: Address })),
      phoneNumbers: Some(PhoneNumber),
      timezone: Text,
      optOutChannels: Some(Word),
      linkedinProfile: Address,
    }),
  ),
});
export type Contact = z.infer<typeof Contact>;

/** Called an array in the text and an object in the type (contracts, conflict 8): the first of an array counts. */
const OneContact = z.union([Contact, z.array(Contact).transform((contacts) => contacts[0])]);

/** Of an element that could not be read, at least which one it is. */
export const Identified = z.object({ id: Id });

export const GongTask = z.object({
  id: Id,
  userId: Id.nullish(),
  status: Word,
  type: Word,
  dueDate: Time,
  created: lenient(Time),
  title: Text,
  account: lenient(z.object({ name: Text, crmUrl: Address })),
  actions: Some(Word),
  opportunity: lenient(
    z.object({
      name: Text,
      stage: Text,
      amount: Text,
      probability: lenient(z.union([z.string(), z.number()])),
      closeDate: Text,
      crmUrl: Address,
    }),
  ),
  flow: lenient(z.object({ name: Text, step: lenient(z.object({ name: Text, stepNumber: lenient(z.int()) })) })),
  contact: lenient(OneContact),
});
export type GongTask = z.infer<typeof GongTask>;

/** The answer to the list and to a change. */
export const TasksAnswer = z.object({ requestId: Text, tasks: Elements });
export type TasksAnswer = z.infer<typeof TasksAnswer>;

/** A task in the answer to a change. */
export const ChangedTask = GongTask.pick({ id: true, status: true, dueDate: true });

export const GongUser = z.object({
  id: Id,
  active: lenient(z.boolean()),
  emailAddress: Address,
  emailAliases: lenient(z.array(Address)),
  trustedEmailAddress: Address,
  firstName: Text,
  lastName: Text,
});
export type GongUser = z.infer<typeof GongUser>;

/** The cursor is there while more remain. It goes back as it came. */
const Cursor = z.string().max(10_000).nullish();

/** A page of the directory. */
export const UsersAnswer = z.object({ records: z.object({ cursor: Cursor }).nullish(), users: Elements });

const Reference = z.object({ requestId: z.string().min(1).max(100) });

/** Gong's id of the exchange, which every answer carries, errors included (gong.md 5). */
export function requestIdOf(body: unknown): string | undefined {
  return Reference.safeParse(body).data?.requestId;
}
