/** The note of a task: what the tool gives the rep to read, say or send. */
import { LONGEST_NOTE } from '../core/model/task.ts';
import { noteText } from './html.ts';
import { manyLines } from './text.ts';

/** Its texts, HTML perhaps, with an empty line between two, without those that `isSaid` already, or that come twice. */
export function noteOf(
  texts: readonly (string | null | undefined)[],
  isSaid: (text: string) => boolean,
): string | undefined {
  const shown = new Set(texts.map(noteText).filter((text) => text !== undefined && !isSaid(text)));
  return manyLines([...shown].join('\n\n'), LONGEST_NOTE);
}
