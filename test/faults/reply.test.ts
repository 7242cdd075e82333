import { runCells } from './cell.ts';

runCells('reply');
