import { runClicks } from './cell.ts';

runClicks('outreach');
