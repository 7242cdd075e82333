/** Which cells of a matrix a test run takes, and where it notes what came of each for `npm run faults`. */
import { appendFileSync } from 'node:fs';
import fc from 'fast-check';

/** The same on every machine, so that a red run can be repeated; another one with MATRIX_SEED. */
const SEED = Number(process.env.MATRIX_SEED ?? 20261124);

export const isAll = process.env.MATRIX === 'all';

/** All of them with MATRIX=all, which takes minutes; else as many as were asked for, drawn by the seed. */
export function chosen<Cell>(cells: readonly Cell[], sample: number): Cell[] {
  if (isAll || cells.length <= sample) return [...cells];
  const [drawn = []] = fc.sample(fc.shuffledSubarray([...cells], { minLength: sample, maxLength: sample }), {
    seed: SEED,
    numRuns: 1,
  });
  return drawn;
}

/** What one cell came to. The names are the columns of the table in which it is printed. */
export interface Result {
  matrix: 'faults' | 'crashes' | 'kinds' | 'survivors';
  row: string;
  column: string;
  /** Short: `1 effect, done`. */
  came: string;
}

export function note(result: Result): void {
  const file = process.env.MATRIX_FILE;
  if (file) appendFileSync(file, `${JSON.stringify(result)}\n`);
}
