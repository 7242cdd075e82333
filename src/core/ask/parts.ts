/** What the words of a line ask a list for; what is no word of the grammar is its text. Pure. */
import { Temporal } from 'temporal-polyfill';
import type { ProviderId } from '../model/keys.ts';
import { type Query, SORTS, type When } from '../model/query.ts';
import { fold } from '../model/text.ts';
import { localDate, type RepTime } from '../model/time.ts';
import { parseTypedDate } from '../model/typed-date.ts';
import type { Unclear } from './asked.ts';
import { BEFORE, SMALL_WORDS, SORT_WORDS, TERMS, type Term } from './grammar.ts';
import type { Token } from './tokens.ts';

export interface Tool {
  id: ProviderId;
  name: string;
}

export interface Parts {
  query: Query;
  /** In the order of the line: unknown words, and small ones between two of them. */
  unknown: readonly Token[];
  text: readonly Token[];
  unclear?: Unclear;
}

interface Found {
  /** How many tokens it takes. */
  tokens: number;
  query: Query;
  unclear?: Unclear;
}

const MOST_WORDS = 4;

const DATED: ReadonlySet<string> = new Set([...BEFORE.strict, ...BEFORE.until]);
/** Dates take the longest to read, and a list has one. */
const MOST_DATED = 1;

export function partsOf(tokens: readonly Token[], context: { tools: readonly Tool[]; time: RepTime }): Parts {
  const unknown: Token[] = [];
  const text: Token[] = [];
  let between: Token[] = [];
  let query: Query = {};
  let dated = 0;
  const known = { tools: toolWords(context.tools), time: context.time };
  for (let at = 0; at < tokens.length; ) {
    const rest = tokens.slice(at);
    const [token] = rest;
    const isDated = DATED.has(token?.word ?? '') && dated < MOST_DATED;
    if (isDated) dated += 1;
    const found = token?.isQuoted ? undefined : termAt(rest, known, isDated);
    if (found) {
      const joined = join(query, found.query);
      const unclear = found.unclear ?? (joined ? undefined : ({ why: 'two_whens' } as const));
      if (unclear || !joined) return { query, unknown, text, ...(unclear && { unclear }) };
      query = joined;
      at += found.tokens;
      between = [];
      continue;
    }
    at += 1;
    if (!token) continue;
    if (!token.isQuoted && SMALL_WORDS.has(token.word)) {
      between.push(token);
      continue;
    }
    text.push(...(text.length > 0 ? between : []), token);
    unknown.push(token);
    between = [];
  }
  return { query, unknown, text };
}

export function textOf({ text }: Parts): string {
  return text.map(({ raw }) => raw).join(' ');
}

/** undefined: two different times. */
function join(one: Query, other: Query): Query | undefined {
  if (one.when && other.when && JSON.stringify(one.when) !== JSON.stringify(other.when)) return undefined;
  const kinds = [...new Set([...(one.kinds ?? []), ...(other.kinds ?? [])])];
  const tools = [...new Set([...(one.tools ?? []), ...(other.tools ?? [])])];
  return { ...one, ...other, ...(kinds.length > 0 && { kinds }), ...(tools.length > 0 && { tools }) };
}

function termAt(
  rest: readonly Token[],
  { tools, time }: { tools: ReadonlyMap<string, Query>; time: RepTime },
  isDated: boolean,
): Found | undefined {
  const found = sortAt(rest) ?? (isDated ? beforeAt(rest, time) : undefined);
  if (found) return found;
  for (let count = Math.min(MOST_WORDS, rest.length); count > 0; count -= 1) {
    const words = rest.slice(0, count);
    if (words.some(({ isQuoted }) => isQuoted)) continue;
    const phrase = words.map(({ word }) => word).join(' ');
    const query = MEANINGS.get(phrase) ?? tools.get(phrase);
    if (query) return { tokens: count, query };
  }
  return undefined;
}

const MEANINGS: ReadonlyMap<string, Query> = new Map(
  TERMS.flatMap(({ means, words }) => words.map((word) => [word, queryOf(means)] as const)),
);

function queryOf(means: Term['means']): Query {
  if ('when' in means) return { when: { is: means.when } };
  return 'kind' in means ? { kinds: [means.kind] } : { urgent: true };
}

/** `Reply.io`, `Reply`, `replyio`, and the id. */
function toolWords(tools: readonly Tool[]): ReadonlyMap<string, Query> {
  return new Map(
    tools.flatMap(({ id, name }) => {
      const folded = fold(name);
      const words = [id, folded, folded.split(/[ .]/)[0] ?? folded, folded.replace(/[^a-z0-9]/g, '')];
      return words.map((word) => [word, { tools: [id] }] as const);
    }),
  );
}

/** `sort:due`, `sort by amount`, `sorted by age`, `by account`. */
function sortAt(rest: readonly Token[]): Found | undefined {
  const [first = '', second = '', third = '', fourth = ''] = rest.slice(0, 4).map(({ word }) => word);
  const [, beside] = /^(?:sort|sorted|order|ordered):(.*)$/.exec(first) ?? [];
  if (beside) return sortOf(beside, 1) ?? { tokens: 1, query: {}, unclear: { why: 'sort' } };
  if (/^(?:sort|sorted|order|ordered)$/.test(first) && rest.length > 1) {
    const skip = second === 'by' || second === 'on' ? 2 : 1;
    const [one, two] = skip === 2 ? [third, fourth] : [second, third];
    const found = sortOf(`${one} ${two}`, skip + 2) ?? sortOf(one, skip + 1);
    return found ?? (skip === 2 ? { tokens: skip, query: {}, unclear: { why: 'sort' } } : undefined);
  }
  if (first !== 'by') return undefined;
  return sortOf(`${second} ${third}`, 3) ?? sortOf(second, 2);
}

function sortOf(phrase: string, tokens: number): Found | undefined {
  const sort = SORTS.find((each) => (SORT_WORDS[each].words as readonly string[]).includes(phrase));
  return sort && { tokens, query: { sort } };
}

const MOST_WORDS_OF_A_DATE = 4;
const LONGEST_DATE = 30;

/** `before friday`, `by 12 dec`. */
function beforeAt(rest: readonly Token[], time: RepTime): Found | undefined {
  const [first, ...others] = rest;
  const isUntil = (BEFORE.until as readonly string[]).includes(first?.word ?? '');
  for (let count = Math.min(MOST_WORDS_OF_A_DATE, others.length); count > 0; count -= 1) {
    const words = others.slice(0, count);
    const said = words.map(({ word }) => word).join(' ');
    if (said.length > LONGEST_DATE || words.some(({ isQuoted }) => isQuoted)) continue;
    const found = before(said, isUntil, time);
    if (found) return { tokens: count + 1, query: {}, ...found };
  }
  return undefined;
}

function before(
  said: string,
  isUntil: boolean,
  time: RepTime,
): { query: { when: When } } | { unclear: Unclear } | undefined {
  if (said === 'today') return { query: { when: beforeDate(localDate(time.now, time.zone), isUntil) } };
  const read = parseTypedDate(said, time);
  if (!('at' in read)) {
    return read.refused === 'not_understood' ? undefined : { unclear: { why: 'before', said, read } };
  }
  if (read.timed) return { unclear: { why: 'before_hour', said } };
  return { query: { when: beforeDate(localDate(read.at, time.zone), isUntil) } };
}

function beforeDate(date: string, isUntil: boolean): When {
  return { is: 'before', date: isUntil ? Temporal.PlainDate.from(date).add({ days: 1 }).toString() : date };
}
