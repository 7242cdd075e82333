/** The outcome of a click is shown at once; this job shows it if the process dies before that. */

import type { Action } from '../model/action.ts';
import type { Instant } from '../model/keys.ts';
import type { NewJob } from '../ports/queue.ts';

/** Clicks, and what they came to, go ahead of everything else. */
export const CLICK_JOB_PRIORITY = 10;

/** Long after the outcome was shown, if nothing went wrong. */
const SHOW_AGAIN_AFTER = 10_000;

/** `what` tells apart what may become of one action between two attempts. */
export function showJob(action: Action, what: 'settled' | 'withdrawn' | 'dropped', now: Instant): NewJob {
  const { teamId, userId, provider, taskId } = action;
  return {
    key: `show:${action.id}:${action.attempts}:${what}`,
    payload: { kind: 'show', teamId, userId, provider, taskId },
    priority: CLICK_JOB_PRIORITY,
    runAt: now + SHOW_AGAIN_AFTER,
  };
}
