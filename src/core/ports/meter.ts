/** Counts and times for `GET /metrics`; Nothing here names a person or a customer. */
import type { SkipReason } from '../model/digest.ts';
import type { ProviderId } from '../model/keys.ts';
import type { Operation } from '../model/task.ts';

/** What became of a click; `undo_failed`: the change is still in effect. */
export type ClickResult = 'succeeded' | 'failed' | 'stale' | 'undone' | 'undo_failed';

/** A call of a provider: the HTTP status, or `none` without an answer. */
export interface ToolCall {
  provider: ProviderId;
  status: number | 'none';
  ms: number;
}

export interface Meter {
  /** Slack was answered. `kind`: as Slack names it, `block_actions`. */
  acked(kind: string, ms: number): void;
  /** All listeners ended without an acknowledgement. */
  notAcknowledged(kind: string): void;
  clickSettled(click: { verb: Operation; provider: ProviderId; result: ClickResult }): void;
  /** From the click, or the end of its undo window, until its outcome was shown. */
  outcomeShown(ms: number): void;
  toolCalled(call: ToolCall): void;
  digestDue(): void;
  /** `lateMs`: after its due time. */
  digestSent(lateMs: number): void;
  digestSkipped(why: SkipReason): void;
  /** Slack refused a call because there were too many. */
  slackRefusedRate(): void;
}

/** Without metrics. */
export const NO_METER: Meter = {
  acked() {},
  notAcknowledged() {},
  clickSettled() {},
  outcomeShown() {},
  toolCalled() {},
  digestDue() {},
  digestSent() {},
  digestSkipped() {},
  slackRefusedRate() {},
};
