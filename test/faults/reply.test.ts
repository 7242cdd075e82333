import { afterAll, describe, test } from 'vitest';
import { chosen } from '../matrix/cells.ts';
import { CELL_TIMEOUT, runCell } from './cell.ts';
import { createStages } from './stages.ts';
import { CELLS } from './table.ts';

const OURS = CELLS.filter(({ verb }) => verb.provider === 'reply');

describe.concurrent('the fault matrix', () => {
  const stages = createStages();
  afterAll(() => stages.close());

  for (const cell of chosen(OURS, 8)) test(cell.name, () => runCell(stages, cell), CELL_TIMEOUT);
});
