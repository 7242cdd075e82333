/** Whether a word is nearly one of the grammar. Pure. */
import { distance } from 'fastest-levenshtein';

/** A shorter word is more often a name than a slip. */
const SHORTEST = 4;
const LONGEST = 20;

/** The nearest of the words; undefined if none is near. */
export function nearest(said: string, words: readonly string[]): string | undefined {
  if (said.length < SHORTEST || said.length > LONGEST || /[^a-z-]/.test(said)) return undefined;
  let best: { word: string; far: number } | undefined;
  for (const word of words) {
    if (Math.abs(word.length - said.length) > 2 || word.length < SHORTEST) continue;
    const far = isSwapped(said, word) ? 1 : distance(said, word);
    if (far > allowed(said, word)) continue;
    if (!best || far < best.far) best = { word, far };
  }
  return best?.word;
}

/** Of four letters two may be swapped; `Carl` is no `call`. A first letter is rarely wrong. */
function allowed(said: string, word: string): number {
  if (word.length <= 4) return isSwapped(said, word) || (isDoubled(said, word) && said[0] === word[0]) ? 1 : 0;
  if (said[0] !== word[0] && !isSwapped(said, word)) return word.length >= 7 ? 1 : 0;
  return word.length >= 7 ? 2 : 1;
}

/** Two neighbours changed places. */
function isSwapped(said: string, word: string): boolean {
  if (said.length !== word.length || said === word) return false;
  const at = [...said].findIndex((letter, index) => letter !== word[index]);
  return said.slice(at, at + 2) === `${word[at + 1]}${word[at]}` && said.slice(at + 2) === word.slice(at + 2);
}

/** A key was pressed twice: `donne`. */
function isDoubled(said: string, word: string): boolean {
  return said.replace(/(.)\1/, '$1') === word;
}
