import { BLIP } from './blip.ts';
import { tellStories } from './story.ts';

tellStories('blip', BLIP, 2);
