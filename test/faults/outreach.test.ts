import { runCells } from './cell.ts';

runCells('outreach');
