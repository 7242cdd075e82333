/** The sweep that a list offers by itself: what has been overdue for long. Pure. */
import { taskOf } from '../model/message.ts';
import { isOpen } from '../model/row-state.ts';
import { isMeant, type Listed, type Which } from './plan-sweep.ts';

export interface ObviousSweep {
  which: Extract<Which, { by: 'overdue' }>;
  tasks: number;
}

const LONG_DAYS = 7;
/** Fewer are done faster one by one. */
const FEWEST_LONG = 3;
const FEWEST = 5;

export function obviousSweep(listed: Listed): ObviousSweep | undefined {
  const open = listed.rows.filter(isOpen);
  if (open.every((row) => (taskOf(row).dueAt ?? listed.now) >= listed.now)) return undefined;
  const sized = (which: ObviousSweep['which']) => ({ which, tasks: open.filter(isMeant(listed, which)).length });
  const long = sized({ by: 'overdue', days: LONG_DAYS });
  if (long.tasks >= FEWEST_LONG) return long;
  const all = sized({ by: 'overdue' });
  return all.tasks >= FEWEST ? all : undefined;
}
