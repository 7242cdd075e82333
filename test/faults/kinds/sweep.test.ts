import { tellStories } from './story.ts';
import { SWEEP } from './sweep.ts';

tellStories('sweep', SWEEP, 2);
