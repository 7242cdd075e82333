import { runCells } from './cell.ts';

runCells('gong');
