/**
 * The turns of calls when several processes share the limits of one tool: who may send now, decided from what all of them
 * have noted. Each process asks for its most urgent calls; what it cannot have yet is noted too, and goes before what is
 * less urgent elsewhere. A turn counts until it has left the window, and from its arrival where the tool counts so.
 */
import type { Instant } from '../model/keys.ts';
import type { Priority } from '../ports/provider.ts';
import { type Limit, RANK } from './pace.ts';

/** All processes share this, as JSON. */
export interface SharedTurns {
  /** No process sends a call before this instant. */
  heldUntil: Instant;
  /** In the order of the limits. */
  limits: { taken: Taken[]; waiting: Waiting[] }[];
}

interface Taken {
  /** Then these calls have left the window. */
  until: Instant;
  calls: number;
  /** Of one whose arrival is to come. */
  id?: string;
}

/** Calls of one process and one rank that could not be sent yet. */
interface Waiting {
  by: string;
  rank: number;
  calls: number;
  since: Instant;
  /** A process that died keeps its place no longer. */
  until: Instant;
}

export interface Ask {
  /** The process. */
  by: string;
  /** Those that may be sent, most urgent first. */
  calls: readonly { id: string; priority: Priority }[];
  /** Answered since the last time, and how long ago. */
  arrived: readonly { id: string; agoMs: number }[];
  /** No process is to send a call for so long. */
  holdMs: number;
  /** Within this time after the decision the process sends, or not at all. */
  slackMs: number;
}

interface Decision {
  turns: SharedTurns;
  /** Ids of those that may be sent. */
  given: string[];
  /** Until nobody is held any more; 0: nobody is. */
  heldMs: number;
  /** When the others might be sent. */
  againMs: number;
}

/** Few calls are counted one by one, many by the sixtieth of their window. */
const EXACT = 10;
const GRAINS = 60;
/** Clocks and timers differ by a millisecond or so. */
const TIMER_MS = 3;
const PLACE_KEPT_MS = 2_000;
/** Until another look when nothing says how long it takes. */
const LOOK_MS = 25;
const LONGEST_LOOK_MS = 1_000;

export function decideTurns(
  known: SharedTurns | undefined,
  limits: readonly Limit[],
  ask: Ask,
  now: Instant,
): Decision {
  const turns = current(known, limits, now);
  turns.heldUntil = Math.max(turns.heldUntil, ask.holdMs > 0 ? now + ask.holdMs : 0);
  for (const arrived of ask.arrived) noteArrival(turns, limits, arrived, now);
  const places = turns.limits.map(({ waiting }) => waiting.filter(({ by }) => by === ask.by));
  for (const limit of turns.limits) limit.waiting = limit.waiting.filter(({ by }) => by !== ask.by);
  const heldMs = Math.max(0, turns.heldUntil - now);
  const given: string[] = [];
  const served = new Set<number>();
  let againMs = LONGEST_LOOK_MS;
  for (const { id, priority } of ask.calls) {
    const rank = RANK[priority];
    const own = limits.flatMap(({ only }, index) => (only === undefined || only.includes(priority) ? [index] : []));
    // The narrower limits come first: what they keep back is not in the way of others.
    const sinceIn = (index: number) => (served.has(rank) ? now : placeOf(places[index], rank)?.since) ?? now;
    const isFull = (index: number) => heldMs > 0 || !isFree(turns, limits, { index, rank, since: sinceIn(index) });
    const full = own.toReversed().find(isFull);
    if (full === undefined) {
      for (const index of own) take(turns, limits, { index, id, slackMs: ask.slackMs }, now);
      given.push(id);
      served.add(rank);
    } else {
      keepPlace(turns, { index: full, by: ask.by, rank, since: sinceIn(full) }, now);
      againMs = Math.min(againMs, heldMs > 0 ? heldMs : opensIn(turns, limits, full, now));
    }
  }
  return { turns, given, heldMs, againMs: Math.min(Math.max(againMs, TIMER_MS), LONGEST_LOOK_MS) };
}

/** Without what is over. A clock that was set back must not keep everyone waiting. */
function current(known: SharedTurns | undefined, limits: readonly Limit[], now: Instant): SharedTurns {
  return {
    heldUntil: known?.heldUntil ?? 0,
    limits: limits.map((limit, index) => {
      const { taken = [], waiting = [] } = known?.limits[index] ?? {};
      const latest = now + limit.windowMs + (limit.lateMs ?? 0) + LONGEST_SLACK_MS + grainOf(limit);
      return {
        taken: taken
          .filter(({ until }) => until > now)
          .map((each) => ({ ...each, until: Math.min(each.until, latest) })),
        waiting: waiting.filter(({ until }) => until > now && until <= now + PLACE_KEPT_MS),
      };
    }),
  };
}

/** An ask's slack is no longer. */
export const LONGEST_SLACK_MS = 2_000;

function grainOf({ calls, windowMs }: Limit): number {
  return calls <= EXACT ? 0 : Math.ceil(windowMs / GRAINS);
}

function noteArrival(
  turns: SharedTurns,
  limits: readonly Limit[],
  { id, agoMs }: Ask['arrived'][number],
  now: Instant,
): void {
  for (const [index, { windowMs }] of limits.entries()) {
    const taken = turns.limits[index]?.taken.findLast((each) => each.id === id);
    if (!taken) continue;
    taken.until = Math.min(taken.until, now - agoMs + windowMs + TIMER_MS);
    delete taken.id;
  }
}

function placeOf(places: readonly Waiting[] | undefined, rank: number): Waiting | undefined {
  return places?.find((place) => place.rank === rank);
}

/** There is a turn for it, and for all who come before it. */
function isFree(
  turns: SharedTurns,
  limits: readonly Limit[],
  { index, rank, since }: { index: number; rank: number; since: Instant },
): boolean {
  const { taken, waiting } = turns.limits[index] ?? { taken: [], waiting: [] };
  const before = waiting.filter((other) => other.rank > rank || (other.rank === rank && other.since < since));
  return sum(taken) + sum(before) < (limits[index]?.calls ?? 0);
}

function sum(of: readonly { calls: number }[]): number {
  return of.reduce((total, { calls }) => total + calls, 0);
}

function take(
  turns: SharedTurns,
  limits: readonly Limit[],
  { index, id, slackMs }: { index: number; id: string; slackMs: number },
  now: Instant,
): void {
  const [limit, shared] = [limits[index], turns.limits[index]];
  if (!limit || !shared) return;
  const { windowMs, lateMs } = limit;
  if (lateMs !== undefined) {
    shared.taken.push({ until: now + slackMs + lateMs + windowMs + TIMER_MS, calls: 1, id });
    return;
  }
  const grain = grainOf(limit);
  const until = grain === 0 ? now + windowMs + TIMER_MS : Math.ceil((now + windowMs) / grain) * grain;
  const same = shared.taken.find((each) => each.until === until);
  if (same) same.calls += 1;
  else shared.taken.push({ until, calls: 1 });
}

function keepPlace(
  turns: SharedTurns,
  { index, by, rank, since }: { index: number; by: string; rank: number; since: Instant },
  now: Instant,
): void {
  const waiting = turns.limits[index]?.waiting;
  const own = waiting?.find((place) => place.by === by && place.rank === rank);
  if (own) own.calls += 1;
  else waiting?.push({ by, rank, calls: 1, since, until: now + PLACE_KEPT_MS });
}

/** At the earliest: what is still on its way may have arrived as it left. */
function opensIn(turns: SharedTurns, limits: readonly Limit[], index: number, now: Instant): number {
  const { calls = 0, lateMs = 0 } = limits[index] ?? {};
  const taken = turns.limits[index]?.taken ?? [];
  if (sum(taken) < calls) return LOOK_MS;
  const times = taken.map(({ until, id }) => (id === undefined ? until : until - lateMs) - now);
  return Math.max(Math.min(...times), LOOK_MS);
}
