/** What follows a digest on its day, as the rep chose it: the close of the day, and reminders of calls. */
import { nudgeJob } from '../clicks/nudges.ts';
import { newJob } from '../jobs/kinds.ts';
import { callToCome, closingOf, isQuiet, wallClock } from '../model/day.ts';
import { taskNow } from '../model/day-count.ts';
import { FOREVER, type Schedule } from '../model/digest.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Recipient } from '../model/people.ts';
import { localDate, startOfLocalDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewJob } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';

type DayDeps = Pick<Ports, 'store' | 'queue' | 'clock'>;

/** A rep, and a date that has had its digest. */
export interface DigestDay {
  rep: RepKey & { zone: string };
  localDate: string;
  message: Pick<LoadedMessage, 'items'>;
}

/** Enqueues what is still to come. The same again adds nothing. */
export async function planDay(deps: DayDeps, { rep, localDate: date, message }: DigestDay, tx: Tx): Promise<void> {
  const { store, queue, clock } = deps;
  const schedule = await store.schedules.find(rep, tx);
  if (!schedule) return;
  const now = clock();
  const closesAt = closingOf(schedule.choices, date, rep.zone);
  if (closesAt !== undefined && closesAt > now) await queue.enqueue(closeJob(rep, date, closesAt), tx);
  if (!schedule.choices.nudges) return;
  for (const [callAt, tools] of callsToCome(message, { now, zone: rep.zone })) {
    await queue.enqueue(nudgeJob(rep, callAt, tools), tx);
  }
}

/** The minutes of the calls of later today, each with the tools that hold them. */
function callsToCome(
  { items }: DigestDay['message'],
  time: { now: Instant; zone: string },
): Map<Instant, ProviderId[]> {
  const found = new Map<Instant, ProviderId[]>();
  for (const task of items.map(taskNow)) {
    const callAt = callToCome(task, time);
    const tools = callAt === undefined ? [] : (found.get(callAt) ?? []);
    if (callAt !== undefined && !tools.includes(task.provider)) found.set(callAt, [...tools, task.provider]);
  }
  return found;
}

/** Looks whether the date is to be closed at that time; a time that the rep chooses later has another key. */
function closeJob({ teamId, userId }: RepKey, date: string, at: Instant): NewJob {
  const payload = { kind: 'close', teamId, userId, localDate: date, at } as const;
  return newJob(`${closingKey({ teamId, userId }, date)}:${at}`, payload, at);
}

/** Closes the date, which it does once, whatever times were chosen. */
export function closingJob(
  { teamId, userId }: RepKey,
  date: string,
  { at, now }: Record<'at' | 'now', Instant>,
): NewJob {
  const payload = { kind: 'close', teamId, userId, localDate: date, at, isTime: true } as const;
  return newJob(closingKey({ teamId, userId }, date), payload, now);
}

function closingKey({ teamId, userId }: RepKey, date: string): string {
  return `close:${teamId}:${userId}:${date}`;
}

/** When the next day is closed. undefined: none is, or only one whose digest is not planned yet. */
export async function nextClose(
  { queue, clock }: Pick<DayDeps, 'queue' | 'clock'>,
  schedule: Schedule,
  { zone, hadDigest }: { zone: string; hadDigest: boolean },
  tx: Tx,
): Promise<Instant | undefined> {
  const now = clock();
  const { choices, nextDueAt, pausedUntil } = schedule;
  const today = localDate(now, zone);
  const isPaused = pausedUntil !== undefined && pausedUntil > now;
  const at = closingOf(choices, today, zone);
  const isToCome = hadDigest && !isPaused && at !== undefined && at > now;
  if (isToCome && !(await queue.knows(closingKey(schedule, today), tx))) return at;
  if (nextDueAt >= FOREVER) return undefined;
  const next = closingOf(choices, localDate(nextDueAt, zone), zone);
  return next !== undefined && next > nextDueAt ? next : undefined;
}

/** Both the close and reminders keep to the quiet hours: what falls into them does not come, nor does it later. */
export function isQuietNow({ choices }: Schedule, { now, zone }: { now: Instant; zone: string }): boolean {
  return isQuiet(wallClock(now, zone), choices.quiet);
}

/** The first digest of a local date: the day is counted by it. */
export async function digestOfDay(
  { store }: Pick<Ports, 'store'>,
  rep: RepKey & { zone: string },
  date: string,
): Promise<LoadedMessage | undefined> {
  const first = (await store.messages.digestsSince(rep, startOfLocalDate(date, rep.zone))).at(-1);
  return first === undefined ? undefined : store.messages.load(first);
}

/** A stored message may wait for Slack: then the rep may not want it any more, or its time may be over. */
export function isWelcome(
  { clock }: Pick<Ports, 'clock'>,
  { rep: { zone }, schedule }: Pick<Recipient, 'rep' | 'schedule'>,
  { summary: { day, filter, localDate: date } }: LoadedMessage,
): boolean {
  if (!day && filter.by !== 'soon') return true;
  const now = clock();
  if (!schedule || isQuietNow(schedule, { now, zone })) return false;
  if (day) return schedule.choices.closesAt !== undefined && localDate(now, zone) === date;
  return filter.by === 'soon' && schedule.choices.nudges && now < filter.dueAt;
}
