import { runClicks } from './cell.ts';

runClicks('reply');
