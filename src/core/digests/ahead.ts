/**
 * Lists digests ahead of their time. A tool answers a whole company a few times a second, so where many reps have their
 * digest at one minute, their lists are read over the minutes before, and only the posts are left for the minute itself.
 */
import { type Handler, newJob, simpleHandler } from '../jobs/kinds.ts';
import type { Instant } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import { localDate, MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Known } from './known.ts';
import type { Lists } from './listing.ts';
import { whyNoMessage } from './why-no-message.ts';

/** Fewer are listed at their time, in a few seconds. */
const FEW_REPS = 20;
/** Gong allows a company three calls a second (gong.md 6), of which one at least is left for clicks. */
const SHORTEST_PAUSE_MS = 500;
/** If the time allows: a click finds both calls free that it takes. */
const PAUSE_MS = 1_000;
/** A list is no older than this at the digest's time. */
const LONGEST_LEAD_MS = 15 * MINUTE;
/** Just before the digest's time nothing is read: reps who are about to click find the tools free. */
const CALM_MS = 5_000;
const MOST_TIME_MS = LONGEST_LEAD_MS - CALM_MS;
/** For posts that wait for Slack as well. An older list is read anew. */
const FRESH_MS = 25 * MINUTE;
/** Reps per query and transaction. */
const BATCH = 50;

type AheadDeps = Pick<Ports, 'store' | 'queue' | 'providers' | 'pilot' | 'organisation' | 'calendar' | 'clock'> & {
  lists: Lists;
};

/**
 * To be called once a minute. Plans the lists whose turn comes before the next call: each rep of a full minute has a turn,
 * and the turns are spread evenly. After a downtime, turns that are over are not made up for.
 */
export function createAhead(deps: Pick<Ports, 'store' | 'queue' | 'clock'>) {
  let plannedUntil = 0;
  return async function planAhead(): Promise<void> {
    const now = deps.clock();
    const from = Math.max(plannedUntil, now - MINUTE);
    const until = now + MINUTE;
    plannedUntil = until;
    for (const { dueAt, reps } of await deps.store.schedules.slots({ after: now, until: now + LONGEST_LEAD_MS })) {
      if (reps < FEW_REPS) continue;
      const pause = Math.min(PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, Math.floor(MOST_TIME_MS / reps)));
      const turns = Math.min(reps, Math.floor(MOST_TIME_MS / pause));
      const turnAt = (index: number) => dueAt - CALM_MS - (turns - index) * pause;
      const first = Math.max(0, Math.ceil((from - turnAt(0)) / pause));
      const end = Math.min(turns, Math.ceil((until - turnAt(0)) / pause));
      await planTurns(deps, { dueAt, first, end, turnAt });
    }
  };
}

interface Turns {
  dueAt: Instant;
  first: number;
  end: number;
  turnAt(index: number): Instant;
}

async function planTurns(
  { store, queue }: Pick<Ports, 'store' | 'queue'>,
  { dueAt, first, end, turnAt }: Turns,
): Promise<void> {
  for (let offset = first; offset < end; offset += BATCH) {
    const reps = await store.schedules.ofSlot(dueAt, { offset, limit: Math.min(BATCH, end - offset) });
    await store.transact(async (tx) => {
      for (const [index, { teamId, userId }] of reps.entries()) {
        const payload = { kind: 'ahead', teamId, userId, dueAt } as const;
        await queue.enqueue(newJob(`ahead:${teamId}:${userId}:${dueAt}`, payload, turnAt(offset + index)), tx);
      }
    });
  }
}

/** Makes the message of a digest that is still to come. Nothing is claimed: the rep may choose another time until then. */
export function aheadHandler(deps: AheadDeps): Handler<'ahead'> {
  return simpleHandler(async ({ teamId, userId, dueAt }) => {
    const { store, clock, lists } = deps;
    const recipient = await store.reps.recipient({ teamId, userId });
    if (!recipient || recipient.schedule?.nextDueAt !== dueAt || dueAt <= clock()) return;
    const { rep, schedule } = recipient;
    const date = localDate(dueAt, rep.zone);
    if ((await deps.calendar.holidaysOf(schedule.country))(date) !== undefined) return;
    const known = await whyNoMessage(deps, recipient);
    if ('why' in known) return;
    if (await store.messages.aheadOf(rep, date)) return;
    await lists.make(rep, { kind: 'digest', filter: { by: 'all' }, priority: 'spare', ahead: { dueAt } }, known);
  });
}

/** What was listed ahead of a date, if it is still true; else listed anew. undefined: there is nothing. */
export async function takeAhead(
  deps: Pick<AheadDeps, 'store' | 'clock' | 'lists'>,
  known: Known,
  date: string,
): Promise<LoadedMessage | undefined> {
  const { store, clock, lists } = deps;
  const { rep } = known;
  const id = await store.messages.aheadOf(rep, date);
  const message = id === undefined ? undefined : await store.messages.load(id);
  if (!message) return undefined;
  await store.messages.take(message.id, clock());
  if (await isStillTrue(deps, known, message)) return { ...message, createdAt: clock() };
  return lists.refresh(rep, message.id, 'digest');
}

async function isStillTrue(
  deps: Pick<AheadDeps, 'store' | 'clock'>,
  { rep, links }: Known,
  { summary }: LoadedMessage,
): Promise<boolean> {
  if (deps.clock() - summary.fetchedAt > FRESH_MS) return false;
  // A tool that was away may be back.
  if (summary.reports.some(({ state }) => state !== 'listed')) return false;
  const listed = new Set(summary.reports.map(({ provider }) => provider));
  if (links.length !== listed.size || links.some(({ provider }) => !listed.has(provider))) return false;
  return !(await deps.store.ledger.changedSince(rep, summary.fetchedAt));
}
