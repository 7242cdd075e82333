/**
 * The end of a job that cannot be done: claim after claim ended in nothing, because it kills the process or because its
 * handler breaks. Nobody waits for ever: whoever asked for it is told, in the transaction that ends the job.
 */

import { LeaseLost } from '../jobs/lease.ts';
import type { NoticeDeps } from '../jobs/notices.ts';
import type { Action } from '../model/action.ts';
import type { Job } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';
import { tellNotCreated } from './follow-up.ts';
import { failed, type PerformDeps } from './settle.ts';
import { showJob } from './show.ts';
import { notUndone } from './undo.ts';

export async function giveUp(deps: PerformDeps & NoticeDeps, job: Job): Promise<void> {
  const { id, key, lapses, payload } = job;
  const reason =
    payload.kind === 'unreadable' ? 'its payload cannot be read' : `${lapses} claims in a row ended in nothing`;
  try {
    await deps.store.transact(async (tx) => {
      await tellWhoWaits(deps, job, tx);
      if (!(await deps.queue.giveUp(job, `given up: ${reason}`, tx))) throw new LeaseLost();
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    return;
  }
  deps.log.error({ job: id, key, kind: payload.kind, reason }, 'job given up');
}

async function tellWhoWaits(deps: PerformDeps & NoticeDeps, job: Job, tx: Tx): Promise<void> {
  const { payload } = job;
  switch (payload.kind) {
    case 'perform':
    case 'undo': {
      const action = await deps.store.ledger.find(payload.actionId, tx);
      return action && settleAs(deps, action, payload.kind, tx);
    }
    case 'digest': {
      const run = await deps.store.runs.find(payload, payload.localDate, tx);
      if (run?.state === 'claimed') await deps.store.runs.markSkipped(payload, payload.localDate, tx);
      return;
    }
    case 'create':
      return tellNotCreated(deps, job, payload, tx);
    default:
      // Nobody asked for these, and each comes again by itself: a look, a daily check, an edit.
      return;
  }
}

async function settleAs(deps: PerformDeps, action: Action, kind: 'perform' | 'undo', tx: Tx): Promise<void> {
  const [from, patch] =
    kind === 'perform'
      ? (['queued', failed(deps, action, 'unexpected')] as const)
      : (['undoing', notUndone(deps, action, 'unexpected')] as const);
  if (!(await deps.store.ledger.transition(action.id, { from: [from] }, patch, tx))) return;
  await deps.queue.enqueue({ ...showJob(action, 'settled', deps.clock()), runAt: deps.clock() }, tx);
}
