/**
 * Claims and sends digests.
 *
 * **Invariant 5**: one digest per rep and local date. The unique run and its job are one transaction. After a crash
 * between post and mark the digest comes twice rather than never.
 */
import { Temporal } from 'temporal-polyfill';
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import type { Delivered, Run, Schedule, SkipReason } from '../model/digest.ts';
import { refusalOf } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Recipient, Rep } from '../model/people.ts';
import {
  CATCH_UP_WINDOW,
  DAY,
  type Holidays,
  localDate,
  MINUTE,
  nextDigestAfterPause,
  nextDigestAt,
} from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Job } from '../ports/queue.ts';
import { about } from '../ports/transaction.ts';
import { takeAhead } from './ahead.ts';
import { planDay } from './day.ts';
import type { Known } from './known.ts';
import type { Lists } from './listing.ts';
import { planLook } from './looks.ts';
import { overdueOf } from './overdue.ts';
import { whyNoMessage } from './why-no-message.ts';

interface DigestDeps
  extends Pick<
    Ports,
    | 'store'
    | 'queue'
    | 'providers'
    | 'screen'
    | 'calendar'
    | 'presence'
    | 'pilot'
    | 'organisation'
    | 'clock'
    | 'log'
    | 'meter'
  > {
  lists: Lists;
}

const DIGEST = { kind: 'digest', filter: { by: 'all' }, priority: 'digest' } as const;
/** A message that could not be posted is reused for this long. */
export const REUSE_MESSAGE_MS = 10 * MINUTE;
/** Due reps per query. More at once, and a click that comes meanwhile waits for the database at each of its steps. */
const BATCH = 16;

/**
 * Claims a run for every due rep; returns their number. One rep's error does not stop the others. `pause` leaves the database
 * to clicks for a moment, because posts are few a second (slack.md 1); false ends the claiming. `teamId`: of that workspace
 * alone.
 */
export async function claimDueDigests(deps: DigestDeps, pause = async () => true, teamId?: string): Promise<number> {
  const now = deps.clock();
  let claimed = 0;
  const failed = new Set<string>();
  for (;;) {
    const due = await deps.store.schedules.due(now, BATCH + failed.size, teamId);
    const fresh = due.filter((schedule) => !failed.has(keyOf(schedule)));
    // Side by side they share commits (`src/store/sqlite/groups.ts`).
    const claims = fresh.map(async (schedule) => {
      try {
        if (await claimOne(deps, schedule, now)) claimed += 1;
      } catch (error) {
        failed.add(keyOf(schedule));
        deps.log.error({ err: error, rep: schedule.userId }, 'could not claim a digest run');
      }
    });
    await Promise.all(claims);
    if (fresh.length < BATCH || !(await pause())) return claimed;
  }
}

function keyOf(rep: RepKey): string {
  return `${rep.teamId}:${rep.userId}`;
}

async function claimOne(deps: DigestDeps, schedule: Schedule & { zone: string }, now: Instant): Promise<boolean> {
  const { teamId, userId, zone } = schedule;
  const holidays = await deps.calendar.holidaysOf(schedule.country);
  const dueAt = latestDue(schedule, now, holidays);
  const date = localDate(dueAt, zone);
  // A date may have become a holiday since it was planned, with a newer version's data.
  const why = now - dueAt > CATCH_UP_WINDOW ? 'late' : holidays(date) === undefined ? undefined : 'holiday';
  const run = {
    teamId,
    userId,
    localDate: date,
    state: why ? 'skipped' : 'claimed',
    why,
    dueAt,
    claimedAt: now,
    postedAt: undefined,
    messageId: undefined,
  } satisfies Run;
  const next = { from: schedule.nextDueAt, to: nextDigestAfterPause(schedule, zone, now, holidays) };
  const is = await deps.store.transact(async (tx) => {
    // The rep changed the schedule meanwhile: the next tick reads it.
    if (!(await deps.store.schedules.advance(schedule, next, tx))) return 'nothing';
    if (!(await deps.store.runs.claim(run, tx))) return 'nothing';
    if (why) return 'skipped';
    const payload = { kind: 'digest', teamId, userId, localDate: date } as const;
    const isNew = await deps.queue.enqueue(newJob(`digest:${teamId}:${userId}:${date}`, payload, dueAt), tx);
    return isNew ? 'claimed' : 'nothing';
  }, about(schedule));
  if (is !== 'nothing') deps.meter.digestDue();
  if (is === 'skipped' && why) noteSkipped(deps, run, { why });
  return is === 'claimed';
}

interface Skipping {
  why: SkipReason;
  refusal?: string | undefined;
}

function noteSkipped({ log, meter }: DigestDeps, { userId, localDate }: Run, { why, refusal }: Skipping): void {
  log.info({ rep: userId, date: localDate, why, ...(refusal && { refusal }) }, 'digest skipped');
  meter.digestSkipped(why);
}

/** The last digest time that is not after `now`: after a downtime only this one may be sent. */
function latestDue(schedule: Schedule & { zone: string }, now: Instant, holidays: Holidays): Instant {
  let due = schedule.nextDueAt;
  const recent = now - 10 * DAY;
  if (due < recent) due = nextDigestAt(schedule, schedule.zone, recent, holidays);
  for (;;) {
    const next = nextDigestAt(schedule, schedule.zone, due, holidays);
    if (next > now) return due;
    due = next;
  }
}

/** Sends a run's digest. It is retried with the same message until it is too late or Slack refuses for good. */
export function digestHandler(deps: DigestDeps): Handler<'digest'> {
  return async ({ teamId, userId, localDate: date }, job) => {
    const run = await deps.store.runs.find({ teamId, userId }, date);
    if (run?.state !== 'claimed') return undefined;
    const skipped = (why: SkipReason, refusal?: string) => skip(deps, run, { why, refusal });
    return {
      async run() {
        const recipient = await deps.store.reps.recipient(run);
        const known = recipient && (await whyNot(deps, job, recipient, date));
        if (!known) return skipped('no_link');
        return 'why' in known ? skipped(known.why) : sendRun(deps, run, known);
      },
      giveUp: ({ reason, error }) => skipped('refused', refusalOf(error) ?? reason),
    };
  };
}

function skip(deps: DigestDeps, run: Run, skipping: Skipping): Ended {
  return {
    write: (tx) => deps.store.runs.markSkipped(run, run.localDate, skipping, tx),
    after: async () => noteSkipped(deps, run, skipping),
  };
}

async function sendRun(deps: DigestDeps, run: Run, known: Known): Promise<Ended> {
  const { store, clock } = deps;
  const { rep } = known;
  const message = await messageOf(deps, run, known);
  if (!message.posted && (await staysQuiet(deps, run, known, message))) {
    return skip(deps, run, { why: 'nothing_open' });
  }
  // Recorded at once, so that the message is kept up to date even if the job fails.
  if (!message.posted) await store.messages.markPosted(message.id, await deps.screen.post(message, 'digest', known));
  const at = clock();
  const counted = {
    rows: message.items.length,
    unanswered: unanswered(message),
    overdue: await overdueOf(deps, message, known),
  };
  const delivered = { messageId: message.id, at, ...counted };
  return {
    async write(tx) {
      await store.links.markAnnounced(run, announced(message), at, tx);
      await store.runs.markPosted(run, run.localDate, delivered, tx);
      await planDay(deps, { rep, localDate: run.localDate, message }, tx);
      await planLook(deps, run, { messageId: message.id, look: 1 }, tx);
    },
    after: async () => noteSent(deps, run, delivered),
  };
}

function noteSent({ log, meter }: DigestDeps, run: Run, { messageId, at, rows }: Delivered): void {
  const lateMs = Math.max(at - (run.dueAt ?? run.claimedAt), 0);
  log.info({ rep: run.userId, date: run.localDate, message: messageId, rows, lateMs }, 'digest sent');
  meter.digestSent(lateMs);
}

function unanswered({ summary }: LoadedMessage): ProviderId[] {
  return summary.reports.flatMap((report) => (report.state === 'listed' ? [] : [report.provider]));
}

async function whyNot(
  deps: DigestDeps,
  job: Job,
  recipient: Recipient,
  date: string,
): Promise<{ why: SkipReason } | Known> {
  if (deps.clock() - job.enqueuedAt > CATCH_UP_WINDOW) return { why: 'late' };
  const known = await whyNoMessage(deps, recipient);
  if ('why' in known) return known;
  const { rep, schedule } = known;
  // The rep may have chosen a country since the claim.
  if ((await deps.calendar.holidaysOf(schedule?.country))(date) !== undefined) return { why: 'holiday' };
  if (!schedule?.choices.followsStatus) return known;
  const seen = await deps.presence.look(rep);
  return seen !== 'unknown' && seen.away ? { why: 'away' } : known;
}

/** So many days after the last digest, a rep hears that all is clear. */
const ALL_CLEAR_DAYS = 7;

/** With nothing to say, a digest comes only as the first one, once a week, or for those who want it each morning. */
async function staysQuiet(
  { store }: DigestDeps,
  run: Run,
  { schedule }: Known,
  message: LoadedMessage,
): Promise<boolean> {
  if (!saysNothing(message) || schedule?.choices.allClear === 'daily') return false;
  const last = await store.runs.lastPosted(run);
  if (!last) return false;
  const weekAgo = Temporal.PlainDate.from(run.localDate).subtract({ days: ALL_CLEAR_DAYS });
  return last.localDate > weekAgo.toString();
}

/** Nothing is open, every tool answered, and there is none to sign in to, or that was linked anew. */
function saysNothing({ items, summary }: LoadedMessage): boolean {
  const { reports, unconnected = [], newLinks = [] } = summary;
  const isSure = reports.length > 0 && reports.every((report) => report.state === 'listed' && report.unreadable === 0);
  return items.length === 0 && isSure && unconnected.length === 0 && newLinks.length === 0;
}

/** Reuses an earlier attempt's message. An old one gets a new list. */
async function messageOf(deps: DigestDeps, run: Run, known: Known): Promise<LoadedMessage> {
  const { store, lists, clock } = deps;
  const { rep } = known;
  const earlier = run.messageId === undefined ? undefined : await store.messages.load(run.messageId);
  if (earlier?.posted || (earlier && clock() - earlier.summary.fetchedAt <= REUSE_MESSAGE_MS)) return earlier;
  const anew = earlier && (await lists.refresh(rep, earlier.id, 'digest'));
  if (anew) return anew;
  const message = (await takeAhead(deps, known, run.localDate)) ?? (await lists.make(rep, DIGEST, known));
  await store.runs.noteMessage(run, run.localDate, message.id);
  return message;
}

export type Digests = ReturnType<typeof createDigests>;

/** Both throw `DeliveryError`. */
export function createDigests(deps: DigestDeps) {
  const { store, lists, screen, clock } = deps;
  async function post(message: LoadedMessage): Promise<void> {
    await store.messages.markPosted(message.id, await screen.post(message, 'person'));
  }
  return {
    /** Posts a list into the rep's conversation with the app. */
    post,
    /** An additional digest, without a run: the planned digest still comes. */
    async sendNow(rep: Rep): Promise<void> {
      const message = await lists.make(rep, DIGEST);
      await post(message);
      await planLook(deps, rep, { messageId: message.id, look: 1 });
      await store.links.markAnnounced(rep, announced(message), clock());
    },
  };
}

/** Providers of the new links in a message. */
function announced({ summary }: LoadedMessage): ProviderId[] {
  return (summary.newLinks ?? []).map(({ provider }) => provider);
}
