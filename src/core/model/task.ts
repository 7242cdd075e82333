/** A task at a provider, and the operations on it. */
import type { Instant, ProviderId } from './keys.ts';

export const VERBS = ['done', 'dismiss', 'snooze', 'reschedule'] as const;

export type Verb = (typeof VERBS)[number];

/** Changes from the row's menu that are no verb: note, owner, opportunity rule. */
export const EDITS = ['note', 'reassign', 'rule'] as const;

export type Edit = (typeof EDITS)[number];

export type Operation = Verb | Edit;

export interface Contact {
  name: string;
  title?: string;
  company?: string;
  /** A page about the person, at the provider or in the CRM. */
  url?: string;
}

/** The deal behind a task. */
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
  /** The provider's id, as text: Gong's ids are too large for a JavaScript number. */
  id: string;
  /** Built by the adapter from flow and step, or the title. Never empty. */
  title: string;
  /** The flow or sequence of the task. */
  flow?: string;
  contact?: Contact;
  account?: { name: string; url?: string };
  deal?: Deal;
  /** undefined: the provider gave no due date. */
  dueAt: Instant | undefined;
  /** When the provider skips the task by itself. */
  skipsAt?: Instant;
  /** The provider's name for an unusual priority: `Urgent`. */
  priority?: string;
  /** Only for the adapter: it reads here which verbs the task allows. */
  facts?: Readonly<Record<string, string | number | boolean>>;
}
