/** The weekly roll-up of a team: who is in it, when it comes, and a rep's row in it. Pure. */
import { Temporal } from 'temporal-polyfill';
import type { Run } from './digest.ts';
import type { Instant } from './keys.ts';
import { DAY, localDate, nextDigestAt } from './time.ts';

/** Slack user ids, and ids of user groups (`S…`). */
export interface RollupPeople {
  userIds: readonly string[];
  groups: readonly string[];
}

/** What an admin chooses. */
export interface RollupChoice {
  about: RollupPeople;
  /** Who reads it: the id of a channel, or of a person. */
  to: string;
  /** ISO weekday: 1 is Monday. */
  day: number;
  /** `HH:MM` in `zone`, which is that of the admin who set it up. */
  time: string;
  zone: string;
}

export interface Rollup extends RollupChoice {
  id: string;
  teamId: string;
  /** The admin who set it up: a Slack user id. */
  by: string;
  nextDueAt: Instant;
  lastSentAt: Instant | undefined;
}

/** What a notice says of one. It is stored for each person, so it does not name everyone. */
export type RollupTold = Pick<Rollup, 'to' | 'day' | 'time' | 'zone' | 'by' | 'nextDueAt'>;

export function toldOf({ to, day, time, zone, by, nextDueAt }: Rollup): RollupTold {
  return { to, day, time, zone, by, nextDueAt };
}

export function nextRollupAt({ day, time, zone }: Pick<Rollup, 'day' | 'time' | 'zone'>, after: Instant): Instant {
  return nextDigestAt({ days: [day], time }, zone, after);
}

/** Every id that may be a person's, against a channel's (`C…`, `G…`). */
export function isPerson(to: string): boolean {
  return /^[UW]/.test(to);
}

/** What a run's digest held when it was posted, or that nothing was open. */
export interface RunCount extends Pick<Run, 'localDate' | 'unanswered' | 'overdue'> {
  userId: string;
  open: number;
}

/** Tasks that a rep settled here. `moved`: snoozed or rescheduled. */
export interface Settled {
  done: number;
  dismissed: number;
  moved: number;
}

/** Counts only: neither a customer's name nor a task's is in it. */
export interface RollupRow extends Settled {
  userId: string;
  name: string;
  /** As of the rep's last digest. undefined: no tool is connected, or none came in three weeks. */
  counted: Omit<RunCount, 'userId' | 'unanswered'> | undefined;
  /** The digest is not of today, nor of yesterday. */
  isOld: boolean;
  /** Open tasks against a week before. undefined: there is nothing to compare them with. */
  trend: number | undefined;
  isConnected: boolean;
  /** Names of tools whose tasks are missing, because they are not connected. */
  unconnected: readonly string[];
  /** Of tools that did not answer when the digest was made. */
  unanswered: readonly string[];
}

/** Settled tasks are of this time. */
export const ROLLUP_MS = 7 * DAY;
/** So far back a rep's last digest may lie. */
export const COUNT_DAYS = 21;
/** The digest to compare with is at least this much older, so that it is of the same weekday where there is one. */
const WEEK_DAYS = 7;
const MOST_WEEK_DAYS = 14;

interface RowFacts extends Pick<RollupRow, 'userId' | 'name' | 'isConnected' | 'unconnected'> {
  zone: string;
  /** Of this rep, in any order. */
  counts: readonly RunCount[];
  settled: Settled | undefined;
  nameOf: (provider: string) => string;
}

export function rollupRow(facts: RowFacts, now: Instant): RollupRow {
  const { userId, name, isConnected, unconnected, counts, zone } = facts;
  const { done, dismissed, moved } = facts.settled ?? { done: 0, dismissed: 0, moved: 0 };
  const newestFirst = counts.toSorted((one, other) => (one.localDate < other.localDate ? 1 : -1));
  const last = isConnected ? newestFirst[0] : undefined;
  return {
    userId,
    name,
    done,
    dismissed,
    moved,
    counted: last && { localDate: last.localDate, open: last.open, overdue: last.overdue },
    isOld: last !== undefined && last.localDate < localDate(now - DAY, zone),
    trend: last && trendOf(last, newestFirst),
    isConnected,
    unconnected,
    unanswered: (last?.unanswered ?? []).map(facts.nameOf),
  };
}

/** Digests that lack different tools cannot be compared. */
function trendOf(last: RunCount, newestFirst: readonly RunCount[]): number | undefined {
  const daysBefore = (days: number) => Temporal.PlainDate.from(last.localDate).subtract({ days }).toString();
  const [from, until] = [daysBefore(MOST_WEEK_DAYS), daysBefore(WEEK_DAYS)];
  const before = newestFirst.find((each) => each.localDate <= until && each.localDate >= from);
  const tools = ({ unanswered = [] }: RunCount) => unanswered.toSorted().join();
  return before && tools(before) === tools(last) ? last.open - before.open : undefined;
}

/** The most overdue first, then the most open; who is not connected stands at the end. */
export function rankRows(rows: readonly RollupRow[]): RollupRow[] {
  const late = ({ counted }: RollupRow) => counted?.overdue?.tasks ?? -1;
  const open = ({ counted }: RollupRow) => counted?.open ?? -1;
  return rows.toSorted(
    (one, other) =>
      Number(other.isConnected) - Number(one.isConnected) ||
      late(other) - late(one) ||
      open(other) - open(one) ||
      one.name.localeCompare(other.name, 'en'),
  );
}

/** A roll-up with the rows as they read now. */
export interface RollupReport {
  rollup: Rollup;
  rows: readonly RollupRow[];
  /** The name of the admin who set it up. A mention would call them each week. */
  setBy: string;
}

/** A roll-up that a rep is in, with their own row: the very one that the others read. */
export interface OwnRollup {
  rollup: Rollup;
  row: RollupRow;
}
