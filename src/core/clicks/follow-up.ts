/** Creates a follow-up task, as a job. Providers have no idempotency keys, so a retry first looks for the task. */
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { holdWhileSending, sendingOptions } from '../jobs/lease.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import type { Action, FailureReason } from '../model/action.ts';
import { followUpOf, isHeldBack } from '../model/action-rules.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import { DAY, MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Creating, Draft, Person, PersonFound, TaskProvider } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import type { Notice, NotMade } from '../ports/screen.ts';
import { findRow, RECORD_TIMEOUT, type Refusal, type Row, type RowRef, recordOf } from './record.ts';
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
    findPerson: (at: RepKey & { provider: ProviderId }, who: string) => findPerson(deps, at, who),
    /** `id` identifies the submission, so that a repeated one has no effect. Throws if it could not be recorded. */
    async request({ teamId, userId, provider }: RepKey & { provider: ProviderId }, draft: Draft, id: string) {
      const payload = { kind: 'create', teamId, userId, provider, draft } as const;
      const job = newJob(`create:${teamId}:${userId}:${id}`, payload, clock());
      await store.transact(async (tx) => void (await queue.enqueue(job, tx)), RECORD_TIMEOUT);
    },
    /** After Done: the same kind of task about the same person, due at the time that the rep read and chose. */
    async after(clicker: RepKey, ref: RowRef, dueAt: Instant): Promise<AfterResult> {
      const found = await findRow(deps, clicker, ref);
      return 'refusal' in found ? refused(found.refusal) : recordAfter(deps, found.row, { ref, dueAt });
    },
  };
}

/** `repeated`: this Done has a follow-up already, at whatever time. */
export type AfterResult = { is: 'recorded' } | { is: 'repeated' } | { is: 'refused'; refusal: Refusal };

/** Seven working days of someone who works one day a week. */
const FARTHEST_MS = 50 * DAY;

async function recordAfter(
  deps: FollowUpDeps,
  { task: key, provider }: Row,
  { ref, dueAt }: { ref: RowRef; dueAt: Instant },
): Promise<AfterResult> {
  const now = deps.clock();
  if (dueAt <= now) return refused({ why: 'passed', dueAt });
  if (dueAt > now + FARTHEST_MS) return refused({ why: 'unknown_row' });
  return deps.store.transact(async (tx): Promise<AfterResult> => {
    const latest = await deps.store.ledger.latest(key, tx);
    if (latest?.seq !== ref.seq) return refused({ why: 'overtaken', by: latest });
    const next = provider.creating && followUpOf(latest, provider.capabilities);
    if (!next) return refused(whyNot(latest, provider));
    const { teamId, userId, id, task } = latest;
    const draft = { email: next.who, kind: next.kind, dueAt, note: `Follow-up to: ${task.title}` };
    const payload = { kind: 'create', teamId, userId, provider: provider.id, draft, after: id } as const;
    // Done that can still be withdrawn goes first: a created task cannot be taken back.
    const runAt = isHeldBack(latest) ? latest.heldUntil : now;
    // Without the time: whoever chooses twice gets the first.
    const isNew = await deps.queue.enqueue(newJob(`create:${teamId}:${userId}:after:${id}`, payload, runAt), tx);
    return { is: isNew ? 'recorded' : 'repeated' };
  }, recordOf(key));
}

function whyNot(latest: Action, { name }: TaskProvider): Refusal {
  const isDone = latest.change.verb === 'done' && (latest.state === 'succeeded' || latest.state === 'queued');
  return isDone ? { why: 'no_follow_up', provider: name } : { why: 'overtaken', by: latest };
}

function refused(refusal: Refusal): AfterResult {
  return { is: 'refused', refusal };
}

/** `unsure`: it may have been created all the same. */
type Outcome = { made: string } | { not: FailureReason | NotMade; unsure?: boolean };

/** Slack waits three seconds for the window. */
const FIND_PERSON_TIMEOUT_MS = 2_000;

async function findPerson(
  deps: FollowUpDeps,
  at: RepKey & { provider: ProviderId },
  who: string,
): Promise<PersonFound | undefined> {
  const target = await findTarget(deps, at);
  if (!target?.provider.creating) return undefined;
  const options = { priority: 'click', signal: AbortSignal.timeout(FIND_PERSON_TIMEOUT_MS) } as const;
  try {
    return await target.provider.creating.findPerson(target.link, who, options);
  } catch (error) {
    deps.log.info({ err: error, provider: at.provider }, 'could not look for a person while a form is open');
    return undefined;
  }
}

interface Asked extends RepKey {
  provider: ProviderId;
  draft: Draft;
  after?: string;
}

interface CreateDeps extends FollowUpDeps {
  /** Lists of a moment ago lack what was created. */
  lists: { forget(at: RepKey & { provider: ProviderId }): void };
}

export function createHandler(deps: CreateDeps): Handler<'create'> {
  return async (asked, job) => ({
    run: async () => endWithNotice(deps, job, asked, await make(deps, job, asked)),
    // After lapsed claims it may have been sent.
    giveUp: ({ reason, error }) =>
      endWithNotice(deps, job, asked, { not: reason, unsure: error === undefined || job.attempt > 1 }),
  });
}

async function make(deps: CreateDeps, job: Job, { draft, after, ...at }: Asked): Promise<Outcome> {
  const target = await findTarget(deps, at);
  const creating = target?.provider.creating;
  if (!target || !creating) return { not: 'not_linked' };
  const options = sendingOptions(deps, job);
  const person = meant(await creating.findPerson(target.link, draft.email, options), draft);
  if (typeof person === 'string') return { not: person };
  const since = job.enqueuedAt - MINUTE;
  const isAgain = job.attempt > 1;
  if (isAgain && (await creating.exists(target.link, person.id, { ...draft, since }, options)))
    return { made: person.name };
  if (after !== undefined && (await deps.store.ledger.find(after))?.state === 'undone') return { not: 'undone' };
  await holdWhileSending(deps, job);
  await creating.create(target.link, person.id, draft, options).finally(() => deps.lists.forget(at));
  return { made: person.name };
}

/** Whom the rep chose must still be one of those with that address or name. */
function meant(found: PersonFound, { personId }: Draft): Person | NotMade {
  if (found.is === 'none') return 'no_person';
  const people = found.is === 'one' ? [found] : found.people;
  const chosen = people.find(({ id }) => id === personId);
  if (chosen) return chosen;
  return found.is === 'one' && personId === undefined ? found : 'several_people';
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
