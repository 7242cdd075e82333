import { IDENTITY } from './identity.ts';
import { tellStories } from './story.ts';

tellStories('identity', IDENTITY, 2);
