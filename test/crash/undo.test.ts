import { test } from 'vitest';
import { chosen } from '../matrix/cells.ts';
import { CELL_TIMEOUT, undoCell } from './cell.ts';
import { UNDO_POINTS } from './points.ts';
import { cellsOf, UNDONE } from './verbs.ts';

test.each(chosen(cellsOf(UNDO_POINTS, UNDONE), 1))(
  'Undo of $column, killed at: $row',
  ({ point, pressed }) => undoCell(point, pressed),
  CELL_TIMEOUT,
);
