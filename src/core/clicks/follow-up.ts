/**
 * A follow-up that a rep asks for from a message. It is a job, so that an acknowledged request is not lost; and because no
 * provider knows an idempotency key, what may have been made already is looked for before it is made again.
 */

import { holdWhileSending, LeaseLost, SENT_WITHIN, urgencyOf } from '../jobs/lease.ts';
import { enqueueNotice, type NoticeDeps, type SendNoticeDeps } from '../jobs/notices.ts';
import { attemptOf, CLICK, decide } from '../jobs/retry.ts';
import type { FailureReason } from '../model/action.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';
import type { Draft, PersonFound, TaskProvider } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import type { NoPerson, Notice } from '../ports/screen.ts';
import type { Tx } from '../ports/transaction.ts';
import { RECORDED_WITHIN } from './record.ts';
import { findTarget } from './target.ts';

export interface CreateDeps extends SendNoticeDeps {
  providers: ReadonlyMap<ProviderId, TaskProvider>;
}

const CREATE_JOB_PRIORITY = 10;

/** `request` names this submission, so that its redelivery asks for nothing more. */
export async function requestTask(
  deps: Pick<CreateDeps, 'store' | 'queue' | 'clock'>,
  { teamId, userId }: RepKey,
  provider: ProviderId,
  draft: Draft,
  request: string,
): Promise<void> {
  const job = {
    key: `create:${teamId}:${userId}:${request}`,
    payload: { kind: 'create', teamId, userId, provider, draft },
    priority: CREATE_JOB_PRIORITY,
    runAt: deps.clock(),
  } as const;
  await deps.store.transact(async (tx) => void (await deps.queue.enqueue(job, tx)), RECORDED_WITHIN);
}

type Outcome = { made: string } | { not: FailureReason | NoPerson };

/** Someone waits in a window, and Slack waits three seconds for the window. */
const LOOKED_FOR = 2_000;

/**
 * Whom a follow-up would be about, while its form is still open. undefined: it could not be found out in time, so the job
 * looks again, and says what came of it in a message.
 */
export async function lookForPerson(
  deps: Pick<CreateDeps, 'store' | 'providers' | 'log'>,
  key: RepKey & { provider: ProviderId },
  email: string,
): Promise<PersonFound | undefined> {
  const target = await findTarget(deps, key);
  if (!target?.provider.creating) return undefined;
  const options = { priority: 'click', signal: AbortSignal.timeout(LOOKED_FOR) } as const;
  try {
    return await target.provider.creating.findPerson(target.link, email, options);
  } catch (error) {
    deps.log.info({ err: error, provider: key.provider }, 'could not look for a person while a form is open');
    return undefined;
  }
}

export async function createTask(
  deps: CreateDeps,
  job: Job,
  { provider: providerId, draft, ...rep }: RepKey & { provider: ProviderId; draft: Draft },
): Promise<void> {
  try {
    const outcome = await make(deps, job, { ...rep, provider: providerId }, draft);
    if (outcome) await tell(deps, job, rep, providerId, draft, outcome);
  } catch (error) {
    const decision = decide(error, attemptOf(job, deps), CLICK);
    deps.log.warn({ err: error, job: job.id, provider: providerId }, 'could not create a task');
    if ('fail' in decision) return tell(deps, job, rep, providerId, draft, { not: decision.fail });
    await deps.queue.retry(job, { ...decision.again, error: error instanceof Error ? error.message : 'unknown' });
  }
}

/** undefined: another worker has taken the job over. */
async function make(
  deps: CreateDeps,
  job: Job,
  key: RepKey & { provider: ProviderId },
  draft: Draft,
): Promise<Outcome | undefined> {
  const target = await findTarget(deps, key);
  const creating = target?.provider.creating;
  if (!target || !creating) return { not: 'not_linked' };
  const options = { ...urgencyOf(deps, job), signal: AbortSignal.timeout(SENT_WITHIN) };
  const person = await creating.findPerson(target.link, draft.email, options);
  if (person.is !== 'one') return { not: person.is === 'none' ? 'no_person' : 'several_people' };
  const since = job.enqueuedAt - MINUTE;
  if (job.attempt > 1 && (await creating.exists(target.link, person.id, { ...draft, since }, options))) {
    return { made: person.name };
  }
  if (!(await holdWhileSending(deps, job))) return undefined;
  await creating.create(target.link, person.id, draft, options);
  return { made: person.name };
}

async function tell(
  deps: CreateDeps,
  job: Job,
  rep: RepKey,
  provider: ProviderId,
  draft: Draft,
  outcome: Outcome,
): Promise<void> {
  const reference = `job ${job.id}`;
  const notice: Notice =
    'made' in outcome
      ? { about: 'created', provider, person: outcome.made, dueAt: draft.dueAt }
      : {
          about: 'not_created',
          provider,
          email: draft.email,
          note: draft.note,
          why: outcome.not,
          unsure: job.attempt > 1,
          reference,
        };
  try {
    await deps.store.transact(async (tx) => {
      await enqueueNotice(deps, `created:${job.id}`, rep, notice, tx);
      if (!(await deps.queue.complete(job, tx))) throw new LeaseLost();
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    deps.log.warn({ job: job.id }, 'lease lost, news left to the other worker');
  }
}

/** The job is given up, after it may have been sent: what became of it is not known. */
export async function tellNotCreated(
  deps: NoticeDeps,
  { id }: Job,
  { provider, draft, ...rep }: RepKey & { provider: ProviderId; draft: Draft },
  tx: Tx,
): Promise<void> {
  const notice = { about: 'not_created', provider, email: draft.email, why: 'unexpected', unsure: true } as const;
  await enqueueNotice(deps, `created:${id}`, rep, { ...notice, reference: `job ${id}` }, tx);
}
