/** Sweeps: many tasks acted on as one, with one result and one Undo. */
import type { Change } from './capabilities.ts';
import type { Instant, RepKey } from './keys.ts';

/** `sweep`: one choice for many tasks at once. `focus`: one task after another in a window, each with its own choice. */
export const SWEEP_KINDS = ['sweep', 'focus'] as const;

export type SweepKind = (typeof SWEEP_KINDS)[number];

/** Why a task that was meant is not in the sweep: no verb for it, closed, or something is being done to it. */
export type LeftOut = 'unsupported' | 'not_linked' | 'closed' | 'underway';

export interface Sweep extends RepKey {
  id: string;
  kind: SweepKind;
  /** The message with the rows. It may be pruned before the sweep. */
  messageId: string;
  /** The change of all its tasks; undefined for `focus`. */
  change?: Change;
  /** How many tasks were left out, by reason. */
  leftOut?: Partial<Record<LeftOut, number>>;
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
