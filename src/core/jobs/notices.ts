/** What we write to a rep without being asked: durable, once for each key, and tried again while Slack is away. */
import { DeliveryError } from '../model/errors.ts';
import type { RepKey } from '../model/keys.ts';
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Notice, Screen } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { attemptOf, BACKGROUND, decide } from './retry.ts';

export interface NoticeDeps {
  store: Store;
  queue: Queue;
  clock: Clock;
}

const NOTICE_JOB_PRIORITY = 2;

export async function enqueueNotice(
  { queue, clock }: Pick<NoticeDeps, 'queue' | 'clock'>,
  key: string,
  { teamId, userId }: RepKey,
  notice: Notice,
  tx?: Tx,
): Promise<void> {
  const payload = { kind: 'notify', teamId, userId, notice } as const;
  await queue.enqueue({ key, payload, priority: NOTICE_JOB_PRIORITY, runAt: clock() }, tx);
}

export interface SendNoticeDeps extends NoticeDeps {
  screen: Screen;
  random: () => number;
  log: Log;
}

export async function sendNotice(deps: SendNoticeDeps, job: Job, rep: RepKey, notice: Notice): Promise<void> {
  try {
    await deps.screen.notify(rep, notice);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not write to a rep');
  }
}

/** For work that nobody waits for: as long as it is still of use; what is hopeless is logged and ends. */
export async function tryAgainLater(
  deps: Pick<SendNoticeDeps, 'queue' | 'clock' | 'random' | 'log'>,
  job: Job,
  error: unknown,
  what: string,
): Promise<void> {
  const decision = decide(error, attemptOf(job, deps), BACKGROUND);
  const permanent = error instanceof DeliveryError && error.kind === 'permanent';
  const again = 'again' in decision;
  deps.log[again || permanent ? 'warn' : 'error']({ err: error, job: job.id, again }, what);
  if ('fail' in decision) return void (await deps.queue.complete(job));
  await deps.queue.retry(job, { ...decision.again, error: error instanceof Error ? error.message : 'unknown' });
}
