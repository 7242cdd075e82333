/** A task as a provider holds it, and what a rep can have done to it. */
import type { Instant, ProviderId } from './keys.ts';

export const VERBS = ['done', 'dismiss', 'snooze', 'reschedule'] as const;

export type Verb = (typeof VERBS)[number];

/** Changes of a task that are no verb, from the row's menu: its note, its owner, its opportunity rule. */
export const EDITS = ['note', 'reassign', 'rule'] as const;

export type Edit = (typeof EDITS)[number];

/** Whatever a rep can have done to a task. */
export type Operation = Verb | Edit;

export interface Contact {
  name: string;
  title?: string;
  company?: string;
  /** A page about the person, at the provider or in the CRM. */
  url?: string;
}

/** What is at stake: the deal behind a task. */
export interface Deal {
  name?: string;
  stage?: string;
  /** As the provider writes it; see `blocks/text.ts` for how it is shown. */
  amount?: string;
  url?: string;
}

/** An open sales task at a provider. */
export interface Task {
  provider: ProviderId;
  /** The provider's id, as text: Gong's do not survive a JavaScript number. */
  id: string;
  /** What is to be done, built by the provider's adapter: flow and step, or the title. Never empty. */
  title: string;
  /** The flow or sequence that the task belongs to, where there is one. */
  flow?: string;
  contact?: Contact;
  account?: { name: string; url?: string };
  deal?: Deal;
  /** undefined: the provider gave no due date. */
  dueAt: Instant | undefined;
  /** When the provider takes the task off the list by itself, undone. */
  skipsAt?: Instant;
  /** What the provider calls its priority, where that is not the usual one: `Urgent`. */
  priority?: string;
  /** What the adapter wants to know of the task again, to say which verbs it allows; nobody else reads it. */
  facts?: Readonly<Record<string, string | number | boolean>>;
}
