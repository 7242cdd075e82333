/**
 * Reminds a rep of their calls a quarter of an hour before: one message for all that are due within five minutes.
 *
 * The `nudge` job of a minute lists the tools that hold its calls; in the transaction that ends it, it cancels the jobs of
 * the minutes that come along, and stores the message with its `post` job.
 */
import { nudgeJob, nudgeKey } from '../clicks/nudges.ts';
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { hasTime, minuteOf } from '../model/day.ts';
import { taskNow } from '../model/day-count.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { ListSummary, ProviderReport } from '../model/message.ts';
import type { Recipient, Rep } from '../model/people.ts';
import { isOpen } from '../model/row-state.ts';
import type { Task } from '../model/task.ts';
import { CATCH_UP_WINDOW, localDate, MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { JobPayload } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';
import { digestOfDay, isQuietNow } from './day.ts';
import type { Known } from './known.ts';
import type { Lists } from './listing.ts';
import { countGroups } from './rank.ts';
import { whyNoMessage } from './why-no-message.ts';

interface NudgeDeps extends Pick<Ports, 'store' | 'queue' | 'providers' | 'pilot' | 'organisation' | 'clock'> {
  lists: Pick<Lists, 'read' | 'rank'>;
}

type Nudge = Extract<JobPayload, { kind: 'nudge' }>;

/** What is due so soon afterwards comes along. */
const TOGETHER_MS = 5 * MINUTE;
/** What could not be said just now is looked at again. */
const LOOK_AGAIN_MS = MINUTE;

export function nudgeHandler(deps: NudgeDeps): Handler<'nudge'> {
  return async (payload) => ({ run: () => remind(deps, payload) });
}

async function remind(deps: NudgeDeps, { callAt, tools, isAgain, teamId, userId }: Nudge): Promise<Ended> {
  const key = { teamId, userId };
  const recipient = await deps.store.reps.recipient(key);
  const now = deps.clock();
  const to = recipient && now < callAt ? await whoWantsOne(deps, recipient, now) : undefined;
  if (!to) return {};
  const { rep } = to;
  const known = await knownCalls(deps, rep);
  const soon = { from: callAt, until: callAt + TOGETHER_MS };
  const asked = isAgain
    ? tools
    : [...new Set([...tools, ...known.filter(isDue(soon)).map(({ provider }) => provider)])];
  const { tasks, away, reports, at } = await read(deps, to, asked);
  // Those of later minutes wait for their own time where not all of their tools have answered.
  const isMeant = isDue(isAgain || away.length > 0 ? { from: callAt, until: callAt } : soon);
  const calls = (await toRemindOf(deps, rep, tasks.filter(isMeant))).map((task) => withDetails(task, known));
  const ranked = await deps.lists.rank(to, calls, at);
  return {
    async write(tx) {
      const along = await takeAlong(deps, key, { callAt, tasks: ranked }, tx);
      await storeMessage(deps, key, { tasks: along, reports, callAt, at: now, zone: rep.zone }, tx);
      const againAt = now + LOOK_AGAIN_MS;
      if (away.length > 0 && againAt < callAt) await deps.queue.enqueue(nudgeJob(key, callAt, away, againAt), tx);
    },
  };
}

/** undefined: the rep wants none now. */
async function whoWantsOne(deps: NudgeDeps, recipient: Recipient, now: Instant): Promise<Known | undefined> {
  const { rep, schedule } = recipient;
  if (!schedule?.choices.nudges || isQuietNow(schedule, { now, zone: rep.zone })) return undefined;
  const told = await whyNoMessage(deps, recipient);
  return 'why' in told ? undefined : told;
}

/** The calls of today's digest, with the times that they have now. */
async function knownCalls(deps: NudgeDeps, rep: Rep): Promise<Task[]> {
  const digest = await digestOfDay(deps, rep, localDate(deps.clock(), rep.zone));
  return (digest?.items ?? []).map(taskNow).filter((task) => isTimedCall(task, rep.zone));
}

function isTimedCall({ kind, dueAt }: Task, zone: string): boolean {
  return kind === 'call' && dueAt !== undefined && hasTime(dueAt, zone);
}

/** Both ends are minutes, and belong to it. */
function isDue({ from, until }: Record<'from' | 'until', Instant>): (task: Task) => boolean {
  return ({ dueAt }) => dueAt !== undefined && minuteOf(dueAt) >= from && minuteOf(dueAt) <= until;
}

async function read(deps: NudgeDeps, { rep, links }: Known, tools: readonly ProviderId[]) {
  const asked = links.filter(({ provider }) => tools.includes(provider));
  const { tasks, reports, at } = await deps.lists.read(asked, 'digest');
  const away = reports.flatMap((report) =>
    report.state === 'failed' && passes({ kind: report.reason }) ? [report.provider] : [],
  );
  return { tasks: tasks.filter((task) => isTimedCall(task, rep.zone)), away, reports, at };
}

/** Without those that come back from a snooze by themselves, and those to which something is being done. */
async function toRemindOf({ store, clock }: NudgeDeps, rep: Rep, tasks: readonly Task[]): Promise<Task[]> {
  const between = { after: clock() - CATCH_UP_WINDOW, until: Math.max(0, ...tasks.map(({ dueAt = 0 }) => dueAt)) };
  const coming = await store.returns.due(rep, between);
  const { teamId, userId } = rep;
  const kept = tasks.map(async (task) => {
    const { provider, id: taskId } = task;
    if (coming.some((action) => action.provider === provider && action.taskId === taskId)) return [];
    const action = await store.ledger.latest({ teamId, userId, provider, taskId });
    // As in a row that knows of all that is settled.
    return isOpen({ position: 0, task, seq: action?.seq ?? 0, action }) ? [task] : [];
  });
  return (await Promise.all(kept)).flat();
}

/** A list may have fewer fields than the row (Reply.io). */
function withDetails(task: Task, known: readonly Task[]): Task {
  const row = known.find(({ provider, id }) => provider === task.provider && id === task.id);
  return row ? { ...task, ...row, dueAt: task.dueAt } : task;
}

/** A minute whose job runs or has run has its own message. */
async function takeAlong(
  { queue }: NudgeDeps,
  rep: RepKey,
  { callAt, tasks }: { callAt: Instant; tasks: readonly Task[] },
  tx: Tx,
): Promise<Task[]> {
  const minutes = new Set([callAt]);
  for (const minute of new Set(tasks.map(({ dueAt = 0 }) => minuteOf(dueAt)))) {
    if (minute !== callAt && (await queue.cancel(nudgeKey(rep, minute), tx))) minutes.add(minute);
  }
  return tasks.filter(({ dueAt = 0 }) => minutes.has(minuteOf(dueAt)));
}

interface Reminder {
  tasks: readonly Task[];
  reports: readonly ProviderReport[];
  callAt: Instant;
  at: Instant;
  zone: string;
}

async function storeMessage({ store, queue }: NudgeDeps, rep: RepKey, of: Reminder, tx: Tx): Promise<void> {
  const { tasks, reports, callAt, at, zone } = of;
  if (tasks.length === 0) return;
  const summary: ListSummary = {
    filter: { by: 'soon', tasks: tasks.map(({ provider, id }) => ({ provider, id })), dueAt: callAt },
    counts: countGroups(tasks, at, zone),
    reports: reports.filter(
      ({ state, provider }) => state === 'listed' && tasks.some((task) => task.provider === provider),
    ),
    fetchedAt: at,
    localDate: localDate(at, zone),
  };
  const message = { ...rep, kind: 'list', summary, createdAt: at } as const;
  const { id: messageId } = await store.messages.create(message, tasks, tx);
  await queue.enqueue(newJob(`post:${messageId}`, { kind: 'post', teamId: rep.teamId, messageId }, at), tx);
}
