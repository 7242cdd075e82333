/** Digest schedules: when a rep's digest comes, and when it does not. */
import { RECORD_TIMEOUT } from '../clicks/record.ts';
import { type DayChoices, FOREVER, type Schedule } from '../model/digest.ts';
import type { Instant } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { type Skipped, skippedDigests } from '../model/skipped.ts';
import { DAY, localDate, nextDigestAfterPause, nextDigestAt, startOfLocalDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';
import { nextClose, planDay } from './day.ts';

type ScheduleDeps = Pick<Ports, 'store' | 'queue' | 'calendar' | 'clock'>;

/** What is absent stays as it is. */
export type ScheduleChoice = Partial<Pick<Schedule, 'time' | 'days' | 'ownZone' | 'country'>> & {
  /** `until`: the first local date with a digest again, `YYYY-MM-DD`; undefined ends a pause. */
  pause?: { until: string | undefined };
  choices?: Partial<DayChoices>;
};

export interface ChangedSchedule {
  schedule: Schedule;
  /** Digests that do not come before the next one. */
  skipped: readonly Skipped[];
  /** When the next day is closed. undefined: none is. */
  closesAt: Instant | undefined;
}

export type Schedules = ReturnType<typeof createSchedules>;

export function createSchedules(deps: ScheduleDeps) {
  return {
    /** Without an instant, until the rep resumes. */
    pause: (rep: Rep, until: Instant = FOREVER) => change(deps, rep, (current) => ({ ...current, pausedUntil: until })),
    resume: (rep: Rep) => change(deps, rep, (current) => ({ ...current, pausedUntil: undefined })),
    /** Throws if it could not be recorded within two seconds; then nothing was. */
    async choose(rep: Rep, { pause, choices, ...choice }: ScheduleChoice): Promise<ChangedSchedule> {
      // The first question about a country takes longest, and a transaction must not wait for it.
      await deps.calendar.holidaysOf(choice.country);
      const wish = (current: Schedule) => {
        const chosen = { ...current, ...choice, choices: { ...current.choices, ...choices } };
        const zone = chosen.ownZone ?? rep.slackZone;
        return pause ? { ...chosen, pausedUntil: endOfPause(pause.until, current, zone) } : chosen;
      };
      return change(deps, rep, wish, RECORD_TIMEOUT);
    },
    /** Keeps the time of day after the rep's zone changed. */
    followZone: (rep: Rep) => change(deps, rep, (current) => current),
  };
}

/** A pause that ends in the middle of that date stays as it is. */
function endOfPause(until: string | undefined, { pausedUntil }: Schedule, zone: string): Instant | undefined {
  if (until === undefined) return undefined;
  const isSame = pausedUntil !== undefined && pausedUntil < FOREVER && localDate(pausedUntil, zone) === until;
  return isSame ? pausedUntil : startOfLocalDate(until, zone);
}

async function change(
  deps: ScheduleDeps,
  rep: Rep,
  wishOf: (current: Schedule) => Schedule,
  options?: typeof RECORD_TIMEOUT,
): Promise<ChangedSchedule> {
  const { store, calendar, clock } = deps;
  const write = async (tx: Tx) => {
    const current = await store.schedules.find(rep, tx);
    if (!current) throw new TypeError(`no schedule for ${rep.teamId}/${rep.userId}`);
    const now = clock();
    const wish = wishOf(current);
    const zone = wish.ownZone ?? rep.slackZone;
    const holidays = await calendar.holidaysOf(wish.country);
    const hasRun = async (date: string) => (await store.runs.find(rep, date, tx)) !== undefined;
    let nextDueAt = nextDigestAfterPause(wish, zone, now, holidays);
    // A date with a digest gets no second one.
    while (nextDueAt < FOREVER && (await hasRun(localDate(nextDueAt, zone)))) {
      nextDueAt = nextDigestAt(wish, zone, nextDueAt, holidays);
    }
    const schedule = { ...wish, nextDueAt };
    await store.schedules.save(schedule, tx);
    const today = localDate(now, zone);
    const had = (await hasRun(today)) ? today : undefined;
    const skipped = skippedDigests(schedule, { now, zone, days: schedule.days, holidays }, had);
    return { schedule, skipped, closesAt: await planAnew(deps, { rep: { ...rep, zone }, schedule }, tx) };
  };
  return store.transact(write, { ...options, of: rep });
}

/** Of the day that has had its digest. Returns when the next day is closed. */
async function planAnew(
  deps: ScheduleDeps,
  { rep, schedule }: { rep: Rep; schedule: Schedule },
  tx: Tx,
): Promise<Instant | undefined> {
  const { store, clock } = deps;
  const today = localDate(clock(), rep.zone);
  const run = await store.runs.find(rep, today, tx);
  const message =
    run?.state === 'posted' && run.messageId !== undefined ? await store.messages.load(run.messageId, tx) : undefined;
  if (message) await planDay(deps, { rep, localDate: today, message }, tx);
  return nextClose(deps, schedule, { zone: rep.zone, hadDigest: message !== undefined }, tx);
}

/** Computes the holidays of all chosen countries ahead, for this year and the next, so that no click waits for them. */
export async function prepareHolidays({
  store,
  calendar,
  clock,
}: Pick<Ports, 'store' | 'calendar' | 'clock'>): Promise<void> {
  for (const country of await store.schedules.countries()) {
    const holidays = await calendar.holidaysOf(country);
    for (const at of [clock(), clock() + 366 * DAY]) holidays(localDate(at, 'UTC'));
  }
}
