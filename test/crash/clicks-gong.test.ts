import { test } from 'vitest';
import { chosen } from '../matrix/cells.ts';
import { CELL_TIMEOUT, verbCell } from './cell.ts';
import { CLICK_POINTS } from './points.ts';
import { cellsOf, PRESSED } from './verbs.ts';

const CELLS = cellsOf(
  CLICK_POINTS,
  PRESSED.filter(({ provider }) => provider === 'gong'),
);

test.each(chosen(CELLS, 1))('$column, killed at: $row', ({ point, pressed }) => verbCell(point, pressed), CELL_TIMEOUT);
