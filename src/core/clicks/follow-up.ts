/** Creates a follow-up task, as a job. Providers have no idempotency keys, so a retry first looks for the task. */
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { holdWhileSending, sendingOptions } from '../jobs/lease.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import type { FailureReason } from '../model/action.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Creating, Draft, PersonFound, TaskProvider } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import type { NoPerson, Notice } from '../ports/screen.ts';
import { RECORD_TIMEOUT } from './record.ts';
import { findTarget, usableLinks } from './target.ts';

type FollowUpDeps = Pick<Ports, 'store' | 'queue' | 'providers' | 'clock' | 'log'>;

type Creator = TaskProvider & { creating: Creating };

export type FollowUps = ReturnType<typeof createFollowUps>;

export function createFollowUps(deps: FollowUpDeps) {
  const { store, queue, providers, clock } = deps;
  return {
    /** The rep's linked providers where tasks can be created. */
    async creators(rep: RepKey): Promise<Creator[]> {
      return (await usableLinks(deps, rep)).flatMap(({ provider: id }) => {
        const provider = providers.get(id);
        return provider?.creating ? [{ ...provider, creating: provider.creating }] : [];
      });
    },
    /** Looks the person up while the form is open. undefined: no answer in time, so the job looks again. */
    findPerson: (at: RepKey & { provider: ProviderId }, email: string) => findPerson(deps, at, email),
    /** `id` identifies the submission, so that a repeated one has no effect. Throws if it could not be recorded. */
    async request({ teamId, userId, provider }: RepKey & { provider: ProviderId }, draft: Draft, id: string) {
      const payload = { kind: 'create', teamId, userId, provider, draft } as const;
      const job = newJob(`create:${teamId}:${userId}:${id}`, payload, clock());
      await store.transact(async (tx) => void (await queue.enqueue(job, tx)), RECORD_TIMEOUT);
    },
  };
}

/** `unsure`: it may have been created all the same. */
type Outcome = { made: string } | { not: FailureReason | NoPerson; unsure?: boolean };

/** Slack waits three seconds for the window. */
const FIND_PERSON_TIMEOUT_MS = 2_000;

async function findPerson(
  deps: FollowUpDeps,
  at: RepKey & { provider: ProviderId },
  email: string,
): Promise<PersonFound | undefined> {
  const target = await findTarget(deps, at);
  if (!target?.provider.creating) return undefined;
  const options = { priority: 'click', signal: AbortSignal.timeout(FIND_PERSON_TIMEOUT_MS) } as const;
  try {
    return await target.provider.creating.findPerson(target.link, email, options);
  } catch (error) {
    deps.log.info({ err: error, provider: at.provider }, 'could not look for a person while a form is open');
    return undefined;
  }
}

interface Asked extends RepKey {
  provider: ProviderId;
  draft: Draft;
}

export function createHandler(deps: FollowUpDeps): Handler<'create'> {
  return async (asked, job) => ({
    run: async () => endWithNotice(deps, job, asked, await make(deps, job, asked)),
    // After lapsed claims it may have been sent.
    giveUp: ({ reason, error }) =>
      endWithNotice(deps, job, asked, { not: reason, unsure: error === undefined || job.attempt > 1 }),
  });
}

async function make(deps: FollowUpDeps, job: Job, { draft, ...at }: Asked): Promise<Outcome> {
  const target = await findTarget(deps, at);
  const creating = target?.provider.creating;
  if (!target || !creating) return { not: 'not_linked' };
  const options = sendingOptions(deps, job);
  const person = await creating.findPerson(target.link, draft.email, options);
  if (person.is !== 'one') return { not: person.is === 'none' ? 'no_person' : 'several_people' };
  const since = job.enqueuedAt - MINUTE;
  const isAgain = job.attempt > 1;
  if (isAgain && (await creating.exists(target.link, person.id, { ...draft, since }, options)))
    return { made: person.name };
  await holdWhileSending(deps, job);
  await creating.create(target.link, person.id, draft, options);
  return { made: person.name };
}

function endWithNotice(
  deps: FollowUpDeps,
  { id, attempt }: Job,
  { provider, draft, ...to }: Asked,
  outcome: Outcome,
): Ended {
  const { email, note, dueAt } = draft;
  const notice: Notice =
    'made' in outcome
      ? { about: 'created', provider, person: outcome.made, dueAt }
      : {
          about: 'not_created',
          provider,
          email,
          note,
          why: outcome.not,
          unsure: outcome.unsure ?? attempt > 1,
          reference: `job ${id}`,
        };
  return { write: (tx) => enqueueNotice(deps, { key: `created:${id}`, to, notice }, tx) };
}
