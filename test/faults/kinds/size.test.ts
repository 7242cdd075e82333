import { SIZE } from './size.ts';
import { tellStories } from './story.ts';

tellStories('size', SIZE, 2);
