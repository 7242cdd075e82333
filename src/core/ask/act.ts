/**
 * Verbs on the numbers of a list: one acts as a click does, several as a sweep. What may be meant otherwise, or cannot
 * be taken back, is asked about and changes nothing.
 */
import { planOf } from '../clicks/act-on-many.ts';
import { knowsCommand } from '../clicks/commands.ts';
import { needsAsking, type Plan } from '../clicks/plan-sweep.ts';
import type { Clicks, Refusal, RowRef } from '../clicks/record.ts';
import type { SweepDeps, Sweeps } from '../clicks/sweeps.ts';
import { undoLast } from '../clicks/undo-last.ts';
import type { Action } from '../model/action.ts';
import { isReversible, isSkippedBy } from '../model/action-rules.ts';
import { backlogOf } from '../model/backlog.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import { type LoadedMessage, MOST_ROWS_OF_A_PAGE, startOf, taskOf } from '../model/message.ts';
import { isOpen, type Row } from '../model/row-state.ts';
import type { Sweep, SweepChange } from '../model/sweep.ts';
import type { Task } from '../model/task.ts';
import type { TypedVerb } from './asked.ts';
import { isOld, madeAt, type Place, seenLast } from './seen-list.ts';

export interface NumberedTask {
  number: number;
  task: Task;
}

/**
 * Why the rep is asked. `old`: the list is; `hidden`: the list does not show that row; `changed`: somebody changed the
 * task since; `final`: its tool cannot take it back; `skipped`: its tool skips it before that time.
 */
export type Doubt = 'old' | 'hidden' | 'changed' | 'final' | 'skipped' | 'plan';

/** What the button of a question does. `command`: as in `Typed`. */
export type Confirmed =
  | { ref: RowRef; change: SweepChange; skippedFirst: boolean }
  | { messageId: string; positions: readonly number[]; change: SweepChange; command: string };

export type Acted =
  /** `ref`: the row with the number of the action, for Undo. */
  | { is: 'recorded'; action: Action; number?: number; ref: RowRef }
  | { is: 'swept'; sweep: Sweep; tasks: number }
  | {
      is: 'asks';
      doubts: readonly Doubt[];
      tasks: readonly NumberedTask[];
      change: SweepChange;
      listedAt: Instant;
      plan?: Plan;
      confirmed: Confirmed;
    }
  /** This command was carried out before. */
  | { is: 'repeated' }
  | { is: 'refused'; why: 'no_list' | 'passed' | 'unknown_list' }
  | { is: 'refused'; why: 'no_row'; numbers: readonly number[]; rows: number }
  | { is: 'refused'; why: 'closed'; tasks: readonly NumberedTask[] }
  | { is: 'refused'; why: 'nothing'; leftOut: Plan['leftOut'] }
  | { is: 'refused'; why: 'click'; refusal: Refusal };

export interface Typed {
  /** The trigger or the message with which it came: the same one acts once. */
  command: string;
  place: Place;
  zone: string;
}

export type TypedVerbs = ReturnType<typeof createTypedVerbs>;

interface ActDeps extends SweepDeps {
  clicks: Pick<Clicks, 'change' | 'undo'>;
  sweeps: Pick<Sweeps, 'act'>;
}

/** Each throws if it could not be recorded within two seconds; then nothing was. */
export function createTypedVerbs(deps: ActDeps) {
  return {
    act: (rep: RepKey, verb: TypedVerb, typed: Typed) => act(deps, rep, verb, typed),
    /** The rep pressed the button of a question. */
    confirm: (rep: RepKey, confirmed: Confirmed) => confirm(deps, rep, confirmed),
    /** The row's action, or the last thing that the rep did. */
    undoOf: (rep: RepKey, ref: RowRef) => deps.clicks.undo(rep, ref),
    undoLast: (rep: RepKey, asked: { command: string; actionId?: string }) => undoLast(deps, rep, asked),
  };
}

interface Chosen extends NumberedTask {
  row: Row;
}

async function act(deps: ActDeps, rep: RepKey, verb: TypedVerb, typed: Typed): Promise<Acted> {
  if (await wasCarriedOut(deps, rep, typed.command)) return { is: 'repeated' };
  const list = await seenLast(deps, rep, typed.place);
  if (!list) return { is: 'refused', why: 'no_list' };
  const { items } = list;
  const numbers = verb.numbers.filter((number) => items[number - 1] === undefined);
  if (numbers.length > 0) return { is: 'refused', why: 'no_row', numbers, rows: items.length };
  const chosen = verb.numbers.flatMap((number): Chosen[] => {
    const row = items[number - 1];
    return row ? [{ number, row, task: taskOf(row) }] : [];
  });
  if (!chosen.some(({ row }) => isOpen(row))) return { is: 'refused', why: 'closed', tasks: named(chosen) };
  const change = changeOf(verb);
  const doubts = doubtsOf(list, chosen, { now: deps.clock(), zone: typed.zone });
  const [only] = chosen;
  return only && chosen.length === 1
    ? actOnOne(deps, rep, { list, chosen: only, change, doubts }, typed)
    : actOnSome(deps, rep, { list, chosen, change, doubts }, typed);
}

async function wasCarriedOut(deps: ActDeps, rep: RepKey, command: string): Promise<boolean> {
  return (
    (await knowsCommand(deps, rep, command)) || (await deps.store.sweeps.ofKey(rep, sweepKey(command))) !== undefined
  );
}

function sweepKey(command: string): string {
  return `typed:${command}`;
}

function changeOf({ verb, dueAt = 0 }: TypedVerb): SweepChange {
  return verb === 'done' || verb === 'dismiss' ? { verb } : { verb, dueAt };
}

function named(chosen: readonly Chosen[]): NumberedTask[] {
  return chosen.map(({ number, task }) => ({ number, task }));
}

function doubtsOf(list: LoadedMessage, chosen: readonly Chosen[], time: { now: Instant; zone: string }): Doubt[] {
  const hidden = backlogOf(list, time.zone);
  const end = startOf(list.summary) + MOST_ROWS_OF_A_PAGE;
  const isHidden = ({ number, row }: Chosen) => hidden.has(row.position) || number > end;
  const doubts: Doubt[] = [];
  if (isOld(list, time)) doubts.push('old');
  if (chosen.some(isHidden)) doubts.push('hidden');
  if (chosen.some(({ row }) => isChanged(row))) doubts.push('changed');
  return doubts;
}

function isChanged({ seen, action, seq }: Row): boolean {
  return seen?.how === 'changed' || (action?.state === 'stale' && action.seq > seq);
}

interface Wanted<Which> {
  list: LoadedMessage;
  chosen: Which;
  change: SweepChange;
  doubts: readonly Doubt[];
}

async function actOnOne(
  { providers, clicks }: ActDeps,
  rep: RepKey,
  { list, chosen, change, doubts: found }: Wanted<Chosen>,
  { command }: Typed,
): Promise<Acted> {
  const { row, number, task } = chosen;
  const ref = { messageId: list.id, position: row.position, seq: row.action?.seq ?? row.seq };
  const doubts = [...found];
  const capabilities = providers.get(task.provider)?.capabilities;
  const allows = capabilities?.of(task).verbs[change.verb] !== undefined;
  if (allows && !isReversible(change.verb, task, capabilities)) doubts.push('final');
  const isSkipped = 'dueAt' in change && isSkippedBy(change.dueAt, task);
  if (allows && isSkipped) doubts.push('skipped');
  if (doubts.length > 0 && allows) {
    const confirmed = { ref, change, skippedFirst: isSkipped };
    return { is: 'asks', doubts, tasks: named([chosen]), change, listedAt: madeAt(list), confirmed };
  }
  const result = await clicks.change(rep, ref, change, { command });
  if (result.is === 'refused') return { is: 'refused', why: 'click', refusal: result.refusal };
  if (result.is === 'repeated') return { is: 'repeated' };
  return { is: 'recorded', action: result.action, number, ref: { ...ref, seq: result.action.seq } };
}

async function actOnSome(
  deps: ActDeps,
  rep: RepKey,
  { list, chosen, change, doubts }: Wanted<readonly Chosen[]>,
  { command, zone }: Typed,
): Promise<Acted> {
  const positions = chosen.map(({ row }) => row.position);
  const plan = await planOf(deps, rep, list, { which: { by: 'rows', positions }, change, zone });
  if (plan.acts.length === 0) return { is: 'refused', why: 'nothing', leftOut: plan.leftOut };
  const confirmed = { messageId: list.id, positions, change, command };
  if (doubts.length === 0 && !needsAsking(plan)) return sweep(deps, rep, confirmed);
  const all = needsAsking(plan) ? ([...doubts, 'plan'] as const) : doubts;
  return { is: 'asks', doubts: all, tasks: named(chosen), change, listedAt: madeAt(list), plan, confirmed };
}

/** What the rep was asked about is acted on; what has changed meanwhile is left out by the sweep. */
async function sweep(
  { sweeps, store }: ActDeps,
  rep: RepKey,
  { messageId, positions, change, command }: Extract<Confirmed, { positions: unknown }>,
): Promise<Acted> {
  const which = { by: 'rows', positions } as const;
  const result = await sweeps.act(rep, { messageId, which, change, key: sweepKey(command), sure: true });
  if (result.is === 'refused') return result;
  if (result.is === 'asks') return { is: 'refused', why: 'unknown_list' };
  if (result.is === 'repeated') return { is: 'repeated' };
  const { length: tasks } = await store.ledger.ofSweep(result.sweep.id);
  return { is: 'swept', sweep: result.sweep, tasks };
}

async function confirm(deps: ActDeps, rep: RepKey, confirmed: Confirmed): Promise<Acted> {
  if ('positions' in confirmed) return sweep(deps, rep, confirmed);
  const { ref, change, skippedFirst } = confirmed;
  const result = await deps.clicks.change(rep, ref, change, { skippedFirst });
  if (result.is === 'refused') return { is: 'refused', why: 'click', refusal: result.refusal };
  return { is: 'recorded', action: result.action, ref: { ...ref, seq: result.action.seq } };
}
