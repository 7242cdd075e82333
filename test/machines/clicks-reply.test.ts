import { runClicks } from './survivors.ts';

runClicks('reply');
