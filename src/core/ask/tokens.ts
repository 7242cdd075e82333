/** Cuts a typed line into words. Pure. */
import { fold } from '../model/text.ts';

export interface Token {
  /** As it was typed, without the marks around it. */
  raw: string;
  /** Folded, for comparing. */
  word: string;
  /** It stood in quotation marks, so it is a text whatever it says. */
  isQuoted: boolean;
}

const QUOTED = /["“”„‟«»]([^"“”„‟«»]*)["“”„‟«»]/g;
/** Marks around a word, but not those that are part of one. */
const EDGES = /^[\s.,;:!?()[\]{}*_~`"“”„‟«»<>|\\/-]+|[\s.,;:!?()[\]{}*_~`"“”„‟«»<>|\\/-]+$/g;

export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(QUOTED)) {
    tokens.push(...plain(line.slice(end, match.index)), ...quoted(match[1] ?? ''));
    end = match.index + match[0].length;
  }
  return [...tokens, ...plain(line.slice(end))];
}

function quoted(text: string): Token[] {
  const raw = text.trim();
  const word = fold(raw);
  return /[\p{L}\p{N}]/u.test(word) ? [{ raw, word, isQuoted: true }] : [];
}

function plain(text: string): Token[] {
  return text.split(/\s+/).flatMap((each) => {
    const raw = each.replace(EDGES, '');
    const word = fold(raw);
    return /[\p{L}\p{N}]/u.test(word) ? [{ raw, word, isQuoted: false }] : [];
  });
}
