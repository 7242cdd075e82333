import { ABSENCE } from './absence.ts';
import { tellStories } from './story.ts';

tellStories('absence', ABSENCE, 2);
