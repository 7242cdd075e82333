/** Which tasks a query means, and in which order. Pure. */
import { JUST_DUE_MS } from '../model/group.ts';
import type { Instant } from '../model/keys.ts';
import type { Query, Sort, When } from '../model/query.ts';
import { urgencyOf } from '../model/reason.ts';
import type { Task } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { type RepTime, startOfLocalDate, zoned } from '../model/time.ts';
import { sharesOf } from './score.ts';

type Test = (task: Task) => boolean;

type Day = Pick<RepTime, 'now' | 'zone'>;

/** The days of a query are reckoned once for all tasks. `isSnoozed`: what is snoozed is in the ledger. */
export function matcher({ when, kinds, tools, urgent, text }: Query, day: Day, isSnoozed: Test): Test {
  const tests: Test[] = [];
  if (when?.is === 'snoozed') tests.push(isSnoozed);
  else if (when?.is === 'no date') tests.push(({ dueAt }) => dueAt === undefined);
  else if (when) tests.push(dueWithin(when.is === 'before' ? when : { is: when.is }, day));
  if (kinds) tests.push(({ kind = 'other' }) => kinds.includes(kind));
  if (tools) tests.push(({ provider }) => tools.includes(provider));
  if (urgent) tests.push(({ priority }) => urgencyOf(priority) === 1);
  const wanted = text === undefined ? '' : fold(text);
  if (wanted !== '') tests.push((task) => textOf(task).includes(wanted));
  return (task) => tests.every((test) => test(task));
}

function dueWithin(when: Dated, day: Day): Test {
  const { from, until } = when.is === 'before' ? past(startOfLocalDate(when.date, day.zone)) : spanOf(when.is, day);
  return ({ dueAt }) => dueAt !== undefined && dueAt >= from && dueAt < until;
}

type Named = 'overdue' | 'today' | 'tomorrow' | 'week' | 'this week' | 'next week';
type Dated = { is: Named } | Extract<When, { is: 'before' }>;

interface Span {
  from: Instant;
  until: Instant;
}

function past(until: Instant): Span {
  return { from: Number.NEGATIVE_INFINITY, until };
}

/** What is overdue is part of no day and no week: a list of today is what is left of it. */
function spanOf(when: Named, { now, zone }: Day): Span {
  const today = zoned(now, zone).toPlainDate();
  const startIn = (days: number) => startOfLocalDate(today.add({ days }).toString(), zone);
  const monday = 8 - today.dayOfWeek;
  const late = now - JUST_DUE_MS;
  switch (when) {
    case 'overdue':
      return past(late);
    case 'today':
      return { from: late, until: startIn(1) };
    case 'tomorrow':
      return { from: startIn(1), until: startIn(2) };
    case 'week':
      return { from: late, until: startIn(7) };
    case 'this week':
      return { from: late, until: startIn(monday) };
    case 'next week':
      return { from: startIn(monday), until: startIn(monday + 7) };
  }
}

function textOf(task: Task): string {
  const { title, flow, contact, account, deal, note } = task;
  const parts = [title, flow, contact?.name, contact?.company, account?.name, deal?.name, note];
  return fold(parts.filter((part) => part !== undefined).join(' \n '));
}

/** What does not have what is sorted by stands last; what is alike in it stays in the order of the ranking. */
export function sorted(ranked: readonly Task[], sort: Sort | undefined): readonly Task[] {
  switch (sort) {
    case undefined:
      return ranked;
    case 'due':
      return byKey(ranked, ({ dueAt }) => dueAt);
    case 'age':
      // A task is made before it is due, and not every tool says when.
      return byKey(ranked, ({ createdAt, dueAt }) => createdAt ?? dueAt);
    case 'account':
      return byKey(ranked, ({ account, contact }) => fold(account?.name || contact?.company || '') || undefined);
    case 'amount': {
      // The order of the shares is that of the amounts where there is one currency.
      const shares = new Map(sharesOf(ranked).map((share, index) => [ranked[index], share]));
      return byKey(ranked, (task) => -(shares.get(task) ?? 0) || undefined);
    }
  }
}

/** Ascending, and stable. */
function byKey<Key extends string | number>(tasks: readonly Task[], keyOf: (task: Task) => Key | undefined): Task[] {
  const keyed = tasks.map((task) => ({ task, key: keyOf(task) }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ task }) => task);
}

function compare<Key extends string | number>(a: Key | undefined, b: Key | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : a > b ? 1 : 0;
}
