/** A task at a provider, and the operations on it. */
import type { Instant, ProviderId } from './keys.ts';

export const VERBS = ['done', 'dismiss', 'snooze', 'reschedule'] as const;

export type Verb = (typeof VERBS)[number];

/** Changes from the row's menu that are no verb: note, owner, opportunity rule. */
export const EDITS = ['note', 'reassign', 'rule'] as const;

export type Edit = (typeof EDITS)[number];

export type Operation = Verb | Edit;

/** What a task asks for. `other`: the provider names a kind that we do not know, or none. */
export const KINDS_OF_TASK = ['call', 'email', 'linkedin', 'sms', 'meeting', 'todo', 'other'] as const;

export type TaskKind = (typeof KINDS_OF_TASK)[number];

/** Who completed a task: the rep whose task it is, or anyone else. */
export type DoneBy = 'rep' | 'other';

export type Channel = 'calls' | 'emails';

export interface Phone {
  /** As the provider writes it. */
  number: string;
  /** `mobile`, `work`: the provider's word. */
  label?: string;
}

export interface Contact {
  name: string;
  title?: string;
  company?: string;
  /** A page about the person, at the provider or in the CRM. */
  url?: string;
  /** The best one first. */
  phones?: readonly Phone[];
  /** The best one first. */
  emails?: readonly string[];
  linkedIn?: string;
  /** IANA zone. */
  zone?: string;
  /** The person does not want to be reached this way. */
  optedOut?: readonly Channel[];
}

/** The deal behind a task. */
export interface Deal {
  name?: string;
  stage?: string;
  /** As the provider writes it; see `blocks/text.ts` for how it is shown. */
  amount?: string;
  /** ISO 4217 code, if the provider says it. */
  currency?: string;
  /** `YYYY-MM-DD` */
  closesOn?: string;
  /** Percent, 0 to 100. */
  probability?: number;
  url?: string;
}

/** An open sales task at a provider. */
export interface Task {
  provider: ProviderId;
  /** The provider's id, as text: Gong's ids are too large for a JavaScript number. */
  id: string;
  /** Built by the adapter from flow and step, or the title. Never empty. */
  title: string;
  /** undefined: stored by a version that did not know it. */
  kind?: TaskKind;
  /** The best page at the provider for this task: the task's own, else its person's. */
  url?: string;
  /** The flow or sequence of the task. */
  flow?: string;
  /** The step of the flow, from 1. `of`: the number of steps, if the provider says it. */
  step?: { at: number; of?: number };
  contact?: Contact;
  account?: { name: string; url?: string };
  deal?: Deal;
  /** undefined: the provider gave no due date. */
  dueAt: Instant | undefined;
  /** When the provider skips the task by itself. */
  skipsAt?: Instant;
  /** When the task was made, if the provider says it. */
  createdAt?: Instant;
  /** The last contact with the person, if the provider says it. */
  lastTouchAt?: Instant;
  /** The note, script or message of the task, as plain text with line breaks. At most `LONGEST_NOTE` characters. */
  note?: string;
  /** The provider's name for an unusual priority: `Urgent`. */
  priority?: string;
  /** Only for the adapter: it reads here which verbs the task allows. */
  facts?: Readonly<Record<string, string | number | boolean>>;
}

/** It is stored with every row that shows the task. */
export const LONGEST_NOTE = 2_000;

/** Providers keep whole seconds. */
export function isDueAt({ dueAt }: Pick<Task, 'dueAt'>, wanted: Instant | undefined): boolean {
  return wanted !== undefined && dueAt !== undefined && Math.abs(dueAt - wanted) < 1_000;
}
