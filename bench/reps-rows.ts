/** The measurement of a number of reps, and the rows that it makes. */
import { mb, median, ms, type Row, times } from './table.ts';

const GOAL = { flat: 1.1, memory: 1.3, digestMs: 3, heldMs: 50 };

export interface Measurement {
  /** Of a digest. */
  cpuMs: number;
  /** Of the least that a digest does. */
  floorMs: number;
  databaseBytes: number;
  idle: number;
  /** The most that was seen. */
  during: number;
  after: number;
  /** The longest hold of the loop: while people were linked, digests went out, clicks came. */
  held: Held;
  /** The most processor time of its thread between two turns of the loop: it had no other process to wait for then. */
  heldCpu: Held;
}

interface Held {
  linking: number;
  digests: number;
  clicks: number;
}

export function medianOf(all: readonly Measurement[]): Measurement {
  const of = (pick: (one: Measurement) => number) => median(all.map(pick));
  const heldOf = (pick: (one: Measurement) => Held): Held => ({
    linking: of((one) => pick(one).linking),
    digests: of((one) => pick(one).digests),
    clicks: of((one) => pick(one).clicks),
  });
  return {
    cpuMs: of(({ cpuMs }) => cpuMs),
    floorMs: of(({ floorMs }) => floorMs),
    databaseBytes: of(({ databaseBytes }) => databaseBytes),
    idle: of(({ idle }) => idle),
    during: of(({ during }) => during),
    after: of(({ after }) => after),
    held: heldOf(({ held }) => held),
    heldCpu: heldOf(({ heldCpu }) => heldCpu),
  };
}

/** By the number of reps, the fewest first. */
export function rowsOf(all: ReadonlyMap<number, Measurement>): Row[] {
  const [least, most] = [[...all.values()][0], [...all.values()].at(-1)];
  if (!least || !most) return [];
  const flat = (what: string, of: (one: Measurement) => number, unit: (value: number) => string): Row => {
    const highest = Math.max(...[...all.values()].map(of));
    return {
      what: `${what}, 100 to 10,000 reps`,
      floor: `${unit(of(least))} at 100`,
      ours: `${[...all.values()]
        .slice(1)
        .map((one) => unit(of(one)))
        .join(', ')} at 1,000, 10,000`,
      ratio: times(highest / of(least)),
      goal: `at most ${GOAL.flat}x`,
      met: highest / of(least) <= GOAL.flat,
    };
  };
  const peak = Math.max(most.idle, most.during, most.after);
  const held = Math.max(...Object.values(most.held));
  return [
    flat('CPU of a digest', ({ cpuMs }) => cpuMs, ms),
    flat(
      'database of a digest',
      ({ databaseBytes }) => databaseBytes,
      (bytes) => `${(bytes / 1_024).toFixed(1)} KB`,
    ),
    {
      what: 'CPU of a digest, 10,000 reps',
      floor: `${ms(most.floorMs)}, a list, a post and a row`,
      ours: ms(most.cpuMs),
      ratio: times(most.cpuMs / most.floorMs),
      goal: `at most ${GOAL.digestMs} ms`,
      met: most.cpuMs <= GOAL.digestMs,
    },
    {
      what: 'memory, 10,000 reps: idle, digests, clicks',
      floor: `${mb(least.idle)} idle at 100`,
      ours: [most.idle, most.during, most.after].map(mb).join(', '),
      ratio: times(peak / least.idle),
      goal: `at most ${GOAL.memory}x`,
      met: peak / least.idle <= GOAL.memory,
    },
    {
      what: 'the loop is held, 10,000 reps',
      floor: `${heldWords(most.heldCpu)}, of its own processor time`,
      ours: heldWords(most.held),
      ratio: '',
      goal: `at most ${GOAL.heldMs} ms`,
      met: held <= GOAL.heldMs,
    },
  ];
}

export function heldWords({ linking, digests, clicks }: Held): string {
  return `${ms(linking)} by linking, ${ms(digests)} by digests, ${ms(clicks)} by clicks`;
}
