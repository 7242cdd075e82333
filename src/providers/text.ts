/** Text from outside is cut and made well-formed before anything looks for a pattern in it (invariant 12). */

/** The longest field of a task: a name, a title, a stage. A row shows far less. */
export const LONGEST_FIELD = 500;

/** At most so many characters, never half of one, and no lone surrogate. Costs no more than what it keeps. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const end = isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end).toWellFormed();
}

/** Without breaks, shortened; undefined when it says nothing. */
export function oneLine(text: string | null | undefined, max: number): string | undefined {
  const line = bounded((text ?? '').trimStart(), LONGEST_FIELD)
    .replace(/\s+/g, ' ')
    .trim();
  return shortened(line, max) || undefined;
}

/** Of a longer text nothing is looked for a pattern in beyond so many times what is kept: blanks may go. */
const SLACK = 4;

/** With its breaks, at most one empty line between two others, and shortened; undefined when it says nothing. */
export function manyLines(text: string, max: number): string | undefined {
  const lines = bounded(text.trimStart(), SLACK * max)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (lines.length <= max) return lines || undefined;
  return `${bounded(lines, max - 1).trimEnd()}…`;
}

/** At most so many code points, so that none is cut in two. */
export function shortened(text: string, max: number): string {
  const characters = [...bounded(text, 2 * max + 2)];
  if (characters.length <= max) return text;
  const kept = characters.slice(0, max - 1).join('');
  return `${kept.trimEnd()}…`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
