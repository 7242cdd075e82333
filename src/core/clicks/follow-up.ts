/**
 * A follow-up that a rep asks for from a message. It is a job, so that an acknowledged request is not lost; and because no
 * provider knows an idempotency key, the provider is asked for it before it is made again.
 */
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { holdWhileSending, sendingOptions } from '../jobs/lease.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import type { FailureReason } from '../model/action.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';
import type { Creating, Draft, PersonFound, TaskProvider } from '../ports/provider.ts';
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { NoPerson, Notice } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';
import { RECORDED_WITHIN } from './record.ts';
import { findTarget, usableLinks } from './target.ts';

export interface FollowUpDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  log: Log;
}

type Creator = TaskProvider & { creating: Creating };

export interface FollowUps {
  /** The rep's own linked providers where tasks can be created. */
  creators(rep: RepKey): Promise<Creator[]>;
  /**
   * Looks for the person while the form is still open. undefined: it could not be found out in time, so the job looks again,
   * and says what came of it in a message.
   */
  findPerson(at: RepKey & { provider: ProviderId }, email: string): Promise<PersonFound | undefined>;
  /** `id` names this submission, so that its redelivery asks for nothing more. Throws when it could not be recorded. */
  request(at: RepKey & { provider: ProviderId }, draft: Draft, id: string): Promise<void>;
}

export function createFollowUps(deps: FollowUpDeps): FollowUps {
  const { store, queue, providers, clock } = deps;
  return {
    async creators(rep) {
      return (await usableLinks(deps, rep)).flatMap(({ provider: id }) => {
        const provider = providers.get(id);
        return provider?.creating ? [{ ...provider, creating: provider.creating }] : [];
      });
    },
    findPerson: (at, email) => findPerson(deps, at, email),
    async request({ teamId, userId, provider }, draft, id) {
      const payload = { kind: 'create', teamId, userId, provider, draft } as const;
      const job = newJob(`create:${teamId}:${userId}:${id}`, payload, clock());
      await store.transact(async (tx) => void (await queue.enqueue(job, tx)), RECORDED_WITHIN);
    },
  };
}

/** `unsure`: it may have been made all the same. */
type Outcome = { made: string } | { not: FailureReason | NoPerson; unsure?: boolean };

/** Someone waits in a window, and Slack waits three seconds for the window. */
const LOOKED_FOR = 2_000;

async function findPerson(
  deps: FollowUpDeps,
  at: RepKey & { provider: ProviderId },
  email: string,
): Promise<PersonFound | undefined> {
  const target = await findTarget(deps, at);
  if (!target?.provider.creating) return undefined;
  const options = { priority: 'click', signal: AbortSignal.timeout(LOOKED_FOR) } as const;
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
    run: async () => told(deps, job, asked, await make(deps, job, asked)),
    // After claims that came to nothing it may have been sent.
    giveUp: ({ reason, error }) =>
      told(deps, job, asked, { not: reason, unsure: error === undefined || job.attempt > 1 }),
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

function told(deps: FollowUpDeps, { id, attempt }: Job, { provider, draft, ...to }: Asked, outcome: Outcome): Ended {
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
