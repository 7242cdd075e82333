/**
 * Two years of a rep's digests, against what the clocks on walls show and nothing of ours: none missed, doubled or mistimed,
 * in any zone, on any days, with holidays and pauses. MATRIX=all takes every zone; MATRIX_SEED draws others.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedules } from '../../../src/core/digests/schedule.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { FOREVER, type Schedule } from '../../../src/core/model/digest.ts';
import type { Rep } from '../../../src/core/model/people.ts';
import { NO_METER } from '../../../src/core/ports/meter.ts';
import type { Ports } from '../../../src/core/ports/ports.ts';
import { chosen } from '../../matrix/cells.ts';
import { rep as repOf, schedule as scheduleOf } from '../../store/fixtures.ts';
import { ANN } from '../docket.ts';
import { digestTimes, stretchesOf, wallTime } from '../model/wall-clock.ts';

const DAY = 86_400_000;
const FROM = Date.parse('2026-01-01T00:00:00Z');
const TO = Date.parse('2028-01-01T00:00:00Z');
const ZONES = Intl.supportedValuesOf('timeZone').map((zone, index) => ({ zone, index }));

/** Asked for at `at`; `until` is undefined where the rep resumes. */
interface Pause {
  at: number;
  until: number | undefined;
}

interface Life {
  zone: string;
  time: string;
  days: number[];
  holidays: ReadonlySet<string>;
  pauses: readonly Pause[];
  /** Moments at which the app looks besides those when a digest is due. */
  looks: readonly number[];
}

const dayOf = (day: number) => new Date(FROM + day * DAY).toISOString().slice(0, 10);
const anyDay = fc.nat(730);
const holidays = fc.array(fc.tuple(anyDay, fc.constantFrom(1, 1, 1, 2, 4, 9)), { minLength: 10, maxLength: 40 });
/** Never at a whole minute: the second in which a digest is due is nobody's to judge. */
const moment = fc.integer({ min: FROM, max: TO - 10 * DAY }).map((at) => Math.floor(at / 60_000) * 60_000 + 1);
const pause = fc.record({
  at: moment,
  length: fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constantFrom(0, 1, 400, Number.POSITIVE_INFINITY, Number.NaN)),
});

/** Every set of working days comes with some zones, and each zone with and without holidays and pauses. */
function livesOf({ zone, index }: (typeof ZONES)[number]): Life[] {
  const days = [1, 2, 3, 4, 5, 6, 7].filter((day) => ((index % 127) + 1) & (1 << (day - 1)));
  const own = fc.record({
    hour: fc.nat(23),
    minute: fc.nat(59),
    holidays,
    pauses: fc.array(pause, { minLength: 5, maxLength: 30 }),
    looks: fc.array(moment, { minLength: 50, maxLength: 50 }),
  });
  return fc.sample(own, { seed: index, numRuns: 4 }).map((each, number) => ({
    zone,
    time: [each.hour, each.minute].map((part) => String(part).padStart(2, '0')).join(':'),
    days: number === 0 ? [1, 2, 3, 4, 5] : days,
    holidays: new Set(number % 2 === 0 ? [] : each.holidays.flatMap(spread)),
    pauses: number < 2 ? [] : each.pauses.map(pauseOf).toSorted((one, other) => one.at - other.at),
    looks: each.looks,
  }));
}

function spread([day, length]: [number, number]): string[] {
  return Array.from({ length }, (_, index) => dayOf(day + index));
}

function pauseOf({ at, length }: { at: number; length: number }): Pause {
  if (Number.isNaN(length)) return { at, until: undefined };
  return { at, until: length === Number.POSITIVE_INFINITY ? FOREVER : at + length * DAY + 12_345 };
}

/** A store with one rep. */
function storeOf(rep: Rep, first: Schedule) {
  let schedule = first;
  const runs = new Set<string>();
  const store = {
    transact: (work: (tx: never) => unknown) => work(undefined as never),
    schedules: {
      find: async () => schedule,
      save: async (saved: Schedule) => {
        schedule = saved;
      },
      due: async (now: number) => (schedule.nextDueAt <= now ? [{ ...schedule, zone: rep.zone }] : []),
      advance: async (_: unknown, { from, to }: { from: number; to: number }) => {
        if (schedule.nextDueAt !== from) return false;
        schedule = { ...schedule, nextDueAt: to };
        return true;
      },
    },
    runs: {
      find: async (_: unknown, date: string) => (runs.has(date) ? { localDate: date } : undefined),
      async claim({ localDate, state }: { localDate: string; state: string }) {
        // What is planned for a day off would be skipped here, and status would have announced it.
        expect({ localDate, state }).toEqual({ localDate, state: 'claimed' });
        return runs.size < runs.add(localDate).size;
      },
    },
  };
  return { store, dueAt: () => schedule.nextDueAt };
}

/** Lives through it, minute by minute where something happens; returns when which date's digest was sent. */
async function sentIn(life: Life, rep: Rep): Promise<{ date: string; at: number }[]> {
  let now = FROM - 1;
  const sent: { date: string; at: number }[] = [];
  const own = rep.slackZone === rep.zone ? undefined : rep.zone;
  const first = scheduleOf(ANN, { time: life.time, days: life.days, ownZone: own, nextDueAt: FOREVER });
  const { store, dueAt } = storeOf(rep, first);
  const deps = {
    store,
    queue: {
      enqueue: async ({ payload }: { payload: { localDate: string } }) =>
        sent.push({ date: payload.localDate, at: now }) > 0,
    },
    calendar: { holidaysOf: async () => (date: string) => (life.holidays.has(date) ? 'a holiday' : undefined) },
    clock: () => now,
    meter: NO_METER,
    log: { error: (fields: object) => expect(fields).toBe('never') },
  } as unknown as Ports & Parameters<typeof claimDueDigests>[0];
  const schedules = createSchedules(deps);
  await schedules.resume(rep);
  const pauses = [...life.pauses];
  const looks = life.looks.toSorted((one, other) => one - other);
  for (;;) {
    const at = Math.min(dueAt(), pauses[0]?.at ?? TO, looks[0] ?? TO);
    if (at >= TO) return sent;
    now = at;
    if (looks[0] === at) looks.shift();
    await claimDueDigests(deps);
    if (pauses[0]?.at !== at) continue;
    const asked = pauses.shift();
    if (asked?.until === undefined) await schedules.resume(rep);
    else await schedules.pause(rep, asked.until);
  }
}

function expectedIn({ zone, time, days, holidays: off, pauses }: Life) {
  const isPaused = (at: number) => (pauses.findLast((each) => each.at < at)?.until ?? 0) > at;
  return digestTimes(stretchesOf(zone, FROM - 5 * DAY, TO + 5 * DAY), { time, days }, FROM - 1, TO).filter(
    ({ date, earliest }) => !off.has(date) && !isPaused(earliest) && earliest < TO,
  );
}

test.each(chosen(ZONES, 16))('in $zone: every digest comes once, at its time', { timeout: 120_000 }, async (each) => {
  for (const life of livesOf(each)) {
    // Every second rep chose the zone, whatever Slack says.
    const rep = repOf(ANN, { zone: each.zone, slackZone: each.index % 2 === 0 ? each.zone : 'Asia/Kathmandu' });
    const expected = expectedIn(life);

    const sent = await sentIn(life, rep);

    const { zone, time, days } = life;
    const about = { zone, time, days, pauses: life.pauses.length, holidays: life.holidays.size };
    expect({ ...about, dates: sent.map(({ date }) => date) }).toEqual({
      ...about,
      dates: expected.map(({ date }) => date),
    });
    for (const [index, { at, date }] of sent.entries()) {
      const { earliest = Number.NaN, latest = Number.NaN } = expected[index] ?? {};
      expect({ ...about, date, isInTime: at >= earliest && at <= latest }).toEqual({ ...about, date, isInTime: true });
      expect(wallTime(at, zone).date).toBe(date);
    }
  }
});

test('the lives that are drawn have all that can happen: holidays and pauses that skip, and some that skip nothing', () => {
  const lives = chosen(ZONES, 16).slice(0, 16).flatMap(livesOf);
  const usual = lives.map((life) => expectedIn({ ...life, pauses: [], holidays: new Set() }).length);
  const skips = lives.map((life, index) => (usual[index] ?? 0) - expectedIn(life).length);

  expect(Math.min(...usual)).toBeGreaterThan(90);
  expect(skips.filter((each) => each === 0).length).toBeGreaterThanOrEqual(lives.length / 4);
  expect(skips.filter((each) => each > 10).length).toBeGreaterThan(lives.length / 3);
});
