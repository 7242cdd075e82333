/**
 * How a job ends: done, tried again, or given up. This is the only place that ends one.
 *
 * **Invariant**: whatever a job writes at its end is written in the transaction that ends it, and only by the worker whose
 * lease still holds. A late worker writes nothing.
 */
import { DeliveryError } from '../model/errors.ts';
import type { Job, JobPayload, Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { type Attempt, type Ended, type Handlers, KINDS } from './kinds.ts';
import { LeaseLost } from './lease.ts';
import { attemptOf, decide, type Patience } from './retry.ts';

export interface RunDeps {
  store: Pick<Store, 'transact'>;
  queue: Queue;
  handlers: Handlers;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** A job is given up after so many claims in a row that ended in nothing: it kills the process, or its handler breaks. */
const MOST_LAPSES = 5;

type EndJob = (tx?: Tx) => Promise<boolean>;

export async function runJob(deps: RunDeps, job: Job): Promise<void> {
  const { payload, lapses } = job;
  if (payload.kind === 'unreadable') return abandon(deps, job, 'its payload cannot be read');
  if (lapses >= MOST_LAPSES) return abandon(deps, job, `${lapses} claims in a row ended in nothing`);
  const attempt = await begin(deps, payload, job);
  let ended: Ended;
  try {
    ended = (await attempt?.run()) ?? {};
  } catch (error) {
    if (error instanceof LeaseLost) return leave(deps, job);
    return failed(deps, job, KINDS[payload.kind].patience, { attempt, error });
  }
  await end(deps, job, ended, (tx) => deps.queue.complete(job, tx));
}

/** The payload's kind picks its own handler, which the compiler cannot follow through the table. */
function begin({ handlers }: RunDeps, payload: JobPayload, job: Job): Promise<Attempt | undefined> {
  const handler = handlers[payload.kind] as (payload: JobPayload, job: Job) => Promise<Attempt | undefined>;
  return handler(payload, job);
}

/** The retry table decides. */
async function failed(
  deps: RunDeps,
  job: Job,
  patience: Patience,
  { attempt, error }: { attempt: Attempt | undefined; error: unknown },
): Promise<void> {
  const { queue, log } = deps;
  const decision = decide(error, attemptOf(job, deps), patience);
  const message = error instanceof Error ? error.message : 'unknown';
  const fields = { err: error, ...about(job), attempt: job.attempt };
  if ('again' in decision) {
    log.warn({ ...fields, until: new Date(decision.until).toISOString() }, 'job failed, will be tried again');
    const retry: EndJob = (tx) => queue.retry(job, { ...decision.again, error: message }, tx);
    await end(deps, job, attempt?.again?.({ error, decision }) ?? {}, retry);
    return;
  }
  // Slack's refusal of one person or message is no trouble of ours.
  const isRefusal = error instanceof DeliveryError && error.kind === 'permanent';
  log[isRefusal ? 'warn' : 'error'](fields, 'job failed');
  const ended = attempt?.giveUp?.({ reason: decision.fail, error }) ?? {};
  await end(deps, job, ended, (tx) => queue.giveUp(job, message, tx));
}

/** Nothing of such a job can be trusted to work, so it ends even if whoever waits cannot be told. */
async function abandon(deps: RunDeps, job: Job, reason: string): Promise<void> {
  const { payload } = job;
  const giveUp: EndJob = (tx) => deps.queue.giveUp(job, `given up: ${reason}`, tx);
  try {
    const attempt = payload.kind === 'unreadable' ? undefined : await begin(deps, payload, job);
    if (!(await end(deps, job, attempt?.giveUp?.({ reason: 'unexpected' }) ?? {}, giveUp))) return;
  } catch (error) {
    deps.log.error({ err: error, ...about(job) }, 'nobody could be told of a job that was given up');
    await giveUp();
  }
  deps.log.error({ ...about(job), key: job.key, reason }, 'job given up');
}

/** False: the lease was lost, and nothing was written. */
async function end(deps: RunDeps, job: Job, { write, after }: Ended, how: EndJob): Promise<boolean> {
  try {
    if (!write) {
      if (!(await how())) throw new LeaseLost();
    } else {
      await deps.store.transact(async (tx) => {
        await write(tx);
        if (!(await how(tx))) throw new LeaseLost();
      });
    }
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    leave(deps, job);
    return false;
  }
  try {
    await after?.();
  } catch (error) {
    deps.log.warn({ err: error, ...about(job) }, 'the outcome of a job is not shown yet');
  }
  return true;
}

function leave({ log }: RunDeps, job: Job): void {
  log.warn(about(job), 'lease lost, the job is left to the worker that has it now');
}

/** Ids to look for in the log. Never a note, an address or a notice. */
function about({ id, payload }: Job): object {
  const fields: Record<string, unknown> = { job: id, kind: payload.kind };
  if ('actionId' in payload) fields.action = payload.actionId;
  if ('provider' in payload) fields.provider = payload.provider;
  if ('userId' in payload) fields.rep = payload.userId;
  return fields;
}
