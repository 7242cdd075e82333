/** What stands around an Outreach task: its person and its deal (outreach.md 2). */
import type { Channel, Contact, Deal, Phone } from '../../core/model/task.ts';
import { currencyOf, dayOf, percentOf } from '../deal.ts';
import { phoneOf, reachOf } from '../reach.ts';
import { type Identifier, Included, type TaskResource } from './wire.ts';

type Attributes = Included['attributes'];

/** The included resources, by type and id. */
export type About = (of: Identifier | null | undefined) => Attributes | undefined;

/** The subject of a task stands in a relationship of its own, in `subject`, or in both (contracts, conflict 10). */
export function relation(
  { relationships }: TaskResource,
  name: 'prospect' | 'account' | 'opportunity' | 'sequence' | 'sequenceStep' | 'taskPriority',
): Identifier | undefined {
  const own = relationships?.[name]?.data;
  if (own) return own;
  const subject = relationships?.subject?.data;
  return subject?.type === name ? subject : undefined;
}

export function toContact(
  prospect: Identifier | undefined,
  data: Attributes | undefined,
  account: string | undefined,
): Contact | undefined {
  const name = data && nameOf(data);
  if (!prospect || !name) return undefined;
  const company = data.company ?? account;
  return {
    name,
    ...(data.title && { title: data.title }),
    ...(company && { company }),
    url: pageOf(prospect.id),
    ...reachOf({
      phones: phonesOf(data),
      emails: data.emails ?? [],
      linkedIn: data.linkedInUrl,
      zones: [data.timeZoneIana, data.timeZone],
      optedOut: optOutsOf(data),
    }),
  };
}

/** Whoever is called is best reached on the phone that they carry. */
function phonesOf({ mobilePhones, workPhones, otherPhones, homePhones }: Attributes): (Phone | undefined)[] {
  return [
    ...mobilePhones.map((number) => phoneOf(number, 'mobile')),
    ...workPhones.map((number) => phoneOf(number, 'work')),
    ...otherPhones.map((number) => phoneOf(number, 'other')),
    ...homePhones.map((number) => phoneOf(number, 'home')),
  ];
}

/** `optedOut` is about mailings (outreach.md 2.14). */
function optOutsOf({ optedOut, callOptedOut, emailOptedOut }: Attributes): Channel[] {
  return [...(callOptedOut ? (['calls'] as const) : []), ...(emailOptedOut || optedOut ? (['emails'] as const) : [])];
}

/** Seen in public code (outreach.md 9); no page of a task is known. */
export function pageOf(prospectId: string): string {
  return `https://web.outreach.io/prospects/${prospectId}/overview`;
}

export function nameOf({ firstName, lastName, name, emails }: Attributes): string | undefined {
  const [address] = emails ?? [];
  return [firstName, lastName].filter(Boolean).join(' ') || name || address;
}

/** An opportunity's stage is a resource of its own, under a scope of its own, and so is left out. */
export function toDeal(opportunity: Attributes | undefined): Deal | undefined {
  if (!opportunity) return undefined;
  const { name, amount } = opportunity;
  const currency = currencyOf(opportunity.currencyType);
  const closesOn = dayOf(opportunity.closeDate);
  const probability = percentOf(opportunity.probability);
  const deal = {
    ...(name && { name }),
    ...(amount && { amount }),
    ...(currency && { currency }),
    ...(closesOn && { closesOn }),
    ...(probability !== undefined && { probability }),
  };
  return Object.keys(deal).length > 0 ? deal : undefined;
}

export function indexed(included: readonly unknown[]): About {
  const all = new Map<string, Attributes>();
  for (const element of included) {
    const resource = Included.safeParse(element).data;
    if (resource) all.set(`${resource.type}/${resource.id}`, resource.attributes);
  }
  return (of) => (of ? all.get(`${of.type}/${of.id}`) : undefined);
}
