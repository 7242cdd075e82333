import { runClicks } from './survivors.ts';

runClicks('gong');
