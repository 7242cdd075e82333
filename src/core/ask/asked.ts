/** What a typed line comes to. */
import type { Instant } from '../model/keys.ts';
import type { Query } from '../model/query.ts';
import type { Verb } from '../model/task.ts';
import type { TypedRefusal } from '../model/typed-reading.ts';
import type { CommandWord } from './grammar.ts';

export interface TypedVerb {
  verb: Verb;
  /** Of rows, from 1; each once. */
  numbers: readonly number[];
  /** Of a snooze and a reschedule. */
  dueAt?: Instant;
}

/** Why nothing is done: what the line lacks, or has too much. */
export type Unclear =
  /** A verb without numbers, or with numbers that cannot be read. */
  | { why: 'numbers'; verb: Verb }
  /** Words beside a verb and its numbers that are neither. */
  | { why: 'words'; verb: Verb; said: string }
  | { why: 'no_time'; verb: Verb }
  | { why: 'time'; verb: Verb; said: string; read: TypedRefusal }
  | { why: 'undo' }
  /** Numbers without a verb. */
  | { why: 'no_verb' }
  | { why: 'two_whens' }
  /** A day, where a list has `before`. */
  | { why: 'day'; said: string }
  | { why: 'before'; said: string; read: TypedRefusal }
  /** A list is of days, not of hours. */
  | { why: 'before_hour'; said: string }
  | { why: 'sort' }
  | { why: 'too_long' }
  /** Nothing in it asks for anything. */
  | { why: 'nothing' };

export type Asked =
  | { is: 'command'; word: CommandWord; rest: string }
  | { is: 'list'; query: Query }
  | ({ is: 'act' } & TypedVerb)
  | { is: 'undo' }
  /** `line`: what the rep may have meant. `search`: the same words as a text search. */
  | { is: 'near'; means: string; line: string; search: string }
  /** `search`: the line as a text search, where it may be one. */
  | ({ is: 'unclear'; search?: string } & Unclear);
