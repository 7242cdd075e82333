/** Sweeps: many tasks acted on as one, with one result and one Undo. */
import type { Change } from './capabilities.ts';
import type { Instant, ProviderId, RepKey } from './keys.ts';
import type { Verb } from './task.ts';

/** `sweep`: one choice for many tasks at once. `focus`: one task after another in a window, each with its own choice. */
export const SWEEP_KINDS = ['sweep', 'focus'] as const;

export type SweepKind = (typeof SWEEP_KINDS)[number];

/**
 * Why tasks that were meant are not in the sweep: their tool has no such verb for them or is not linked, they are closed,
 * something is being done to them, or they come after the last one that fits.
 */
export interface LeftOut {
  why: 'unsupported' | 'not_linked' | 'closed' | 'underway' | 'beyond';
  provider: ProviderId;
  tasks: number;
}

/** What can be done to many tasks at once. */
export type SweepChange = Extract<Change, { verb: Verb }>;

export interface Sweep extends RepKey {
  id: string;
  kind: SweepKind;
  /** The message with the rows. It may be pruned before the sweep. */
  messageId: string;
  /** The change of all its tasks; undefined for `focus`. */
  change?: SweepChange;
  leftOut?: readonly LeftOut[];
  createdAt: Instant;
  /** The message with its progress. */
  posted?: { channel: string; ts: string };
  /** When the rep asked to undo all of it for the last time. */
  undoAskedAt?: Instant;
  /** Number of times that its progress was started anew; only the last one goes on. */
  round: number;
}

/** `key` names the occasion, such as a window: the same one makes no second sweep. */
export type NewSweep = Omit<Sweep, 'id' | 'posted' | 'undoAskedAt' | 'round'> & { key: string };
