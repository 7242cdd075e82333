/**
 * What Outreach answers, as far as we use it: JSON:API 1.0 (outreach.md 2 to 4). What a task is, whose it is and when
 * it is due must be right, or the element is unreadable; what merely decorates it is left out when it is not as
 * documented. Every attribute may be null.
 */
import { z } from 'zod';
import { Some } from '../reach.ts';
import { Address, Elements, Id, lenient, Prose, Text, Time, Word } from '../wire.ts';

const Identifier = z.object({ type: z.string(), id: Id });
export type Identifier = z.infer<typeof Identifier>;

const ToOne = z.object({ data: Identifier.nullish() }).nullish();
const Decoration = lenient(ToOne);

/**
 * How many there are, where their ids are said. The task page has an array of relations, JSON:API a relation to an array
 * (outreach.md 2.16); of links alone nothing can be told.
 */
const Count = lenient(
  z.union([
    z.array(z.object({ data: Identifier })),
    z.object({ data: z.array(Identifier) }).transform(({ data }) => data),
  ]),
).transform((all) => all?.length || undefined);

export const TaskResource = z.object({
  id: Id,
  attributes: z.object({
    state: Word,
    completed: lenient(z.boolean()),
    dueAt: Time,
    createdAt: lenient(Time),
    autoskipAt: lenient(Time),
    completedAt: lenient(Time),
    taskType: Text,
    action: Text,
    note: Prose,
    compiledSequenceTemplateHtml: Prose,
    opportunityAssociation: Text,
  }),
  relationships: z
    .object({
      owner: ToOne,
      completer: Decoration,
      prospect: Decoration,
      account: Decoration,
      opportunity: Decoration,
      sequence: Decoration,
      sequenceStep: Decoration,
      sequenceSequenceSteps: Count,
      taskPriority: Decoration,
      subject: Decoration,
    })
    .nullish(),
  /** Only with `provideAuthorizationMeta` (outreach.md 2). */
  meta: lenient(z.object({ canWrite: lenient(z.boolean()), canDelete: lenient(z.boolean()) })),
});
export type TaskResource = z.infer<typeof TaskResource>;

/** A link is a text or, in JSON:API, an object around one. */
const Href = z.string().max(10_000);
const Link = z.union([Href, z.object({ href: Href }).transform(({ href }) => href)]);

export const Page = z.object({
  data: Elements,
  included: lenient(Elements),
  links: z.object({ next: Link.nullish() }).nullish(),
});

export const TaskAnswer = z.object({ data: TaskResource, included: lenient(Elements) });

/** The task in the answer to a change. */
export const ChangedAnswer = z.object({ data: TaskResource.pick({ id: true, attributes: true, relationships: true }) });
export type ChangedTask = z.infer<typeof ChangedAnswer>['data'];

const Numbers = Some(z.string());

/** Whatever stands in `included`: the attributes of all the types that we show, each of them optional. */
export const Included = Identifier.extend({
  attributes: z.object({
    firstName: Text,
    lastName: Text,
    name: Text,
    title: Text,
    company: Text,
    emails: lenient(z.array(Address)),
    mobilePhones: Numbers,
    workPhones: Numbers,
    otherPhones: Numbers,
    homePhones: Numbers,
    linkedInUrl: Address,
    timeZone: Text,
    timeZoneIana: Text,
    optedOut: lenient(z.boolean()),
    callOptedOut: lenient(z.boolean()),
    emailOptedOut: lenient(z.boolean()),
    touchedAt: lenient(Time),
    displayName: Text,
    order: lenient(z.int()),
    amount: z.union([z.number().transform(String), Text]),
    currencyType: Text,
    closeDate: Text,
    probability: lenient(z.union([z.string(), z.number()])),
  }),
});
export type Included = z.infer<typeof Included>;

export const UserResource = z.object({
  id: Id,
  attributes: z.object({ email: Address, name: Text, firstName: Text, lastName: Text, locked: z.boolean().nullish() }),
});

export const WebhookResource = z.object({
  id: Id,
  attributes: z.object({ url: Address, active: z.boolean().nullish() }),
});
export const WebhookAnswer = z.object({ data: WebhookResource });

/** A delivery (outreach.md 8). Its relations were seen without the `data` that JSON:API puts around them (outreach.md 8.7). */
export const Delivery = z.object({
  data: z.object({
    id: Id,
    relationships: lenient(
      z.object({ owner: lenient(z.union([Identifier, z.object({ data: Identifier }).transform(({ data }) => data)])) }),
    ),
  }),
  meta: z.object({ eventName: z.string(), deliveredAt: lenient(z.string().max(100)) }),
});
