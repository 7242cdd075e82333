/** A list's query in words. */
import type { Query, Sort, When } from '../src/core/model/query.ts';
import type { TaskKind } from '../src/core/model/task.ts';
import { type Providers, providerOf } from './providers.ts';
import { longDate, mrkdwn, type Reader } from './text.ts';

const KIND_NOUN: Record<TaskKind, string> = {
  call: 'calls',
  email: 'e-mails',
  linkedin: 'LinkedIn steps',
  sms: 'text messages',
  meeting: 'meetings',
  todo: 'to-dos',
  other: 'tasks of another kind',
};

const DUE: Record<Exclude<When['is'], 'before' | 'overdue' | 'snoozed'>, string> = {
  today: 'due today',
  tomorrow: 'due tomorrow',
  week: 'due in the next seven days',
  'this week': 'due this week',
  'next week': 'due next week',
  'no date': 'without a due date',
};

const SORT_WORDS: Record<Sort, string> = {
  due: 'by due date',
  amount: 'by amount',
  account: 'by account',
  age: 'oldest first',
};

/** `overdue tasks`, `open tasks with “acme”`, `calls due this week in Gong, by amount`. */
export function queryNoun(query: Query, providers: Providers, reader: Reader): string {
  const { sort } = query;
  return `${withoutOrder(query, providers, reader)}${sort === undefined ? '' : `, ${SORT_WORDS[sort]}`}`;
}

/** The same without the order, which is no matter where there is nothing. */
export function withoutOrder(query: Query, providers: Providers, reader: Reader): string {
  const { when, kinds = [], tools = [], urgent, text } = query;
  const parts = [
    urgent && 'urgent',
    when?.is === 'overdue' || when?.is === 'snoozed' ? when.is : when === undefined && !urgent && 'open',
    kinds.length > 0 ? namesIn(kinds.map((kind) => KIND_NOUN[kind])) : 'tasks',
    when && dueText(when, reader),
    tools.length > 0 && `in ${namesIn(tools.map((provider) => mrkdwn(providerOf(providers, { provider }).name, 40)))}`,
    text && `with “${mrkdwn(text, 60)}”`,
  ];
  return parts.filter(Boolean).join(' ');
}

function dueText(when: When, reader: Reader): string {
  if (when.is === 'before') return `due before ${longDate(when.date, reader)}`;
  return when.is === 'overdue' || when.is === 'snoozed' ? '' : DUE[when.is];
}

/** `Gong, Outreach and Reply.io` */
export function namesIn(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Due today`, `Any time`: an option of a menu. */
export function whenOption(when: When | undefined, reader: Reader): string {
  if (when === undefined) return 'Any time';
  return capitalized(when.is === 'overdue' || when.is === 'snoozed' ? when.is : dueText(when, reader));
}

export function kindsOption(kinds: readonly TaskKind[]): string {
  return kinds.length === 0 ? 'All kinds' : capitalized(namesIn(kinds.map((kind) => KIND_NOUN[kind])));
}

export function toolsOption(tools: readonly string[], providers: Providers): string {
  return tools.length === 0
    ? 'All tools'
    : `In ${namesIn(tools.map((provider) => providerOf(providers, { provider }).name))}`;
}

export function sortOption(sort: Sort | undefined): string {
  return sort === undefined ? 'What matters first' : capitalized(SORT_WORDS[sort]);
}
