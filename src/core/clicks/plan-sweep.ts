/** What a sweep would do: which rows are meant, which of their tasks take the change, and what follows. Pure. */
import { isReversible, isSkippedBy } from '../model/action-rules.ts';
import { backlogOf, groupedAt } from '../model/backlog.ts';
import type { Capabilities } from '../model/capabilities.ts';
import { type Group, groupOf, isOverdue } from '../model/group.ts';
import type { Instant, ProviderId } from '../model/keys.ts';
import { type ListSummary, taskOf } from '../model/message.ts';
import { isOpen, type Row, rowState } from '../model/row-state.ts';
import type { LeftOut, SweepChange } from '../model/sweep.ts';
import type { Task, TaskKind } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { DAY } from '../model/time.ts';

/**
 * The tasks that are meant. `unchanged`: a digest's backlog, or one group of it. `days`: overdue for longer than so many
 * days. `account`: that of this row's task.
 */
export type Which =
  | { by: 'all' | 'today' }
  | { by: 'unchanged'; group?: Group }
  | { by: 'overdue'; days?: number }
  | { by: 'kind'; kind: TaskKind }
  | { by: 'tool'; provider: ProviderId }
  | { by: 'account'; position: number }
  | { by: 'rows'; positions: readonly number[] };

/** As many as one list of Slack's can show. */
export const MOST_TASKS = 100;

interface PlannedTask {
  position: number;
  task: Task;
  /** The number of its last action. */
  seq: number;
}

/**
 * What the rep is asked about, for the tasks of one tool. `final`: it cannot be taken back; `skipped`: the tool skips the
 * task before the new time; `consequence`: what the tool says of the verb.
 */
export interface Consequence {
  what: 'final' | 'skipped' | 'consequence';
  provider: ProviderId;
  tasks: number;
  /** Different sentences, at most three; of `consequence` only. */
  said: readonly string[];
}

export interface Plan {
  change: SweepChange;
  /** In the order of the list, at most `MOST_TASKS`. */
  acts: readonly PlannedTask[];
  leftOut: readonly LeftOut[];
  consequences: readonly Consequence[];
}

export interface Listed {
  rows: readonly Row[];
  /** Of a digest, which knows what is unchanged. */
  summary?: Pick<ListSummary, 'since' | 'fetchedAt' | 'asOf'>;
  now: Instant;
  zone: string;
}

export interface SweepView extends Listed {
  /** Tools that the rep is linked to. */
  tools: ReadonlyMap<ProviderId, { capabilities: Capabilities }>;
}

export function planSweep(view: SweepView, which: Which, change: SweepChange): Plan {
  const leftOut = new Map<string, LeftOut>();
  const acts: PlannedTask[] = [];
  for (const row of view.rows.filter(isMeant(view, which))) {
    const task = taskOf(row);
    const why = reasonToLeaveOut(row, task, view, change) ?? (acts.length === MOST_TASKS ? 'beyond' : undefined);
    if (!why) {
      acts.push({ position: row.position, task, seq: row.action?.seq ?? row.seq });
      continue;
    }
    const { provider } = task;
    const { tasks = 0 } = leftOut.get(`${why} ${provider}`) ?? {};
    leftOut.set(`${why} ${provider}`, { why, provider, tasks: tasks + 1 });
  }
  return { change, acts, leftOut: [...leftOut.values()], consequences: consequencesOf(acts, view, change) };
}

/** The rep is asked once, before anything is recorded. */
export function needsAsking({ consequences, leftOut }: Plan): boolean {
  return consequences.length > 0 || leftOut.length > 0;
}

/** Rows that are open now; ticked ones also if they are not, so that the rep hears of them. */
export function isMeant({ rows, summary, now, zone }: Listed, which: Which): (row: Row) => boolean {
  if (which.by === 'rows') {
    const positions = new Set(which.positions);
    return ({ position }) => positions.has(position);
  }
  if (which.by === 'unchanged') {
    const listed = { fetchedAt: now, ...summary };
    const hidden = backlogOf({ items: rows, summary: listed }, zone);
    const isOfGroup = ({ task }: Row) => !which.group || groupOf(task, groupedAt(listed), zone) === which.group;
    return (row) => isOpen(row) && hidden.has(row.position) && isOfGroup(row);
  }
  const of = matcher(which, { rows, now, zone });
  return (row) => isOpen(row) && of(taskOf(row));
}

function matcher(
  which: Exclude<Which, { by: 'rows' | 'unchanged' }>,
  { rows, now, zone }: Omit<Listed, 'summary'>,
): (task: Task) => boolean {
  switch (which.by) {
    case 'all':
      return () => true;
    case 'overdue': {
      const { days = 0 } = which;
      return (task) => isOverdue(task, now) && (task.dueAt ?? now) < now - days * DAY;
    }
    case 'today':
      return (task) => groupOf(task, now, zone) === 'today';
    case 'kind':
      return ({ kind }) => (kind ?? 'other') === which.kind;
    case 'tool':
      return ({ provider }) => provider === which.provider;
    case 'account': {
      const row = rows.find(({ position }) => position === which.position);
      const name = row && accountOf(taskOf(row));
      return (task) => name !== undefined && isSameAccount(accountOf(task), name);
    }
  }
}

export function accountOf({ account, contact }: Pick<Task, 'account' | 'contact'>): string | undefined {
  return account?.name ?? contact?.company;
}

function isSameAccount(one: string | undefined, other: string): boolean {
  return one !== undefined && fold(one) === fold(other);
}

function reasonToLeaveOut(
  row: Row,
  task: Task,
  { tools }: SweepView,
  { verb }: SweepChange,
): LeftOut['why'] | undefined {
  if (row.action?.state === 'queued' || row.action?.state === 'undoing' || rowState(row) === 'underway') {
    return 'underway';
  }
  if (!isOpen(row)) return 'closed';
  const tool = tools.get(task.provider);
  if (!tool) return 'not_linked';
  return tool.capabilities.of(task).verbs[verb] ? undefined : 'unsupported';
}

/** A consequence has at most three sentences; names in them make them many. */
const MOST_SAID = 3;

const NONE: Pick<Consequence, 'tasks' | 'said'> = { tasks: 0, said: [] };

function consequencesOf(acts: readonly PlannedTask[], { tools }: SweepView, change: SweepChange): Consequence[] {
  const found = new Map<string, Consequence>();
  const note = (what: Consequence['what'], { provider }: Task, sentence?: string) => {
    const key = `${what} ${provider}`;
    const { tasks, said } = found.get(key) ?? NONE;
    const isNew = sentence !== undefined && !said.includes(sentence) && said.length < MOST_SAID;
    found.set(key, { what, provider, tasks: tasks + 1, said: isNew ? [...said, sentence] : said });
  };
  for (const { task } of acts) {
    const capabilities = tools.get(task.provider)?.capabilities;
    if (!capabilities) continue;
    const consequence = capabilities.of(task).verbs[change.verb]?.consequence;
    if (!isReversible(change.verb, task, capabilities)) note('final', task);
    if (consequence) note('consequence', task, consequence);
    if ('dueAt' in change && isSkippedBy(change.dueAt, task)) note('skipped', task);
  }
  return [...found.values()];
}
