/** The sets of open tasks that a rep may act on at once, with their sizes. Pure. */
import { taskOf } from '../model/message.ts';
import { isOpen, type Row } from '../model/row-state.ts';
import { KINDS_OF_TASK } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { accountOf, isMeant, type Listed, type Which } from './plan-sweep.ts';

export interface WhichChoice {
  which: Which;
  tasks: number;
  /** Of an account, as its first task writes it. */
  name?: string;
}

/** Accounts with the most tasks. */
const MOST_ACCOUNTS = 20;

/**
 * Only sets that hold a task. A kind or a tool with all the tasks is no choice, nor is an account with one. `offered`: the
 * set of a button, which comes first.
 */
export function choicesOf(listed: Listed, offered?: Which): WhichChoice[] {
  const choices = plainChoices(listed);
  if (!offered) return choices;
  const tasks = listed.rows.filter(isOpen).filter(isMeant(listed, offered)).length;
  const others = choices.filter(({ which }) => JSON.stringify(which) !== JSON.stringify(offered));
  return tasks > 0 ? [{ which: offered, tasks }, ...others] : choices;
}

function plainChoices(listed: Listed): WhichChoice[] {
  const open = listed.rows.filter(isOpen);
  const sized = (which: Which): WhichChoice => ({ which, tasks: open.filter(isMeant(listed, which)).length });
  const providers = [...new Set(open.map(({ task }) => task.provider))];
  const dates = [sized({ by: 'overdue' }), sized({ by: 'today' }), sized({ by: 'all' })];
  const parts = [
    ...KINDS_OF_TASK.map((kind) => sized({ by: 'kind', kind })),
    ...providers.map((provider) => sized({ by: 'tool', provider })),
  ];
  return [
    ...dates.filter(({ tasks }) => tasks > 0),
    ...parts.filter(({ tasks }) => tasks > 0 && tasks < open.length),
    ...accountsOf(open),
  ];
}

function accountsOf(open: readonly Row[]): WhichChoice[] {
  const found = new Map<string, WhichChoice>();
  for (const row of open) {
    const name = accountOf(taskOf(row));
    if (name === undefined) continue;
    const {
      which,
      tasks,
      name: first,
    } = found.get(fold(name)) ?? {
      which: { by: 'account', position: row.position } as const,
      tasks: 0,
      name,
    };
    found.set(fold(name), { which, tasks: tasks + 1, ...(first !== undefined && { name: first }) });
  }
  const several = [...found.values()].filter(({ tasks }) => tasks > 1);
  return several.sort((one, other) => other.tasks - one.tasks).slice(0, MOST_ACCOUNTS);
}
