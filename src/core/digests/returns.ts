/**
 * What comes back from a snooze on the same day: one message at its time, for all of a rep's tasks within five minutes.
 *
 * The `return` job reads the tasks; in the transaction that ends it, they are taken and the message is stored with its
 * `post` job, so each comes back once. After a crash between post and mark the message comes twice rather than never.
 */
import { returnJob } from '../clicks/returns.ts';
import { findTarget, isOpen, isSameAccount } from '../clicks/target.ts';
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { passes } from '../jobs/retry.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import { keepsOpen } from '../model/action-rules.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import type { ListSummary, LoadedMessage } from '../model/message.ts';
import type { Rep } from '../model/people.ts';
import { isDueAt, type Task } from '../model/task.ts';
import { CATCH_UP_WINDOW, localDate, MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';
import { isWelcome } from './day.ts';
import type { Lists } from './listing.ts';
import { countGroups } from './rank.ts';
import { REUSE_MESSAGE_MS } from './send.ts';
import { whyNoMessage } from './why-no-message.ts';

interface ReturnDeps extends Pick<Ports, 'store' | 'queue' | 'providers' | 'pilot' | 'organisation' | 'clock' | 'log'> {
  lists: Pick<Lists, 'rank'>;
}

/** What is due so soon comes along: one message, a little early for some. */
const TOGETHER_MS = 5 * MINUTE;
/** What could not be said just now is looked at again. */
const LOOK_AGAIN_MS = MINUTE;

export function returnHandler(deps: ReturnDeps): Handler<'return'> {
  return async (payload) => ({ run: () => bringBack(deps, payload) });
}

async function bringBack(deps: ReturnDeps, { teamId, userId }: RepKey): Promise<Ended> {
  const { store, clock } = deps;
  const now = clock();
  const between = { after: now - CATCH_UP_WINDOW, until: now + TOGETHER_MS };
  const due = await store.returns.due({ teamId, userId }, between);
  if (due.length === 0) return {};
  const recipient = await store.reps.recipient({ teamId, userId });
  if (!recipient || 'why' in (await whyNoMessage(deps, recipient))) return { write: (tx) => takeAll(deps, due, tx) };
  const { rep } = recipient;
  const looks = await Promise.all(due.map((action) => lookAt(deps, action)));
  const back = looks.flatMap((look) => (look.is === 'back' ? [look.task] : []));
  const ranked = await deps.lists.rank(recipient, back, now);
  return {
    async write(tx) {
      const taken = new Set<Task>();
      for (const look of looks) {
        if (look.is === 'later' || !(await store.returns.take(look.action.id, tx))) continue;
        if (look.is === 'back') taken.add(look.task);
      }
      await storeMessage(deps, rep, { tasks: ranked.filter((task) => taken.has(task)), at: now }, tx);
      if (looks.some(({ is }) => is === 'later')) await lookAgain(deps, rep, now, tx);
    },
  };
}

async function takeAll({ store }: ReturnDeps, due: readonly Action[], tx: Tx): Promise<void> {
  for (const { id } of due) await store.returns.take(id, tx);
}

async function lookAgain({ queue }: ReturnDeps, rep: RepKey, now: Instant, tx: Tx): Promise<void> {
  const at = now + LOOK_AGAIN_MS;
  await queue.enqueue(returnJob(rep, at, at, ['again']), tx);
}

/** `settled`: done, moved, undone or closed meanwhile. `later`: something is under way, or the provider is away. */
type Look = { action: Action } & ({ is: 'back'; task: Task } | { is: 'settled' } | { is: 'later' });

async function lookAt(deps: ReturnDeps, action: Action): Promise<Look> {
  const latest = await deps.store.ledger.latest(action);
  if (latest?.state === 'queued' || latest?.state === 'undoing') return { action, is: 'later' };
  if (action.state !== 'succeeded' || (latest && isSettledBy(latest, action))) return { action, is: 'settled' };
  try {
    const task = await readBack(deps, action);
    return task ? { action, is: 'back', task } : { action, is: 'settled' };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (passes(error)) return { action, is: 'later' };
    deps.log.warn({ err: error, action: action.id }, 'a task that comes back from a snooze cannot be read');
    return { action, is: 'settled' };
  }
}

/** Known without asking the provider. */
function isSettledBy(latest: Action, { id }: Action): boolean {
  return latest.id !== id && latest.state === 'succeeded' && !keepsOpen(latest.change.verb);
}

/** undefined: it is not open, or not at that time any more. */
async function readBack(deps: ReturnDeps, action: Action): Promise<Task | undefined> {
  const target = await findTarget(deps, action);
  if (!target || !isSameAccount(action, target)) return undefined;
  const read = await target.provider.readTask(target.link, action.taskId, { priority: 'digest' });
  // Fields that this read leaves out (Reply.io: the contact's name) are kept.
  return isOpen(read) && isDueAt(read, dueAtOf(action)) ? { ...action.task, ...read } : undefined;
}

async function storeMessage(
  deps: ReturnDeps,
  rep: Rep,
  { tasks, at }: { tasks: readonly Task[]; at: Instant },
  tx: Tx,
): Promise<void> {
  if (tasks.length === 0) return;
  const { teamId, userId } = rep;
  const rows = tasks.filter((task, index, all) => index === 0 || !isSame(task, all[index - 1]));
  const summary = summaryOf(deps, rep, rows, at);
  const message = { teamId, userId, kind: 'list', summary, createdAt: at } as const;
  const { id: messageId } = await deps.store.messages.create(message, rows, tx);
  await deps.queue.enqueue(newJob(`post:${messageId}`, { kind: 'post', teamId, messageId }, at), tx);
}

/** A task that was snoozed twice to the same time; the two stand together, because they rank alike. */
function isSame(task: Task, other: Task | undefined): boolean {
  return task.provider === other?.provider && task.id === other.id;
}

function summaryOf({ providers }: ReturnDeps, rep: Rep, rows: readonly Task[], at: Instant): ListSummary {
  const byProvider = Map.groupBy(rows, ({ provider }) => provider);
  const reports = [...byProvider].map(([provider, { length }]) => {
    const { name = provider, capabilities } = providers.get(provider) ?? {};
    const noun = capabilities?.noun ?? 'tasks';
    return { provider, name, noun, state: 'listed', tasks: length, unreadable: 0 } as const;
  });
  return {
    filter: { by: 'back', tasks: rows.map(({ provider, id }) => ({ provider, id })) },
    counts: countGroups(rows, at, rep.zone),
    reports,
    fetchedAt: at,
    localDate: localDate(at, rep.zone),
  };
}

interface PostDeps extends Pick<Ports, 'store' | 'providers' | 'screen' | 'pilot' | 'organisation' | 'clock'> {
  lists: Pick<Lists, 'refresh'>;
}

/** Posts a stored message once. */
export function postHandler(deps: PostDeps): Handler<'post'> {
  return async ({ messageId }) => {
    const message = await deps.store.messages.load(messageId);
    if (!message || message.posted) return undefined;
    return { run: () => post(deps, message) };
  };
}

async function post(deps: PostDeps, message: LoadedMessage): Promise<Ended> {
  const { store, screen, clock } = deps;
  const recipient = await store.reps.recipient(message);
  const age = clock() - message.createdAt;
  if (!recipient || age > CATCH_UP_WINDOW || 'why' in (await whyNoMessage(deps, recipient))) return {};
  const { rep } = recipient;
  if (!isWelcome(deps, recipient, message)) return {};
  const isOld = clock() - message.summary.fetchedAt > REUSE_MESSAGE_MS;
  const comesBack = message.summary.filter.by === 'back';
  const now = isOld && comesBack ? await deps.lists.refresh(rep, message.id, 'digest') : message;
  if (!now || (comesBack && now.items.length === 0)) return {};
  const posted = await screen.post(now, 'digest', recipient);
  return { write: (tx) => store.messages.markPosted(message.id, posted, tx) };
}
