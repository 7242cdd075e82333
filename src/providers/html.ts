/**
 * Notes and bodies as plain text (contracts, rule 10): editors write HTML, people and other apps write what they like. The
 * tokenizer of htmlparser2 reads every character once, and keeps no tree that nested elements could deepen.
 */
import { Tokenizer } from 'htmlparser2';
import { LONGEST_NOTE } from '../core/model/task.ts';
import { bounded, manyLines, oneLine } from './text.ts';

/** The text of a longer note or body is not looked at beyond this. Word puts some 30,000 characters before its text. */
const LONGEST_SOURCE = 32_768;
/** Tags, signs and stretches of text: only a source that was made to be slow has so many. */
const MOST_TOKENS = 4_000;
/** The source is read in pieces, so that reading can stop at the first line. */
const PIECE = 4_096;

/** They stand apart from what is before and after them. */
const PARAGRAPHS = named('br h1 h2 h3 h4 h5 h6 p pre');
/** They begin a line. */
const BLOCKS = named('address article blockquote center div dl dt dd footer header hr li ol section table tr ul');
/** Only tags that editors make: any other is what somebody wrote, as in "ask <dana@larkspur.example>". */
const INLINE = named(
  'a abbr b big body code col colgroup del em font head html i img ins label link main mark meta s small span strike strong sub sup tbody td tfoot th thead u',
);
/** Nobody reads what stands in these. */
const UNSEEN = named('script style title xml');
/** `<o:p>` and its kind: Word, Excel and Outlook leave them behind. */
const OFFICE = /^(?:o|w|v|m|x|st\d):/;
const READABLE = /[\p{L}\p{N}]/u;

/** A line for each block. */
export function plainText(html: string): string {
  let text = '';
  tokenize(html, (piece) => {
    text += piece;
    return true;
  });
  return text;
}

/** All of it, with its line breaks, shortened; undefined when there is no letter or digit in it. */
export function noteText(html: string | null | undefined): string | undefined {
  let text = '';
  let isAtLineStart = true;
  tokenize(html ?? '', (piece, isBlock) => {
    if (isBlock && isAtLineStart) return true;
    text += piece;
    isAtLineStart = piece.endsWith('\n');
    return true;
  });
  return READABLE.test(text) ? manyLines(text, LONGEST_NOTE) : undefined;
}

/** The first line with a letter or a digit in it, shortened; undefined when there is none. */
export function firstLine(html: string | null | undefined, max: number): string | undefined {
  let line = '';
  let found: string | undefined;
  const take = (text: string) => {
    if (READABLE.test(text)) found ??= oneLine(text, max);
    return found === undefined;
  };
  tokenize(html ?? '', (piece) => {
    if (!piece.includes('\n')) {
      line += piece;
      return true;
    }
    const [first = '', ...others] = piece.split('\n');
    line += first;
    for (const other of others) {
      if (!take(line)) return false;
      line = other;
    }
    return true;
  });
  take(line);
  return found;
}

function named(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

interface Tag {
  name: string;
  /** Of its `<`. */
  start: number;
  /** Of the last `<` inside it: then this one was only a sign, as in `a<b</p>`. */
  stray: number;
}

/** `isBlock`: a line break that is none where a line begins anyhow. Answers true to hear more. */
type Say = (text: string, isBlock: boolean) => boolean;

/** The position up to which a source has been read. */
interface Reading {
  source: string;
  say: Say;
  goesOn: boolean;
  tokens: number;
  /** All before this index has been said or left out. */
  settled: number;
  tag?: Tag | undefined;
  unseen?: { name: string; from: number } | undefined;
}

/** Hands on the text of a source, piece by piece, for as long as `say` answers true. */
function tokenize(html: string, say: Say): void {
  const source = bounded(html, LONGEST_SOURCE).replace(/\r\n?/g, '\n');
  const reading: Reading = { source, say, goesOn: true, tokens: 0, settled: 0 };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacksFor(reading));
  for (let at = 0; at < source.length && reading.goesOn; at += PIECE) tokenizer.write(source.slice(at, at + PIECE));
  if (!reading.goesOn) return;
  tokenizer.end();
  // Opened and never closed: a `<` in a text, or a title that is none.
  const { unseen } = reading;
  if (unseen?.name === 'title') reading.settled = unseen.from;
  else if (unseen) return;
  reading.unseen = undefined;
  if (reading.settled < source.length && html.length <= LONGEST_SOURCE) showUpTo(reading, source.length);
}

function callbacksFor(reading: Reading): ConstructorParameters<typeof Tokenizer>[1] {
  const { source } = reading;
  return {
    ontext: (_start, end) => showUpTo(reading, end),
    ontextentity: (code, end) => show(reading, String.fromCodePoint(code), end),
    onopentagname(start, end) {
      reading.tag = { name: source.slice(start, end).toLowerCase(), start: start - 1, stray: 0 };
      noteStray(reading, start, end);
    },
    onattribname: (start, end) => noteStray(reading, start, end),
    onopentagend: (at) => open(reading, at + 1),
    onselfclosingtag: (at) => open(reading, at + 1),
    onclosetag(start, end) {
      const name = source.slice(start, end).toLowerCase();
      const last = source.indexOf('>', end);
      if (last < 0) return;
      if (reading.unseen?.name === name) reading.unseen = undefined;
      showTag(reading, { name, start: start - 2 }, last + 1);
    },
    // `</3` begins a comment to a browser, and nothing of the kind to whoever wrote it.
    oncomment: (start, at) =>
      show(reading, source.startsWith('</', start - 2) ? source.slice(start - 2, at + 1) : '', at + 1),
    oncdata: (start, at, less) => show(reading, source.slice(start, at - less), at + 1),
    ondeclaration: (_start, at) => show(reading, '', at + 1),
    onprocessinginstruction: (_start, at) => show(reading, '', at + 1),
    onattribdata: () => {},
    onattribentity: () => {},
    onattribend: () => {},
    onend: () => {},
  };
}

function show(reading: Reading, text: string, end: number, isBlock = false): void {
  reading.settled = end;
  reading.tokens += 1;
  if (!reading.unseen && reading.goesOn && text !== '') reading.goesOn = reading.say(text, isBlock);
  if (reading.tokens > MOST_TOKENS) reading.goesOn = false;
}

function showUpTo(reading: Reading, end: number): void {
  show(reading, reading.source.slice(reading.settled, end), end);
}

/** A tag that is no mark-up stays as it was written. */
function showTag(reading: Reading, { name, start }: Pick<Tag, 'name' | 'start'>, end: number): void {
  if (PARAGRAPHS.has(name)) show(reading, '\n', end);
  else if (BLOCKS.has(name)) show(reading, '\n', end, true);
  else if (INLINE.has(name) || UNSEEN.has(name) || OFFICE.test(name)) show(reading, '', end);
  else show(reading, reading.source.slice(start, end), end);
}

function noteStray({ source, tag }: Reading, start: number, end: number): void {
  const stray = source.slice(start, end).lastIndexOf('<');
  if (tag && stray >= 0) tag.stray = start + stray;
}

/** The text after the end of an opening tag. */
function open(reading: Reading, end: number): void {
  const { tag, source } = reading;
  if (!tag) return;
  reading.tag = undefined;
  if (tag.stray === 0) {
    showTag(reading, tag, end);
    if (UNSEEN.has(tag.name)) reading.unseen ??= { name: tag.name, from: end };
    return;
  }
  show(reading, source.slice(tag.start, tag.stray), tag.stray);
  const [, inner = ''] = /^<\/?([a-z][a-z\d:]*)/i.exec(source.slice(tag.stray, tag.stray + 20)) ?? [];
  showTag(reading, { name: inner.toLowerCase(), start: tag.stray }, end);
}
