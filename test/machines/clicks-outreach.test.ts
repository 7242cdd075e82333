import { runClicks } from './survivors.ts';

runClicks('outreach');
