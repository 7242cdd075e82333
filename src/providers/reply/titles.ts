/** Titles of Reply.io tasks: Reply gives them none. */
import { firstLine } from '../html.ts';
import { oneLine } from '../text.ts';
import type { Kind, LinkedInKind, SingleTask } from './wire.ts';

interface Words {
  /** The action, alone or before a detail. */
  label: string;
  /** Between the label and the contact's name. */
  toward: string;
  /** A detail that has this in it says by itself what is to be done. */
  said: RegExp;
}

const WORDS = {
  toDo: { label: 'To-do', toward: ' for ', said: /(?:)/ },
  call: { label: 'Call', toward: ' ', said: /call/i },
  meeting: { label: 'Meeting', toward: ' with ', said: /meeting/i },
  linkedIn: { label: 'LinkedIn task', toward: ' for ', said: /linkedin/i },
  manualEmail: { label: 'Email', toward: ' ', said: /mail/i },
  sms: { label: 'SMS', toward: ' to ', said: /sms/i },
  whatsApp: { label: 'WhatsApp message', toward: ' to ', said: /whatsapp/i },
  other: { label: 'Task', toward: ' for ', said: /(?:)/ },
} as const satisfies Record<Kind, Words>;

const ON_LINKED_IN = {
  message: { label: 'LinkedIn message', toward: ' to ' },
  connect: { label: 'LinkedIn connection request', toward: ' to ' },
  inMail: { label: 'LinkedIn InMail', toward: ' to ' },
  viewProfile: { label: 'View the LinkedIn profile', toward: ' of ' },
} as const satisfies Record<LinkedInKind, Omit<Words, 'said'>>;

/** A detail is one line of a row. */
const MOST_CHARACTERS = 150;

/** Without details: what is to be done, and for whom. */
export function plainTitle(kind: Kind, linkedIn: LinkedInKind | undefined, name: string | undefined): string {
  const { label, toward } = wordsOf(kind, linkedIn);
  return name ? `${label}${toward}${name}` : label;
}

/** With what only a single read tells: the step, the subject or the first line. */
export function detailedTitle(
  task: SingleTask,
  kind: Kind,
  linkedIn: LinkedInKind | undefined,
  name: string | undefined,
): string {
  const { sequenceStepDisplayName, template, content } = task;
  const subject = content?.subject ?? template?.subject;
  const body = content?.body ?? template?.body;
  const detail = oneLine(sequenceStepDisplayName ?? subject, MOST_CHARACTERS) ?? firstLine(body, MOST_CHARACTERS);
  return detail ? withLabel(kind, linkedIn, detail) : plainTitle(kind, linkedIn, name);
}

function withLabel(kind: Kind, linkedIn: LinkedInKind | undefined, detail: string): string {
  const { label, said } = wordsOf(kind, linkedIn);
  return said.test(detail) ? detail : `${label}: ${detail}`;
}

function wordsOf(kind: Kind, linkedIn: LinkedInKind | undefined): Words {
  return kind === 'linkedIn' && linkedIn ? { ...WORDS.linkedIn, ...ON_LINKED_IN[linkedIn] } : WORDS[kind];
}
