/**
 * Reads a typed line. Pure and total: each text comes to something, and only a line that is understood as a whole acts.
 * What is nearly a word is asked about, what is no word is searched for.
 */
import { fold } from '../model/text.ts';
import type { RepTime } from '../model/time.ts';
import { parseTypedDate } from '../model/typed-date.ts';
import type { Asked } from './asked.ts';
import {
  BEFORE,
  COMMAND_RULES,
  type CommandWord,
  LIST_WORDS,
  SMALL_WORDS,
  TERMS,
  UNDO,
  VERB_RULES,
} from './grammar.ts';
import { nearest } from './near.ts';
import { type Parts, partsOf, type Tool, textOf } from './parts.ts';
import { type Token, tokensOf } from './tokens.ts';
import { readVerb } from './typed-verb.ts';

export interface AskContext {
  /** That are set up. */
  tools: readonly Tool[];
  time: RepTime;
}

/** A longer line is nobody's question. Whatever the line is, at most 5 ms (`npm run bench -- ask`). */
const LONGEST_LINE = 300;

/** Of a search. */
const LONGEST_TEXT = 200;

export function readLine(line: string, context: AskContext): Asked {
  return read(line, context, true);
}

/** `canBeSlip`: false where the slips of the line are mended. */
function read(line: string, context: AskContext, canBeSlip: boolean): Asked {
  const cut = line.slice(0, LONGEST_LINE);
  if (line.trim().length > LONGEST_LINE) return { is: 'unclear', why: 'too_long' };
  const tokens = tokensOf(cut);
  const isQuoted = tokens.some((token) => token.isQuoted);
  const verb = isQuoted ? undefined : readVerb(fold(cut), context.time);
  if (verb) return verb;
  if (tokens.length === 0) return cut.trim() === '' ? { is: 'list', query: {} } : { is: 'unclear', why: 'nothing' };
  return readCommand(tokens, cut) ?? readList(tokens, context, canBeSlip);
}

/** True if the line may do something to a task, so that it is recorded before it is acknowledged. Never too seldom. */
export function mayAct(line: string): boolean {
  const words = new Set([...VERB_RULES.flatMap((rule) => rule.words), UNDO.word]);
  return fold(line.slice(0, LONGEST_LINE))
    .split(/[^a-z]+/)
    .some((word) => words.has(word));
}

function readCommand(tokens: readonly Token[], line: string): Asked | undefined {
  const own = tokens.filter(({ word, isQuoted }) => isQuoted || !SMALL_WORDS.has(word));
  const [first, ...others] = own;
  if (!first || first.isQuoted) return undefined;
  const rule = COMMAND_RULES.find(({ words }) => (words as readonly string[]).includes(first.word));
  if (!rule) return undefined;
  if (others.length === 0 && !hasUntil(tokens)) return { is: 'command', word: rule.word, rest: '' };
  // As it was typed: Slack writes a person as `<@U0123>`.
  if (rule.word === 'team') return { is: 'command', word: 'team', rest: line.replace(/^.*?\bteam\b/i, '').trim() };
  return rule.word === 'pause' ? pauseOf(tokens) : undefined;
}

const UNTIL = /^(?:until|till|til)$/;

function hasUntil(tokens: readonly Token[]): boolean {
  return tokens.some(({ word }) => UNTIL.test(word));
}

/** `pause until Monday`, `pause my digests till 2026-12-01`. */
function pauseOf(tokens: readonly Token[]): Asked {
  const word = 'pause' satisfies CommandWord;
  const after = tokens.slice(tokens.findIndex((token) => token.word === word) + 1);
  const rest = after.filter((token) => !/^(?:my|the|all|digests?)$/.test(token.word)).map(({ raw }) => raw);
  return { is: 'command', word, rest: rest.join(' ').replace(/^(?:until|till|til|for)\s+/i, '') };
}

function readList(tokens: readonly Token[], context: AskContext, canBeSlip: boolean): Asked {
  const parts = partsOf(tokens, context);
  if (parts.unclear) return { is: 'unclear', ...parts.unclear, search: rawOf(tokens) };
  const near = canBeSlip ? nearOf(tokens, parts, context) : undefined;
  if (near) return near;
  const text = textOf(parts).slice(0, LONGEST_TEXT);
  const { query } = parts;
  if (text === '') {
    const isList = Object.keys(query).length > 0 || tokens.some(({ word }) => LIST_WORDS.has(word));
    return isList ? { is: 'list', query } : { is: 'unclear', why: 'nothing', search: rawOf(tokens) };
  }
  if (/^[\d\s,#-]+$/.test(text) && Object.keys(query).length === 0 && !tokens.some(({ isQuoted }) => isQuoted)) {
    return { is: 'unclear', why: 'no_verb', search: text };
  }
  if (isDay(text, tokens, context)) return { is: 'unclear', why: 'day', said: text, search: rawOf(tokens) };
  return { is: 'list', query: { ...query, text } };
}

function rawOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ raw }) => raw)
    .join(' ')
    .slice(0, LONGEST_TEXT);
}

const WEEKDAY_OR_NUMBER = /^(?:mon|tue|wed|thu|fri|sat|sun|\d{1,2}\b|in \d)/;

/** `friday`, `12 dec`: lists have no single days but today and tomorrow. */
function isDay(text: string, tokens: readonly Token[], { time }: AskContext): boolean {
  const folded = fold(text);
  if (folded.length > 30 || tokens.some(({ isQuoted }) => isQuoted) || !WEEKDAY_OR_NUMBER.test(folded)) return false;
  const read = parseTypedDate(folded, time);
  return 'at' in read || read.refused !== 'not_understood';
}

/** Words beyond these are a sentence, which no slip explains. */
const MOST_NEAR = 8;

const WORDS: readonly string[] = [
  ...TERMS.flatMap(({ words }) => words.filter((word) => !word.includes(' '))),
  ...COMMAND_RULES.flatMap(({ words }) => [...words]),
  ...VERB_RULES.flatMap(({ words }) => [...words]),
  UNDO.word,
  ...BEFORE.strict,
];

function nearOf(tokens: readonly Token[], { unknown }: Parts, context: AskContext): Asked | undefined {
  if (unknown.length === 0 || unknown.length > MOST_NEAR) return undefined;
  const words = [...WORDS, ...context.tools.map(({ id }) => id)];
  const meant = new Map<Token, string>();
  for (const token of unknown) {
    const word = token.isQuoted ? undefined : nearest(token.word, words);
    if (word !== undefined && word !== token.word) meant.set(token, word);
  }
  if (meant.size === 0) return undefined;
  const line = tokens.map((token) => meant.get(token) ?? token.raw).join(' ');
  const asked = read(line, context, false);
  const isText = asked.is === 'list' && [...meant.values()].some((word) => asked.query.text?.includes(word));
  if (asked.is === 'unclear' || isText) return undefined;
  return { is: 'near', means: [...meant.values()].join(' '), line, search: rawOf(tokens) };
}
