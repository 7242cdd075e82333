/** Values for tests of blocks: the reader, tasks and rows in any state, messages, reps, and what a test reads of blocks. */
import type { ActionsBlock } from '@slack/types';
import type { Block, Rendered } from '../../blocks/elements.ts';
import { FULL_ROOM, type Room } from '../../blocks/limits.ts';
import { renderList } from '../../blocks/task-list.ts';
import { countGroups } from '../../src/core/digests/rank.ts';
import type { Action, ActionState, FailureReason } from '../../src/core/model/action.ts';
import { DEFAULT_CHOICES, type Schedule } from '../../src/core/model/digest.ts';
import type { Instant } from '../../src/core/model/keys.ts';
import type {
  Filter,
  ListSummary,
  LoadedMessage,
  MessageKind,
  ProviderReport,
  SeenChange,
} from '../../src/core/model/message.ts';
import type { Link, Rep, Suggestion } from '../../src/core/model/people.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import { EDITS, type Operation, type Task, VERBS } from '../../src/core/model/task.ts';
import type { RepTime } from '../../src/core/model/time.ts';
import type { AccountState, ProviderState } from '../../src/core/people/accounts.ts';
import { type ActionWish, buildAction } from '../builders.ts';
import { PROVIDERS, USUAL } from './providers.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday, 09:00 in New York. */
export const NOW = Date.parse('2026-11-23T14:00:00Z');
export const READER: RepTime = { now: NOW, zone: 'America/New_York', days: [1, 2, 3, 4, 5] };
/** A row as buttons and windows name it. */
export const REF = { messageId: '1', position: 0, seq: 0 };

/** The compiler holds that none is missing. */
const keysOf = <Key extends string>(every: Record<Key, 1>) => Object.keys(every) as Key[];
export const REASONS = keysOf<FailureReason>({
  rate_limited: 1,
  away: 1,
  unavailable: 1,
  unreadable: 1,
  auth: 1,
  disconnected: 1,
  not_enabled: 1,
  forbidden: 1,
  not_found: 1,
  invalid: 1,
  immovable: 1,
  conflict: 1,
  not_linked: 1,
  expired: 1,
  unexpected: 1,
});
const EVERY_STATE = { queued: 1, succeeded: 1, failed: 1, stale: 1, undoing: 1, undone: 1, dropped: 1 } as const;
export const ACTION_STATES = keysOf<ActionState>(EVERY_STATE);
export const OPERATIONS: readonly Operation[] = [...VERBS, ...EDITS];

// ---------------------------------------------------------------- tasks, rows, messages

export function task(more: Partial<Task> = {}): Task {
  return {
    provider: 'gong',
    id: '9007199254740993001',
    title: 'Call about the renewal',
    flow: 'Renewals Q4',
    contact: { name: 'Dana Whitfield', title: 'VP Operations', company: 'Harbour Freight Lines' },
    deal: { stage: 'Negotiation', amount: '48000' },
    dueAt: NOW + 3 * HOUR,
    ...more,
  };
}

export const OUTREACH = task({ provider: 'outreach', facts: { kind: 'sequence_step_call', step: 4 } });

export function action(of: Task, more: ActionWish = {}): Action {
  // An action that was refused outright was not sent.
  const sentAt = more.state === 'failed' ? undefined : NOW;
  const times = { dueAt: NOW + 2 * DAY, sentAt, createdAt: NOW, settledAt: NOW };
  return buildAction({ teamId: 'T1', userId: 'U1' }, of, { attempts: 1, state: 'succeeded', ...times, ...more });
}

/** A row that knew of no action when it was made. */
export function rowOf(of: Task, more: ActionWish | undefined = undefined, position = 0): Row {
  return { position, task: of, seq: 0, action: more && action(of, more) };
}

/** The same row once something was seen of its task at the provider. */
export function seenAs(of: Row, seen: SeenChange | undefined): Row {
  return seen ? { ...of, seen } : of;
}

const aboutProvider = (provider: string) => {
  const { name = provider, capabilities } = PROVIDERS.get(provider) ?? {};
  return { provider, name, noun: capabilities?.noun ?? 'tasks' };
};

export function listed(provider: string, tasks: number, unreadable = 0): ProviderReport {
  return { ...aboutProvider(provider), state: 'listed', tasks, unreadable };
}

type Unreached = Extract<ProviderReport, { state: 'failed' }>;

export function unreached(provider: string, reason: FailureReason = 'unavailable', lastListedAt?: Instant): Unreached {
  return { ...aboutProvider(provider), state: 'failed', reason, lastListedAt, reference: undefined };
}

export interface ListOptions
  extends Partial<
    Pick<ListSummary, 'filter' | 'starts' | 'remaining' | 'newLinks' | 'unconnected' | 'since' | 'unfolded'>
  > {
  kind?: MessageKind;
  reports?: readonly ProviderReport[];
}

/** A stored message with the largest ids that are to be expected. */
export function loaded(items: readonly Row[], options: ListOptions = {}): LoadedMessage {
  const {
    kind = 'list',
    starts,
    remaining,
    newLinks,
    unconnected,
    since,
    unfolded,
    filter = { by: 'all' } as Filter,
  } = options;
  const tasks = items.map((each) => each.task);
  const summary: ListSummary = {
    filter,
    counts: countGroups(tasks, NOW, READER.zone),
    ...(starts && { starts }),
    ...(remaining !== undefined && { remaining }),
    reports: options.reports ?? [listed('gong', tasks.length)],
    fetchedAt: NOW,
    localDate: '2026-11-23',
    newLinks,
    unconnected,
    since,
    ...(unfolded && { unfolded }),
  };
  const base = { id: '99999999', teamId: 'T1', userId: 'U1', posted: undefined, createdAt: NOW };
  return { ...base, kind, summary, items: [...items] };
}

/** As the screen renders it, on a day without another digest. */
export function renderLoaded(message: LoadedMessage, reader: RepTime = READER, room: Room = FULL_ROOM): Rendered {
  return renderList({ message }, PROVIDERS, reader, room);
}

// ---------------------------------------------------------------- people

const KEY = { teamId: 'T1', userId: 'U1' };
export const REP: Rep = {
  ...KEY,
  name: 'Mia',
  email: 'mia@harbour.example',
  slackZone: READER.zone,
  zone: READER.zone,
  locale: undefined,
  active: true,
};
export const SCHEDULE: Schedule = {
  ...KEY,
  time: '09:00',
  days: [1],
  ownZone: undefined,
  country: undefined,
  pausedUntil: undefined,
  nextDueAt: NOW + DAY,
  choices: DEFAULT_CHOICES,
};

export function linkTo(provider: string, more: Partial<Link> = {}): Link {
  const times = { linkedAt: NOW - DAY, lastListedAt: NOW - 5 * MINUTE, announcedAt: undefined };
  return { ...KEY, provider, externalId: '1', email: REP.email, origin: 'address', ...times, ...more };
}

export function suggestionOf(provider: string, more: Partial<Suggestion> = {}): Suggestion {
  const who = { externalId: '7', email: 'm.lind@harbour.example', name: 'M. Lind' };
  return { ...KEY, provider, ...who, suggestedBy: 'U9', suggestedAt: NOW - DAY, ...more };
}

/** Each rep signs in at Outreach; the others know everyone by their address. */
export function providerState(id: string, more: Partial<ProviderState> = {}): ProviderState {
  const { name } = aboutProvider(id);
  return { id, name, consent: id === 'outreach', ended: false, declined: false, ...more };
}

/** A rep who is linked to Gong. */
export function accountState(more: Partial<AccountState> = {}): AccountState {
  const providers = USUAL.map((id) => providerState(id));
  const own = { rep: REP, links: [linkTo('gong')], suggestions: [], schedule: SCHEDULE };
  const runs = { lastRun: undefined, todaysRun: undefined, leftOut: [] };
  return { providers, ...own, ...runs, readsStatus: true, ...more };
}

// ---------------------------------------------------------------- what a test reads of blocks

/** The texts of sections, headers and contexts. */
export function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'section' || block.type === 'header') return [block.text?.text ?? ''];
    if (block.type === 'context') return block.elements.map((each) => ('text' in each ? each.text : ''));
    return [];
  });
}

/** The texts on the buttons of an actions block. */
export function labelsOf(block: { type: string } | undefined): (string | undefined)[] {
  return isActions(block) ? block.elements.map((each) => ('text' in each ? each.text?.text : '')) : [];
}

function isActions(block: { type: string } | undefined): block is ActionsBlock {
  return block?.type === 'actions';
}
