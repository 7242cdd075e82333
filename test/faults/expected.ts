/** What each cell of the fault matrix has to come to, by rules that know nothing of how Docket goes about it. */
import type { Cell } from './table.ts';
import { NAMES, type Verb } from './verbs.ts';

export interface Expected {
  effects: 0 | 1;
  /** Words of the row; undefined: the verb is done, or undone. */
  says: string | undefined;
  /** How it then comes to be done after all, once the trouble is over, with one effect in all. Absent: it is at its end. */
  mendedBy?: 'Retry' | 'Undo' | 'sign in' | 'restart';
}

const DONE: Expected = { effects: 1, says: undefined };

export function expected(cell: Cell): Expected {
  const { fault, verb, at } = cell;
  if (fault.ends === 'done') return DONE;
  if (fault.ends === 'credentials') return credentials(cell);
  // Gong has no reading of one task (gong.md 3), and says of its list by a 404 of its own that nothing was found.
  const isMissing = fault.name === '404' && at === 'read';
  if (isMissing) return { effects: 0, says: 'No longer open' };
  return { effects: 0, says: fault.says, mendedBy: again(verb) };
}

/** What the provider refused for its credential is gone on with by itself; an Undo is pressed again by whoever wants it. */
function credentials({ fault, verb }: Cell): Expected {
  if (verb.provider !== 'outreach') {
    const says = `${NAMES[verb.provider]} refused Docket's credentials`;
    return { effects: 0, says, mendedBy: verb.undo ? 'Undo' : 'restart' };
  }
  // A token may have ended early: one refresh, one more try (outreach.md 5).
  if (fault.times === 1) return DONE;
  return { effects: 0, says: 'Your Outreach connection has ended', mendedBy: verb.undo ? 'Undo' : 'sign in' };
}

function again(verb: Verb): 'Retry' | 'Undo' {
  return verb.undo ? 'Undo' : 'Retry';
}

/** As the printed table has it. */
export function inWords({ effects, says, mendedBy }: Expected, verb: Verb): string {
  const done = verb.undo ? 'undone' : 'done';
  const first = came(effects, says ?? done);
  return mendedBy ? `${first}; after ${mendedBy}: ${came(1, done)}` : first;
}

export function came(effects: number, word: string): string {
  return `${effects} ${effects === 1 ? 'effect' : 'effects'}, ${word}`;
}
