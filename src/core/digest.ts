/**
 * The digest: who is due, and sending it.
 *
 * **Invariant**: one digest per rep and local date (DESIGN 6.5). The run's row is unique and is written with its job in
 * one transaction; if a crash falls between post and mark, the digest comes twice rather than never.
 */
import { DeliveryError } from './errors.ts';
import { type ListingDeps, makeList } from './listing.ts';
import type { Log } from './perform.ts';
import type { Job, Queue } from './ports.ts';
import { BACKGROUND, decide } from './retry.ts';
import { CATCH_UP_WINDOW, DAY, localDate, nextDigestAfterPause, nextDigestAt } from './time.ts';
import type { Instant, RepKey, Run, Schedule } from './types.ts';

export interface DigestDeps extends ListingDeps {
  queue: Queue;
  random: () => number;
  log: Log;
}

const DIGEST_JOB_PRIORITY = 1;
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
  const next = { ...withoutZone(schedule), nextDueAt: nextDigestAfterPause(schedule, zone, now) };
  return deps.store.transact(async (tx) => {
    const first = await deps.store.runs.claim(run, tx);
    await deps.store.schedules.save(next, tx);
    if (!first || late) return false;
    return deps.queue.enqueue(
      {
        key: `digest:${teamId}:${userId}:${date}`,
        payload: { kind: 'digest', teamId, userId, localDate: date },
        priority: DIGEST_JOB_PRIORITY,
        runAt: now,
      },
      tx,
    );
  });
}

function withoutZone({ zone: _, ...schedule }: Schedule & { zone: string }): Schedule {
  return schedule;
}

/** The last digest time that is not after `now`: after a downtime of days only this one may still be worth sending. */
function latestDue(schedule: Schedule & { zone: string }, now: Instant): Instant {
  let due = schedule.nextDueAt;
  const recent = now - 10 * DAY;
  if (due < recent) due = nextDigestAt(schedule, schedule.zone, recent);
  for (;;) {
    const next = nextDigestAt(schedule, schedule.zone, due);
    if (next > now) return due;
    due = next;
  }
}

/** Sends a run's digest. A Slack that refuses for good ends the run; one that is busy or away gets it again. */
export async function sendDigest(deps: DigestDeps, job: Job, rep: RepKey, date: string): Promise<void> {
  const run = await deps.store.runs.find(rep, date);
  if (run?.state !== 'claimed') {
    await deps.queue.complete(job);
    return;
  }
  try {
    const messageId = await postDigest(deps, rep);
    const now = deps.clock();
    await deps.store.transact(async (tx) => {
      if (messageId) await deps.store.runs.markPosted(rep, date, messageId, now, tx);
      await deps.queue.complete(job, tx);
    });
  } catch (error) {
    const decision = decide(
      error,
      { number: job.attempt, since: run.claimedAt, now: deps.clock(), random: deps.random() },
      BACKGROUND,
    );
    if ('again' in decision) {
      deps.log.warn({ err: error, rep: rep.userId, date }, 'digest not sent, will be tried again');
      await deps.queue.retry(job, { ...decision.again, error: error instanceof Error ? error.message : 'unknown' });
      return;
    }
    const permanent = error instanceof DeliveryError && error.kind === 'permanent';
    deps.log[permanent ? 'warn' : 'error']({ err: error, rep: rep.userId, date }, 'digest given up');
    await deps.queue.complete(job);
  }
}

/** Lists, stores, posts. undefined: the rep has gone, or has no linked account any more. */
export async function postDigest(deps: ListingDeps, key: RepKey): Promise<string | undefined> {
  const rep = await deps.store.reps.find(key);
  if (!rep?.active) return undefined;
  const links = await deps.store.links.of(rep);
  if (links.length === 0) return undefined;
  const request = { kind: 'digest', filter: { by: 'all' }, offset: 0, priority: 'digest' } as const;
  const messageId = await makeList(deps, rep, request);
  const posted = await deps.screen.post(messageId);
  await deps.store.messages.markPosted(messageId, posted);
  return messageId;
}
