import { runClicks } from './cell.ts';

runClicks('gong');
