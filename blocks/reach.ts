/** How to reach a task's person: numbers, addresses, their local time, and what they opted out of. */
import type { Channel, Contact, Task, TaskKind } from '../src/core/model/task.ts';
import { readable } from '../src/core/model/text.ts';
import { anchor, clockTime, mrkdwn, type Reader, zonesDiffer } from './text.ts';

const OPTED_OUT: Record<Channel, string> = { calls: 'Opted out of calls', emails: 'Opted out of e-mails' };

/** The ways that the task itself needs; `all` tells every one that is known. */
export function reachTexts(task: Task, reader: Reader, all = false): string[] {
  const { contact, kind } = task;
  if (!contact) return [];
  const isCall = kind === 'call' || kind === 'sms';
  const calls = all || isCall ? byPhone(contact, all) : [];
  const mails = all || kind === 'email' ? byMail(contact, all) : [];
  return [...calls, ...mails, ...(isCall ? theirTime(contact, reader) : [])];
}

function byPhone(contact: Contact, all: boolean): string[] {
  if (contact.optedOut?.includes('calls')) return [OPTED_OUT.calls];
  return (contact.phones ?? []).slice(0, all ? 4 : 1).map(({ number, label }) => {
    const link = phoneLink(number);
    return all && label ? `${link} (${mrkdwn(label, 20)})` : link;
  });
}

function byMail(contact: Contact, all: boolean): string[] {
  if (contact.optedOut?.includes('emails')) return [OPTED_OUT.emails];
  return (contact.emails ?? []).slice(0, all ? 3 : 1).map(mailLink);
}

/** Only where it is another time than the rep's. */
function theirTime({ zone }: Contact, reader: Reader): string[] {
  if (!zone || !zonesDiffer(zone, reader)) return [];
  return [`${clockTime(reader.now, { ...reader, zone })} their time`];
}

/** A number that cannot be dialled as it is written stays text. */
function phoneLink(number: string): string {
  const text = mrkdwn(number, 40);
  const [dialled = '', extension] = readable(number).split(/\s*(?:x|ext\.?)\s*/i);
  const digits = dialled.replace(/[^\d+]/g, '');
  if (!/^\+?\d{3,15}$/.test(digits)) return text;
  return `<tel:${digits}${extension && /^\d{1,8}$/.test(extension) ? `;ext=${extension}` : ''}|${text}>`;
}

function mailLink(address: string): string {
  const text = mrkdwn(address, 80);
  return /^[\w.+-]{1,64}@[\w.-]{1,80}$/.test(address) ? `<mailto:${address}|${text}>` : text;
}

export function openLink({ url }: Pick<Task, 'url'>, provider: string): string {
  const text = mrkdwn(`Open in ${provider}`, 40);
  const link = anchor(url, text);
  return link === text ? '' : link;
}

const WORDS: Record<TaskKind, string> = {
  call: 'Call',
  email: 'Email',
  linkedin: 'LinkedIn',
  sms: 'SMS',
  meeting: 'Meeting',
  todo: 'To-do',
  other: '',
};

/** Empty where the title has the word anyway: `Discovery call`, `Step 2 - Email`. */
export function kindWord({ kind = 'other', title }: Pick<Task, 'kind' | 'title'>): string {
  const word = WORDS[kind];
  const said = readable(title)
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u);
  return said.includes(word.toLowerCase()) ? '' : word;
}
