/**
 * The close of the day: one message that says what is left, and moves it at a press.
 *
 * The job of the chosen time only enqueues the one that closes the date, whose key is the date's, so that a day is closed
 * once whatever times were chosen. That one stores the message with its `post` job in the transaction that ends it; after a
 * crash between post and mark the message comes twice rather than never.
 */
import { type ActOnManyDeps, actOnMany, type SweepResult } from '../clicks/act-on-many.ts';
import { recordOf } from '../clicks/record.ts';
import { usableLinks } from '../clicks/target.ts';
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { closingOf } from '../model/day.ts';
import { countDay, endOfDate } from '../model/day-count.ts';
import type { Schedule } from '../model/digest.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import {
  answered,
  type DayClose,
  type ListSummary,
  type LoadedMessage,
  type ProviderReport,
} from '../model/message.ts';
import type { Link, Rep } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import { CATCH_UP_WINDOW, localDate, nextDigestAt } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { JobPayload } from '../ports/queue.ts';
import { closingJob, digestOfDay, isQuietNow } from './day.ts';
import { countGroups } from './rank.ts';
import { compare, type ReconcileDeps } from './reconcile.ts';
import { whyNoMessage } from './why-no-message.ts';

type CloseDeps = ReconcileDeps & Pick<Ports, 'calendar' | 'pilot' | 'organisation' | 'random' | 'log'>;

type Close = Extract<JobPayload, { kind: 'close' }>;

export function closeHandler(deps: CloseDeps): Handler<'close'> {
  return async (payload) => ({ run: () => (payload.isTime ? close(deps, payload) : begin(deps, payload)) });
}

async function begin(deps: CloseDeps, payload: Close): Promise<Ended> {
  const day = await dayOf(deps, payload);
  // The rep has chosen another time, which has a job of its own.
  if (!day || closingOf(day.schedule.choices, payload.localDate, day.rep.zone) !== payload.at) return {};
  const job = closingJob(payload, payload.localDate, { at: payload.at, now: deps.clock() });
  return { write: (tx) => deps.queue.enqueue(job, tx) };
}

interface Day {
  rep: Rep;
  schedule: Schedule;
  digest: LoadedMessage;
}

/** undefined: there is nothing to close, or the rep wants no message now. */
async function dayOf(deps: CloseDeps, { localDate: date, at, ...key }: Close): Promise<Day | undefined> {
  const { store, clock } = deps;
  const recipient = await store.reps.recipient(key);
  const { rep, schedule } = recipient ?? {};
  if (!recipient || !rep || schedule?.choices.closesAt === undefined) return undefined;
  const time = { now: clock(), zone: rep.zone };
  const isOver = time.now - at > CATCH_UP_WINDOW || localDate(time.now, rep.zone) !== date;
  if (isOver || isQuietNow(schedule, time) || 'why' in (await whyNoMessage(deps, recipient))) return undefined;
  const digest = await digestOfDay(deps, rep, date);
  return digest && { rep, schedule, digest };
}

async function close(deps: CloseDeps, payload: Close): Promise<Ended> {
  const day = await dayOf(deps, payload);
  if (!day) return {};
  const { store, queue, clock } = deps;
  const { teamId, userId } = day.rep;
  const at = clock();
  const reports = await lookAgain(deps, day);
  const { items = [], summary: now } = (await store.messages.load(day.digest.id)) ?? {};
  const { left, ...count } = countDay(items, endOfDate(payload.localDate, day.rep.zone));
  if (count.total === 0) return {};
  const later = now?.later?.count;
  const summary = await summaryOf(deps, day, { count: { ...count, ...(later && { later }) }, left, reports, at });
  return {
    async write(tx) {
      const message = { teamId, userId, kind: 'list', summary, createdAt: at } as const;
      const { id: messageId } = await store.messages.create(message, left, tx);
      await queue.enqueue(newJob(`post:${messageId}`, { kind: 'post', teamId, messageId }, at), tx);
    },
  };
}

/** The tools are asked once, so that the count is of now. Returns how they answered. */
async function lookAgain(deps: CloseDeps, { rep, digest }: Day): Promise<readonly ProviderReport[]> {
  try {
    const read = (links: readonly Link[]) => deps.lists.read(links, 'digest');
    return await compare(deps, rep, { items: digest.items, digest, read });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const reference = newReference(deps);
    deps.log.warn({ err: error, reference, rep: rep.userId }, 'a day is closed without an answer of its tool');
    const links = await usableLinks(deps, rep);
    const link = links.find(({ provider }) => provider === error.provider);
    const { name = error.provider, capabilities } = deps.providers.get(error.provider) ?? {};
    const about = { provider: error.provider, name, noun: capabilities?.noun ?? 'tasks' };
    return [{ ...about, state: 'failed', reason: error.kind, lastListedAt: link?.lastListedAt, reference }];
  }
}

interface Counted {
  count: Omit<DayClose, 'nextAt' | 'answer'>;
  left: readonly Task[];
  reports: readonly ProviderReport[];
  at: Instant;
}

async function summaryOf({ calendar }: CloseDeps, { rep, schedule, digest }: Day, of: Counted): Promise<ListSummary> {
  const { count, left, reports, at } = of;
  const date = localDate(at, rep.zone);
  const holidays = await calendar.holidaysOf(schedule.country);
  // Even where the hour of the digest is still to come today.
  const nextAt = nextDigestAt(schedule, rep.zone, endOfDate(date, rep.zone) - 1, holidays);
  const shown = new Set(digest.items.map(({ task }) => task.provider));
  return {
    filter: { by: 'today' },
    counts: countGroups(left, at, rep.zone),
    reports: reports.filter(({ provider }) => shown.has(provider)),
    fetchedAt: at,
    localDate: date,
    day: { ...count, nextAt },
  };
}

export type Closing = ReturnType<typeof createClosing>;

/** What a rep chooses in the message. */
export function createClosing(deps: ActOnManyDeps) {
  return {
    /** Moves what is still open. Pressed twice, it moves once. */
    async move(clicker: RepKey, messageId: string): Promise<SweepResult> {
      const nextAt = (await ownDay(deps, clicker, messageId))?.nextAt;
      if (nextAt === undefined) return { is: 'refused', why: 'unknown_list' };
      const change = { verb: 'reschedule', dueAt: nextAt } as const;
      return actOnMany(deps, clicker, {
        messageId,
        which: { by: 'all' },
        change,
        key: `close:${messageId}`,
        sure: false,
      });
    },
    /** False: there is no such message of theirs. */
    async leave(clicker: RepKey, messageId: string): Promise<boolean> {
      if (!(await ownDay(deps, clicker, messageId))) return false;
      const { store } = deps;
      await store.transact(
        (tx) => store.messages.revise(messageId, (now) => answered(now, 'left'), tx),
        recordOf(clicker),
      );
      return true;
    },
  };
}

/** An id from a button is never trusted. */
async function ownDay(
  { store }: Pick<Ports, 'store'>,
  { teamId, userId }: RepKey,
  messageId: string,
): Promise<ListSummary['day']> {
  const message = await store.messages.load(messageId);
  return message?.teamId === teamId && message.userId === userId ? message.summary.day : undefined;
}
