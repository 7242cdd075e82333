/** How fast somebody outside is called, whoever keeps count: this process alone, or several of them (`shared-turns.ts`). */
import type { CallOptions, Priority } from '../ports/provider.ts';

export interface Limit {
  /** Calls that may start in any stretch of `windowMs`. */
  calls: number;
  windowMs: number;
  /** Calls of this process that may be under way at the same time. */
  concurrency: number;
  /** Default: for all calls. */
  only?: readonly Priority[];
  /** Calls count when they arrive: how much later than it left a call may. */
  lateMs?: number;
}

/** Whose turn it was is to come back after so long: everyone has been asked to wait, or no turn can be had. */
export class Held extends Error {
  override name = 'Held' as const;
  readonly ms: number;

  constructor(ms: number, cause?: unknown) {
    super(`held for ${ms} ms`, { cause });
    this.ms = ms;
  }
}

export interface Pace {
  /** Waits for a turn. An abort while waiting takes the call out of the queue and throws the signal's reason. */
  run<T>(work: () => Promise<T>, options: CallOptions): Promise<T>;
  /** Nobody starts for this long, those who already wait included: they wait on, or get `Held`. A shorter hold never ends a longer one. */
  hold(ms: number): void;
}

export interface PaceMore {
  /** Default: `LONGEST_PAUSE_MS`. */
  longestPauseMs?: number | undefined;
  /** False: calls need not wait for turns now, because the clock is ahead of the machine's (the sandbox). */
  isPaced?: (() => boolean) | undefined;
}

/** Of one limit. */
export type LimitedPace = Pace & Pick<Limit, 'only'>;

/** The paces of that name in this process, made by who asks first: who has the same account waits in the same line. */
export type KeepPaces = (name: string, make: () => readonly LimitedPace[]) => readonly LimitedPace[];

/** A pace that all processes keep together. `name`: what is called, the same in each of them. */
export type SharePace = (name: string, limits: readonly Limit[], more: PaceMore) => Pace;

export const RANK = { click: 4, person: 3, sweep: 2, digest: 1, spare: 0 } satisfies Record<Priority, number>;

/** Longer holds are said, and shorter ones waited for. Someone who waits for a list waits so long gladly. */
export const LONGEST_PAUSE_MS = 5_000;
