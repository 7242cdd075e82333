/**
 * Acts on many tasks of a list: what a window offers, and the sweep that it asks for. All actions, their jobs and the
 * sweep are written in one transaction, before the submission is acknowledged.
 */
import type { ProviderId, RepKey } from '../model/keys.ts';
import { answered, type LoadedMessage } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Sweep, SweepChange } from '../model/sweep.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Tx } from '../ports/transaction.ts';
import { type ActionDeps, writeAction } from './actions.ts';
import { needsAsking, type Plan, planSweep, type Which } from './plan-sweep.ts';
import { recordOf } from './record.ts';
import { choicesOf, type WhichChoice } from './sweep-choices.ts';
import { enqueueProgress } from './sweep-progress.ts';

export type ActOnManyDeps = ActionDeps & Pick<Ports, 'providers'>;

export interface SweepDraft {
  messageId: string;
  rows: LoadedMessage['items'];
  choices: readonly WhichChoice[];
}

export interface AskedSweep {
  messageId: string;
  which: Which;
  change: SweepChange;
  /** Names the window: submitted twice, it makes one sweep. */
  key: string;
  /** The rep has seen the plan. */
  sure: boolean;
}

export type SweepResult =
  | { is: 'recorded' | 'repeated'; sweep: Sweep }
  /** Nothing was recorded: the rep is to confirm the plan. */
  | { is: 'asks'; plan: Plan }
  /** `nothing`: no task of the set takes the change. */
  | { is: 'refused'; why: 'unknown_list' | 'passed' }
  | { is: 'refused'; why: 'nothing'; leftOut: Plan['leftOut'] };

/** `offered`: the set of the button that was pressed. undefined: there is no such list of theirs. */
export async function draftSweep(
  { store, clock }: ActOnManyDeps,
  clicker: RepKey,
  messageId: string,
  offered?: Which,
): Promise<SweepDraft | undefined> {
  const [message, rep] = await Promise.all([store.messages.load(messageId), store.reps.find(clicker)]);
  if (!message || !rep || !isOwn(message, clicker)) return undefined;
  const { items: rows, summary } = message;
  return { messageId: message.id, rows, choices: choicesOf({ rows, summary, now: clock(), zone: rep.zone }, offered) };
}

/** What a sweep of these rows would do now. */
export async function planOf(
  deps: ActOnManyDeps,
  rep: RepKey,
  { items: rows, summary }: Pick<LoadedMessage, 'items' | 'summary'>,
  { which, change, zone }: { which: Which; change: SweepChange; zone: string },
): Promise<Plan> {
  const tools = toolsOf(deps, await deps.store.links.of(rep));
  return planSweep({ rows, summary, tools, now: deps.clock(), zone }, which, change);
}

export async function actOnMany(deps: ActOnManyDeps, clicker: RepKey, asked: AskedSweep): Promise<SweepResult> {
  const rep = await deps.store.reps.find(clicker);
  if (!rep) return { is: 'refused', why: 'unknown_list' };
  return deps.store.transact(async (tx) => record(deps, rep, asked, tx), recordOf(rep));
}

async function record(
  deps: ActOnManyDeps,
  rep: RepKey & { zone: string },
  { messageId, which, change, key, sure }: AskedSweep,
  tx: Tx,
): Promise<SweepResult> {
  const { store, clock } = deps;
  const now = clock();
  const known = await store.sweeps.ofKey(rep, key, tx);
  if (known) return { is: 'repeated', sweep: known };
  const message = await store.messages.load(messageId, tx);
  if (!message || !isOwn(message, rep)) return { is: 'refused', why: 'unknown_list' };
  if ('dueAt' in change && change.dueAt <= now) return { is: 'refused', why: 'passed' };
  const tools = toolsOf(deps, await store.links.of(rep, tx));
  const plan = planSweep({ rows: message.items, summary: message.summary, tools, now, zone: rep.zone }, which, change);
  if (plan.acts.length === 0) return { is: 'refused', why: 'nothing', leftOut: plan.leftOut };
  if (needsAsking(plan) && !sure) return { is: 'asks', plan };
  if (message.summary.day) await store.messages.revise(messageId, (closing) => answered(closing, 'moved'), tx);
  return { is: 'recorded', sweep: await writeSweep(deps, rep, { messageId, plan, key, tools }, tx) };
}

type Tools = ReadonlyMap<ProviderId, TaskProvider & { link: Link }>;

function toolsOf({ providers }: ActOnManyDeps, links: readonly Link[]): Tools {
  const tools = links.flatMap((link) => {
    const provider = providers.get(link.provider);
    return provider ? [[link.provider, { ...provider, link }] as const] : [];
  });
  return new Map(tools);
}

async function writeSweep(
  deps: ActOnManyDeps,
  { teamId, userId }: RepKey,
  { messageId, plan, key, tools }: { messageId: string; plan: Plan; key: string; tools: Tools },
  tx: Tx,
): Promise<Sweep> {
  const { change, acts, leftOut } = plan;
  const begun = { teamId, userId, kind: 'sweep', key, messageId, change, createdAt: deps.clock() } as const;
  const { sweep } = await deps.store.sweeps.create({ ...begun, ...(leftOut.length > 0 && { leftOut }) }, tx);
  for (const { task, seq } of inTurns(acts)) {
    const provider = tools.get(task.provider);
    if (!provider) continue;
    const taskKey = { teamId, userId, provider: task.provider, taskId: task.id };
    const asked = { key: taskKey, task, seq: seq + 1, change, provider, link: provider.link };
    await writeAction(deps, { ...asked, sweepId: sweep.id, isOfMany: true }, tx);
  }
  await enqueueProgress(deps, sweep, 'begun', tx);
  return sweep;
}

/** One task of each tool after the other, so that no tool waits for the end of another's. */
function inTurns(acts: Plan['acts']): Plan['acts'] {
  const turns = new Map<ProviderId, number>();
  const withTurn = acts.map((act) => {
    const turn = turns.get(act.task.provider) ?? 0;
    turns.set(act.task.provider, turn + 1);
    return { act, turn };
  });
  return withTurn.sort((one, other) => one.turn - other.turn).map(({ act }) => act);
}

function isOwn(message: RepKey, { teamId, userId }: RepKey): boolean {
  return message.teamId === teamId && message.userId === userId;
}
