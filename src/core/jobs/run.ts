/**
 * Ends every job: done, retried or given up. Nothing else ends one.
 *
 * **Invariant**: what a job writes at its end is in the transaction that ends it, and only the worker with the lease
 * can commit that.
 */
import { DeliveryError, ProviderError } from '../model/errors.ts';
import type { Repeats } from '../model/log-limit.ts';
import type { Ports } from '../ports/ports.ts';
import type { Job, JobPayload } from '../ports/queue.ts';
import type { Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { type Attempt, type Ended, type Handlers, KINDS, URGENT_PRIORITY, type WorkspaceHandlers } from './kinds.ts';
import { LeaseLost } from './lease.ts';
import { attemptOf, decide, type RetryLimits } from './retry.ts';

interface RunDeps extends Pick<Ports, 'queue' | 'clock' | 'random' | 'log'> {
  store: Pick<Store, 'transact'>;
  handlers: WorkspaceHandlers | Pick<Handlers, 'unhook'>;
  /** Without it every line is written. */
  repeats?: Repeats;
}

/** A lost end of these is found again: the job runs anew and reads the task first. */
const FOUND_AGAIN: readonly Job['payload']['kind'][] = ['perform', 'undo', 'show'];

/** Claims without a result before a job is given up: it kills the process, or its handler breaks. */
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
    return failed(deps, job, KINDS[payload.kind].limits, { attempt, error });
  }
  await end(deps, job, ended, (tx) => deps.queue.complete(job, tx));
}

/** TypeScript cannot see that the handler fits the payload's kind. */
function begin({ handlers }: RunDeps, payload: JobPayload, job: Job): Promise<Attempt | undefined> {
  const handler = (handlers as Handlers)[payload.kind] as (
    payload: JobPayload,
    job: Job,
  ) => Promise<Attempt | undefined>;
  return handler(payload, job);
}

async function failed(
  deps: RunDeps,
  job: Job,
  limits: RetryLimits,
  { attempt, error }: { attempt: Attempt | undefined; error: unknown },
): Promise<void> {
  const { queue, log } = deps;
  const decision = decide(error, attemptOf(job, deps), limits);
  const message = error instanceof Error ? error.message : 'unknown';
  const fields = { err: error, ...about(job), attempt: job.attempt };
  if ('again' in decision) {
    const until = new Date(decision.until).toISOString();
    const log = logOfRetry(deps, job, error);
    log.warn({ ...fields, until }, 'job failed, will be tried again');
    const retry: EndJob = (tx) => queue.retry(job, { ...decision.again, error: message }, tx);
    await end(deps, job, attempt?.again?.({ error, decision }) ?? {}, retry);
    return;
  }
  // Slack's refusal of one person or message is not our error.
  const isRefusal = error instanceof DeliveryError && error.kind === 'permanent';
  log[isRefusal ? 'warn' : 'error'](fields, 'job failed');
  const ended = attempt?.giveUp?.({ reason: decision.fail, error }) ?? {};
  await end(deps, job, ended, (tx) => queue.giveUp(job, message, tx));
}

/** A thousand digests that wait for one tool are one line a minute. Of a click there is a line for each attempt: reps quote it. */
function logOfRetry({ log, repeats }: RunDeps, { payload }: Job, error: unknown): Pick<Log, 'warn'> {
  if (!repeats || 'actionId' in payload) return log;
  if (error instanceof ProviderError) return repeats.of(`${payload.kind} ${error.provider} ${error.kind}`);
  return repeats.of(`${payload.kind} ${error instanceof DeliveryError ? error.kind : String(error)}`);
}

/** Ends the job even if its own code fails. */
async function abandon(deps: RunDeps, job: Job, reason: string): Promise<void> {
  const payload = job.payload.kind === 'unreadable' ? clickOfKey(job.key) : job.payload;
  const giveUp: EndJob = (tx) => deps.queue.giveUp(job, `given up: ${reason}`, tx);
  try {
    const attempt = payload && (await begin(deps, payload, job));
    if (!(await end(deps, job, attempt?.giveUp?.({ reason: 'unexpected' }) ?? {}, giveUp))) return;
  } catch (error) {
    deps.log.error({ err: error, ...about(job) }, 'nobody could be told of a job that was given up');
    await giveUp();
  }
  deps.log.error({ ...about(job), key: job.key, reason }, 'job given up');
}

/** The key of a click names its action, so a rep hears of it even if the payload is unreadable. */
function clickOfKey(key: string): JobPayload | undefined {
  const [, kind, actionId] = /^(perform|undo):([^:]+):/.exec(key) ?? [];
  if (!actionId) return undefined;
  return { kind: kind === 'undo' ? 'undo' : 'perform', actionId };
}

/** False: the lease was lost; nothing was written. */
async function end(deps: RunDeps, job: Job, { write, after }: Ended, how: EndJob): Promise<boolean> {
  try {
    if (!write) {
      if (!(await how())) throw new LeaseLost();
    } else {
      const ending = async (tx: Tx) => {
        await write(tx);
        if (!(await how(tx))) throw new LeaseLost();
      };
      const of = 'userId' in job.payload ? job.payload : undefined;
      const synced = !FOUND_AGAIN.includes(job.payload.kind);
      await deps.store.transact(ending, { synced, of, patient: job.priority < URGENT_PRIORITY });
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

/** Ids for the log. Never a note, an address or a notice. */
function about({ id, payload }: Job): object {
  const fields: Record<string, unknown> = { job: id, kind: payload.kind };
  if ('actionId' in payload) fields.action = payload.actionId;
  if ('provider' in payload) fields.provider = payload.provider;
  if ('userId' in payload) fields.rep = payload.userId;
  return fields;
}
