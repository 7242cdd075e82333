import { OUTREACH_DONE } from '../crash/verbs.ts';
import { runClicks } from './survivors.ts';

runClicks('outreach', (pressed) => pressed === OUTREACH_DONE);
