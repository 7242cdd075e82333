/**
 * The digest: who is due, and sending it.
 *
 * **Invariant 5**: one digest per rep and local date. The run's row is unique and is written with its job in
 * one transaction; if a crash falls between post and mark, the digest comes twice rather than never.
 */

import { usableLinks } from '../clicks/target.ts';
import { attemptOf, BACKGROUND, decide } from '../jobs/retry.ts';
import type { Run, Schedule } from '../model/digest.ts';
import { DeliveryError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { CATCH_UP_WINDOW, DAY, localDate, MINUTE, nextDigestAfterPause, nextDigestAt } from '../model/time.ts';
import type { Job, Queue } from '../ports/queue.ts';
import { type ListingDeps, makeList, refreshList } from './listing.ts';

export interface DigestDeps extends ListingDeps {
  queue: Queue;
}

const DIGEST_JOB_PRIORITY = 1;
const DIGEST = { kind: 'digest', filter: { by: 'all' }, after: undefined, priority: 'digest' } as const;
/** A message that Slack did not take is posted as it is for this long. */
const STILL_FRESH = 10 * MINUTE;
/** How many due reps one tick takes from the store at a time. */
const BATCH = 200;

/** Claims a run for every rep whose digest is due, and returns how many. One rep's trouble never stops the next. */
export async function claimDueDigests(deps: DigestDeps): Promise<number> {
  const now = deps.clock();
  let claimed = 0;
  const failed = new Set<string>();
  for (;;) {
    const due = await deps.store.schedules.due(now, BATCH + failed.size);
    const fresh = due.filter((schedule) => !failed.has(keyOf(schedule)));
    if (fresh.length === 0) return claimed;
    for (const schedule of fresh) {
      try {
        claimed += (await claimOne(deps, schedule, now)) ? 1 : 0;
      } catch (error) {
        failed.add(keyOf(schedule));
        deps.log.error({ err: error, rep: schedule.userId }, 'could not claim a digest run');
      }
    }
  }
}

function keyOf(rep: RepKey): string {
  return `${rep.teamId}:${rep.userId}`;
}

async function claimOne(deps: DigestDeps, schedule: Schedule & { zone: string }, now: Instant): Promise<boolean> {
  const { teamId, userId, zone } = schedule;
  const dueAt = latestDue(schedule, now);
  const date = localDate(dueAt, zone);
  const late = now - dueAt > CATCH_UP_WINDOW;
  const run = {
    teamId,
    userId,
    localDate: date,
    state: late ? 'skipped' : 'claimed',
    claimedAt: now,
    postedAt: undefined,
    messageId: undefined,
  } satisfies Run;
  const next = { from: schedule.nextDueAt, to: nextDigestAfterPause(schedule, zone, now) };
  return deps.store.transact(async (tx) => {
    // A rep who paused or chose another hour since this was read keeps what they chose; the next tick reads it.
    if (!(await deps.store.schedules.advance(schedule, next, tx))) return false;
    const first = await deps.store.runs.claim(run, tx);
    if (!first || late) return false;
    return deps.queue.enqueue(
      {
        key: `digest:${teamId}:${userId}:${date}`,
        payload: { kind: 'digest', teamId, userId, localDate: date },
        priority: DIGEST_JOB_PRIORITY,
        runAt: dueAt,
      },
      tx,
    );
  });
}

/** The last digest time that is not after `now`: after a downtime of days only this one may still be worth sending. */
export function latestDue(schedule: Schedule & { zone: string }, now: Instant): Instant {
  let due = schedule.nextDueAt;
  const recent = now - 10 * DAY;
  if (due < recent) due = nextDigestAt(schedule, schedule.zone, recent);
  for (;;) {
    const next = nextDigestAt(schedule, schedule.zone, due);
    if (next > now) return due;
    due = next;
  }
}

/**
 * Sends a run's digest. A Slack that refuses for good ends the run; one that is busy or away gets the same message again,
 * until it would come too late to be of use.
 */
export async function sendDigest(deps: DigestDeps, job: Job, key: RepKey, date: string): Promise<void> {
  const run = await deps.store.runs.find(key, date);
  if (run?.state !== 'claimed') {
    await deps.queue.complete(job);
    return;
  }
  const rep = await deps.store.reps.find(key);
  if (!rep || !(await isWanted(deps, job, rep))) return skip(deps, job, run);
  try {
    const messageId = await messageOf(deps, run, rep);
    const posted = await deps.screen.post(messageId, 'digest');
    const told = await announced(deps, messageId);
    const now = deps.clock();
    await deps.store.transact(async (tx) => {
      await deps.store.messages.markPosted(messageId, posted, tx);
      await deps.store.links.markAnnounced(key, told, now, tx);
      await deps.store.runs.markPosted(key, date, messageId, now, tx);
      await deps.store.reps.markWelcomed(key, now, tx);
      await deps.queue.complete(job, tx);
    });
  } catch (error) {
    const decision = decide(error, attemptOf(job, deps), BACKGROUND);
    if ('again' in decision) {
      deps.log.warn({ err: error, rep: key.userId, date }, 'digest not sent, will be tried again');
      await deps.queue.retry(job, { ...decision.again, error: error instanceof Error ? error.message : 'unknown' });
      return;
    }
    const permanent = error instanceof DeliveryError && error.kind === 'permanent';
    deps.log[permanent ? 'warn' : 'error']({ err: error, rep: key.userId, date }, 'digest given up');
    await skip(deps, job, run);
  }
}

/** Things may have changed since the run was claimed: hours may have passed, the rep may have paused or gone. */
async function isWanted(deps: DigestDeps, job: Job, rep: Rep): Promise<boolean> {
  const now = deps.clock();
  if (!rep.active || now - job.enqueuedAt > CATCH_UP_WINDOW) return false;
  const schedule = await deps.store.schedules.find(rep);
  if (schedule?.pausedUntil !== undefined && schedule.pausedUntil > now) return false;
  return (await usableLinks(deps, rep)).length > 0;
}

async function skip(deps: DigestDeps, job: Job, run: Run): Promise<void> {
  await deps.store.transact(async (tx) => {
    await deps.store.runs.markSkipped(run, run.localDate, tx);
    await deps.queue.complete(job, tx);
  });
}

/** What an earlier attempt could not post is posted by the next, asked anew only when it has become old. */
async function messageOf(deps: DigestDeps, run: Run, rep: Rep): Promise<string> {
  if (run.messageId === undefined) {
    const messageId = await makeList(deps, rep, DIGEST);
    await deps.store.runs.noteMessage(run, run.localDate, messageId);
    return messageId;
  }
  const message = await deps.store.messages.load(run.messageId);
  if (!message || deps.clock() - message.summary.fetchedAt > STILL_FRESH) {
    await refreshList(deps, rep, run.messageId, 'digest');
  }
  return run.messageId;
}

/** A digest that was asked for: it is no run, so it neither replaces nor suppresses the planned one. */
export async function postDigest(deps: ListingDeps, rep: Rep): Promise<void> {
  const messageId = await makeList(deps, rep, DIGEST);
  await deps.store.messages.markPosted(messageId, await deps.screen.post(messageId, 'person'));
  await deps.store.links.markAnnounced(rep, await announced(deps, messageId), deps.clock());
}

/** The providers whose new links a message told of. */
async function announced({ store }: ListingDeps, messageId: string): Promise<ProviderId[]> {
  const message = await store.messages.load(messageId);
  return (message?.summary.newLinks ?? []).map(({ provider }) => provider);
}
