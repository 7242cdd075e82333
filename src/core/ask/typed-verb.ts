/** Reads a verb on numbers: `done 2,5`, `snooze 1-3 until tue 9am`. Understood as a whole or not at all. Pure. */
import type { Verb } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { type RepTime, snoozeUntil } from '../model/time.ts';
import { parseTypedDate } from '../model/typed-date.ts';
import type { Asked } from './asked.ts';
import { EVERYTHING, UNDO, VERB_FILLERS, VERB_RULES, type VerbRule } from './grammar.ts';

/** As many as a sweep takes. */
const MOST_NUMBERS = 100;
/** A longer text is no time. */
const LONGEST_TIME = 60;

/** undefined: the line has no verb. `line` is folded. */
export function readVerb(line: string, time: RepTime): Asked | undefined {
  const tokens = line.replace(/[?!.]+$/, '').split(' ');
  if (tokens.includes(UNDO.word)) return readUndo(tokens);
  const at = tokens.findIndex((token) => ruleOf(token) !== undefined);
  const rule = ruleOf(tokens[at] ?? '');
  if (!rule) return undefined;
  const before = tokens.slice(0, at).filter((token) => !VERB_FILLERS.has(token));
  const after = withoutFillers(tokens.slice(at + 1));
  const isWord = tokens[at] === rule.words[0];
  if (before.length > 0) return readBefore(before, after, { rule, isWord, line }, time);
  const read = readNumbers(after);
  if (read.numbers.length === 0 && !isWord && !after.some((token) => EVERYTHING.has(token))) return undefined;
  return complete(rule, read, { line, time });
}

/** `undo`, and no more than a filler around it. */
function readUndo(tokens: readonly string[]): Asked | undefined {
  const more = tokens.filter((token) => !VERB_FILLERS.has(token) && !['last', 'it', 'that', 'one'].includes(token));
  if (more.length === 1) return { is: 'undo' };
  return more[0] === UNDO.word ? { is: 'unclear', why: 'undo', search: tokens.join(' ') } : undefined;
}

/** `2 done`, `mark 2 and 3 as done`: the numbers stand before the verb. */
function readBefore(
  before: readonly string[],
  after: readonly string[],
  { rule, isWord, line }: { rule: VerbRule; isWord: boolean; line: string },
  time: RepTime,
): Asked | undefined {
  const read = readNumbers(before);
  if (read.numbers.length > 0 && read.rest.length === 0 && !read.isOpen) {
    return complete(rule, { ...read, rest: after }, { line, time });
  }
  return isWord ? { is: 'unclear', why: 'words', verb: rule.verb, said: before.join(' '), search: line } : undefined;
}

function ruleOf(token: string): VerbRule | undefined {
  return VERB_RULES.find(({ words }) => words.includes(token));
}

const CLOSING = new Set(['please', 'pls', 'thanks']);
const OPENING = new Set(['task', 'tasks', 'number', 'numbers', 'row', 'rows', 'the', 'my']);

function withoutFillers(tokens: readonly string[]): string[] {
  const first = tokens.findIndex((token) => !OPENING.has(token));
  const kept = first < 0 ? [] : tokens.slice(first);
  while (CLOSING.has(kept.at(-1) ?? '')) kept.pop();
  return kept;
}

interface Numbers {
  numbers: readonly number[];
  /** What follows them. */
  rest: readonly string[];
  /** Some have only a blank between them. */
  isSpaced: boolean;
  /** A comma or an `and` without a number after it, or a range that goes down: they cannot be meant so. */
  isOpen: boolean;
}

const JOINS = new Set([',', '&', '+', 'and']);

function readNumbers(given: readonly string[]): Numbers {
  const tokens = given
    .join(' ')
    .replace(/(?<=\d)\s*-\s*(?=#?\d)/g, '-')
    .replace(/(?<=\d)\s*([,&+])\s*(?=#?\d|$)/g, ' $1 ')
    .trim()
    .split(/\s+/);
  const numbers: number[] = [];
  let isSpaced = false;
  let isJoined = true;
  let isDown = false;
  let at = 0;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (JOINS.has(token) && numbers.length > 0 && !isJoined) {
      isJoined = true;
      continue;
    }
    const [said, from, to = from] = /^#?(\d{1,3})(?:-#?(\d{1,3}))?$/.exec(token) ?? [];
    if (said === undefined) break;
    if (!isJoined) isSpaced = true;
    isJoined = false;
    if (Number(to) < Number(from)) isDown = true;
    for (let number = Number(from); number <= Number(to); number += 1) numbers.push(number);
  }
  const isOpen = isDown || (numbers.length > 0 && isJoined);
  return { numbers: [...new Set(numbers)], rest: tokens.slice(at).filter(Boolean), isSpaced, isOpen };
}

function complete(
  rule: VerbRule,
  { numbers, rest, isSpaced, isOpen }: Numbers,
  { line, time }: { line: string; time: RepTime },
): Asked {
  const { verb } = rule;
  const search = numbers.length === 0 ? { search: line } : {};
  const areSound = numbers.length > 0 && numbers.length <= MOST_NUMBERS && !numbers.includes(0) && !isOpen;
  if (!areSound) return { is: 'unclear', why: 'numbers', verb, ...search };
  const said = rest.join(' ');
  if (rest.length === 0) {
    if (rule.time === 'needed') return { is: 'unclear', why: 'no_time', verb };
    if (rule.time === 'none') return { is: 'act', verb, numbers };
    return { is: 'act', verb, numbers, dueAt: snoozeUntil('tomorrow', time) };
  }
  if (rule.time === 'none') return { is: 'unclear', why: 'words', verb, said };
  // `snooze 4 5 pm`: is the 5 a row or an hour?
  if (isSpaced && !CONNECTIVES.test(said)) return { is: 'unclear', why: 'numbers', verb };
  return withTime(verb, numbers, said, time);
}

const CONNECTIVES = /^(?:until|till|til|to|for|by|at|on|in)\b ?/;

function withTime(verb: Verb, numbers: readonly number[], said: string, time: RepTime): Asked {
  const plain = said
    .replace(/^(?:until|till|til|to|by) /, '')
    .replace(/^for (?=\d|an? )/, 'in ')
    .replace(/^for /, '')
    .replace(/ ,/g, ',');
  const read = plain.length > LONGEST_TIME ? ({ refused: 'not_understood' } as const) : parseTypedDate(plain, time);
  if ('at' in read) return { is: 'act', verb, numbers, dueAt: read.at };
  return { is: 'unclear', why: 'time', verb, said: fold(plain), read };
}
