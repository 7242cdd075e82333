/** Values for tests of the store: each builder gives a valid one, and takes what the test is about. */

import type { NewAction } from '../../src/core/model/action.ts';
import { DEFAULT_CHOICES, type Run, type Schedule } from '../../src/core/model/digest.ts';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { ListSummary, Message } from '../../src/core/model/message.ts';
import type { Link, Rep, Suggestion } from '../../src/core/model/people.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { Grant } from '../../src/core/ports/provider.ts';
import { type ActionWish, buildAction } from '../builders.ts';

export const ANN: RepKey = { teamId: 'T1', userId: 'UANN' };
export const BEN: RepKey = { teamId: 'T1', userId: 'UBEN' };
/** Slack promises a user id only within a team: the same one again, elsewhere. */
export const OTHER_ANN: RepKey = { teamId: 'T2', userId: 'UANN' };

export function rep(key: RepKey, more: Partial<Rep> = {}): Rep {
  return {
    ...key,
    name: 'Ann Ab',
    email: 'ann@example.com',
    slackZone: more.zone ?? 'Europe/Berlin',
    zone: 'Europe/Berlin',
    locale: undefined,
    active: true,
    ...more,
  };
}

type NewLink = Omit<Link, 'lastListedAt' | 'announcedAt'>;

export function link(key: RepKey, more: Partial<NewLink> = {}): NewLink {
  const account = { provider: 'gong', externalId: '7000000000000000001', email: 'ann@example.com' };
  return { ...key, ...account, origin: 'address', linkedAt: 1_000, ...more };
}

export function grant(more: Partial<Grant> = {}): Grant {
  const tokens = { accessToken: 'access-1-of-ann', refreshToken: 'refresh-1-of-ann' };
  return { ...tokens, mintedAt: 1_000, expiresAt: 8_200, scopes: ['tasks.read', 'tasks.write'], ...more };
}

export function suggestion(key: RepKey, more: Partial<Suggestion> = {}): Suggestion {
  const user = { provider: 'gong', externalId: '7', email: 'a.ab@example.org', name: 'A. Ab' };
  return { ...key, ...user, suggestedBy: 'UADMIN', suggestedAt: 3_000, ...more };
}

const UNSET = { ownZone: undefined, country: undefined, pausedUntil: undefined, choices: DEFAULT_CHOICES };

export function schedule(key: RepKey, more: Partial<Schedule> = {}): Schedule {
  return { ...key, time: '09:00', days: [1, 2, 3, 4, 5], ...UNSET, nextDueAt: 5_000, ...more };
}

export function run(key: RepKey, localDate: string, more: Partial<Run> = {}): Run {
  return { ...key, localDate, state: 'claimed', claimedAt: 1_000, postedAt: undefined, messageId: undefined, ...more };
}

export function task(id: string, more: Partial<Task> = {}): Task {
  return { provider: 'gong', id, title: `Call number ${id}`, dueAt: 1_700_000_000_000, ...more };
}

export function tasks(count: number): Task[] {
  return Array.from({ length: count }, (_, index) => task(String(index)));
}

export function summary(more: Partial<ListSummary> = {}): ListSummary {
  return {
    filter: { by: 'all' },
    reports: [{ provider: 'gong', name: 'Gong', noun: 'tasks', state: 'listed', tasks: 6, unreadable: 0 }],
    counts: { overdue: 1, today: 2, upcoming: 3 },
    ...{ fetchedAt: 1_000, localDate: '2026-03-02' },
    ...more,
  };
}

export function message(key: RepKey, more: Partial<Message> = {}): Omit<Message, 'id' | 'posted'> {
  return { ...key, kind: 'list', summary: summary(), createdAt: 1_000, ...more };
}

/** Numbered as the `seq`-th action of its task. */
export function action(key: RepKey, of: Task, seq: number, more: ActionWish = {}): NewAction {
  const { id: _, ...action } = buildAction(key, of, { externalId: '1', createdAt: 1_000, ...more, seq });
  // The ledger takes actions of any state, though the app records them as queued.
  return action as NewAction;
}
